import fc from 'fast-check'
import { expect } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import type { BehaviourNode, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { kinds } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

const day = 86_400_000
const start = Date.parse('2026-05-01T00:00:00Z')
/** In two chunks of people and at their edges. */
const people = [0, 1, 65_535, 65_536, 300_000]

/** Whose an event is, of which kind, and when: at a full hour of 25 days. */
export const eventParts: {
  kind: fc.Arbitrary<string>
  person: fc.Arbitrary<number>
  at: fc.Arbitrary<number>
} = {
  kind: fc.constantFrom('buy', 'buy', 'view'),
  person: fc.constantFrom(...people),
  at: fc.tuple(fc.nat(24), fc.nat(23)).map(([days, hours]) => start + days * day + hours * 3_600_000),
}

/** The last days or hours, of about as many days. */
export const movingWindow: fc.Arbitrary<Window> = fc.oneof(
  fc.integer({ min: 1, max: 22 }).map((count) => make.lastWindow(count, 'days')),
  fc.integer({ min: 0, max: 22 }).map((count) => make.lastWindow(count, 'days', { includeCurrent: true })),
  fc.integer({ min: 1, max: 500 }).map((count) => make.lastWindow(count, 'hours')),
)

/**
 * Asks a few questions again and again as of other instants, while events come and people go: the answers are those of plain loops, whatever
 * was kept of the ones before.
 *
 * @returns how many people were found, in all
 */
export function askAgainAndAgain(events: fc.Arbitrary<PlainEvent[]>, question: fc.Arbitrary<BehaviourNode>): number {
  const round = fc.record({
    ask: fc.nat(2),
    days: fc.integer({ min: 8, max: 27 }),
    hours: fc.nat(23),
    add: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, events),
    remove: fc.option(fc.constantFrom(...people), { freq: 8 }),
  })
  const questions = fc.array(question, { minLength: 1, maxLength: 3 })
  let found = 0
  fc.assert(
    fc.property(events, questions, fc.array(round, { minLength: 4, maxLength: 14 }), (first, asked, rounds) => {
      const world = new EventWorld('UTC', kinds)
      const behaviours = new Behaviours(world, { fewEvents: 0 })
      world.add(first, start)
      for (const { ask, days, hours, add, remove } of rounds) {
        if (add !== null) world.add(add, start)
        if (remove !== null) world.remove([remove])
        const asOf = start + days * day + hours * 3_600_000
        const node = asked[ask % asked.length]!
        const expected = people.filter((person) => world.plain.has(node, person, asOf))
        expect([...behaviours.people(node, asOf)]).toEqual(expected)
        found += expected.length
      }
      behaviours.clear()
    }),
    campaign(200),
  )
  return found
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import type { BehaviourNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { kinds } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

const day = 86_400_000
const start = Date.parse('2026-05-01T00:00:00Z')
const people = [0, 1, 65_535, 65_536, 300_000]

/** Now and then hundreds at once, so that counts leave a byte. */
const events: fc.Arbitrary<PlainEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('buy', 'buy', 'view'),
      person: fc.constantFrom(...people),
      at: fc.tuple(fc.nat(24), fc.nat(23)).map(([days, hours]) => start + days * day + hours * 3_600_000),
      times: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 60, max: 200 })),
    }),
    { minLength: 15, maxLength: 60 },
  )
  .map((given) =>
    given.flatMap(({ times, ...event }) => Array.from({ length: times }, () => ({ ...event, values: {} }))),
  )

const constant = fc.constantFrom(1, 2, 3, 5, 8, 127, 128, 129, 254, 255, 256, 257, 300, 600)

const question: fc.Arbitrary<BehaviourNode> = fc
  .record({
    measure: fc.constantFrom('count', 'days'),
    terms: fc.subarray([make.eventTerm('buy'), make.eventTerm('view')], { minLength: 1 }),
    window: fc.oneof(
      fc.integer({ min: 1, max: 22 }).map((count) => make.lastWindow(count, 'days')),
      fc.integer({ min: 0, max: 22 }).map((count) => make.lastWindow(count, 'days', { includeCurrent: true })),
      fc.integer({ min: 1, max: 500 }).map((count) => make.lastWindow(count, 'hours')),
    ),
    op: fc.constantFrom('gte', 'gte', 'eq', 'ne', 'between'),
    constant,
    other: constant,
  })
  .map(({ measure, terms, window, op, constant, other }) =>
    make.behaviour(
      measure,
      terms,
      window,
      op === 'between' ? { op, from: constant, to: other } : { op, value: constant },
    ),
  )

it('counts that are kept from question to question are those of plain loops, wherever the window goes', () => {
  fc.assert(
    fc.property(
      events,
      fc.array(question, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.record({
          ask: fc.nat(2),
          days: fc.integer({ min: 8, max: 27 }),
          hours: fc.nat(23),
          add: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, events),
          remove: fc.option(fc.constantFrom(...people), { freq: 8 }),
        }),
        { minLength: 4, maxLength: 14 },
      ),
      (first, questions, rounds) => {
        const world = new EventWorld('UTC', kinds)
        const behaviours = new Behaviours(world, { fewEvents: 0 })
        world.add(first, start)
        for (const { ask, days, hours, add, remove } of rounds) {
          if (add !== null) world.add(add, start)
          if (remove !== undefined && remove !== null) world.remove([remove])
          const asOf = start + days * day + hours * 3_600_000
          const node = questions[ask % questions.length]!
          const expected = people.filter((person) => world.plain.has(node, person, asOf))
          expect([...behaviours.people(node, asOf)]).toEqual(expected)
        }
        behaviours.clear()
      },
    ),
    campaign(200),
  )
})

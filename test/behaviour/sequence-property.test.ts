import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import type { EventTerm } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { kinds } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

const start = Date.parse('2026-05-20T22:00:00Z')
const second = 1_000

/** Few instants, so that many events are at one; few texts, so that events fit several steps. */
const event: fc.Arbitrary<PlainEvent> = fc.record({
  kind: fc.constantFrom('buy', 'view'),
  person: fc.constantFrom(1, 2),
  at: fc.integer({ min: 0, max: 4 }).map((at) => start + at * second),
  values: fc.record({
    product: fc.constantFrom('milk', 'tea', undefined).map((text) => (text === undefined ? undefined : { text })),
    gift: fc.constantFrom({ flag: true as const }, undefined),
  }),
})

const term: fc.Arbitrary<EventTerm> = fc
  .tuple(
    fc.constantFrom('buy', 'view'),
    fc.constantFrom(null, null, make.value('eq', 'product', 'milk'), make.has('gift'), make.not(make.has('gift'))),
  )
  .map(([kind, where]) => make.eventTerm(kind, where))

const within = fc.integer({ min: 1, max: 4 }).map((count) => make.duration(count, 'seconds'))

const sequence = fc
  .record({
    first: term,
    others: fc.array(fc.tuple(term, fc.option(within), fc.oneof(fc.constant([]), fc.array(term, { maxLength: 2 }))), {
      maxLength: 4,
    }),
    absence: fc.option(fc.record({ events: fc.array(term, { minLength: 1, maxLength: 2 }), within })),
    same: fc.constantFrom(null, null, 'product', 'gift'),
    allowSameTime: fc.boolean(),
    window: fc.constantFrom(
      make.ever(),
      make.rangeWindow(new Date(start + second).toISOString(), null),
      make.rangeWindow(null, new Date(start + 3 * second).toISOString()),
    ),
  })
  .map(({ first, others, ...options }) =>
    make.sequence(
      [make.step(first), ...others.map(([event, gap, without]) => make.step(event, gap, without))],
      options,
    ),
  )

it('law 15: any chain that fits, among events most of which are at the same instants', () => {
  const found = new Map<string, number>()
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 2, maxLength: 14 }),
      sequence,
      fc.integer({ min: 2, max: 9 }).map((at) => start + at * second),
      fc.constantFrom(0, 30_000),
      (events, node, asOf, fewEvents) => {
        const world = new EventWorld('UTC', kinds)
        world.add(events, start)
        const behaviours = new Behaviours(world, { fewEvents })
        const expected = [1, 2].filter((person) => world.plain.has(node, person, asOf))
        expect([...behaviours.people(node, asOf)]).toEqual(expected)
        const matches = behaviours.matcher(node)
        expect([1, 2].filter((person) => matches(person, asOf))).toEqual(expected)
        behaviours.clear()
        const kind = `${node.steps.length}${node.allowSameTime ? ' same time' : ''}`
        found.set(kind, (found.get(kind) ?? 0) + expected.length)
      },
    ),
    campaign(3_000),
  )
  // Chains of every length are met, where there are enough runs.
  for (const length of [1, 2, 3]) expect(found.get(`${length} same time`) ?? 0).toBeGreaterThan(0)
})

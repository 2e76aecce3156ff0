import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import type { SequenceNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { category, event } from '../../src/schema/column-spec.ts'
import { campaign } from '../fast-check-config.ts'
import { settings } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

const hour = 3_600_000
const day = 24 * hour
const retained = { retentionDays: 60 }
const kinds = { buy: event({ product: category() }, retained), view: event({ product: category() }, retained) }
const people = [0, 1, 65_535, 65_536, 300_000]

/** Events of 30 days about a moment, at full hours and just before them. */
function eventsAbout(middle: number): fc.Arbitrary<PlainEvent[]> {
  return fc.array(
    fc.record({
      kind: fc.constantFrom('buy', 'view'),
      person: fc.constantFrom(...people),
      at: fc
        .tuple(fc.integer({ min: -15 * 24, max: 15 * 24 }), fc.constantFrom(0, 0, -1))
        .map(([hours, off]) => Math.floor(middle / hour) * hour + hours * hour + off),
      values: fc.record({ product: fc.constantFrom({ text: 'milk' }, { text: 'tea' }, undefined) }),
    }),
    { minLength: 20, maxLength: 120 },
  )
}

const term = fc
  .tuple(fc.constantFrom('buy', 'view'), fc.constantFrom(null, null, make.value('eq', 'product', 'milk')))
  .map(([kind, where]) => make.eventTerm(kind, where))

const within = fc.constantFrom(
  make.duration(1, 'hours'),
  make.duration(23, 'hours'),
  make.duration(24, 'hours'),
  make.duration(24, 'hours'),
  make.duration(25, 'hours'),
  make.duration(2, 'days'),
)

const sequence: fc.Arbitrary<SequenceNode> = fc
  .record({
    first: term,
    others: fc.array(
      fc.tuple(
        term,
        fc.option(within, { freq: 9 }),
        fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.tuple(term)),
      ),
      { minLength: 1, maxLength: 2 },
    ),
    same: fc.constantFrom(null, null, null, 'product'),
    allowSameTime: fc.boolean(),
    window: fc.oneof(
      fc
        .tuple(fc.integer({ min: 8, max: 25 }), fc.boolean())
        .map(([count, includeCurrent]) => make.lastWindow(count, 'days', { includeCurrent })),
      fc.integer({ min: 200, max: 600 }).map((count) => make.lastWindow(count, 'hours')),
      fc.constant(make.ever()),
    ),
  })
  .map(({ first, others, ...options }) =>
    make.sequence(
      [make.step(first), ...others.map(([event, gap, without]) => make.step(event, gap, without))],
      options,
    ),
  )

const round = (middle: number) =>
  fc.record({
    days: fc.integer({ min: -3, max: 15 }),
    hours: fc.nat(23),
    add: fc.option(eventsAbout(middle), { freq: 4 }),
    remove: fc.option(fc.constantFrom(...people), { freq: 8 }),
    drop: fc.option(fc.integer({ min: -14, max: 0 }), { freq: 12 }),
  })

it('chains that are kept by runs of days are those of plain loops, wherever the window goes and whatever comes and goes', () => {
  let found = 0
  fc.assert(
    fc.property(
      fc
        .constantFrom(...settings)
        .chain(([zone, around]) =>
          fc.tuple(
            fc.constant({ zone, middle: Date.parse(around) }),
            eventsAbout(Date.parse(around)),
            fc.array(round(Date.parse(around)), { minLength: 3, maxLength: 10 }),
          ),
        ),
      sequence,
      ([{ zone, middle }, first, rounds], node) => {
        const world = new EventWorld(zone, kinds)
        const behaviours = new Behaviours(world, { fewEvents: 0 })
        world.add(first, middle)
        let oldest = Number.NEGATIVE_INFINITY
        for (const { days, hours, add, remove, drop } of rounds) {
          if (add !== null) {
            const kept = add.filter(({ at }) => world.zone.dayOf(at) >= oldest)
            world.add(kept, middle)
          }
          if (remove !== null) world.remove([remove])
          if (drop !== null) {
            oldest = Math.max(oldest, world.zone.dayOf(middle) + drop)
            for (const kind of Object.keys(kinds)) world.drop(kind, oldest)
          }
          const asOf = middle + days * day + hours * hour
          const expected = people.filter((person) => world.plain.has(node, person, asOf))
          expect([...behaviours.people(node, asOf)]).toEqual(expected)
          found += expected.length
        }
        behaviours.clear()
      },
    ),
    campaign(300),
  )
  expect(found).toBeGreaterThan(0)
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import { campaign } from '../fast-check-config.ts'
import { kinds, offset, people, plainEvent, question, settings } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

/** What happens between two rounds of questions. */
type Act =
  | { readonly act: 'add'; readonly events: readonly PlainEvent[] }
  | { readonly act: 'remove'; readonly people: readonly number[] }
  | { readonly act: 'drop'; readonly kind: string; readonly daysBefore: number }
  | { readonly act: 'trim' }
  | { readonly act: 'ask'; readonly which: number; readonly at: number }

const scenario = fc.constantFrom(...settings).chain(([zone, around]) => {
  const middle = Date.parse(around)
  const act: fc.Arbitrary<Act> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        act: fc.constant('add' as const),
        events: fc.array(plainEvent(middle), { maxLength: 12 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ act: fc.constant('remove' as const), people: fc.subarray([...people], { maxLength: 2 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        act: fc.constant('drop' as const),
        kind: fc.constantFrom('buy', 'view'),
        daysBefore: fc.integer({ min: 0, max: 30 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('trim' as const) }) },
    {
      weight: 5,
      arbitrary: fc.record({ act: fc.constant('ask' as const), which: fc.nat(3), at: offset.map((at) => middle + at) }),
    },
  )
  return fc.record({
    zone: fc.constant(zone),
    middle: fc.constant(middle),
    first: fc.array(plainEvent(middle), { maxLength: 30 }),
    questions: fc.array(question(middle), { minLength: 1, maxLength: 4 }),
    acts: fc.array(act, { minLength: 2, maxLength: 12 }),
    options: fc.record({ cacheBytes: fc.constantFrom(0, 2_000, 2 ** 28), fewEvents: fc.constantFrom(0, 0, 3, 30_000) }),
  })
})

const retained = {
  buy: { ...kinds.buy, retentionDays: 1 },
  view: { ...kinds.view, retentionDays: 1 },
  quit: kinds.quit,
}

describe('Behaviours', () => {
  it('says of every person what plain loops say, cold, warm, after writes, with asOf moved back and forth', () => {
    fc.assert(
      fc.property(scenario, ({ zone, middle, first, questions, acts, options }) => {
        const world = new EventWorld(zone, retained)
        const behaviours = new Behaviours(world, options)
        const matchers = questions.map((node) => behaviours.matcher(node))
        const check = (which: number, asOf: number): void => {
          const node = questions[which % questions.length]!
          const expected = people.filter((person) => world.plain.has(node, person, asOf))
          const { size } = behaviours.estimate(node, asOf)
          expect(size).toBeGreaterThanOrEqual(expected.length)
          const answer = behaviours.people(node, asOf)
          expect([...answer]).toEqual(expected)
          expect(behaviours.estimate(node, asOf).size).toBe(expected.length)
          // Warm, and by the other way.
          expect([...behaviours.people(node, asOf)]).toEqual(expected)
          const matches = matchers[which % questions.length]!
          expect(people.filter((person) => matches(person, asOf))).toEqual(expected)
        }
        try {
          // Retention counts from a day long past: nothing expires before it is dropped.
          world.add(first, middle - 1e10)
          questions.forEach((_, which) => {
            check(which, middle)
          })
          for (const act of acts) {
            if (act.act === 'add') world.add(act.events.filter(isKept(world)), middle - 1e10)
            else if (act.act === 'remove') world.remove(act.people)
            else if (act.act === 'drop')
              world.drop(act.kind, dropFrom(world, act.kind, world.zone.dayOf(middle) - act.daysBefore))
            else if (act.act === 'trim') behaviours.trim()
            else check(act.which, act.at)
          }
          questions.forEach((_, which) => {
            check(which, middle)
          })
        } finally {
          behaviours.clear()
        }
      }),
      campaign(800),
    )
  })
})

const dropped = new WeakMap<EventWorld, Map<string, number>>()

/** Retention never goes back, and what it has dropped isn't taken again. */
function dropFrom(world: EventWorld, kind: string, day: number): number {
  const days = dropped.get(world) ?? new Map<string, number>()
  dropped.set(world, days)
  const from = Math.max(day, days.get(kind) ?? Number.NEGATIVE_INFINITY)
  days.set(kind, from)
  return from
}

function isKept(world: EventWorld): (event: PlainEvent) => boolean {
  return ({ kind, at }) => world.zone.dayOf(at) >= (dropped.get(world)?.get(kind) ?? Number.NEGATIVE_INFINITY)
}

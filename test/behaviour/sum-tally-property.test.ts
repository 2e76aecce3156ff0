import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Behaviours } from '../../src/behaviour/behaviours.ts'
import type { BehaviourNode, NumberTest } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { campaign } from '../fast-check-config.ts'
import { kinds } from './behaviour-arbitrary.ts'
import { EventWorld } from './event-world.ts'
import type { PlainEvent } from './plain-events.ts'

const day = 86_400_000
const start = Date.parse('2026-05-01T00:00:00Z')
const people = [0, 1, 65_535, 65_536, 300_000]

const small = fc.integer({ min: -30, max: 30 })
/** At the edges of 32 bits, and of the doubles that are whole numbers. */
const large = fc.constantFrom(2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 30, 2 ** 52, 2 ** 53 - 1, -(2 ** 53 - 1))

/** Two digits after the point for those who buy, one for those who view. */
function amount(scaled: number, scale: number): string {
  const digits = String(Math.abs(scaled)).padStart(scale + 1, '0')
  return `${scaled < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function events(value: fc.Arbitrary<number>): fc.Arbitrary<PlainEvent[]> {
  return fc.array(
    fc
      .record({
        kind: fc.constantFrom('buy', 'buy', 'view'),
        person: fc.constantFrom(...people),
        at: fc.tuple(fc.nat(24), fc.nat(23)).map(([days, hours]) => start + days * day + hours * 3_600_000),
        value: fc.option(value, { freq: 6 }),
      })
      .map(({ value, ...rest }) => ({
        ...rest,
        values: value === null ? {} : { amount: { decimal: amount(value, rest.kind === 'buy' ? 2 : 1) } },
      })),
    { minLength: 15, maxLength: 60 },
  )
}

const constant = fc.constantFrom('-5', '0', '0.01', '0.3', '1', '21474836.47', '21474836.48', '90071992547409.92')

const test: fc.Arbitrary<NumberTest> = fc
  .tuple(fc.constantFrom('gte', 'gt', 'lt', 'lte', 'eq', 'ne', 'between' as const), constant, constant)
  .map(([op, value, to]) => (op === 'between' ? { op, from: value, to } : { op, value }) as NumberTest)

const question: fc.Arbitrary<BehaviourNode> = fc
  .record({
    measure: fc.constantFrom('sum', 'sum', 'avg'),
    terms: fc.subarray(
      [
        make.eventTerm('buy', null, 'amount'),
        make.eventTerm('view', null, 'amount'),
        make.eventTerm('buy', make.compare('gt', 'amount', '0'), 'amount', -1),
      ],
      { minLength: 1 },
    ),
    window: fc.oneof(
      fc.integer({ min: 1, max: 22 }).map((count) => make.lastWindow(count, 'days')),
      fc.integer({ min: 0, max: 22 }).map((count) => make.lastWindow(count, 'days', { includeCurrent: true })),
      fc.integer({ min: 1, max: 500 }).map((count) => make.lastWindow(count, 'hours')),
    ),
    test,
  })
  .map(({ measure, terms, window, test }) => make.behaviour(measure, terms, window, test))

it('sums that are kept from question to question are those of plain loops, however large, wherever the window goes', () => {
  const all = fc.oneof(
    { weight: 3, arbitrary: events(small) },
    { weight: 2, arbitrary: events(fc.oneof({ weight: 20, arbitrary: small }, large)) },
  )
  let found = 0
  fc.assert(
    fc.property(
      all,
      fc.array(question, { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.record({
          ask: fc.nat(2),
          days: fc.integer({ min: 8, max: 27 }),
          hours: fc.nat(23),
          add: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, all),
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
          if (remove !== null) world.remove([remove])
          const asOf = start + days * day + hours * 3_600_000
          const node = questions[ask % questions.length]!
          const expected = people.filter((person) => world.plain.has(node, person, asOf))
          expect([...behaviours.people(node, asOf)]).toEqual(expected)
          found += expected.length
        }
        behaviours.clear()
      },
    ),
    campaign(200),
  )
  expect(found).toBeGreaterThan(0)
})

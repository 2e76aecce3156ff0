import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BehaviourNode, NumberTest } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { askAgainAndAgain, askMeanwhile, eventParts, movingWindow } from './moving-windows.ts'
import type { PlainEvent } from './plain-events.ts'

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
    fc.record({ ...eventParts, value: fc.option(value, { freq: 6 }) }).map(({ value, ...rest }) => ({
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
    window: movingWindow,
    test,
  })
  .map(({ measure, terms, window, test }) => make.behaviour(measure, terms, window, test))

it('sums that are kept from question to question are those of plain loops, however large, wherever the window goes', () => {
  const all = fc.oneof(
    { weight: 3, arbitrary: events(small) },
    { weight: 2, arbitrary: events(fc.oneof({ weight: 20, arbitrary: small }, large)) },
  )
  expect(askAgainAndAgain(all, question)).toBeGreaterThan(0)
})

it('sums that are worked out in short turns, while others ask and write, are those too', async () => {
  expect(await askMeanwhile(events(small), question)).toBeGreaterThan(0)
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BehaviourNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { askAgainAndAgain, askMeanwhile, eventParts, movingWindow } from './moving-windows.ts'
import type { PlainEvent } from './plain-events.ts'

/** Now and then hundreds at once, so that counts leave a byte. */
const events: fc.Arbitrary<PlainEvent[]> = fc
  .array(
    fc.record({
      ...eventParts,
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
    window: movingWindow,
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
  expect(askAgainAndAgain(events, question)).toBeGreaterThan(0)
})

it('counts that are worked out in short turns, while others ask and write, are those too', async () => {
  expect(await askMeanwhile(events, question)).toBeGreaterThan(0)
})

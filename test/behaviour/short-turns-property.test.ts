import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BehaviourNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { askMeanwhile, eventParts, movingWindow } from './moving-windows.ts'
import type { PlainEvent } from './plain-events.ts'

const events: fc.Arbitrary<PlainEvent[]> = fc
  .array(fc.record(eventParts), { minLength: 15, maxLength: 60 })
  .map((given) => given.map((event) => ({ ...event, values: {} })))

const terms = fc.subarray([make.eventTerm('buy'), make.eventTerm('view')], { minLength: 1 })

/** Whose people are kept by runs of days, alone and less those of others. */
const question: fc.Arbitrary<BehaviourNode> = fc.oneof(
  fc
    .record({ terms, window: movingWindow })
    .map((of) => make.behaviour('count', of.terms, of.window, { op: 'gte', value: 1 })),
  fc
    .record({ terms, window: movingWindow, days: fc.integer({ min: 1, max: 12 }) })
    .map((of) => make.behaviour('recency', of.terms, of.window, { op: 'lte', value: of.days })),
)

it('people who are kept by runs of days are those of plain loops, while they are worked out in short turns and others ask and write', async () => {
  expect(await askMeanwhile(events, question)).toBeGreaterThan(0)
})

import fc from 'fast-check'
import type { Duration, EventNode, EventTerm, NumberTest, SequenceStep } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { ruleOf } from './rule-of.ts'
import { anyTagTest, anyWindow } from './tag-test-arbitrary.ts'
import { anyCount, anyNumber, slot, textSlot } from './text-arbitrary.ts'

/** Arbitraries of every legal node that asks about events. */

const anyFilter = fc.option(ruleOf(anyTagTest), { freq: 2 })
const anyTerm: fc.Arbitrary<EventTerm> = fc
  .tuple(textSlot, anyFilter)
  .map(([event, where]) => make.eventTerm(event, where))

const number = slot(anyNumber)
const anyTest: fc.Arbitrary<NumberTest> = fc.oneof(
  fc.record({ op: fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'), value: number }),
  fc.record({ op: fc.constant('between'), from: number, to: number }),
)

const anyDuration: fc.Arbitrary<Duration> = fc
  .tuple(slot(anyCount), fc.constantFrom('seconds', 'minutes', 'hours', 'days', 'weeks'))
  .map((parts) => make.duration(...parts))

const some = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { minLength: 1, maxLength: 3 })
const anyStep: fc.Arbitrary<SequenceStep> = fc
  .tuple(anyTerm, fc.option(anyDuration), fc.array(anyTerm, { maxLength: 2 }))
  .map((parts) => make.step(...parts))

/** A node that asks about events. */
export const anyEventNode: fc.Arbitrary<EventNode> = fc.oneof(
  fc
    .tuple(some(anyTerm), anyWindow, fc.option(anyTest, { nil: undefined }))
    .map(([terms, window, test]) => make.behaviour('count', terms, window, test)),
  fc
    .tuple(fc.constantFrom('days' as const, 'recency' as const), some(anyTerm), anyWindow, anyTest)
    .map((parts) => make.behaviour(...parts)),
  fc
    .tuple(
      fc.constantFrom('distinct' as const, 'sum' as const, 'avg' as const, 'min' as const, 'max' as const),
      some(fc.tuple(anyTerm, textSlot, fc.boolean())),
      anyWindow,
      anyTest,
    )
    .map(([measure, terms, window, test]) => {
      const measured = terms.map(([{ event, where }, property, minus]) =>
        make.eventTerm(event, where, property, measure === 'sum' && minus ? -1 : 1),
      )
      return make.behaviour(measure, measured, window, test)
    }),
  fc
    .tuple(fc.constantFrom('first' as const, 'last' as const), anyTerm, anyFilter, anyWindow)
    .map((parts) => make.occurrence(...parts)),
  fc
    .tuple(
      anyTerm,
      some(anyStep),
      fc.record({
        absence: fc.option(fc.record({ events: some(anyTerm), within: anyDuration })),
        same: fc.option(textSlot),
        allowSameTime: fc.boolean(),
        window: anyWindow,
      }),
    )
    .map(([first, steps, options]) =>
      make.sequence([make.step(first), ...(options.absence === null ? steps : steps.slice(1))], options),
    ),
  fc.tuple(anyTerm, anyWindow, anyWindow).map((parts) => make.stopped(...parts)),
  fc.tuple(anyTerm, anyWindow, anyWindow, anyWindow).map((parts) => make.resumed(...parts)),
  fc.tuple(anyTerm, anyWindow).map((parts) => make.newly(...parts)),
  fc
    .tuple(
      anyTerm,
      slot(anyCount),
      slot(anyCount),
      slot(anyCount),
      fc.constantFrom('minutes' as const, 'hours' as const, 'days' as const, 'weeks' as const, 'months' as const),
      fc.constantFrom('monday' as const, 'saturday' as const, 'sunday' as const),
    )
    .map((parts) => make.regular(...parts)),
)

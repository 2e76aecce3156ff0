import fc from 'fast-check'
import type { Constant, RuleNode, Slot, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { anyCount, anyNumber, slot, textSlot } from './text-arbitrary.ts'

/** Arbitraries of what is asked of tags and properties. */

const constant: fc.Arbitrary<Slot<Constant>> = fc.oneof(textSlot, slot(anyNumber))

const weekday = fc.constantFrom(
  ...(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const),
)
const wholeUnit = fc.constantFrom('days' as const, 'weeks' as const, 'months' as const)

/** Any window that there can be. */
export const anyWindow: fc.Arbitrary<Window> = fc.oneof(
  fc.constant(make.ever()),
  fc
    .tuple(slot(anyCount), fc.constantFrom('minutes' as const, 'hours' as const), slot(fc.nat({ max: 3 })))
    .map(([count, unit, ago]) => make.lastWindow(count, unit, { ago })),
  fc
    .tuple(slot(anyCount), wholeUnit, slot(fc.nat({ max: 3 })), weekday)
    .map(([count, unit, ago, weekStart]) => make.lastWindow(count, unit, { ago, weekStart })),
  fc
    .tuple(slot(fc.nat({ max: 3 })), wholeUnit, weekday)
    .map(([count, unit, weekStart]) => make.lastWindow(count, unit, { includeCurrent: true, weekStart })),
  fc.tuple(textSlot, fc.option(textSlot)).map(([from, to]) => make.rangeWindow(from, to)),
  textSlot.map((to) => make.rangeWindow(null, to)),
)

/** A rule about one tag, or one property. */
export const anyTagTest: fc.Arbitrary<RuleNode> = fc.oneof(
  textSlot.map(make.has),
  textSlot.map(make.has),
  fc.tuple(fc.constantFrom('isSet' as const, 'isNotSet' as const), textSlot).map((parts) => make.presence(...parts)),
  fc.tuple(fc.constantFrom('eq' as const, 'ne' as const), textSlot, constant).map((parts) => make.value(...parts)),
  fc
    .tuple(fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const), textSlot, constant)
    .map((parts) => make.compare(...parts)),
  fc.tuple(textSlot, constant, constant).map((parts) => make.between(...parts)),
  fc.tuple(textSlot, anyWindow).map((parts) => make.within(...parts)),
  fc
    .tuple(
      fc.constantFrom('in' as const, 'notIn' as const, 'hasAny' as const, 'hasAll' as const, 'hasNone' as const),
      textSlot,
      slot(fc.array(constant, { maxLength: 4 })),
    )
    .map((parts) => make.list(...parts)),
  fc
    .tuple(fc.constantFrom('startsWith' as const, 'contains' as const), textSlot, textSlot)
    .map((parts) => make.textTest(...parts)),
  fc.tuple(textSlot, textSlot).map((parts) => make.matches(...parts)),
)

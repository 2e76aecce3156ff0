import fc from 'fast-check'
import type {
  Constant,
  Duration,
  EventNode,
  EventTerm,
  NumberTest,
  Parameter,
  RuleNode,
  SequenceNode,
  Slot,
  Window,
} from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { durationUnits, measures, weekdays, windowUnits } from '../../src/rules/units.ts'
import { anyCondition, anyText, ruleOf } from './rule-arbitrary.ts'

/** Arbitraries of every legal tree about numbers, timestamps and events: whether names and values fit a schema aside. */

const parameter: fc.Arbitrary<Parameter> = anyText.map(make.parameter)

function slot<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Slot<Value>> {
  return fc.oneof({ arbitrary: value, weight: 5 }, { arbitrary: parameter, weight: 1 })
}

const textSlot = slot(anyText)

/** Numbers that are hard on a printer: signs, exponents, halves, the ends of the doubles and of the safe integers. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -2_000, max: 2_000 }).map((cents) => cents / 100),
  fc.constantFrom(0, 0.1, -12.5, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 63)),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

/** A constant of any kind: number, decimal text, moment, text. */
export const anyConstant: fc.Arbitrary<Constant> = fc.oneof(
  anyNumber,
  fc.constantFrom('12', '-0.50', '9007199254740993', '129.90', '2026-11-20', '2026-11-20T09:00:00+08:00'),
  anyText,
)

const constantSlot = slot(anyConstant)
const whole = (min: number, max: number): fc.Arbitrary<Slot<number>> =>
  slot(fc.oneof({ arbitrary: fc.integer({ min, max: Math.min(max, 9) }), weight: 4 }, fc.constantFrom(min, max)))

const moment = slot(fc.oneof(fc.constantFrom('2026-01-01', '2026-02-01T09:00', '2026-03-01T00:00:00Z'), anyText))

/** Any window, those that no rule can have included as far as JSON can say them. */
export const anyWindow: fc.Arbitrary<Window> = fc.oneof(
  fc.constant(make.ever()),
  fc
    .tuple(
      whole(0, 100_000),
      fc.constantFrom(...windowUnits),
      fc.boolean(),
      whole(0, 100_000),
      fc.constantFrom(...weekdays),
    )
    .map(([count, unit, includeCurrent, ago, weekStart]) =>
      make.lastWindow(count, unit, { includeCurrent, ago, weekStart }),
    ),
  fc
    .tuple(moment, moment, fc.constantFrom('both', 'from', 'to'))
    .map(([from, to, ends]) => make.rangeWindow(ends === 'to' ? null : from, ends === 'from' ? null : to)),
)

const duration: fc.Arbitrary<Duration> = fc
  .tuple(whole(1, 100_000), fc.constantFrom(...durationUnits))
  .map((parts) => make.duration(...parts))

const operators = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const

/** A test of what has one value, by a name. */
const plainTest: fc.Arbitrary<RuleNode> = fc.oneof(
  textSlot.map(make.has),
  fc.tuple(fc.constantFrom('isSet' as const, 'isNotSet' as const), textSlot).map((parts) => make.presence(...parts)),
  fc
    .tuple(fc.constantFrom(...operators), textSlot, constantSlot)
    .map(([kind, tag, value]) =>
      kind === 'eq' || kind === 'ne' ? make.value(kind, tag, value) : make.compare(kind, tag, value),
    ),
  fc.tuple(textSlot, constantSlot, constantSlot).map((parts) => make.between(...parts)),
  fc
    .tuple(fc.constantFrom('in' as const, 'notIn' as const), textSlot, slot(fc.array(constantSlot, { maxLength: 4 })))
    .map((parts) => make.list(...parts)),
  fc
    .tuple(fc.constantFrom('startsWith' as const, 'contains' as const), textSlot, textSlot)
    .map((parts) => make.textTest(...parts)),
  fc.tuple(textSlot, textSlot).map((parts) => make.matches(...parts)),
)

/** A rule about one event. */
export const anyFilter: fc.Arbitrary<RuleNode> = ruleOf(plainTest)

/** An event with its filter, as it stands where nothing is measured. */
const plainTerm: fc.Arbitrary<EventTerm> = fc
  .tuple(textSlot, fc.option(anyFilter))
  .map(([event, where]) => make.eventTerm(event, where))

const measuredTerm: fc.Arbitrary<EventTerm> = fc
  .tuple(textSlot, fc.option(anyFilter), fc.option(textSlot), fc.constantFrom(1 as const, -1 as const))
  .map((parts) => make.eventTerm(...parts))

const numberTest: fc.Arbitrary<NumberTest> = fc.oneof(
  fc.tuple(fc.constantFrom(...operators), constantSlot).map(([op, value]) => ({ op, value })),
  fc.tuple(constantSlot, constantSlot).map(([from, to]) => ({ op: 'between' as const, from, to })),
)

const behaviour: fc.Arbitrary<EventNode> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...measures), fc.array(measuredTerm, { minLength: 1, maxLength: 3 }), anyWindow, numberTest)
    .map((parts) => make.behaviour(...parts)),
  fc.tuple(plainTerm, anyWindow).map(([term, window]) => make.behaviour('count', [term], window)),
)

const sequence: fc.Arbitrary<EventNode> = fc
  .tuple(
    fc.array(fc.tuple(plainTerm, fc.option(duration), fc.array(plainTerm, { maxLength: 2 })), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.option(fc.record({ events: fc.array(plainTerm, { minLength: 1, maxLength: 2 }), within: duration })),
    fc.option(textSlot),
    fc.boolean(),
    anyWindow,
  )
  .map(
    ([steps, absence, same, allowSameTime, window]): SequenceNode =>
      make.sequence(
        steps.map((step) => make.step(...step)),
        { absence, same, allowSameTime, window },
      ),
  )

/** Any rule about events. */
export const anyEventNode: fc.Arbitrary<EventNode> = fc.oneof(
  { arbitrary: behaviour, weight: 4 },
  fc
    .tuple(fc.constantFrom('first' as const, 'last' as const), plainTerm, fc.option(anyFilter), anyWindow)
    .map((parts) => make.occurrence(...parts)),
  { arbitrary: sequence, weight: 3 },
  fc.tuple(plainTerm, anyWindow, anyWindow).map((parts) => make.stopped(...parts)),
  fc.tuple(plainTerm, anyWindow, anyWindow, anyWindow).map((parts) => make.resumed(...parts)),
  fc.tuple(plainTerm, anyWindow).map((parts) => make.newly(...parts)),
  fc
    .tuple(
      plainTerm,
      whole(1, 2 ** 53 - 1),
      whole(1, 1_000),
      whole(1, 1_000),
      fc.constantFrom(...windowUnits),
      fc.constantFrom(...weekdays),
    )
    .map((parts) => make.regular(...parts)),
)

/** Any rule at all: every node, arity and parameter. */
export const anyRuleWithEvents: fc.Arbitrary<RuleNode> = ruleOf(
  fc.oneof(
    { arbitrary: anyCondition, weight: 1 },
    { arbitrary: plainTest, weight: 1 },
    { arbitrary: fc.tuple(textSlot, anyWindow).map((parts) => make.within(...parts)), weight: 1 },
    { arbitrary: anyEventNode, weight: 3 },
  ),
)

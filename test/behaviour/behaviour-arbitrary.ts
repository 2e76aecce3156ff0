import fc from 'fast-check'
import type { BehaviourLeafNode } from '../../src/behaviour/behaviours.ts'
import type { EventTerm, NumberTest, RuleNode, Window } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { category, type EventSpec, event, flag, number, type PropertiesSpec } from '../../src/schema/column-spec.ts'
import type { PlainEvent, PlainValue } from './plain-events.ts'

export type Kind = 'buy' | 'view' | 'quit'

/** Digits after the point of the numbers that two of the kinds have. */
const scales = { buy: { amount: 2, points: 0 }, view: { amount: 1, points: 3 } }

const propertiesOf = (kind: 'buy' | 'view'): PropertiesSpec => ({
  product: category(),
  amount: number({ scale: scales[kind].amount }),
  gift: flag(),
  points: number({ scale: scales[kind].points }),
})

/** Two kinds of events with the same properties, numbers at different scales, and one without any. */
export const kinds: Readonly<Record<Kind, EventSpec>> = {
  buy: event(propertiesOf('buy')),
  view: event(propertiesOf('view')),
  quit: event(),
}

/** Days around which the tests happen: quiet ones, and those on which clocks change or a day is left out. */
export const settings: readonly (readonly [zone: string, around: string])[] = [
  ['UTC', '2026-05-20T12:00:00Z'],
  ['Asia/Shanghai', '2026-11-20T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
]

/** Numbers in different containers of a bitmap, and at their edges. */
export const people: readonly number[] = [0, 1, 2, 31, 32, 65_535, 65_536, 65_537, 200_000]

const hour = 3_600_000

/** Milliseconds from the middle of the setting: clustered, often equal, at edges of days and hours. */
export const offset: fc.Arbitrary<number> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -4, max: 2 }) }, fc.integer({ min: -40, max: 3 })),
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1, 2) }, fc.integer({ min: -13, max: 13 })),
    fc.constantFrom(0, 0, 0, -1, 1, 60_000),
  )
  .map(([days, hours, rest]) => days * 24 * hour + hours * hour + rest)

const text = fc.constantFrom('milk', 'milk 2', 'tea', '奶粉', '')
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 4 })

/** Decimals with up to so many digits after the point, now and then very large. */
function decimalText(scale: number): fc.Arbitrary<string> {
  const limit = 2 ** 53 - 1
  return fc
    .oneof(
      { weight: 6, arbitrary: fc.integer({ min: -30, max: 30 }) },
      { weight: 2, arbitrary: fc.constantFrom(0, 5, 10 ** scale, -(10 ** scale)) },
      { weight: 1, arbitrary: fc.constantFrom(limit, -limit, limit - 1, 2 ** 31, -(2 ** 31), 2 ** 31 - 1) },
    )
    .map((scaled) => {
      const digits = String(Math.abs(scaled)).padStart(scale + 1, '0')
      const point = digits.length - scale
      return `${scaled < 0 ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`
    })
}

export function plainEvent(middle: number): fc.Arbitrary<PlainEvent> {
  return fc.constantFrom<Kind>('buy', 'buy', 'view', 'view', 'quit').chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      person: fc.constantFrom(...people.slice(0, 3), ...people),
      at: offset.map((at) => middle + at),
      values: valuesOf(kind),
    }),
  )
}

function valuesOf(kind: Kind): fc.Arbitrary<PlainEvent['values']> {
  if (kind === 'quit') return fc.constant({})
  const { amount, points } = scales[kind]
  return fc.record({
    product: rarely(text.map((value): PlainValue => ({ text: value }))),
    amount: rarely(decimalText(amount).map((value): PlainValue => ({ decimal: value }))),
    points: rarely(decimalText(points).map((value): PlainValue => ({ decimal: value }))),
    gift: fc.option(fc.constant<PlainValue>({ flag: true }), { nil: undefined }),
  })
}

// ─── Questions ───────────────────────────────────────────────────────────────────────────────────────────────────────

const scaleOf = (kind: Kind, property: 'amount' | 'points'): number => (kind === 'quit' ? 0 : scales[kind][property])

function test(constant: fc.Arbitrary<string | number>): fc.Arbitrary<NumberTest> {
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'), constant)
      .map(([op, value]): NumberTest => ({ op, value })),
    fc.tuple(constant, constant).map(([from, to]): NumberTest => ({ op: 'between', from, to })),
  )
}

/** A rule about one event of a kind that has properties. */
export function filter(kind: Kind): fc.Arbitrary<RuleNode> {
  const named = fc.constantFrom<'amount' | 'points'>('amount', 'points')
  const leaf = fc.oneof(
    fc.constant(make.has('gift')),
    fc
      .tuple(fc.constantFrom('isSet', 'isNotSet'), fc.constantFrom('product', 'amount', 'gift', 'points'))
      .map(([kind, property]) => make.presence(kind, property)),
    fc
      .tuple(fc.constantFrom('eq', 'ne'), fc.oneof(text, fc.constant('unheard of')))
      .map(([kind, value]) => make.value(kind, 'product', value)),
    fc
      .tuple(fc.constantFrom('in', 'notIn'), fc.array(text, { maxLength: 3 }))
      .map(([kind, values]) => make.list(kind, 'product', values)),
    fc
      .tuple(fc.constantFrom('startsWith', 'contains'), fc.constantFrom('mi', 'a', '2', ''))
      .map(([kind, value]) => make.textTest(kind, 'product', value)),
    fc.constantFrom('^m', 'k$', '.', 'x').map((pattern) => make.matches('product', pattern)),
    named.chain((property) =>
      test(decimalText(scaleOf(kind, property))).map((given) => {
        if (given.op === 'between') return make.between(property, given.from, given.to)
        if (given.op === 'eq' || given.op === 'ne') return make.value(given.op, property, given.value)
        return make.compare(given.op, property, given.value)
      }),
    ),
    named.chain((property) =>
      fc
        .tuple(fc.constantFrom('in', 'notIn'), fc.array(decimalText(scaleOf(kind, property)), { maxLength: 3 }))
        .map(([kind, values]) => make.list(kind, property, values)),
    ),
  )
  const { rule } = fc.letrec<{ rule: RuleNode }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      tie('rule').map(make.not),
      fc
        .tuple(
          fc.constantFrom(make.and, make.or, make.xor, make.minus),
          fc.array(tie('rule') as fc.Arbitrary<RuleNode>, { minLength: 2, maxLength: 3 }),
        )
        .map(([combine, rules]) => combine(rules)),
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.array(tie('rule') as fc.Arbitrary<RuleNode>, { maxLength: 3 }))
        .map(([k, rules]) => make.atLeast(k, rules)),
    ),
  }))
  return rule
}

function term(kind: fc.Arbitrary<Kind>): fc.Arbitrary<EventTerm> {
  return kind.chain((name) =>
    (name === 'quit' ? fc.constant(null) : fc.option(filter(name), { freq: 2 })).map((where) =>
      make.eventTerm(name, where),
    ),
  )
}

const anyTerm = term(fc.constantFrom<Kind>('buy', 'view', 'quit'))

/** A term with a property, which both of its kinds have. */
function termWith(property: string, sign: fc.Arbitrary<1 | -1>): fc.Arbitrary<EventTerm> {
  return fc
    .tuple(term(fc.constantFrom<Kind>('buy', 'view')), sign)
    .map(([{ event, where }, given]) => make.eventTerm(event, where, property, given))
}

export function window(middle: number): fc.Arbitrary<Window> {
  const moment = fc.oneof(
    offset.map((at) => new Date(middle + at).toISOString()),
    offset.map((at) => new Date(middle + at).toISOString().slice(0, 10)),
  )
  return fc.oneof(
    fc.constant(make.ever()),
    fc
      .tuple(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('days', 'days', 'weeks', 'months'),
        fc.integer({ min: 0, max: 3 }),
      )
      .map(([count, unit, ago]) => make.lastWindow(count, unit, { ago, weekStart: 'sunday' })),
    fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom('days', 'days', 'weeks', 'months'))
      .map(([count, unit]) => make.lastWindow(count, unit, { includeCurrent: true })),
    fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom('hours', 'minutes'), fc.integer({ min: 0, max: 20 }))
      .map(([count, unit, ago]) => make.lastWindow(count, unit, { ago })),
    fc
      .tuple(fc.option(moment, { freq: 4 }), moment)
      .map(([from, to]) => make.rangeWindow(from, from !== null && from > to ? from : to)),
    moment.map((from) => make.rangeWindow(from, null)),
  )
}

function behaviour(middle: number): fc.Arbitrary<BehaviourLeafNode> {
  const few = fc.constantFrom(0, 1, 1, 2, 2, 3, 4, '2.5')
  const plus = fc.constant(1 as const)
  const terms = (given: fc.Arbitrary<EventTerm>): fc.Arbitrary<EventTerm[]> =>
    fc.array(given, { minLength: 1, maxLength: 3 })
  const counted = fc
    .tuple(fc.constantFrom('count', 'days', 'recency'), terms(anyTerm), window(middle), test(few))
    .map(([measure, events, given, against]) => make.behaviour(measure, events, given, against))
  const distinct = fc
    .constantFrom('product', 'amount', 'gift', 'points')
    .chain((property) => fc.tuple(terms(termWith(property, plus)), window(middle), test(few)))
    .map(([events, given, against]) => make.behaviour('distinct', events, given, against))
  const sums = fc
    .constantFrom<'amount' | 'points'>('amount', 'points')
    .chain((property) =>
      fc.tuple(
        fc.constantFrom('sum', 'sum', 'avg', 'min', 'max'),
        terms(termWith(property, fc.constantFrom(1, 1, -1))),
        window(middle),
        test(fc.oneof(decimalText(property === 'amount' ? 2 : 3), decimalText(1))),
        test(decimalText(8)),
      ),
    )
    .map(([measure, events, given, against, finer]) =>
      make.behaviour(
        measure,
        measure === 'sum' ? events : events.map(({ event, where, property }) => make.eventTerm(event, where, property)),
        given,
        measure === 'avg' ? finer : against,
      ),
    )
  return fc.oneof(counted, counted, distinct, sums, sums)
}

function occurrence(middle: number): fc.Arbitrary<BehaviourLeafNode> {
  return fc
    .constantFrom<Kind>('buy', 'view')
    .chain((kind) =>
      fc.tuple(
        fc.constantFrom('first', 'last'),
        term(fc.constant(kind)),
        fc.option(filter(kind), { freq: 3 }),
        window(middle),
      ),
    )
    .map(([kind, event, rule, given]) => make.occurrence(kind, event, rule, given))
}

const duration = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('seconds', 'minutes', 'hours', 'days', 'days', 'weeks'))
  .map(([count, unit]) => make.duration(count, unit))

function sequence(middle: number): fc.Arbitrary<BehaviourLeafNode> {
  const stepTerm = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<Kind>('buy', 'view').map((kind) => make.eventTerm(kind)) },
    anyTerm,
  )
  const few = fc.array(stepTerm, { maxLength: 2 })
  const steps = fc
    .tuple(
      stepTerm,
      fc.array(fc.tuple(stepTerm, fc.option(duration, { freq: 2 }), fc.oneof(fc.constant([]), fc.constant([]), few)), {
        maxLength: 3,
      }),
    )
    .map(([first, others]) => [
      make.step(first),
      ...others.map(([event, within, without]) => make.step(event, within, without)),
    ])
  const absence = fc.record({ events: fc.array(anyTerm, { minLength: 1, maxLength: 2 }), within: duration })
  return fc
    .tuple(
      steps,
      fc.option(absence, { freq: 2 }),
      fc.option(fc.constantFrom('product', 'amount', 'points', 'gift'), { freq: 2 }),
      fc.boolean(),
      fc.oneof(fc.constant(make.ever()), window(middle)),
    )
    .map(([given, absent, same, allowSameTime, during]) => {
      // A link needs the property of all kinds concerned.
      const all = [...given.flatMap(({ event, without }) => [event, ...without]), ...(absent?.events ?? [])]
      const linked = all.every(({ event }) => event !== 'quit') ? same : null
      return make.sequence(given, { absence: absent, same: linked, allowSameTime, window: during })
    })
}

export function question(middle: number): fc.Arbitrary<BehaviourLeafNode> {
  return fc.oneof(behaviour(middle), behaviour(middle), occurrence(middle), sequence(middle))
}

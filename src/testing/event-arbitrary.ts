import fc from 'fast-check'
import type { EventSpec, PropertySpec } from '../index.ts'
import {
  type EventNode,
  type EventTerm,
  type Measure,
  makeNode as make,
  type RuleKind,
  type RuleNode,
  type Window,
} from '../rules/index.ts'
import { itself, treeOf } from './logic-arbitrary.ts'
import { constantOf, numberTestOf } from './number-arbitrary.ts'
import { anyDuration, anyPeriods, type TimeFrame, windowIn } from './time-arbitrary.ts'
import { skewed } from './value-arbitrary.ts'
import { valueTestFor } from './value-test-arbitrary.ts'

type Events = Readonly<Record<string, EventSpec>>
type Allowed = (kind: RuleKind) => boolean

/** What tests of events are made of. */
interface Parts {
  readonly events: Events
  /** Rules about the properties of one event, by its name; `null` for none, as where there are no properties. */
  readonly filters: Readonly<Record<string, fc.Arbitrary<RuleNode | null>>>
  readonly window: fc.Arbitrary<Window>
}

/** Tests of what people did, of every kind and with every option; `null` where there are no events, or no such kind. */
export function eventTestFor(events: Events, frame: TimeFrame, allowed: Allowed): fc.Arbitrary<RuleNode> | null {
  if (Object.keys(events).length === 0) return null
  const filters = Object.entries(events).map(([event, spec]) => [event, filterFor(spec, frame, allowed)])
  const window = windowIn(frame)
  const parts: Parts = { events, filters: Object.fromEntries(filters), window }
  const term = termOf(parts)
  const all: (fc.WeightedArbitrary<RuleNode> & { readonly kind: EventNode['kind'] })[] = [
    { kind: 'behaviour', arbitrary: behaviourOf(parts), weight: 8 },
    { kind: 'first', arbitrary: occurrenceOf('first', parts), weight: 1 },
    { kind: 'last', arbitrary: occurrenceOf('last', parts), weight: 1 },
    { kind: 'sequence', arbitrary: sequenceOf(parts), weight: 5 },
    { kind: 'stopped', arbitrary: fc.tuple(term, window, window).map((some) => make.stopped(...some)), weight: 1 },
    {
      kind: 'resumed',
      arbitrary: fc.tuple(term, window, window, window).map((some) => make.resumed(...some)),
      weight: 1,
    },
    { kind: 'new', arbitrary: fc.tuple(term, window).map((some) => make.newly(...some)), weight: 1 },
    { kind: 'regular', arbitrary: regularOf(term), weight: 1 },
  ]
  const some = all.filter(({ kind }) => allowed(kind))
  return some.length === 0 ? null : fc.oneof(...some)
}

/** A kind of event, often with a filter. */
function termOf({ filters }: Parts): fc.Arbitrary<EventTerm> {
  return fc.oneof(
    ...Object.entries(filters).map(([event, filter]) => filter.map((where) => make.eventTerm(event, where))),
  )
}

/** Tests of a property that the generator makes often, so that looking for an allowed one comes to an end. */
const someTests: Readonly<Record<PropertySpec['kind'], readonly RuleKind[]>> = {
  flag: ['has', 'isSet', 'isNotSet'],
  category: ['eq', 'ne', 'in', 'notIn', 'isSet', 'isNotSet'],
  number: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between', 'in', 'notIn', 'isSet', 'isNotSet'],
}

function filterFor(event: EventSpec, frame: TimeFrame, allowed: Allowed): fc.Arbitrary<RuleNode | null> {
  const tests = Object.entries(event.properties)
    .filter(([, { kind }]) => someTests[kind].some(allowed))
    .map(([property, spec]) => valueTestFor(property, spec, frame))
  if (tests.length === 0) return fc.constant(null)
  const test = fc.oneof(...tests).filter(({ kind }) => allowed(kind))
  return fc.oneof(
    { arbitrary: fc.constant(null), weight: 5 },
    { arbitrary: test, weight: 3 },
    { arbitrary: treeOf(test.map(itself), allowed, 2).map((filter) => filter([])), weight: 1 },
  )
}

// ─── Measures ────────────────────────────────────────────────────────────────────────────────────────────────────────

function behaviourOf(parts: Parts): fc.Arbitrary<RuleNode> {
  const { events, window } = parts
  const term = termOf(parts)
  const terms = fc.oneof(
    { arbitrary: fc.tuple(term), weight: 5 },
    { arbitrary: fc.array(term, { minLength: 2, maxLength: 3 }), weight: 1 },
  )
  const howMany = numberTestOf(skewed([1, 2, 0, 3, -1, 5]))
  const counted = (measure: Measure, weight: number): fc.WeightedArbitrary<RuleNode> => ({
    arbitrary: fc.tuple(terms, window, howMany).map((some) => make.behaviour(measure, ...some)),
    weight,
  })
  const did = fc.tuple(terms, window).map((some) => make.behaviour('count', ...some))
  const all = [{ arbitrary: did, weight: 4 }, counted('count', 5), counted('days', 3), counted('recency', 2)]
  for (const kinds of [['flag'], ['category'], ['number'], ['flag', 'category', 'number']] as const) {
    const valued = Object.entries(events).flatMap(([event, { properties }]) =>
      Object.entries(properties).flatMap(([property, spec]) =>
        (kinds as readonly string[]).includes(spec.kind) ? [valuedTerm(parts, event, property, spec)] : [],
      ),
    )
    if (valued.length === 0) continue
    const distinct = fc
      .tuple(oneOrMore(fc.oneof(...valued)), window, howMany)
      .map(([some, when, test]) => make.behaviour('distinct', some.map(plain), when, test))
    all.push({ arbitrary: distinct, weight: 1 })
    if (kinds.length > 1 || kinds[0] !== 'number') continue
    for (const measure of ['sum', 'avg', 'min', 'max'] as const) {
      const sign = measure === 'sum' ? fc.constantFrom(1 as const, 1 as const, -1 as const) : fc.constant(1 as const)
      const signed = fc.tuple(fc.oneof(...valued), sign).map(([one, plusOrMinus]) => ({ ...one, sign: plusOrMinus }))
      const arbitrary = fc
        .tuple(oneOrMore(signed), window, fc.tuple(...(measure === 'avg' ? averageTestsByScale : testsByScale)))
        .map(([some, when, tests]) =>
          make.behaviour(measure, some.map(plain), when, tests[Math.max(...some.map(({ scale }) => scale))]),
        )
      all.push({ arbitrary, weight: measure === 'sum' ? 5 : 2 })
    }
  }
  return fc.oneof(...all)
}

/** Comparisons with constants of 0, 1, 2 and 3 digits after the point. */
const testsByScale = [0, 1, 2, 3].map((scale) => numberTestOf(constantOf(scale)))

/** Averages are compared with constants of up to six digits more. */
const averageTestsByScale = [0, 1, 2, 3].map((scale) =>
  numberTestOf(fc.oneof(constantOf(scale), constantOf(scale + 1), constantOf(scale + 6))),
)

interface ValuedTerm {
  readonly event: string
  readonly where: RuleNode | null
  readonly property: string
  readonly sign: 1 | -1
  /** Digits after the point, 0 for what is no number. */
  readonly scale: number
}

function valuedTerm({ filters }: Parts, event: string, property: string, spec: PropertySpec): fc.Arbitrary<ValuedTerm> {
  const scale = spec.kind === 'number' ? Math.min(spec.scale, testsByScale.length - 1) : 0
  return filters[event]!.map((where) => ({ event, where, property, sign: 1, scale }))
}

function plain({ event, where, property, sign }: ValuedTerm): EventTerm {
  return make.eventTerm(event, where, property, sign)
}

/** One to three, one far more often. */
function oneOrMore<Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> {
  return fc.oneof(
    { arbitrary: fc.array(item, { minLength: 1, maxLength: 1 }), weight: 3 },
    { arbitrary: fc.array(item, { minLength: 2, maxLength: 3 }), weight: 1 },
  )
}

// ─── First and last, sequences, lifecycle ────────────────────────────────────────────────────────────────────────────

function occurrenceOf(kind: 'first' | 'last', { filters, window }: Parts): fc.Arbitrary<RuleNode> {
  const all = Object.entries(filters).map(([event, filter]) =>
    fc
      .tuple(filter, filter, window)
      .map(([where, test, when]) => make.occurrence(kind, make.eventTerm(event, where), test, when)),
  )
  return fc.oneof(...all)
}

/** Chains of up to four steps. With `same`, all events of the chain are of kinds that have that category. */
function sequenceOf(parts: Parts): fc.Arbitrary<RuleNode> {
  const having = new Map<string, Record<string, fc.Arbitrary<RuleNode | null>>>()
  for (const [event, spec] of Object.entries(parts.events)) {
    for (const [same, { kind }] of Object.entries(spec.properties)) {
      if (kind === 'category') having.set(same, { ...having.get(same), [event]: parts.filters[event]! })
    }
  }
  const any = chainOf(parts, null)
  if (having.size === 0) return any
  const linked = [...having].map(([same, filters]) => chainOf({ ...parts, filters }, same))
  return fc.oneof({ arbitrary: any, weight: 3 }, { arbitrary: fc.oneof(...linked), weight: 2 })
}

function chainOf(parts: Parts, same: string | null): fc.Arbitrary<RuleNode> {
  const term = termOf(parts)
  const others = fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(term, { minLength: 1, maxLength: 2 }), weight: 1 },
  )
  const within = fc.oneof(fc.constant(null), anyDuration)
  const step = fc.tuple(term, within, others).map((some) => make.step(...some))
  const absence = fc.record({ events: fc.array(term, { minLength: 1, maxLength: 2 }), within: anyDuration })
  const options = fc.record({
    same: fc.constant(same),
    allowSameTime: fc.constantFrom(false, false, true),
    window: parts.window,
  })
  const steps = fc.tuple(
    term.map((event) => make.step(event)),
    fc.array(step, { minLength: 3, maxLength: 3 }),
    skewed([1, 2, 0, 3]),
  )
  return fc.tuple(steps, fc.nat(2), absence, options).map(([[first, others, more], ending, end, chosen]) =>
    // One step by itself is no sequence: what must not follow makes it one.
    make.sequence([first, ...others.slice(0, more)], {
      ...chosen,
      absence: more === 0 || ending === 0 ? end : null,
    }),
  )
}

function regularOf(term: fc.Arbitrary<EventTerm>): fc.Arbitrary<RuleNode> {
  return fc
    .tuple(term, skewed([1, 2, 3]), anyPeriods, fc.nat(6))
    .map(([event, times, { of, unit, weekStart }, some]) =>
      make.regular(event, times, 1 + (some % of), of, unit, weekStart),
    )
}

import fc from 'fast-check'
import type { EventSpec, PropertySpec } from '../index.ts'
import {
  type EventNode,
  type EventTerm,
  type Measure,
  makeNode as make,
  type RuleKind,
  type RuleNode,
} from '../rules/index.ts'
import { itself, treeOf } from './logic-arbitrary.ts'
import { constantOf, numberTestOf } from './number-arbitrary.ts'
import { anyDuration, anyPeriods, type TimeFrame, windowIn } from './time-arbitrary.ts'
import { skewed } from './value-arbitrary.ts'
import { valueTestFor } from './value-test-arbitrary.ts'

type Events = Readonly<Record<string, EventSpec>>
type Allowed = (kind: RuleKind) => boolean

/** A property of an event. */
interface PropertyPlace {
  readonly event: string
  readonly property: string
  readonly spec: PropertySpec
}

/** Tests of what people did, of every kind and with every option; `null` where there are no events, or no such kind. */
export function eventTestFor(events: Events, frame: TimeFrame, allowed: Allowed): fc.Arbitrary<RuleNode> | null {
  if (Object.keys(events).length === 0) return null
  const term = termFor(events, frame, allowed)
  const window = windowIn(frame)
  const all: (fc.WeightedArbitrary<RuleNode> & { readonly kind: EventNode['kind'] })[] = [
    { kind: 'behaviour', arbitrary: behaviourFor(events, frame, allowed), weight: 8 },
    { kind: 'first', arbitrary: occurrenceFor('first', events, frame, allowed), weight: 1 },
    { kind: 'last', arbitrary: occurrenceFor('last', events, frame, allowed), weight: 1 },
    { kind: 'sequence', arbitrary: sequenceFor(events, frame, allowed), weight: 5 },
    { kind: 'stopped', arbitrary: fc.tuple(term, window, window).map((parts) => make.stopped(...parts)), weight: 1 },
    {
      kind: 'resumed',
      arbitrary: fc.tuple(term, window, window, window).map((parts) => make.resumed(...parts)),
      weight: 1,
    },
    { kind: 'new', arbitrary: fc.tuple(term, window).map((parts) => make.newly(...parts)), weight: 1 },
    { kind: 'regular', arbitrary: regularFor(term), weight: 1 },
  ]
  const some = all.filter(({ kind }) => allowed(kind))
  return some.length === 0 ? null : fc.oneof(...some)
}

/** A kind of event, often with a filter. */
function termFor(events: Events, frame: TimeFrame, allowed: Allowed): fc.Arbitrary<EventTerm> {
  return fc
    .constantFrom(...Object.keys(events))
    .chain((event) => filterFor(events[event]!, frame, allowed).map((where) => make.eventTerm(event, where)))
}

/** Tests of a property that the generator makes often, so that looking for an allowed one comes to an end. */
const someTests: Readonly<Record<PropertySpec['kind'], readonly RuleKind[]>> = {
  flag: ['has', 'isSet', 'isNotSet'],
  category: ['eq', 'ne', 'in', 'notIn', 'isSet', 'isNotSet'],
  number: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between', 'in', 'notIn', 'isSet', 'isNotSet'],
}

/** A rule about the properties of one event; `null` for none, as where there are no properties. */
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

function behaviourFor(events: Events, frame: TimeFrame, allowed: Allowed): fc.Arbitrary<RuleNode> {
  const window = windowIn(frame)
  const term = termFor(events, frame, allowed)
  const terms = fc.oneof(
    { arbitrary: fc.tuple(term), weight: 5 },
    { arbitrary: fc.array(term, { minLength: 2, maxLength: 3 }), weight: 1 },
  )
  const howMany = numberTestOf(skewed([1, 2, 0, 3, -1, 5]))
  const counted = (measure: Measure, weight: number): fc.WeightedArbitrary<RuleNode> => ({
    arbitrary: fc.tuple(terms, window, howMany).map((parts) => make.behaviour(measure, ...parts)),
    weight,
  })
  const did = fc.tuple(terms, window).map((parts) => make.behaviour('count', ...parts))
  const all = [{ arbitrary: did, weight: 4 }, counted('count', 5), counted('days', 3), counted('recency', 2)]

  const places: readonly PropertyPlace[] = Object.entries(events).flatMap(([event, { properties }]) =>
    Object.entries(properties).map(([property, spec]) => ({ event, property, spec })),
  )
  const where = ({ event }: PropertyPlace): fc.Arbitrary<RuleNode | null> => filterFor(events[event]!, frame, allowed)
  for (const kind of ['flag', 'category', 'number'] as const) {
    const some = places.filter(({ spec }) => spec.kind === kind)
    if (some.length === 0) continue
    const valued = termsOf(some, where, fc.constant(1)).map((written) => written.map(({ term }) => term))
    all.push({
      arbitrary: fc.tuple(valued, window, howMany).map((parts) => make.behaviour('distinct', ...parts)),
      weight: kind === 'flag' ? 1 : 2,
    })
    if (kind !== 'number') continue
    for (const measure of ['sum', 'avg', 'min', 'max'] as const) {
      const sign = measure === 'sum' ? fc.constantFrom(1 as const, 1 as const, -1 as const) : fc.constant(1 as const)
      const arbitrary = termsOf(some, where, sign).chain((written) =>
        fc.tuple(window, numberTestOf(constantOf(Math.max(...written.map(({ scale }) => scale))))).map(([when, test]) =>
          make.behaviour(
            measure,
            written.map(({ term }) => term),
            when,
            test,
          ),
        ),
      )
      all.push({ arbitrary, weight: measure === 'sum' ? 5 : 2 })
    }
  }
  return fc.oneof(...all)
}

interface ValuedTerm {
  readonly term: EventTerm
  /** Digits after the point, 0 for what is no number. */
  readonly scale: number
}

/** One to three terms with properties, one far more often. */
function termsOf(
  places: readonly PropertyPlace[],
  where: (place: PropertyPlace) => fc.Arbitrary<RuleNode | null>,
  sign: fc.Arbitrary<1 | -1>,
): fc.Arbitrary<readonly ValuedTerm[]> {
  const one = fc.constantFrom(...places).chain((place) =>
    fc.tuple(where(place), sign).map(([filter, plusOrMinus]) => ({
      term: make.eventTerm(place.event, filter, place.property, plusOrMinus),
      scale: place.spec.kind === 'number' ? place.spec.scale : 0,
    })),
  )
  return fc.oneof(
    { arbitrary: fc.tuple(one), weight: 3 },
    { arbitrary: fc.array(one, { minLength: 2, maxLength: 3 }), weight: 1 },
  )
}

// ─── First and last, sequences, lifecycle ────────────────────────────────────────────────────────────────────────────

function occurrenceFor(
  kind: 'first' | 'last',
  events: Events,
  frame: TimeFrame,
  allowed: Allowed,
): fc.Arbitrary<RuleNode> {
  return fc.constantFrom(...Object.entries(events)).chain(([event, spec]) => {
    const filter = filterFor(spec, frame, allowed)
    return fc
      .tuple(filter, filter, windowIn(frame))
      .map(([where, test, window]) => make.occurrence(kind, make.eventTerm(event, where), test, window))
  })
}

/** Chains of up to four steps. With `same`, all events of the chain are of kinds that have that property. */
function sequenceFor(events: Events, frame: TimeFrame, allowed: Allowed): fc.Arbitrary<RuleNode> {
  const properties = new Map<string, string>()
  for (const spec of Object.values(events)) {
    for (const [property, { kind }] of Object.entries(spec.properties)) properties.set(`${kind} ${property}`, property)
  }
  const any = chainOf(events, null, frame, allowed)
  if (properties.size === 0) return any
  const linked = fc.constantFrom(...properties).chain(([key, same]) => {
    const having = Object.entries(events).filter(
      ([, spec]) => spec.properties[same] !== undefined && `${spec.properties[same].kind} ${same}` === key,
    )
    return chainOf(Object.fromEntries(having), same, frame, allowed)
  })
  return fc.oneof({ arbitrary: any, weight: 3 }, { arbitrary: linked, weight: 2 })
}

function chainOf(events: Events, same: string | null, frame: TimeFrame, allowed: Allowed): fc.Arbitrary<RuleNode> {
  const term = termFor(events, frame, allowed)
  const others = fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(term, { minLength: 1, maxLength: 2 }), weight: 1 },
  )
  const within = fc.option(anyDuration, { nil: null, freq: 2 })
  const step = fc.tuple(term, within, others).map((parts) => make.step(...parts))
  const absence = fc.record({ events: fc.array(term, { minLength: 1, maxLength: 2 }), within: anyDuration })
  const options = fc.record({
    same: fc.constant(same),
    allowSameTime: fc.constantFrom(false, false, true),
    window: windowIn(frame),
  })
  const first = term.map((event) => make.step(event))
  const more = skewed([1, 2, 0, 3]).chain((count) => fc.array(step, { minLength: count, maxLength: count }))
  return fc
    .tuple(first, more, fc.option(absence, { nil: null, freq: 1 }), absence, options)
    .map(([begin, rest, end, needed, chosen]) =>
      // One step by itself is no sequence: what must not follow makes it one.
      make.sequence([begin, ...rest], { ...chosen, absence: rest.length === 0 ? needed : end }),
    )
}

function regularFor(term: fc.Arbitrary<EventTerm>): fc.Arbitrary<RuleNode> {
  return fc
    .tuple(term, skewed([1, 2, 3]), anyPeriods, fc.nat(6))
    .map(([event, times, { of, unit, weekStart }, some]) =>
      make.regular(event, times, 1 + (some % of), of, unit, weekStart),
    )
}

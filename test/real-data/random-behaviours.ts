import fc from 'fast-check'
import type { EventTerm, Measure, NumberTest, RuleNode, Window, WindowUnit } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import type { EventLog } from './event-log.ts'
import { constantOf, filterOf, inOrder } from './random-filters.ts'
import { windowIn } from './random-windows.ts'

/** An event of the log, often with a filter. */
export function termIn(log: EventLog): fc.Arbitrary<EventTerm> {
  return fc
    .constantFrom(...log.events)
    .chain((event) => filterIn(log, event).map((where) => make.eventTerm(event, where)))
}

/** A filter of an event, or none. */
export function filterIn(log: EventLog, event: string): fc.Arbitrary<RuleNode | null> {
  const { properties } = log.schema[event]!
  if (Object.keys(properties).length === 0) return fc.constant(null)
  return fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: filterOf(properties, log), weight: 2 })
}

/** Any question about events but sequences. */
export function behaviourIn(log: EventLog): fc.Arbitrary<RuleNode> {
  return fc.oneof(
    { arbitrary: countedIn(log), weight: 5 },
    { arbitrary: measuredIn(log), weight: 6 },
    { arbitrary: occurrenceIn(log), weight: 4 },
    { arbitrary: lifecycleIn(log), weight: 4 },
  )
}

/** Counts, distinct days, recency: of one kind of event, or of several together. */
export function countedIn(log: EventLog): fc.Arbitrary<RuleNode> {
  const test: Readonly<Record<'count' | 'days' | 'recency', fc.Arbitrary<NumberTest>>> = {
    count: testOf(fc.integer({ min: 0, max: 8 })),
    days: testOf(fc.integer({ min: 0, max: 5 })),
    recency: testOf(fc.integer({ min: 0, max: 150 })),
  }
  return fc
    .constantFrom('count' as const, 'count' as const, 'days' as const, 'recency' as const)
    .chain((measure) =>
      fc
        .tuple(fc.array(termIn(log), { minLength: 1, maxLength: 2 }), windowIn(log), test[measure])
        .map(([terms, window, passes]) => make.behaviour(measure, terms, window, passes)),
    )
}

/** Sums, some net of other events, averages, extremes, and numbers of different values. */
export function measuredIn(log: EventLog): fc.Arbitrary<RuleNode> {
  const numbers = measurable(log, 'number')
  const categories = measurable(log, 'category')
  const ofNumber = (measure: Measure): fc.Arbitrary<RuleNode> =>
    fc.constantFrom(...numbers).chain(([event, property]) => {
      const others = numbers.filter(([other, name]) => other !== event && name === property)
      const net = measure === 'sum' && others.length > 0 ? fc.constantFrom(null, ...others) : fc.constant(null)
      const { scale } = log.schema[event]!.properties[property] as { scale: number }
      // An average may be compared with more digits than the property has.
      const digits = measure === 'avg' ? scale + 2 : scale
      const known = log.numbers.get(property)!.map((value) => value * 10 ** (digits - scale))
      return fc
        .tuple(filterIn(log, event), net, windowIn(log), testOf(constantOf(known, digits)))
        .chain(([where, taken, window, test]) => {
          const term = make.eventTerm(event, where, property)
          if (taken === null) return fc.constant(make.behaviour(measure, [term], window, test))
          return filterIn(log, taken[0]).map((other) =>
            make.behaviour(measure, [term, make.eventTerm(taken[0], other, property, -1)], window, test),
          )
        })
    })
  const distinct = fc
    .constantFrom(...categories, ...numbers)
    .chain(([event, property]) =>
      fc
        .tuple(filterIn(log, event), windowIn(log), testOf(fc.integer({ min: 0, max: 12 })))
        .map(([where, window, test]) =>
          make.behaviour('distinct', [make.eventTerm(event, where, property)], window, test),
        ),
    )
  return numbers.length === 0
    ? distinct
    : fc.oneof(distinct, ...(['sum', 'sum', 'avg', 'min', 'max'] as const).map(ofNumber))
}

function measurable(log: EventLog, kind: 'number' | 'category'): (readonly [event: string, property: string])[] {
  return Object.entries(log.schema).flatMap(([event, { properties }]) =>
    Object.entries(properties).flatMap(([property, spec]) => (spec.kind === kind ? [[event, property] as const] : [])),
  )
}

/** First and last events, with and without a test of their own. */
export function occurrenceIn(log: EventLog): fc.Arbitrary<RuleNode> {
  return fc
    .tuple(fc.constantFrom('first' as const, 'last' as const), termIn(log), windowIn(log))
    .chain(([kind, term, window]) =>
      filterIn(log, String(term.event)).map((test) => make.occurrence(kind, term, test, window)),
    )
}

/** Stopped, resumed, new, regular. */
export function lifecycleIn(log: EventLog): fc.Arbitrary<RuleNode> {
  const window = windowIn(log)
  const unit = fc.constantFrom<WindowUnit>('hours', 'days', 'weeks', 'weeks', 'months')
  return termIn(log).chain((term) =>
    fc.oneof(
      fc.tuple(window, window).map(([earlier, later]: [Window, Window]) => make.stopped(term, earlier, later)),
      fc.tuple(window, window, window).map((three: [Window, Window, Window]) => make.resumed(term, ...three)),
      window.map((inside) => make.newly(term, inside)),
      fc
        .tuple(
          fc.integer({ min: 1, max: 2 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 0, max: 12 }),
          unit,
          fc.constantFrom('monday' as const, 'sunday' as const),
        )
        .map(([times, periods, more, of, start]) => make.regular(term, times, periods, periods + more, of, start)),
    ),
  )
}

function testOf(constant: fc.Arbitrary<number>): fc.Arbitrary<NumberTest> {
  return fc.oneof(
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom('eq' as const, 'ne' as const, 'lt' as const, 'lte' as const, 'gt' as const, 'gte' as const),
          constant,
        )
        .map(([op, value]) => ({ op, value })),
      weight: 3,
    },
    {
      arbitrary: fc.tuple(constant, constant).map((ends) => {
        const [from, to] = inOrder(ends)
        return { op: 'between' as const, from, to }
      }),
      weight: 1,
    },
  )
}

import type { ExternalId } from '../index.ts'
import type {
  BehaviourNode,
  EventTerm,
  NewNode,
  NumberTest,
  OccurrenceNode,
  RegularNode,
  ResumedNode,
  RuleNode,
  StoppedNode,
  Window,
} from '../rules/index.ts'
import { logicHolds } from './reference-logic.ts'
import {
  addDecimals,
  compareDecimals,
  decimal,
  decimalOf,
  type ReferenceDecimal,
  timesWhole,
} from './reference-numbers.ts'
import { boundsOf, dayOf, given, isSeenIn, periodsOf, type ReferenceBounds } from './reference-time.ts'
import { valueHolds } from './reference-values.ts'
import type { ReferenceEvent, ReferenceValue, ReferenceView } from './reference-view.ts'

/** Law 11: the events of a person that are seen, those not after `asOf`. */
export function seenEvents(id: ExternalId, { events, asOf }: ReferenceView): readonly ReferenceEvent[] {
  return (events.get(id) ?? []).filter(({ at }) => at <= asOf)
}

/** Whether an event is of the kind of a term and fits its filter. */
export function fitsTerm(event: ReferenceEvent, { event: name, where }: EventTerm, view: ReferenceView): boolean {
  return event.event === given(name) && (where === null || fitsFilter(event, where, view))
}

/** Law 13: a filter is a rule about one event, all of it about the same one; its names are properties. */
export function fitsFilter(event: ReferenceEvent, filter: RuleNode, view: ReferenceView): boolean {
  switch (filter.kind) {
    case 'not':
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
    case 'atLeast':
      return logicHolds(filter, (part) => fitsFilter(event, part, view))
    default:
      if (!('tag' in filter)) throw new Error(`${filter.kind} is no test of a property`)
      return valueHolds(filter, event.properties, view)
  }
}

/** Laws 11, 12 and 13: the events of a person that are seen, lie in the window, and fit the term. */
function eventsOf(id: ExternalId, term: EventTerm, window: Window, view: ReferenceView): readonly ReferenceEvent[] {
  return eventsWithin(id, term, boundsOf(window, view.asOf, view.timeZone), view)
}

function eventsWithin(id: ExternalId, term: EventTerm, bounds: ReferenceBounds, view: ReferenceView): ReferenceEvent[] {
  return seenEvents(id, view).filter((event) => isSeenIn(event.at, bounds, view.asOf) && fitsTerm(event, term, view))
}

// ─── Measures ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Law 13: the filter first, then the measure, then the comparison. */
export function behaviourHolds(node: BehaviourNode, id: ExternalId, view: ReferenceView): boolean {
  const { measure, window, test } = node
  const measured = node.events.flatMap((term) => eventsOf(id, term, window, view).map((event) => ({ event, term })))
  // The events of all terms together: one that fits two of them is still one event.
  const events = new Set(measured.map(({ event }) => event))
  const days = [...events].map(({ at }) => dayOf(at, view.timeZone))
  // But each term gives the value of its property: a sum may take away of some events what it adds of all.
  const values = measured.flatMap(({ event, term }): readonly ReferenceValue[] => {
    const value = term.property === null ? undefined : event.properties.get(given(term.property))
    return value === undefined ? [] : [value]
  })
  const numbers = measured.flatMap(({ event, term }): readonly ReferenceDecimal[] => {
    const value = term.property === null ? undefined : event.properties.get(given(term.property))
    return typeof value === 'object' && 'units' in value ? [{ ...value, units: value.units * BigInt(term.sign) }] : []
  })
  const sum = numbers.reduce(addDecimals, decimal(0n, 0))
  const [least, ...others] = numbers
  switch (measure) {
    case 'count': // Over no event 0, these three: so `count = 0` has everyone without such an event.
      return passes(test, whole(events.size))
    case 'days':
      return passes(test, whole(new Set(days).size))
    case 'distinct':
      return passes(test, whole(new Set(values.map(keyOf)).size))
    case 'recency': // Over no event absent, and absent makes every test false (law 7), all of these.
      return days.length > 0 && passes(test, whole(dayOf(view.asOf, view.timeZone) - Math.max(...days)))
    case 'sum':
      return numbers.length > 0 && passes(test, sum)
    case 'avg': // Not rounded: sum / n is compared with a constant as sum with n times the constant.
      return numbers.length > 0 && passes(test, sum, numbers.length)
    case 'min':
      return (
        least !== undefined &&
        passes(
          test,
          others.reduce((a, b) => (compareDecimals(b, a) < 0 ? b : a), least),
        )
      )
    case 'max':
      return (
        least !== undefined &&
        passes(
          test,
          others.reduce((a, b) => (compareDecimals(b, a) > 0 ? b : a), least),
        )
      )
  }
}

/** Law 9: whether `measured / count` passes the test, exactly; `between` includes both ends. */
function passes(test: NumberTest, measured: ReferenceDecimal, count = 1): boolean {
  const against = (constant: number | string): number =>
    compareDecimals(measured, timesWhole(decimalOf(constant), count))
  switch (test.op) {
    case 'eq':
      return against(given(test.value)) === 0
    case 'ne':
      return against(given(test.value)) !== 0
    case 'lt':
      return against(given(test.value)) < 0
    case 'lte':
      return against(given(test.value)) <= 0
    case 'gt':
      return against(given(test.value)) > 0
    case 'gte':
      return against(given(test.value)) >= 0
    case 'between':
      return against(given(test.from)) >= 0 && against(given(test.to)) <= 0
  }
}

function whole(number: number): ReferenceDecimal {
  return decimal(BigInt(number), 0)
}

/** Equal for equal values of properties: flags, texts and decimals. */
export function keyOf(value: ReferenceValue): string {
  if (typeof value === 'object' && 'units' in value) return `number ${value.units} ${value.scale}`
  return `${typeof value} ${String(value)}`
}

// ─── First and last, lifecycle ───────────────────────────────────────────────────────────────────────────────────────

/** Law 14: the first or last of all events that are seen and fit the filter lies in the window and passes the test. */
export function occurrenceHolds(node: OccurrenceNode, id: ExternalId, view: ReferenceView): boolean {
  const fitting = seenEvents(id, view).filter((event) => fitsTerm(event, node.event, view))
  const times = fitting.map(({ at }) => at)
  const at = node.kind === 'first' ? Math.min(...times) : Math.max(...times)
  const { test } = node
  return (
    fitting.length > 0 &&
    isSeenIn(at, boundsOf(node.window, view.asOf, view.timeZone), view.asOf) &&
    // Several may be at that instant: one that passes is enough.
    fitting.some((event) => event.at === at && (test === null || fitsFilter(event, test, view)))
  )
}

/** Law 14: did in an earlier window, and not in the later one. */
export function stoppedHolds({ event, earlier, later }: StoppedNode, id: ExternalId, view: ReferenceView): boolean {
  return eventsOf(id, event, earlier, view).length > 0 && eventsOf(id, event, later, view).length === 0
}

/** Law 14: did, then not in a gap, then again. */
export function resumedHolds(
  { event, earlier, gap, later }: ResumedNode,
  id: ExternalId,
  view: ReferenceView,
): boolean {
  const did = (window: Window): boolean => eventsOf(id, event, window, view).length > 0
  return did(earlier) && !did(gap) && did(later)
}

/** Law 14: did in the window, and never before the window begins. */
export function newHolds({ event, window }: NewNode, id: ExternalId, view: ReferenceView): boolean {
  const { from } = boundsOf(window, view.asOf, view.timeZone)
  const before = eventsWithin(id, event, { from: -Infinity, to: from }, view)
  return eventsOf(id, event, window, view).length > 0 && before.length === 0
}

/** Law 14: at least `times` in each of at least `periods` of the last `of` whole units. */
export function regularHolds(node: RegularNode, id: ExternalId, view: ReferenceView): boolean {
  const busy = periodsOf(node, view.asOf, view.timeZone).filter(
    (period) => eventsWithin(id, node.event, period, view).length >= given(node.times),
  )
  return busy.length >= given(node.periods)
}

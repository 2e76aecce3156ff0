import type { ExternalId } from '../../src/index.ts'
import type { BehaviourNode, EventNode, EventTerm, OccurrenceNode, SequenceNode, Window } from '../../src/rules/ast.ts'
import { fitsFilter, fitsTerm, keyOf, seenEvents } from '../../src/testing/reference-events.ts'
import {
  addDecimals,
  compareDecimals,
  decimal,
  decimalNumber,
  decimalText,
  type ReferenceDecimal,
} from '../../src/testing/reference-numbers.ts'
import {
  boundsOf,
  dayOf,
  given,
  isSeenIn,
  millisOf,
  periodsOf,
  type ReferenceBounds,
} from '../../src/testing/reference-time.ts'
import type { ReferenceEvent, ReferenceValue, ReferenceView } from '../../src/testing/reference-view.ts'

/** How many events there are in a window of a life cycle. */
export interface ReferenceCount {
  readonly role: string
  readonly bounds: ReferenceBounds
  readonly count: number
}

/** Law 14: the windows of a life cycle, and how many events a person has in each. */
export function countsOf(
  node: Extract<EventNode, { kind: 'stopped' | 'resumed' | 'new' | 'regular' }>,
  id: ExternalId,
  view: ReferenceView,
): ReferenceCount[] {
  const bounds = (window: Window): ReferenceBounds => boundsOf(window, view.asOf, view.timeZone)
  const fitting = seenEvents(id, view).filter((event) => fitsTerm(event, node.event, view))
  const windows = ((): [string, ReferenceBounds][] => {
    switch (node.kind) {
      case 'stopped':
        return [
          ['earlier', bounds(node.earlier)],
          ['later', bounds(node.later)],
        ]
      case 'resumed':
        return [
          ['earlier', bounds(node.earlier)],
          ['gap', bounds(node.gap)],
          ['later', bounds(node.later)],
        ]
      case 'new': {
        const within = bounds(node.window)
        const before: [string, ReferenceBounds][] =
          within.from === -Infinity ? [] : [['before', { from: -Infinity, to: within.from }]]
        return [...before, ['within', within]]
      }
      case 'regular':
        return periodsOf(node, view.asOf, view.timeZone)
          .map((period): [string, ReferenceBounds] => ['period', period])
          .reverse()
    }
  })()
  return windows.map(([role, when]) => ({
    role,
    bounds: when,
    count: fitting.filter(({ at }) => isSeenIn(at, when, view.asOf)).length,
  }))
}

/** Law 13: the number that a measure compares, as it is shown; `null` for none. */
export function amountOf(node: BehaviourNode, id: ExternalId, view: ReferenceView): number | string | null {
  const bounds = boundsOf(node.window, view.asOf, view.timeZone)
  const inWindow = seenEvents(id, view).filter(({ at }) => isSeenIn(at, bounds, view.asOf))
  const fitting = inWindow.filter((event) => node.events.some((term) => fitsTerm(event, term, view)))
  const days = fitting.map(({ at }) => dayOf(at, view.timeZone))
  const values = node.events.flatMap((term) =>
    inWindow.filter((event) => fitsTerm(event, term, view)).flatMap((event) => propertyOf(event, term)),
  )
  switch (node.measure) {
    case 'count':
      return fitting.length
    case 'days':
      return new Set(days).size
    case 'recency':
      return days.length === 0 ? null : dayOf(view.asOf, view.timeZone) - Math.max(...days)
    case 'distinct':
      return new Set(values.map(({ value }) => keyOf(value))).size
    default:
  }
  const numbers = values
    .map(({ value, sign }) => ({ ...(value as ReferenceDecimal), sign }))
    .map(({ units, scale, sign }) => decimal(units * BigInt(sign), scale))
    .sort(compareDecimals)
  if (numbers.length === 0) return null
  const sum = numbers.reduce(addDecimals)
  switch (node.measure) {
    case 'sum':
      return shownDecimal(sum)
    case 'min':
      return shownDecimal(numbers[0]!)
    case 'max':
      return shownDecimal(numbers.at(-1)!)
    case 'avg':
      return averageOf(sum, numbers.length)
  }
}

function propertyOf(
  event: ReferenceEvent,
  { property, sign }: EventTerm,
): readonly { value: ReferenceValue; sign: number }[] {
  const value = property === null ? undefined : event.properties.get(given(property))
  return value === undefined ? [] : [{ value, sign }]
}

/** A decimal as a number, or as its text where no number is written so. */
function shownDecimal(exact: ReferenceDecimal): number | string {
  const text = decimalText(exact)
  return String(Number(text)) === text ? Number(text) : text
}

/** Divided as on paper, to fifty digits. */
function averageOf({ units, scale }: ReferenceDecimal, count: number): number {
  const size = units < 0n ? -units : units
  const divisor = BigInt(count) * 10n ** BigInt(scale)
  let text = `${size / divisor}.`
  let rest = size % divisor
  for (let digit = 0; digit < 50; digit++) {
    text += String((rest * 10n) / divisor)
    rest = (rest * 10n) % divisor
  }
  const average = Number(text)
  return units < 0n ? -average : average
}

/** An event as it is shown. */
export interface ReferenceOccurrence {
  readonly at: number
  readonly properties: Readonly<Record<string, unknown>>
}

/** Law 14: the events of which one decides a test of the first or last; none where there is no such event. */
export function occurrencesOf(node: OccurrenceNode, id: ExternalId, view: ReferenceView): ReferenceOccurrence[] {
  const { kind, event: term, test } = node
  const fitting = seenEvents(id, view).filter((event) => fitsTerm(event, term, view))
  const times = fitting.map(({ at }) => at)
  const at = kind === 'first' ? Math.min(...times) : Math.max(...times)
  const then = fitting.filter((event) => event.at === at)
  const passing = then.filter((event) => test === null || fitsFilter(event, test, view))
  return (passing.length > 0 ? passing : then).map(({ properties }) => ({
    at,
    properties: Object.fromEntries(
      [...properties].map(([name, value]) => [
        name,
        typeof value === 'object' && 'units' in value ? decimalNumber(value) : value,
      ]),
    ),
  }))
}

/**
 * Law 15: of all chains that fit, the instants of that with the earliest first step, then second, and so on; `null` for none.
 * Every chain is tried.
 */
export function chainOf(node: SequenceNode, id: ExternalId, view: ReferenceView): readonly number[] | null {
  const { steps, absence, same, allowSameTime } = node
  const seen = seenEvents(id, view)
  const bounds = boundsOf(node.window, view.asOf, view.timeZone)
  const link = (event: ReferenceEvent): string | null => {
    const value = same === null ? true : event.properties.get(given(same))
    return value === undefined ? null : keyOf(value)
  }
  const occurs = (terms: readonly EventTerm[], first: ReferenceEvent, isThen: (at: number) => boolean): boolean =>
    seen.some(
      (event) => link(event) === link(first) && isThen(event.at) && terms.some((term) => fitsTerm(event, term, view)),
    )
  const canFollow = (event: ReferenceEvent, chain: readonly ReferenceEvent[]): boolean => {
    const { event: term, within, without } = steps[chain.length]!
    const [first = event] = chain
    const before = chain.at(-1)
    if (!isSeenIn(event.at, bounds, view.asOf) || !fitsTerm(event, term, view)) return false
    if (chain.includes(event) || link(event) === null || link(event) !== link(first)) return false
    if (before === undefined) return true
    const gap = event.at - before.at
    return (
      (allowSameTime ? gap >= 0 : gap > 0) &&
      (within === null || gap <= millisOf(within)) &&
      !occurs(without, first, (at) => at > before.at && at < event.at)
    )
  }
  const isFollowedByAbsence = (chain: readonly ReferenceEvent[]): boolean => {
    if (absence === null) return true
    const { at: begin } = chain.at(-1)!
    const end = begin + millisOf(absence.within)
    return end <= view.asOf && !occurs(absence.events, chain[0]!, (at) => at > begin && at <= end)
  }
  const goOn = (chain: readonly ReferenceEvent[]): readonly number[] | null => {
    if (chain.length === steps.length) return isFollowedByAbsence(chain) ? chain.map(({ at }) => at) : null
    const wholes = seen
      .filter((event) => canFollow(event, chain))
      .flatMap((event) => {
        const whole = goOn([...chain, event])
        return whole === null ? [] : [whole]
      })
    return wholes.sort(byInstants)[0] ?? null
  }
  return goOn([])
}

function byInstants(a: readonly number[], b: readonly number[]): number {
  const step = a.findIndex((at, i) => at !== b[i])
  return step === -1 ? 0 : a[step]! - b[step]!
}

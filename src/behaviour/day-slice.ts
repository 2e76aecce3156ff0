import type { WindowBounds } from '../base/window.ts'
import type { EventDay } from '../events/event-day.ts'
import type { AllDayFacts } from './all-day-facts.ts'
import { daysBefore } from './day-places.ts'
import type { EventsOfKind } from './event-source.ts'

/**
 * The events of a kind that lie in some bounds, as days. Only the first and the last day can be cut; those between are whole.
 *
 *   days()    | 3  | 4  | 7  | 8  | 9  |
 *   bounds         [            )
 *   slice          | 4  | 7  | 8 cut
 *
 * It is in normal form: a day that the bounds cut so that all of its events are inside is whole, and one of which none is
 * inside isn't there. So the slice, and what was worked out of it, stays the same while the bounds move over no event.
 */
export interface DaySlice {
  readonly events: EventsOfKind
  readonly days: readonly EventDay[]
  /** The place of the first day. */
  readonly first: number
  /** The place behind the last day; `first` if there is none. */
  readonly end: number
  /** Where the first day is cut: the first millisecond after its start that is inside; 0 for nowhere. */
  readonly from: number
  /** Where the last day is cut: the first millisecond after its start that is outside again; Infinity for nowhere. */
  readonly to: number
  /** Equal for equal slices of a kind of event. */
  readonly key: string
}

/** The days inside some bounds. Cost: a look at a handful of days, and at the times of one that is cut, once. */
export function sliceOf(events: EventsOfKind, bounds: WindowBounds, facts: AllDayFacts): DaySlice {
  const days = events.days()
  let first = daysBefore(days, (day) => day.end <= bounds.from)
  let end = Math.max(
    first,
    daysBefore(days, (day) => day.start < bounds.to),
  )
  let from = 0
  let to = Number.POSITIVE_INFINITY
  if (first < end && days[first]!.start < bounds.from) {
    const day = days[first]!
    const times = facts.of(events, day).times
    const cut = bounds.from - day.start
    if (cut > times.last) first++
    else if (cut > times.first) from = cut
  }
  if (first < end && days[end - 1]!.end > bounds.to) {
    const day = days[end - 1]!
    const times = facts.of(events, day).times
    const cut = bounds.to - day.start
    if (cut <= times.first) end--
    else if (cut <= times.last) to = cut
  }
  if (bounds.from >= bounds.to || first >= end || (end - first === 1 && from >= to)) return emptySlice(events, days)
  const key = `${days[first]!.day} ${from} ${days[end - 1]!.day} ${to}`
  return { events, days, first, end, from, to, key }
}

function emptySlice(events: EventsOfKind, days: readonly EventDay[]): DaySlice {
  return { events, days, first: 0, end: 0, from: 0, to: Number.POSITIVE_INFINITY, key: '-' }
}

/** Whether the slice has the whole of the day at a place. */
export function isWhole(slice: DaySlice, place: number): boolean {
  return !(
    (place === slice.first && slice.from > 0) ||
    (place === slice.end - 1 && slice.to !== Number.POSITIVE_INFINITY)
  )
}

/** How many events there are in the days, those behind the cuts too. */
export function rowsOfSlice({ days, first, end }: DaySlice): number {
  let rows = 0
  for (let place = first; place < end; place++) rows += days[place]!.size
  return rows
}

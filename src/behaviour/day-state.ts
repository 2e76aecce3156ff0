import type { EventDay } from '../events/event-day.ts'
import { firstFrom } from './day-places.ts'
import type { DaySlice } from './day-slice.ts'
import type { EventsOfKind } from './event-source.ts'

/**
 * The state of some days: how many there are between two, and the latest version of any. A change of a day, or a new day,
 * gives a version above all that there were; a day that goes leaves one less. So as long as both are the same, nothing changed.
 */
export class DayState {
  readonly #events: EventsOfKind
  readonly #firstDay: number
  readonly #lastDay: number
  readonly #count: number
  /** The latest version of any of the days. */
  readonly version: number
  /** A revision of the events at which the state was the same. */
  #revision: number

  /** The state of the days from one to another, both included. */
  constructor(events: EventsOfKind, firstDay: number, lastDay: number) {
    const days = events.days()
    const first = firstFrom(days, firstDay)
    const end = firstFrom(days, lastDay + 1)
    this.#events = events
    this.#firstDay = firstDay
    this.#lastDay = lastDay
    this.#count = end - first
    this.version = latestVersion(days, first, end)
    this.#revision = events.revision
  }

  /** The state of the days of a slice; `null` for none, which can't change. */
  static of({ events, days, first, end }: DaySlice): DayState | null {
    return first === end ? null : new DayState(events, days[first]!.day, days[end - 1]!.day)
  }

  /** Whether nothing of the days has changed. Cost: nothing while no event comes at all, then a look at each day. */
  isCurrent(): boolean {
    const events = this.#events
    if (events.revision === this.#revision) return true
    const days = events.days()
    const first = firstFrom(days, this.#firstDay)
    const end = firstFrom(days, this.#lastDay + 1)
    if (end - first !== this.#count || latestVersion(days, first, end) !== this.version) return false
    this.#revision = events.revision
    return true
  }
}

/** The latest version of the days `days[first]` to `days[end - 1]`. */
export function latestVersion(days: readonly EventDay[], first: number, end: number): number {
  let version = 0
  for (let place = first; place < end; place++) version = Math.max(version, days[place]!.version)
  return version
}

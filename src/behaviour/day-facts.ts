import type { EventDay } from '../events/event-day.ts'
import { DayMasks, daysOfMask } from './day-masks.ts'
import { firstFrom } from './day-places.ts'
import type { EventsOfKind } from './event-source.ts'
import { RowIndex, RowSearch } from './row-search.ts'

/** Searches in a day before an index is made for them, which costs as much as some thousand. */
const searchesBeforeIndex = 200

/** What is worked out of a day beside its rows, once, until the day changes. */
export class DayFacts {
  readonly #day: EventDay
  readonly #search: RowSearch
  #index: RowIndex | null = null
  #searches = 0
  #times: { readonly first: number; readonly last: number } | null = null

  constructor(day: EventDay) {
    this.#day = day
    this.#search = new RowSearch(day)
  }

  /** Whether the facts are about these rows. */
  isOf(day: EventDay): boolean {
    return this.#day.version === day.version && this.#day.people === day.people
  }

  /** The earliest and the latest time of the day's events, in milliseconds after its start. */
  get times(): { readonly first: number; readonly last: number } {
    this.#times ??= extremes(this.#day)
    return this.#times
  }

  /** Where the rows of people are: an index once it has been asked some times, since today's is good for a short time. */
  get index(): RowSearch {
    if (this.#index === null && ++this.#searches > searchesBeforeIndex) this.#index = new RowIndex(this.#day)
    return this.#index ?? this.#search
  }
}

function extremes({ times, size }: EventDay): { first: number; last: number } {
  let first = times[0]!
  let last = first
  for (let i = 1; i < size; i++) {
    const time = times[i]!
    if (time < first) first = time
    else if (time > last) last = time
  }
  return { first, last }
}

/** The facts of the days of all kinds of events. */
export class AllDayFacts {
  readonly #byKind = new WeakMap<EventsOfKind, FactsOfKind>()

  of(events: EventsOfKind, day: EventDay): DayFacts {
    const { days } = this.#kind(events)
    const known = days.get(day.day)
    if (known?.isOf(day)) return known
    // Days go: what was known of them goes when there are as many again.
    if (days.size > 2 * events.days().length) days.clear()
    const fresh = new DayFacts(day)
    days.set(day.day, fresh)
    return fresh
  }

  /** Who has events on which of 32 days; it may not know the latest of some of them. */
  masks(events: EventsOfKind, mask: number, days: readonly EventDay[]): DayMasks {
    const { masks } = this.#kind(events)
    const first = firstFrom(days, mask * daysOfMask)
    const own = days.slice(first, firstFrom(days, (mask + 1) * daysOfMask))
    const known = masks.get(mask)
    if (known?.isGoodFor(own)) return known
    if (masks.size > 2 + days.length) masks.clear()
    const fresh = new DayMasks(own)
    masks.set(mask, fresh)
    return fresh
  }

  #kind(events: EventsOfKind): FactsOfKind {
    let facts = this.#byKind.get(events)
    if (facts === undefined) {
      facts = { days: new Map(), masks: new Map() }
      this.#byKind.set(events, facts)
    }
    return facts
  }
}

interface FactsOfKind {
  readonly days: Map<number, DayFacts>
  readonly masks: Map<number, DayMasks>
}

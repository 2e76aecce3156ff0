import type { EventDay } from '../events/event-day.ts'
import { DayMasks, daysOfMask } from './day-masks.ts'
import { firstFrom } from './day-state.ts'
import type { EventsOfKind } from './event-source.ts'

/** What is worked out of a day beside its rows, once, until the day changes. */
export class DayFacts {
  readonly #day: EventDay
  #index: RowIndex | null = null
  #times: { readonly first: number; readonly last: number } | null = null

  constructor(day: EventDay) {
    this.#day = day
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

  /** Where the rows of each person are. */
  get index(): RowIndex {
    this.#index ??= new RowIndex(this.#day)
    return this.#index
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

/** About so many rows between two entries of an index. */
const rowsAnEntry = 16

/** Where the rows of each run of `2^shift` people begin in a day. Cost: a quarter of a byte a row. */
export class RowIndex {
  readonly #shift: number
  readonly #starts: Uint32Array
  readonly #people: Uint32Array
  readonly #size: number

  constructor({ people, size }: EventDay) {
    const highest = people[size - 1]!
    let shift = 0
    while (highest / 2 ** shift > size / rowsAnEntry && shift < 31) shift++
    const starts = new Uint32Array((highest >>> shift) + 2)
    let entry = 0
    for (let row = 0; row < size; row++) {
      const run = people[row]! >>> shift
      while (entry <= run) starts[entry++] = row
    }
    starts.fill(size, entry)
    this.#shift = shift
    this.#starts = starts
    this.#people = people
    this.#size = size
  }

  /** The first row of a person, or -1 where there is none. */
  firstRow(person: number): number {
    const run = person >>> this.#shift
    const starts = this.#starts
    if (run + 1 >= starts.length) return -1
    const people = this.#people
    let lo = starts[run]!
    let hi = starts[run + 1]!
    while (lo < hi) {
      const middle = (lo + hi) >>> 1
      if (people[middle]! < person) lo = middle + 1
      else hi = middle
    }
    return lo < this.#size && people[lo] === person ? lo : -1
  }

  /** The row behind the last of the person's, the first of whose rows is given. */
  endRow(person: number, first: number): number {
    const people = this.#people
    const size = this.#size
    let step = 1
    let lo = first + 1
    let hi = lo
    while (hi < size && people[hi] === person) {
      lo = hi + 1
      hi += step
      step *= 2
    }
    hi = Math.min(hi, size)
    while (lo < hi) {
      const middle = (lo + hi) >>> 1
      if (people[middle] === person) lo = middle + 1
      else hi = middle
    }
    return lo
  }
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

import type { Millis } from '../base/brand.ts'
import type { TimeZone } from '../base/time-zone.ts'

/** One local day: the instants from `start` (included) to `end` (excluded). */
export interface DaySpan {
  /** Days since 1970-01-01 of the local date. */
  readonly day: number
  readonly start: Millis
  readonly end: Millis
}

const utcDay = 86_400_000
/** Spans remembered, each at the place of its UTC day. A power of two. */
const remembered = 1 << 12

/** Finds the local day of instants, some nanoseconds each where they keep to some thousand days. */
export class LocalDays {
  readonly #zone: TimeZone
  /** At each place two spans: of the day in which the UTC day begins, and of the one after it. */
  readonly #first: (DaySpan | undefined)[] = new Array<DaySpan | undefined>(remembered).fill(undefined)
  readonly #second: (DaySpan | undefined)[] = new Array<DaySpan | undefined>(remembered).fill(undefined)

  constructor(zone: TimeZone) {
    this.#zone = zone
  }

  /** The local day in which an instant lies. */
  of(at: number): DaySpan {
    const place = Math.floor(at / utcDay) & (remembered - 1)
    const first = this.#first[place]
    if (first !== undefined && at >= first.start && at < first.end) return first
    const second = this.#second[place]
    if (second !== undefined && at >= second.start && at < second.end) return second
    const span = this.#look(at)
    const other = first === undefined || Math.abs(first.day - span.day) !== 1 ? undefined : first
    this.#first[place] = span
    this.#second[place] = other
    return span
  }

  /** The span of a day; it may be empty, where a zone has left out a date. */
  span(day: number): DaySpan {
    return { day, start: this.#zone.startOfDay(day), end: this.#zone.startOfDay(day + 1) }
  }

  #look(at: number): DaySpan {
    // Where clocks go back over midnight, a date comes twice; the days of its first coming count.
    let span = this.span(this.#zone.dayOf(at))
    while (at < span.start) span = this.span(span.day - 1)
    while (at >= span.end) span = this.span(span.day + 1)
    return span
  }
}

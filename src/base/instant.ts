import type { Millis } from './brand.ts'
import { dayOfDate, daysInMonth, msPerDay } from './calendar.ts'
import type { TimeZone } from './time-zone.ts'
import { lastInstant } from './zone-offsets.ts'

/**
 * The instant that a value stands for, or `null` if it stands for none.
 *
 * - a `Date`, unless it is invalid;
 * - a whole number of milliseconds since 1970 (UTC), within ±8.64e15 as for `Date`;
 * - ISO 8601 text in the forms below. Nothing is rounded: digits of a second after the third must be zeros.
 *
 * ```text
 * 2026-11-20                                           the beginning of that local day
 * 2026-11-20T09:00  2026-11-20 09:00:30  ….5  ….250    that local time of the zone
 * …Z  …+08:00  …+0800  …+08  …+08:05:43                the same with an offset: that instant, whatever the zone
 * +010000-01-01  -000001-12-31T23:59Z                  years outside 0 to 9999: a sign and six digits
 * ```
 *
 * A local time that comes twice, when the clock is put back, is the earlier of the two; one that is skipped is as much later
 * as the clock is put forward. There is no 24:00, no second 60, no date that the calendar doesn't have.
 * Cost: about 0.1 µs.
 */
export function parseInstant(value: unknown, zone: TimeZone): Millis | null {
  if (typeof value === 'string') {
    const written = readText(value)
    return written === null ? null : instantOf(written, zone)
  }
  const millis = typeof value === 'number' ? value : timeOfDate(value)
  if (millis === null || !Number.isInteger(millis) || Math.abs(millis) > lastInstant) return null
  return (millis + 0) as Millis
}

/** What the text of an instant, or of a local date, stands for in comparisons. */
export interface Moment {
  readonly from: Millis
  /** For a date the end of its day, not included; else `from`. */
  readonly to: Millis
  /** Whether it is a local date: then it means `[from, to)`. */
  readonly isDay: boolean
}

/**
 * What a text stands for: an instant, or a local date, which is its whole day (an empty one, if the zone left that date
 * out). `null` if it is neither. The texts are those of `parseInstant`.
 */
export function parseMoment(text: string, zone: TimeZone): Moment | null {
  const written = readText(text)
  if (written === null) return null
  const from = instantOf(written, zone)
  if (from === null) return null
  const to = written.isDay ? zone.startOfDay(written.wall / msPerDay + 1) : from
  return { from, to, isDay: written.isDay }
}

/** Whether `parseMoment` reads the text in every time zone. */
export function isMomentText(text: string): boolean {
  const written = readText(text)
  if (written === null) return false
  return written.offset === null
    ? Math.abs(written.wall) <= lastInstant - msPerDay
    : Math.abs(written.wall - written.offset) <= lastInstant
}

/** The time of a `Date`, of whichever realm, NaN if it is invalid; `null` of anything else. */
function timeOfDate(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null
  try {
    return Date.prototype.getTime.call(value)
  } catch {
    return null
  }
}

/** What a text says: local time in milliseconds as if it were UTC, and the offset where there is one. */
interface WrittenTime {
  readonly wall: number
  readonly offset: number | null
  readonly isDay: boolean
}

function instantOf({ wall, offset, isDay }: WrittenTime, zone: TimeZone): Millis | null {
  let at: number
  if (offset !== null) at = wall - offset
  else at = isDay ? zone.startOfDay(wall / msPerDay) : zone.instantOf(wall)
  return Math.abs(at) <= lastInstant ? ((at + 0) as Millis) : null
}

/** Reads one of the forms; the places are fixed, so one look at each character is enough. */
function readText(text: string): WrittenTime | null {
  const length = text.length
  const sign = text.charCodeAt(0)
  const isLong = sign === plus || sign === minus
  let year = isLong ? digits(text, 1, 6) : digits(text, 0, 4)
  let at = isLong ? 7 : 4
  if (sign === minus) {
    // There is no year -0.
    if (year === 0) return null
    year = -year
  }
  const month = digits(text, at + 1, 2)
  const day = digits(text, at + 4, 2)
  if (Number.isNaN(year) || !(month >= 1 && month <= 12 && day >= 1)) return null
  if (text.charCodeAt(at) !== minus || text.charCodeAt(at + 3) !== minus || day > daysInMonth(year, month)) return null
  const midnight = dayOfDate(year, month, day) * msPerDay
  at += 6
  if (at === length) return { wall: midnight, offset: null, isDay: true }

  const separator = text.charCodeAt(at)
  const hour = digits(text, at + 1, 2)
  const minute = digits(text, at + 4, 2)
  if ((separator !== letterT && separator !== space) || text.charCodeAt(at + 3) !== colon) return null
  if (!(hour <= 23 && minute <= 59)) return null
  let wall = midnight + hour * 3_600_000 + minute * 60_000
  at += 6
  if (text.charCodeAt(at) === colon) {
    const second = digits(text, at + 1, 2)
    if (!(second <= 59)) return null
    wall += second * 1000
    at += 3
    if (text.charCodeAt(at) === point) {
      const start = ++at
      for (let weight = 100; isDigit(text.charCodeAt(at)); at++, weight = Math.floor(weight / 10)) {
        const digit = text.charCodeAt(at) - zero
        if (weight === 0 && digit !== 0) return null
        wall += digit * weight
      }
      if (at === start) return null
    }
  }
  if (at === length) return { wall, offset: null, isDay: false }
  const offset = readOffset(text, at)
  return Number.isNaN(offset) ? null : { wall, offset, isDay: false }
}

/** `Z`, `±hh`, `±hhmm`, `±hh:mm` or `±hh:mm:ss`, to the end of the text; NaN for anything else. */
function readOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at)
  const rest = text.length - at
  if (sign === letterZ) return rest === 1 ? 0 : Number.NaN
  if (sign !== plus && sign !== minus) return Number.NaN
  const hours = digits(text, at + 1, 2)
  let minutes = 0
  let seconds = 0
  if (rest === 5) minutes = digits(text, at + 3, 2)
  else if (rest === 6 || rest === 9) {
    minutes = text.charCodeAt(at + 3) === colon ? digits(text, at + 4, 2) : Number.NaN
    if (rest === 9) seconds = text.charCodeAt(at + 6) === colon ? digits(text, at + 7, 2) : Number.NaN
  } else if (rest !== 3) return Number.NaN
  if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return Number.NaN
  const offset = (hours * 3600 + minutes * 60 + seconds) * 1000
  return sign === minus ? -offset : offset
}

/** The number that `count` digits from `at` on make; NaN if one of them is no digit, or missing. */
function digits(text: string, at: number, count: number): number {
  let number = 0
  for (let i = at; i < at + count; i++) {
    const unit = text.charCodeAt(i)
    if (!isDigit(unit)) return Number.NaN
    number = number * 10 + unit - zero
  }
  return number
}

function isDigit(unit: number): boolean {
  return unit >= zero && unit <= nine
}

const [zero, nine, plus, minus, point, colon, space, letterT, letterZ] = [
  0x30, 0x39, 0x2b, 0x2d, 0x2e, 0x3a, 0x20, 0x54, 0x5a,
] as const

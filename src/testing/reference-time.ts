import type { Duration, RegularNode, Slot, Weekday, Window } from '../rules/index.ts'
import { isParameter } from '../rules/index.ts'

// Windows and local days, by asking `Intl` what a clock on the wall shows. Slow, and independent of how crowdbit does it.
// Instants are milliseconds since 1970; days are numbers since 1970-01-01 of local dates, so that days can be counted.

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** From an instant on, to before another. */
export interface ReferenceBounds {
  readonly from: number
  readonly to: number
}

// ─── The clock on the wall ───────────────────────────────────────────────────────────────────────────────────────────

/** A clock in a zone. What it showed is remembered, since tests ask about few instants, over and over. */
class WallClock {
  readonly #format: Intl.DateTimeFormat
  readonly #shown = new Map<number, number>()

  constructor(timeZone: string) {
    const two = '2-digit' as const
    const parts = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', hourCycle: 'h23', ...parts })
  }

  at(at: number): number {
    const known = this.#shown.get(at)
    if (known !== undefined) return known
    const parts = Object.fromEntries(this.#format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year, month, day: date, hour: hours, minute: minutes, second: seconds } = parts
    const wall = Date.UTC(year!, month! - 1, date!, hours!, minutes!, seconds!) + (((at % second) + second) % second)
    this.#shown.set(at, wall)
    return wall
  }
}

const clocks = new Map<string, WallClock>()

/** What the clock of a zone shows at an instant, as the instant at which a clock in UTC shows the same. */
export function wallClock(at: number, timeZone: string): number {
  let clock = clocks.get(timeZone)
  if (clock === undefined) {
    clock = new WallClock(timeZone)
    clocks.set(timeZone, clock)
  }
  return clock.at(at)
}

/**
 * The number of the local day that an instant lies in: the last that has begun. It is the date that the clock shows, but
 * where the clock is put back over midnight, and shows the day before once more.
 */
export function dayOf(at: number, timeZone: string): number {
  let number = shownDay(at, timeZone)
  while (startOfDay(number + 1, timeZone) <= at) number++
  return number
}

/** The number of the date that the clock shows. */
function shownDay(at: number, timeZone: string): number {
  return Math.floor(wallClock(at, timeZone) / day)
}

const starts = new Map<string, Map<number, number>>()

/**
 * The first instant of a local day: the clock showed neither its date nor a later one before. It is not always 00:00, and a day that
 * the zone skipped begins, empty, where the next one does.
 */
export function startOfDay(number: number, timeZone: string): number {
  const known = starts.get(timeZone) ?? new Map<number, number>()
  starts.set(timeZone, known)
  const start = known.get(number) ?? firstInstantOf(number, timeZone)
  known.set(number, start)
  return start
}

function firstInstantOf(number: number, timeZone: string): number {
  const hasBegun = (at: number): boolean => shownDay(at, timeZone) >= number
  // No zone is further from UTC than 16 hours. Walked in quarters of an hour, then halved to the millisecond.
  let after = number * day - 16 * hour
  while (!hasBegun(after)) after += 15 * minute
  let before = after - 15 * minute
  while (after - before > 1) {
    const between = Math.floor((before + after) / 2)
    if (hasBegun(between)) after = between
    else before = between
  }
  return after
}

// ─── Texts ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const datePattern = /^\d{4}-\d{2}-\d{2}$/
const offsetPattern = /(?:Z|[+-]\d{2}:\d{2})$/

/** The number of a local date in a text. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / day
}

/** The local date of a day number. */
export function dateOf(number: number): string {
  return new Date(number * day).toISOString().slice(0, 10)
}

/** What was written as an instant: a `Date`, milliseconds, or a text, in which a local date stands for its beginning. */
export function instantOf(written: Date | number | string, timeZone: string): number {
  if (typeof written === 'number') return written + 0 // -0 is 0.
  return typeof written === 'string' ? momentOf(written, timeZone).from : written.getTime()
}

/** The instant of a text, or the local day of a date: from its first instant on, to before that of the next. */
export function momentOf(text: string, timeZone: string): ReferenceBounds & { readonly isDay: boolean } {
  if (datePattern.test(text)) {
    const number = dayNumber(text)
    return { from: startOfDay(number, timeZone), to: startOfDay(number + 1, timeZone), isDay: true }
  }
  const at = offsetPattern.test(text) ? Date.parse(text) : atLocalTime(Date.parse(`${text}Z`), timeZone)
  if (Number.isNaN(at)) throw new Error(`${text} is no instant`)
  return { from: at, to: at, isDay: false }
}

/**
 * The first instant at which the clock on the wall shows a time. Where it skips that time: so long after the skip as the
 * clock, had it not been set, would have taken to show it.
 */
function atLocalTime(shown: number, timeZone: string): number {
  const offsets = [-1, 1].map((days) => wallClock(shown + days * day, timeZone) - (shown + days * day))
  const fitting = offsets.map((offset) => shown - offset).filter((at) => wallClock(at, timeZone) === shown)
  return fitting.length > 0 ? Math.min(...fitting) : shown - offsets[0]!
}

// ─── Windows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const weekdays: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The day on which the week of a day began. 1970-01-01 was a Thursday. */
function startOfWeek(number: number, weekStart: Weekday): number {
  let first = number
  while (weekdays[(((first + 3) % 7) + 7) % 7] !== weekStart) first--
  return first
}

/** The first day of the month of a day, `months` months on. */
function startOfMonth(number: number, months: number): number {
  const date = new Date(number * day)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / day
}

/** Law 12: windows are half-open. That nothing after `asOf` is seen (law 11) comes on top: see `isSeenIn`. */
export function boundsOf(window: Window, asOf: number, timeZone: string): ReferenceBounds {
  switch (window.kind) {
    case 'ever':
      return { from: -Infinity, to: Infinity }
    case 'range': {
      const [from, to] = [window.from, window.to].map((text) => (text === null ? null : given(text)))
      return {
        from: from === null ? -Infinity : momentOf(from!, timeZone).from,
        to: to === null ? Infinity : momentOf(to!, timeZone).from,
      }
    }
    case 'last': {
      const [count, ago] = [given(window.count), given(window.ago)]
      const units = unitsBefore(window.unit, window.weekStart, asOf, timeZone)
      return { from: units(count + ago), to: window.includeCurrent ? asOf : units(ago) }
    }
  }
}

/** The `of` whole units before the present one, the latest first (law 14). */
export function periodsOf(
  { of, unit, weekStart }: Pick<RegularNode, 'of' | 'unit' | 'weekStart'>,
  asOf: number,
  timeZone: string,
): readonly ReferenceBounds[] {
  const units = unitsBefore(unit, weekStart, asOf, timeZone)
  return Array.from({ length: given(of) }, (_, index) => ({ from: units(index + 1), to: units(index) }))
}

/** Law 12: minutes and hours roll; days, weeks and months are whole local ones, 0 being where the present one begins. */
function unitsBefore(
  unit: RegularNode['unit'],
  weekStart: Weekday,
  asOf: number,
  timeZone: string,
): (count: number) => number {
  const today = dayOf(asOf, timeZone)
  switch (unit) {
    case 'minutes':
      return (count) => asOf - count * minute
    case 'hours':
      return (count) => asOf - count * hour
    case 'days':
      return (count) => startOfDay(today - count, timeZone)
    case 'weeks':
      return (count) => startOfDay(startOfWeek(today, weekStart) - 7 * count, timeZone)
    case 'months':
      return (count) => startOfDay(startOfMonth(today, -count), timeZone)
  }
}

/** Law 11: what is after `asOf` is not seen, what is at it is. Law 12: `from` is in the window, `to` is not. */
export function isSeenIn(at: number, { from, to }: ReferenceBounds, asOf: number): boolean {
  return at <= asOf && from <= at && at < to
}

/** Milliseconds of a duration, which does not depend on the calendar: a day is 24 hours. */
export function millisOf({ count, unit }: Duration): number {
  return given(count) * { seconds: second, minutes: minute, hours: hour, days: day, weeks: 7 * day }[unit]
}

/** The value in a slot. @throws Error for a parameter */
export function given<Value>(slot: Slot<Value>): Value {
  if (isParameter(slot)) throw new Error(`the parameter ${slot.param} has no value: apply the template first`)
  return slot
}

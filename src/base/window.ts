import type { Weekday } from './calendar.ts'
import { parseMoment } from './instant.ts'
import { invariant } from './invariant.ts'
import type { TimeZone } from './time-zone.ts'
import { lastInstant } from './zone-offsets.ts'

/** Windows of time as rules have them, without parameters: `src/rules/ast.ts` says what each of them means. */
export type PlainWindow = PlainEverWindow | PlainLastWindow | PlainRangeWindow

/** Everything up to `asOf`. */
export interface PlainEverWindow {
  readonly kind: 'ever'
}

/** The last `count` units that ended `ago` units before `asOf`. */
export interface PlainLastWindow {
  readonly kind: 'last'
  readonly count: number
  readonly unit: PeriodUnit
  readonly includeCurrent: boolean
  readonly ago: number
  readonly weekStart: Weekday
}

/** From one instant or local date to another, which isn't included. */
export interface PlainRangeWindow {
  readonly kind: 'range'
  readonly from: string | null
  readonly to: string | null
}

/** What windows and periods are counted in. */
export type PeriodUnit = 'minutes' | 'hours' | 'days' | 'weeks' | 'months'

/** `[from, to)` in milliseconds since 1970; `from` is -Infinity where nothing bounds it. Empty if the two are equal. */
export interface WindowBounds {
  readonly from: number
  readonly to: number
}

/**
 * The instants that a window covers (law 12), cut to those that are seen: `to` is at most `asOf + 1` (law 11).
 *
 * With `asOf` on Wednesday 2026-11-18 at 10:30 in Asia/Shanghai, in local times:
 *
 * ```text
 * ever                                 -∞                  to  Wed 18 Nov 10:30:00.001
 * last 2 hours                         Wed 18 Nov 08:30    to  Wed 18 Nov 10:30
 * last 2 hours, 3 ago                  Wed 18 Nov 05:30    to  Wed 18 Nov 07:30
 * last 3 days                          Sun 15 Nov 00:00    to  Wed 18 Nov 00:00
 * last 3 days, 7 ago                   Sun  8 Nov 00:00    to  Wed 11 Nov 00:00
 * last 3 days, includeCurrent          Sun 15 Nov 00:00    to  Wed 18 Nov 10:30
 * last 0 days, includeCurrent          Wed 18 Nov 00:00    to  Wed 18 Nov 10:30     today
 * last 1 weeks                         Mon  9 Nov 00:00    to  Mon 16 Nov 00:00
 * last 1 weeks, starting sunday        Sun  8 Nov 00:00    to  Sun 15 Nov 00:00
 * last 1 months                        Thu  1 Oct 00:00    to  Sun  1 Nov 00:00
 * last 0 months, includeCurrent        Sun  1 Nov 00:00    to  Wed 18 Nov 10:30     this month
 * from 2026-11-01 to 2026-11-11        Sun  1 Nov 00:00    to  Wed 11 Nov 00:00
 * from 2026-11-01                      Sun  1 Nov 00:00    to  Wed 18 Nov 10:30:00.001
 * from 2026-12-01                      nothing: to Wed 18 Nov 10:30:00.001, from that same instant
 * ```
 *
 * Nothing is rounded. Days are those of the zone, of 23 or 25 hours where the clock changes; an hour is 60 minutes always.
 * Bounds before the instants of `Date` are -Infinity.
 */
export function resolveWindow(window: PlainWindow, asOf: number, zone: TimeZone): WindowBounds {
  const seen = asOf + 1
  switch (window.kind) {
    case 'ever':
      return { from: Number.NEGATIVE_INFINITY, to: seen }
    case 'last':
      return lastBounds(window, asOf, zone)
    case 'range': {
      const to = window.to === null ? seen : Math.min(momentOf(window.to, zone), seen)
      const from = window.from === null ? Number.NEGATIVE_INFINITY : momentOf(window.from, zone)
      return { from: Math.min(from, to), to }
    }
  }
}

/**
 * The last `of` whole units before `asOf`, oldest first; each ends where the next begins, the last one where `last` windows
 * of that unit do.
 * Cost: in `of`.
 */
export function resolvePeriods(
  unit: PeriodUnit,
  of: number,
  weekStart: Weekday,
  asOf: number,
  zone: TimeZone,
): WindowBounds[] {
  const periods: WindowBounds[] = []
  let from = unitsBefore(unit, of, weekStart, asOf, zone)
  for (let ago = of - 1; ago >= 0; ago--) {
    const to = unitsBefore(unit, ago, weekStart, asOf, zone)
    periods.push({ from, to })
    from = to
  }
  return periods
}

function lastBounds(window: PlainLastWindow, asOf: number, zone: TimeZone): WindowBounds {
  const { count, unit, includeCurrent, ago, weekStart } = window
  return {
    from: unitsBefore(unit, count + ago, weekStart, asOf, zone),
    to: includeCurrent ? asOf : unitsBefore(unit, ago, weekStart, asOf, zone),
  }
}

/** The instant `count` units before `asOf`, for minutes and hours; before the present day, week, month began, for the others. */
function unitsBefore(unit: PeriodUnit, count: number, weekStart: Weekday, asOf: number, zone: TimeZone): number {
  const at = unitStart(unit, count, weekStart, asOf, zone)
  return at < -lastInstant ? Number.NEGATIVE_INFINITY : at
}

function unitStart(unit: PeriodUnit, count: number, weekStart: Weekday, asOf: number, zone: TimeZone): number {
  switch (unit) {
    case 'minutes':
      return asOf - count * 60_000
    case 'hours':
      return asOf - count * 3_600_000
    case 'days':
      return zone.startOfDay(zone.dayOf(asOf) - count)
    case 'weeks':
      return zone.startOfDay(zone.startOfWeek(zone.dayOf(asOf), weekStart) - 7 * count)
    case 'months':
      return zone.startOfDay(zone.addMonths(zone.startOfMonth(zone.dayOf(asOf)), -count))
  }
}

/** The instant that a bound of a range stands for: that of a date is its day's beginning. */
function momentOf(text: string, zone: TimeZone): number {
  const moment = parseMoment(text, zone)
  invariant(moment !== null, `the bound ${JSON.stringify(text)} of a window is an instant or a local date`)
  return moment.from
}

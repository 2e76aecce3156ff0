import { checkKeys } from '../../base/check-keys.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../../base/did-you-mean.ts'
import { show } from '../../base/show.ts'
import type { EverWindow, LastWindow, RangeWindow, Slot, Weekday, Window, WindowUnit } from '../ast.ts'
import * as make from '../make-node.ts'
import { weekdays, windowUnits } from '../units.ts'
import { countOperand, type TimeOperand, timeOperand } from './operand.ts'

/** A unit of windows, in plural or singular. */
export type WindowUnitName = WindowUnit | 'minute' | 'hour' | 'day' | 'week' | 'month'

/** More about the last so many units. */
export interface LastOptions {
  /**
   * Whether the part of the present day, week or month up to now is in the window too. Only with days, weeks and months,
   * and only with `ago: 0`.
   * @default false
   */
  readonly includeCurrent?: boolean
  /** The same as `includeCurrent`, under the name that reads well beside days. */
  readonly includeToday?: boolean
  /** How many units before now the window ends: whole, 0 or more. @default 0 */
  readonly ago?: Slot<number>
  /** The day on which weeks begin; matters for weeks only. @default 'monday' */
  readonly weekStart?: Weekday
}

/** Where a range begins and ends: at least one of the two. */
export type RangeOptions =
  | { readonly from: TimeOperand; readonly to?: TimeOperand }
  | { readonly from?: TimeOperand; readonly to: TimeOperand }

/** When weeks begin. */
export interface WeekOptions {
  /** @default 'monday' */
  readonly weekStart?: Weekday
}

/** Makes windows of time, to be passed to `in`, `within` and the questions that take two windows or more. */
export interface WindowMakers {
  /**
   * The last `count` units before now. Minutes and hours roll; days, weeks and months are whole ones of the engine's zone
   * that end where the present one begins (law 12).
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').in(last(30, 'days', { ago: 30 }))) // did browse in last 30 days ending 30 days ago
   * ```
   * @throws RULE_BAD_WINDOW for a unit that there isn't, OPTION_INVALID
   */
  last(count: Slot<number>, unit: WindowUnitName, options?: LastOptions): LastWindow
  /**
   * From one point, included, to another, not included. A local date stands for its beginning.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').in(range({ from: '2026-11-01', to: '2026-11-12' }))) // did browse from "2026-11-01" to "2026-11-12"
   * ```
   * @throws RULE_BAD_WINDOW without from and to, RULE_BAD_TIME for an invalid Date, OPTION_INVALID
   */
  range(options: RangeOptions): RangeWindow
  /**
   * From the local midnight up to now.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').in(today())) // did browse today
   * ```
   */
  today(): LastWindow
  /**
   * From the beginning of the local week, Monday unless told otherwise, up to now.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').in(thisWeek({ weekStart: 'sunday' }))) // did browse this week starting sunday
   * ```
   * @throws OPTION_INVALID
   */
  thisWeek(options?: WeekOptions): LastWindow
  /**
   * From the beginning of the local month up to now.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').in(thisMonth())) // did browse this month
   * ```
   */
  thisMonth(): LastWindow
  /**
   * All events up to now, that one included.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').in(ever())) // did browse
   * ```
   */
  ever(): EverWindow
}

const present = Object.freeze({ includeCurrent: true })

export const windowMakers: WindowMakers = Object.freeze({
  last: lastUnits,
  range,
  today: () => make.lastWindow(0, 'days', present),
  thisWeek,
  thisMonth: () => make.lastWindow(0, 'months', present),
  ever: make.ever,
})

export function lastUnits(count: Slot<number>, unit: WindowUnitName, options: LastOptions = {}): LastWindow {
  checkKeys(options, ['includeCurrent', 'includeToday', 'ago', 'weekStart'])
  const { includeCurrent, includeToday, ago = 0 } = options
  if (includeCurrent !== undefined && includeToday !== undefined && includeCurrent !== includeToday) {
    throw invalid('includeToday and includeCurrent are one option, and here they contradict each other')
  }
  const include = includeCurrent ?? includeToday ?? false
  if (typeof include !== 'boolean') throw invalid(`includeCurrent is ${show(include)}, where true or false is expected`)
  return make.lastWindow(countOperand(count), unitOf(unit), {
    includeCurrent: include,
    ago: countOperand(ago),
    weekStart: weekStartOf(options),
  })
}

function range(options: RangeOptions): RangeWindow {
  checkKeys(options, ['from', 'to'])
  const { from, to } = options
  if (from === undefined && to === undefined) throw badWindow('a range has a beginning, an end, or both: from, to')
  return make.rangeWindow(from === undefined ? null : timeOperand(from), to === undefined ? null : timeOperand(to))
}

function thisWeek(options: WeekOptions = {}): LastWindow {
  checkKeys(options, ['weekStart'])
  return make.lastWindow(0, 'weeks', { includeCurrent: true, weekStart: weekStartOf(options) })
}

/** @throws RULE_BAD_WINDOW */
export function unitOf(unit: WindowUnitName): WindowUnit {
  const found = windowUnits.find((known) => unit === known || `${unit}s` === known)
  if (found !== undefined) return found
  const suggestion = typeof unit === 'string' ? nearestName(unit, windowUnits) : undefined
  throw badWindow(
    `${show(unit)} is no unit of windows: minutes, hours, days, weeks or months.${didYouMean(suggestion)}`,
    unit,
  )
}

/** @throws OPTION_INVALID */
export function weekStartOf({ weekStart = 'monday' }: WeekOptions): Weekday {
  if (weekdays.includes(weekStart)) return weekStart
  throw invalid(`weekStart is ${show(weekStart)}, where a day of the week is expected: 'monday' to 'sunday'`)
}

/**
 * The window itself, in our own hands.
 *
 * @throws RULE_BAD_WINDOW for what is none
 */
export function windowOperand(found: Window): Window {
  switch ((found as Window | null | undefined)?.kind) {
    case 'ever':
      return make.ever()
    case 'last': {
      const { count, unit, includeCurrent, ago, weekStart } = found as LastWindow
      return lastUnits(count, unit, { includeCurrent, ago, weekStart })
    }
    case 'range': {
      const { from, to } = found as RangeWindow
      return make.rangeWindow(from, to)
    }
    default:
      throw badWindow(
        `${show(found)} stands where a window is expected: last(7, 'days'), range({ from, to }), today()`,
        found,
      )
  }
}

/**
 * The window of a question that had `present` and is given `next`. A beginning and an end go together; anything else
 * beside a window that is there already would drop one of the two, so it is refused (law 6).
 *
 * @throws RULE_BAD_WINDOW
 */
export function joinWindows(present: Window, next: Window): Window {
  const added = windowOperand(next)
  if (present.kind === 'ever') return added
  if (present.kind === 'range' && added.kind === 'range') {
    if (present.to === null && added.from === null) return make.rangeWindow(present.from, added.to)
    if (present.from === null && added.to === null) return make.rangeWindow(added.from, present.to)
  }
  throw badWindow('there is a window already, and a second one would take its place: give one window to each question')
}

function badWindow(message: string, found?: unknown): CrowdbitError {
  return new CrowdbitError('RULE_BAD_WINDOW', message, found === undefined ? {} : { found })
}

function invalid(message: string): CrowdbitError {
  return new CrowdbitError('OPTION_INVALID', message)
}

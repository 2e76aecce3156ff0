import { eventLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import { type Duration, isParameter, type LastWindow, type RangeWindow, type Window, type WindowUnit } from './ast.ts'
import type { FaultCollector } from './fault-collector.ts'
import { isReversed } from './moment-order.ts'
import { durationPath, windowPath } from './rule-path.ts'
import { calendarUnits, durationUnits, weekdays, windowUnits } from './units.ts'
import { checkMoment, reportReversed } from './validate-constant.ts'

/** Checks the window at `path`. */
export function checkWindow(collector: FaultCollector, window: Window, path: string): void {
  if (window.kind === 'last') checkLast(collector, window, path)
  else if (window.kind === 'range') checkRange(collector, window, path)
}

function checkLast(collector: FaultCollector, window: LastWindow, path: string): void {
  const { count, unit, includeCurrent, ago, weekStart } = window
  const most = eventLimits.windowCount
  const countPath = windowPath(path, 'count')
  if (count === 0 && !includeCurrent) {
    const current = currentNames[unit]
    const advice = current === undefined ? '' : `. For the present one alone write ${current}, in JSON includeCurrent`
    const message = `the last 0 ${unit} are no time at all: a whole number from 1 to ${most} is expected${advice}`
    collector.fault('RULE_BAD_WINDOW', message, countPath)
  } else collector.whole(count, countPath, 0, most, 'RULE_BAD_WINDOW', 'the number of units')
  if (!windowUnits.includes(unit)) {
    collector.fault('RULE_BAD_WINDOW', notOneOf(unit, windowUnits), windowPath(path, 'unit'))
  } else if (includeCurrent && !calendarUnits.includes(unit)) {
    const message = `the last ${unit} end at the present instant, so there is no present one to include: that goes with ${calendarUnits.join(', ')}`
    collector.fault('RULE_BAD_WINDOW', message, windowPath(path, 'includeCurrent'))
  }
  collector.whole(ago, windowPath(path, 'ago'), 0, most, 'RULE_BAD_WINDOW', 'how many units ago the window ends')
  if (includeCurrent && !isParameter(ago) && ago !== 0) {
    const message = `a window that ends ${show(ago)} ${unit} ago can't include the present one: leave out one of the two`
    collector.fault('RULE_BAD_WINDOW', message, windowPath(path, 'includeCurrent'))
  }
  if (!weekdays.includes(weekStart)) {
    collector.fault('RULE_BAD_WINDOW', notOneOf(weekStart, weekdays), windowPath(path, 'weekStart'))
  }
}

/** What the text of a rule calls the present unit. */
const currentNames: Readonly<Partial<Record<WindowUnit, string>>> = {
  days: 'today',
  weeks: 'this week',
  months: 'this month',
}

function checkRange(collector: FaultCollector, { from, to }: RangeWindow, path: string): void {
  if (from === null && to === null) {
    collector.fault('RULE_BAD_WINDOW', 'a range has a beginning or an end, or both: leave it out for ever', path)
    return
  }
  const before = collector.faults.length
  for (const [moment, part] of [
    [from, 'from'],
    [to, 'to'],
  ] as const) {
    if (moment === null) continue
    const place = windowPath(path, part)
    if (collector.isFilled(moment, place)) checkMoment(collector, moment, place)
  }
  if (collector.faults.length > before || typeof from !== 'string' || typeof to !== 'string') return
  if (isReversed(from, to, false)) reportReversed(collector, from, to, path)
}

/** Checks the gap of a sequence at `path`. */
export function checkDuration(collector: FaultCollector, duration: Duration, path: string): void {
  if (!durationUnits.includes(duration.unit)) {
    collector.fault('RULE_BAD_SEQUENCE', notOneOf(duration.unit, durationUnits), path)
    return
  }
  const what = 'the number of units'
  const most = eventLimits.durationCount
  collector.whole(duration.count, durationPath(path, duration), 1, most, 'RULE_BAD_SEQUENCE', what)
}

/** That a word is none of those there are. */
export function notOneOf(found: unknown, known: readonly string[]): string {
  return `${show(found)} stands where one of ${known.join(', ')} is expected`
}

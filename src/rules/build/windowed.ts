import type { Slot, Window } from '../ast.ts'
import { Rule } from '../rule.ts'
import type { TimeOperand } from './operand.ts'
import { type LastOptions, type WeekOptions, type WindowUnitName, windowMakers } from './windows.ts'

/**
 * A question about events that looks at a window of time: at all events, until it is told which. Each method gives a new
 * question. There is one window: a second one is refused, since it would silently take the place of the first; a
 * beginning and an end go together.
 */
export interface Windowed {
  /**
   * Only events in the window.
   * Cost: made in no time; asked, the days of the window are read.
   *
   * @example
   * ```ts
   * const novemberSales = range({ from: '2026-11-01', to: '2026-11-12' })
   * String(did('purchase').in(novemberSales)) // did purchase from "2026-11-01" to "2026-11-12"
   * ```
   * @throws RULE_BAD_WINDOW for what is no window, and where there is one already
   */
  in(window: Window): this
  /**
   * Only events of the last `count` units before now. Minutes and hours roll; days, weeks and months are whole ones of the
   * engine's zone that end where the present one begins (law 12).
   * Cost: made in no time; asked, the days of the window are read.
   *
   * @example
   * ```ts
   * String(did('browse').last(7, 'days')) // did browse in last 7 days
   * String(did('browse').last(7, 'days', { includeToday: true })) // did browse in last 7 days including today
   * ```
   * @throws RULE_BAD_WINDOW for a unit that there isn't, and where there is a window already; OPTION_INVALID
   */
  last(count: Slot<number>, unit: WindowUnitName, options?: LastOptions): this
  /**
   * Only events at this instant or after it; from a local date, from its beginning on.
   * Cost: made in no time; asked, the days of the window are read.
   *
   * @example
   * ```ts
   * String(did('browse').from('2026-11-01').to('2026-11-12')) // did browse from "2026-11-01" to "2026-11-12"
   * ```
   * @throws RULE_BAD_WINDOW where there is a beginning already, RULE_BAD_TIME for an invalid Date
   */
  from(time: TimeOperand): this
  /**
   * Only events before this instant; with a local date, before its beginning.
   * Cost: made in no time; asked, the days of the window are read.
   *
   * @example
   * ```ts
   * String(did('browse').to('2026-11-12')) // did browse to "2026-11-12"
   * ```
   * @throws RULE_BAD_WINDOW where there is an end already, RULE_BAD_TIME for an invalid Date
   */
  to(time: TimeOperand): this
  /**
   * Only events since the local midnight.
   * Cost: made in no time; asked, one day is read.
   *
   * @example
   * ```ts
   * String(did('browse').today()) // did browse today
   * ```
   * @throws RULE_BAD_WINDOW where there is a window already
   */
  today(): this
  /**
   * Only events since the local week began, on Monday unless told otherwise.
   * Cost: made in no time; asked, the days of the window are read.
   *
   * @example
   * ```ts
   * String(did('browse').thisWeek()) // did browse this week
   * ```
   * @throws RULE_BAD_WINDOW where there is a window already; OPTION_INVALID
   */
  thisWeek(options?: WeekOptions): this
  /**
   * Only events since the local month began.
   * Cost: made in no time; asked, the days of the window are read.
   *
   * @example
   * ```ts
   * String(did('browse').thisMonth()) // did browse this month
   * ```
   * @throws RULE_BAD_WINDOW where there is a window already
   */
  thisMonth(): this
  /**
   * All events up to now: what holds where no window is given, said aloud.
   * Cost: made in no time; asked, all days are read.
   *
   * @example
   * ```ts
   * String(did('browse').ever()) // did browse
   * ```
   * @throws RULE_BAD_WINDOW where there is a window already
   */
  ever(): this
}

/** A question about events that is a rule as it stands. */
export abstract class WindowedRule extends Rule implements Windowed {
  abstract in(window: Window): this

  last(count: Slot<number>, unit: WindowUnitName, options?: LastOptions): this {
    return this.in(windowMakers.last(count, unit, options))
  }

  from(time: TimeOperand): this {
    return this.in(windowMakers.range({ from: time }))
  }

  to(time: TimeOperand): this {
    return this.in(windowMakers.range({ to: time }))
  }

  today(): this {
    return this.in(windowMakers.today())
  }

  thisWeek(options?: WeekOptions): this {
    return this.in(windowMakers.thisWeek(options))
  }

  thisMonth(): this {
    return this.in(windowMakers.thisMonth())
  }

  ever(): this {
    return this.in(windowMakers.ever())
  }
}

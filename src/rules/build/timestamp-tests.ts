import type { CompareNode, Slot, ValueNode, Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { Rule } from '../rule.ts'
import { type TimeOperand, timeOperand } from './operand.ts'
import { PresenceTests } from './presence-tests.ts'
import { type LastOptions, lastUnits, type WindowUnitName, windowOperand } from './windows.ts'

/**
 * What can be asked of a timestamp. A local date (`'2026-11-20'`) stands for that whole day of the engine's zone: `eq` is
 * inside it, `lt` before it begins, `gt` from its end on. Without a value every comparison is false (law 7).
 */
export class TimestampTests extends PresenceTests {
  /**
   * People whose time is this instant, or lies in this local day.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').eq('2026-11-11')) // joinedAt = "2026-11-11"
   * ```
   * @throws RULE_BAD_TIME for an invalid Date
   */
  eq(value: TimeOperand): Rule {
    return this.#value('eq', value)
  }

  /**
   * People who have a time, and it is another, or lies in another local day. People without one are left out (law 7).
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').ne('2026-11-11')) // joinedAt != "2026-11-11"
   * ```
   * @throws RULE_BAD_TIME for an invalid Date
   */
  ne(value: TimeOperand): Rule {
    return this.#value('ne', value)
  }

  /**
   * People whose time is before this instant, or before this local day begins.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').lt('2026-01-01')) // joinedAt < "2026-01-01"
   * ```
   * @throws RULE_BAD_TIME for an invalid Date
   */
  lt(value: TimeOperand): Rule {
    return this.#compare('lt', value)
  }

  /**
   * People whose time is this instant or before it, or before this local day ends.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').lte('2025-12-31')) // joinedAt <= "2025-12-31"
   * ```
   * @throws RULE_BAD_TIME for an invalid Date
   */
  lte(value: TimeOperand): Rule {
    return this.#compare('lte', value)
  }

  /**
   * People whose time is after this instant, or after this local day.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').gt('2025-12-31')) // joinedAt > "2025-12-31"
   * ```
   * @throws RULE_BAD_TIME for an invalid Date
   */
  gt(value: TimeOperand): Rule {
    return this.#compare('gt', value)
  }

  /**
   * People whose time is this instant or after it, or from the beginning of this local day on.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').gte(new Date(Date.UTC(2026, 0, 1)))) // joinedAt >= "2026-01-01T00:00:00.000Z"
   * ```
   * @throws RULE_BAD_TIME for an invalid Date
   */
  gte(value: TimeOperand): Rule {
    return this.#compare('gte', value)
  }

  /**
   * People whose time is from one to the other, both included: with local dates, from the first day to the end of the last.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').between('2026-01-01', '2026-01-31')) // joinedAt between "2026-01-01" and "2026-01-31"
   * ```
   * @throws RULE_BAD_TIME for an invalid Date; RULE_BAD_RANGE when it is asked, for from after to
   */
  between(from: TimeOperand, to: TimeOperand): Rule {
    return Rule.of(make.between(this.tag, timeOperand(from), timeOperand(to)))
  }

  /**
   * People whose time lies in the window: `last(7, 'days')`, `range({ from, to })` (`to` not included), `today()`.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').within(range({ from: '2026-01-01', to: '2026-02-01' }))) // joinedAt from "2026-01-01" to "2026-02-01"
   * ```
   * @throws RULE_BAD_WINDOW for what is no window
   */
  within(window: Window): Rule {
    return Rule.of(make.within(this.tag, windowOperand(window)))
  }

  /**
   * People whose time lies in the last `count` units before now: short for `within(last(count, unit, options))`.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('joinedAt').last(7, 'days', { includeToday: true })) // joinedAt in last 7 days including today
   * ```
   * @throws RULE_BAD_WINDOW for a unit that there isn't, OPTION_INVALID
   */
  last(count: Slot<number>, unit: WindowUnitName, options?: LastOptions): Rule {
    return this.within(lastUnits(count, unit, options))
  }

  #value(kind: ValueNode['kind'], value: TimeOperand): Rule {
    return Rule.of(make.value(kind, this.tag, timeOperand(value)))
  }

  #compare(kind: CompareNode['kind'], value: TimeOperand): Rule {
    return Rule.of(make.compare(kind, this.tag, timeOperand(value)))
  }
}

import type { BehaviourNode, EventTerm, Measure, NumberTest, Slot, Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { Behaviour } from './behaviour.ts'
import { type NumberOperand, numberOperand, type TimeOperand } from './operand.ts'
import type { Windowed } from './windowed.ts'
import { joinWindows, type LastOptions, type WeekOptions, type WindowUnitName, windowMakers } from './windows.ts'

/**
 * A measure of people's events, to be compared with a number. Over no event counts are 0; sums, averages, lowest and
 * highest values and the recency are absent, and every comparison with what is absent is false (law 13).
 *
 * @example
 * ```ts
 * String(did('purchase').sum('amount').last(90, 'days').gte(500)) // sum amount of purchase in last 90 days >= 500
 * ```
 */
export class MeasureTests implements Windowed {
  readonly #measure: Measure
  readonly #events: readonly EventTerm[]
  readonly #window: Window

  constructor(measure: Measure, events: readonly EventTerm[], window: Window) {
    this.#measure = measure
    this.#events = events
    this.#window = window
  }

  /**
   * People of whose events the measure is this.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').distinct('product').eq(2)) // distinct product of purchase = 2
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  eq(value: NumberOperand): Behaviour {
    return this.#compare('eq', value)
  }

  /**
   * People of whose events the measure is another.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').days().ne(1)) // distinct days of purchase != 1
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  ne(value: NumberOperand): Behaviour {
    return this.#compare('ne', value)
  }

  /**
   * People of whose events the measure is below this.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').recency().lt(30)) // days since last purchase < 30
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  lt(value: NumberOperand): Behaviour {
    return this.#compare('lt', value)
  }

  /**
   * People of whose events the measure is this or below.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').max('amount').lte(50)) // max amount of purchase <= 50
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  lte(value: NumberOperand): Behaviour {
    return this.#compare('lte', value)
  }

  /**
   * People of whose events the measure is above this.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').avg('amount').gt(129.9)) // avg amount of purchase > 129.9
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  gt(value: NumberOperand): Behaviour {
    return this.#compare('gt', value)
  }

  /**
   * People of whose events the measure is this or above.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').min('amount').gte(10)) // min amount of purchase >= 10
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  gte(value: NumberOperand): Behaviour {
    return this.#compare('gte', value)
  }

  /**
   * People of whose events the measure is from one to the other, both included.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').sum('amount').between(100, 200)) // sum amount of purchase between 100 and 200
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity; RULE_BAD_RANGE when it is asked, for from above to
   */
  between(from: NumberOperand, to: NumberOperand): Behaviour {
    return this.#test({ op: 'between', from: numberOperand(from), to: numberOperand(to) })
  }

  in(window: Window): this {
    return new MeasureTests(this.#measure, this.#events, joinWindows(this.#window, window)) as this
  }

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

  #compare(op: Exclude<NumberTest['op'], 'between'>, value: NumberOperand): Behaviour {
    return this.#test({ op, value: numberOperand(value) })
  }

  #test(test: NumberTest): Behaviour {
    const node: BehaviourNode = make.behaviour(this.#measure, this.#events, this.#window, test)
    return new Behaviour(node)
  }
}

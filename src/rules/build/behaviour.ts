import type { BehaviourNode, Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { WindowedRule } from './windowed.ts'
import { joinWindows } from './windows.ts'

/**
 * A measure of people's events with its test: a rule, whose window may still be given.
 *
 * @example
 * ```ts
 * String(did('purchase').atLeast(3).last(90, 'days')) // did purchase at least 3 times in last 90 days
 * ```
 */
export class Behaviour extends WindowedRule {
  declare readonly node: BehaviourNode

  constructor(node: BehaviourNode) {
    super(node)
  }

  override in(window: Window): this {
    const { measure, events, test } = this.node
    return new Behaviour(make.behaviour(measure, events, joinWindows(this.node.window, window), test)) as this
  }
}

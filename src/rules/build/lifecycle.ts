import { checkKeys } from '../../base/check-keys.ts'
import type { PropertiesSpec } from '../../schema/column-spec.ts'
import type { Slot, Weekday, Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { Rule } from '../rule.ts'
import type { EventFilter } from './event-filter.ts'
import type { EventTerms } from './event-terms.ts'
import { countOperand } from './operand.ts'
import { unitOf, type WindowUnitName, weekStartOf, windowOperand } from './windows.ts'

/** Which events a question about a life cycle counts. */
interface LifecycleOptions<P extends PropertiesSpec> {
  /** Which of the events count. @default all */
  readonly where?: EventFilter<P>
}

/** The windows of `stopped`. */
export interface StoppedOptions<P extends PropertiesSpec> extends LifecycleOptions<P> {
  /** When they did. */
  readonly earlier: Window
  /** When they didn't any more. */
  readonly later: Window
}

/** The windows of `resumed`. */
export interface ResumedOptions<P extends PropertiesSpec> extends LifecycleOptions<P> {
  /** When they did. */
  readonly earlier: Window
  /** When they didn't. */
  readonly gap: Window
  /** When they did again. */
  readonly later: Window
}

/** The window of `newly`. */
export interface NewlyOptions<P extends PropertiesSpec> extends LifecycleOptions<P> {
  /** When they did, having never done before it. */
  readonly window: Window
}

/** What is regular: so many times in so many of the last so many units. */
export interface RegularOptions<P extends PropertiesSpec> extends LifecycleOptions<P> {
  /** How many events a unit needs: whole, 1 or more. */
  readonly times: Slot<number>
  /** How many of the units need them: whole, 1 or more. */
  readonly periods: Slot<number>
  /** How many units are looked at, the last before now: whole, `periods` or more. */
  readonly of: Slot<number>
  readonly unit: WindowUnitName
  /** The day on which weeks begin; matters for weeks only. @default 'monday' */
  readonly weekStart?: Weekday
}

export function stoppedRule(terms: EventTerms, event: string, options: StoppedOptions<PropertiesSpec>): Rule {
  checkKeys(options, ['where', 'earlier', 'later'])
  const { where, earlier, later } = options
  return Rule.of(make.stopped(terms.of(event, where), windowOperand(earlier), windowOperand(later)))
}

export function resumedRule(terms: EventTerms, event: string, options: ResumedOptions<PropertiesSpec>): Rule {
  checkKeys(options, ['where', 'earlier', 'gap', 'later'])
  const { where, earlier, gap, later } = options
  const term = terms.of(event, where)
  return Rule.of(make.resumed(term, windowOperand(earlier), windowOperand(gap), windowOperand(later)))
}

export function newlyRule(terms: EventTerms, event: string, options: NewlyOptions<PropertiesSpec>): Rule {
  checkKeys(options, ['where', 'window'])
  const { where, window } = options
  return Rule.of(make.newly(terms.of(event, where), windowOperand(window)))
}

export function regularRule(terms: EventTerms, event: string, options: RegularOptions<PropertiesSpec>): Rule {
  checkKeys(options, ['where', 'times', 'periods', 'of', 'unit', 'weekStart'])
  const { where, times, periods, of, unit } = options
  return Rule.of(
    make.regular(
      terms.of(event, where),
      countOperand(times),
      countOperand(periods),
      countOperand(of),
      unitOf(unit),
      weekStartOf(options),
    ),
  )
}

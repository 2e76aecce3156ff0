import type { WindowBounds } from '../base/window.ts'

/**
 * What the events of one person come to in a question about them. A number is exact: one that no double carries is its
 * decimal text; an average alone is the double nearest to it. `null` is what there is not: a sum over no event, an event or
 * a chain that isn't there.
 */
export type Measured = number | string | MeasuredEvent | MeasuredChain | MeasuredCounts | null

/** The first or the last event of a person. */
export interface MeasuredEvent {
  readonly kind: 'event'
  readonly at: number
  /** What the event has; absent properties are left out. A number is the double nearest to the decimal. */
  readonly properties: Readonly<Record<string, true | string | number>>
}

/** A chain of events that makes a sequence. */
export interface MeasuredChain {
  readonly kind: 'chain'
  /** The instant of each step. */
  readonly at: readonly number[]
}

/** How many events a person has in each window of a life cycle. */
export interface MeasuredCounts {
  readonly kind: 'counts'
  /** As the rule names the windows; periods from the oldest on. */
  readonly windows: readonly MeasuredCount[]
}

/** How many events there are in one of the windows. */
export interface MeasuredCount {
  /** What the window is in its rule; `before` is all time before that of `new`, `period` one of those of `regular`. */
  readonly role: WindowRole
  readonly bounds: WindowBounds
  readonly count: number
}

export type WindowRole = 'earlier' | 'gap' | 'later' | 'before' | 'within' | 'period'

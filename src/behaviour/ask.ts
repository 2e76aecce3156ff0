import type { WindowBounds } from '../base/window.ts'
import type { Accumulator } from './accumulator.ts'
import type { EventsOfKind } from './event-source.ts'
import type { Term } from './event-term.ts'
import type { SequencePlan } from './sequence-plan.ts'
import type { TallyPlan } from './tally-accumulator.ts'
import type { MeasureSpec } from './walk-order.ts'

/**
 * A question about events in few forms: everything that can be is put as "did", of which unions are kept day by day, and
 * differences of such (last day, lowest and highest number, first and last event).
 */
export type Ask = NobodyAsk | DifferenceAsk | LeafAsk

export interface NobodyAsk {
  readonly kind: 'nobody'
}

/** The people of one question without those of another. */
export interface DifferenceAsk {
  readonly kind: 'difference'
  readonly of: Ask
  readonly without: Ask
}

/** Something measured in one go of the events in a window. */
export interface LeafAsk {
  readonly kind: 'did' | 'measure' | 'sequence'
  /** Equal for questions that differ in their windows only. */
  readonly id: string
  /** The window at an instant. */
  readonly bounds: (asOf: number) => WindowBounds
  /** Whose rows the accumulator is given: pieces name them by their place. */
  readonly sources: readonly AskSource[]
  /** The terms that people must have one event of at the least, for estimates. */
  readonly terms: readonly Term[]
  /** How many events people must have at the least, for estimates. */
  readonly least: number
  readonly plan: SequencePlan | null
  /** How it is answered from what is kept of each person; `null` where nothing is. */
  readonly tally: TallyPlan | null
  /** What is measured, where another thread can do it; else `null`. */
  readonly measure: MeasureSpec | null
  /** A new one: they are large, so keep it. */
  accumulator(): Accumulator
}

/** Rows of a kind of event. */
export interface AskSource {
  readonly events: EventsOfKind
  /** How long after the window's end they matter too, in milliseconds. */
  readonly after: number
}

export const nobodyAsk: NobodyAsk = Object.freeze({ kind: 'nobody' })

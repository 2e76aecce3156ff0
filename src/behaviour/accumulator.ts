import type { EventDay } from '../events/event-day.ts'
import type { RowsAhead } from './rows-ahead.ts'

/** Rows of one day that belong to a term: what is measured is made of pieces. */
export interface Piece {
  /** Which of the terms of the question. */
  readonly term: number
  readonly day: EventDay
  /** Rows before this many milliseconds after the day's start don't count; 0: all do. */
  readonly from: number
  /** Rows from this many milliseconds after the day's start on don't count; Infinity: all do. */
  readonly to: number
  /** In a walk over all people: what is known of the rows to come. */
  readonly ahead?: RowsAhead
}

/**
 * What is being measured of the people of one container, the 65,536 whose numbers have the same upper half; `low` is the lower half.
 *
 * The caller gives the rows of some people with `take`, piece by piece in ascending order of days, then asks with `emit`,
 * or `one`, after which everything is as at first. Each block of rows has at most `blockRows` of them.
 */
export interface Accumulator {
  /** Most rows that may be taken before `emit`, unless they are of a single person. */
  readonly maxRows: number
  /** Takes the rows `[lo, hi)` of a piece. */
  take(piece: Piece, lo: number, hi: number): void
  /**
   * Sets the bits of the people who pass. `false`: what was taken did not fit, and everything is as at first; take it again,
   * it will fit now.
   */
  emit(words: Int32Array): boolean
  /** Whether the one person of whom rows were taken passes; `null` as `false` of `emit`. */
  one(low: number): boolean | null
}

/** For accumulators whose memory doesn't grow with the rows. */
export const anyNumberOfRows: number = Number.POSITIVE_INFINITY

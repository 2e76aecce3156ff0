import type { Posting } from './posting.ts'

/** Whole numbers of people, as bitmaps that are written over their life: see `ValueSlices`. */
export interface BitSlices {
  /** Who has a value. Everything else is a part of it. */
  readonly present: Posting
  /** Whose value is below 0. */
  readonly negative: Posting
  /** Whose bit is 1, bit by bit, in two's complement, lowest first. All bits above are those of the sign. */
  readonly slices: readonly Posting[]
}

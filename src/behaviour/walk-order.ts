import type { EventDay } from '../events/event-day.ts'
import type { Counted } from './count-accumulator.ts'
import type { DoubleRange } from './number-range.ts'
import type { RowTestSpec } from './row-test-spec.ts'

/** Who walks over events in a thread. */
export const walkServer = 'walk'

/** What is measured of people, as plain data. */
export interface MeasureSpec {
  readonly counted: Counted
  readonly range: DoubleRange
}

/** A walk over some containers of people, for another thread. The arrays of the days are in memory that all share. */
export interface WalkOrder {
  readonly measure: MeasureSpec
  /** By term; `null` for every event. */
  readonly tests: readonly (RowTestSpec | null)[]
  /** As `Piece`, ascending by day. */
  readonly pieces: readonly {
    readonly term: number
    readonly day: EventDay
    readonly from: number
    readonly to: number
  }[]
  /** The first container, and the one behind the last. */
  readonly from: number
  readonly end: number
}

/** The people, as portable Roaring bytes; `null` for nobody. */
export interface WalkAnswer {
  readonly bytes: Uint8Array | null
  /** Events of the days. */
  readonly events: number
}

import type { Accumulator, Piece } from './accumulator.ts'
import type { Tally } from './tally.ts'

/** What a piece is to a tally, in the order in which pieces come. */
export type TallyRole = 'leaving' | 'joining' | 'passing'

/** A piece with what it is to the tally. */
export interface TallyPiece extends Piece {
  readonly role: TallyRole
}

/** Brings a tally up to date, container by container, and tests it together with the days of this question alone. */
export interface TallyAccumulator extends Accumulator {
  /** Whether what a person has doesn't fit into the cells of the tally: it is not to be used any more, nor are the people found. */
  readonly failed: boolean
  /** Begins a container; then come its rows, if there are any. */
  begin(container: number): void
}

/** How a question is answered from a tally. */
export interface TallyPlan {
  /** Equal for questions that can have the same tally: of the same events in windows of the same kind. */
  readonly key: string
  /** Bytes that a person takes in a tally that has failed so many times; `null` where no cells are wide enough. */
  bytesAPerson(failures: number): number | null
  accumulator(tally: Tally): TallyAccumulator
}

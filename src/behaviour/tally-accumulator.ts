import { invariant } from '../base/invariant.ts'
import { type Accumulator, anyNumberOfRows, type Piece } from './accumulator.ts'
import type { CountedRows } from './count-accumulator.ts'
import type { DoubleRange } from './number-range.ts'
import { type KeptCounts, PersonCounters } from './person-counters.ts'
import type { Tally } from './tally.ts'

/** What a piece is to a tally, in the order in which pieces come. */
export type TallyRole = 'leaving' | 'joining' | 'passing'

/** A piece with what it is to the tally. */
export interface TallyPiece extends Piece {
  readonly role: TallyRole
}

/** Brings the counts of a tally up to date, container by container, and tests them together with those of this question alone. */
export class TallyAccumulator implements Accumulator {
  readonly maxRows: number = anyNumberOfRows
  readonly #tally: Tally
  readonly #rows: CountedRows
  readonly #range: DoubleRange
  readonly #counters = new PersonCounters()
  #container = -1
  /** The counts with the days that left and joined, once days pass that are counted for this question alone. */
  #updated: KeptCounts | null = null
  #isUpdated = false
  #isChanged = false

  constructor(tally: Tally, rows: CountedRows, range: DoubleRange) {
    this.#tally = tally
    this.#rows = rows
    this.#range = range
  }

  /** Begins a container; then come its rows, if there are any. */
  begin(container: number): void {
    this.#container = container
    this.#counters.load(this.#kept())
    this.#isUpdated = false
    this.#isChanged = false
  }

  take(piece: Piece, lo: number, hi: number): void {
    const { role } = piece as TallyPiece
    if (role !== 'passing') this.#isChanged = true
    else if (this.#isChanged && !this.#isUpdated) {
      this.#updated = this.#counters.keep(this.#updated)
      this.#isUpdated = true
    }
    const found = this.#rows.find(piece, lo, hi)
    const { people } = piece.day
    if (role === 'leaving') this.#counters.subtract(people, this.#rows.rows, found, lo, hi)
    else this.#counters.add(people, this.#rows.rows, found, lo, hi)
  }

  emit(words: Int32Array): boolean {
    this.#rows.reset()
    if (this.#counters.overflowed) {
      this.begin(this.#container)
      this.#counters.widen(this.#kept())
      return false
    }
    if (this.#isChanged) this.#keep()
    this.#counters.test(this.#range, words)
    return true
  }

  one(): boolean {
    invariant(false, 'one person is counted without a tally')
  }

  #kept(): KeptCounts | null {
    return this.#tally.containers.get(this.#container) ?? null
  }

  #keep(): void {
    const kept = this.#kept()
    const updated = this.#updated!
    let next: KeptCounts
    if (!this.#isUpdated) next = this.#counters.keep(kept)
    else if (kept !== null && kept.BYTES_PER_ELEMENT === updated.BYTES_PER_ELEMENT) {
      kept.set(updated)
      next = kept
    } else next = updated.slice()
    this.#tally.containers.set(this.#container, next)
  }
}

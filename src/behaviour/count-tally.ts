import { invariant } from '../base/invariant.ts'
import { anyNumberOfRows, type Piece } from './accumulator.ts'
import { type Counted, CountedRows } from './count-accumulator.ts'
import type { Term } from './event-term.ts'
import type { DoubleRange } from './number-range.ts'
import { type KeptCounts, PersonCounters } from './person-counters.ts'
import type { Tally } from './tally.ts'
import type { TallyAccumulator, TallyPiece, TallyPlan } from './tally-accumulator.ts'

/** How many events people have, or on how many days, from counts that are kept. */
export class CountTallyPlan implements TallyPlan {
  readonly key: string
  readonly #terms: readonly Term[]
  readonly #range: DoubleRange
  readonly #counted: Counted

  /** @param window tells the kind of window */
  constructor(terms: readonly Term[], range: DoubleRange, counted: Counted, window: string) {
    this.key = `${counted} ${terms.map(({ id }) => id).join(' ')} ${window}`
    this.#terms = terms
    this.#range = range
    this.#counted = counted
  }

  bytesAPerson(): number {
    return 1
  }

  accumulator(tally: Tally): TallyAccumulator {
    return new CountTally(tally as Tally<KeptCounts>, new CountedRows(this.#terms, this.#counted), this.#range)
  }
}

class CountTally implements TallyAccumulator {
  readonly maxRows: number = anyNumberOfRows
  /** A count that outgrows its byte gets four. */
  readonly failed: boolean = false
  readonly #tally: Tally<KeptCounts>
  readonly #rows: CountedRows
  readonly #range: DoubleRange
  readonly #counters = new PersonCounters()
  #container = -1
  /** The counts with the days that left and joined, once days pass that are counted for this question alone. */
  #updated: KeptCounts | null = null
  #isUpdated = false
  #isChanged = false

  constructor(tally: Tally<KeptCounts>, rows: CountedRows, range: DoubleRange) {
    this.#tally = tally
    this.#rows = rows
    this.#range = range
  }

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

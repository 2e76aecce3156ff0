import { wordsOfContainer } from '../bitmap/container-words.ts'
import { type Accumulator, anyNumberOfRows, type Piece } from './accumulator.ts'
import type { Term } from './event-term.ts'
import { allRows, RowSelector } from './row-selector.ts'
import { blockRows, type RowTest } from './row-test.ts'

const container = 65_536

/**
 * Measures whether one of the events at the first (last) instant at which a person has any passes a test. It sees the
 * events of the window alone: that there are none before (after) it is asked apart.
 *
 * Rows come in order of time for each person: pieces do by day, and the rows of a person inside a day too.
 */
export class OccurrenceAccumulator implements Accumulator {
  readonly maxRows: number = anyNumberOfRows
  readonly #kind: 'first' | 'last'
  readonly #term: Term
  readonly #test: RowTest
  readonly #selector = new RowSelector()
  readonly #passing: Uint8Array = new Uint8Array(blockRows)
  /** The instant looked at, for people who are touched. */
  readonly #instants: Float64Array = new Float64Array(container)
  readonly #touched: Int32Array = new Int32Array(wordsOfContainer)
  readonly #passed: Int32Array = new Int32Array(wordsOfContainer)

  constructor(kind: 'first' | 'last', term: Term, test: RowTest) {
    this.#kind = kind
    this.#term = term
    this.#test = test
  }

  take(piece: Piece, lo: number, hi: number): void {
    const { people, times, start } = piece.day
    const found = this.#selector.select(piece, this.#term.test, lo, hi)
    if (found === 0) return
    const { rows } = this.#selector
    const isFirst = this.#kind === 'first'
    this.#test.mask(piece.day, lo, hi, this.#passing)
    const n = found === allRows ? hi - lo : found
    for (let i = 0; i < n; i++) {
      const row = found === allRows ? lo + i : rows[i]!
      const low = people[row]! & 0xffff
      const word = low >>> 5
      const bit = 1 << low
      const instant = start + times[row]!
      const passes = this.#passing[row - lo] === 1
      const isNew = (this.#touched[word]! & bit) === 0
      if (isNew || (!isFirst && instant > this.#instants[low]!)) {
        this.#instants[low] = instant
        this.#touched[word] = this.#touched[word]! | bit
        this.#passed[word] = passes ? this.#passed[word]! | bit : this.#passed[word]! & ~bit
      } else if (passes && instant === this.#instants[low]) this.#passed[word] = this.#passed[word]! | bit
    }
  }

  emit(words: Int32Array): boolean {
    for (let i = 0; i < wordsOfContainer; i++) words[i] = words[i]! | this.#passed[i]!
    this.#touched.fill(0)
    this.#passed.fill(0)
    return true
  }

  one(low: number): boolean {
    const word = low >>> 5
    const passed = this.#passed[word] !== 0
    this.#touched[word] = 0
    this.#passed[word] = 0
    return passed
  }
}

import { type Accumulator, anyNumberOfRows, type Piece } from './accumulator.ts'
import { testBytes } from './byte-counters.ts'
import { FirstOfDay } from './first-of-day.ts'
import type { Term } from './event-term.ts'
import { type DoubleRange, isInRange } from './number-range.ts'
import { allRows, RowSelector } from './row-selector.ts'

const container = 65_536

/** Counts of the people of one container: a byte each, or four, where bytes overflowed. */
export type Counters = Uint8Array | Uint32Array

/** Measures how many events a person has, or on how many days. Only people who have one can pass. */
export class CountAccumulator implements Accumulator {
  readonly maxRows: number = anyNumberOfRows
  readonly #terms: readonly Term[]
  readonly #range: DoubleRange
  readonly #selector = new RowSelector()
  /** Where days are counted. */
  readonly #firstOfDay: FirstOfDay | null
  readonly #bytes: Uint8Array = new Uint8Array(container)
  #wide: Uint32Array | null = null
  #isWide = false
  /** All counts that bytes were given, OR-ed: has bit 8 once one overflowed. */
  #seen = 0

  constructor(terms: readonly Term[], range: DoubleRange, counted: 'events' | 'days') {
    this.#terms = terms
    this.#range = range
    this.#firstOfDay = counted === 'days' ? new FirstOfDay(terms.length > 1) : null
  }

  /** What has been counted so far of the container: for the caller to begin with other counts than 0. */
  get counters(): Counters {
    return this.#isWide ? this.#wide! : this.#bytes
  }

  take(piece: Piece, lo: number, hi: number): void {
    const { people, day } = piece.day
    const { rows } = this.#selector
    let found = this.#selector.select(piece, this.#terms[piece.term]!.test, lo, hi)
    if (this.#firstOfDay !== null) found = this.#firstOfDay.keep(day, people, rows, found, lo, hi)
    if (this.#isWide) {
      if (found === allRows) countRunWide(this.#wide!, people, lo, hi)
      else countRowsWide(this.#wide!, people, rows, found)
    } else if (found === allRows) this.#seen |= countRun(this.#bytes, people, lo, hi)
    else this.#seen |= countRows(this.#bytes, people, rows, found)
  }

  emit(words: Int32Array): boolean {
    this.#firstOfDay?.reset()
    if (this.#overflowed()) return false
    if (this.#isWide) {
      const wide = this.#wide!
      for (let low = 0; low < container; low++) {
        if (wide[low] !== 0 && isInRange(this.#range, wide[low]!)) words[low >>> 5] = words[low >>> 5]! | (1 << low)
      }
      wide.fill(0)
      this.#isWide = false
    } else {
      testBytes(this.#bytes, this.#range, words)
      this.#bytes.fill(0)
    }
    this.#seen = 0
    return true
  }

  one(low: number): boolean | null {
    this.#firstOfDay?.reset()
    if (this.#overflowed()) return null
    const { counters } = this
    const count = counters[low]!
    counters[low] = 0
    this.#isWide = false
    this.#seen = 0
    return count > 0 && isInRange(this.#range, count)
  }

  /** Whether a byte did; from then on four are used. */
  #overflowed(): boolean {
    if (this.#isWide || this.#seen < 256) return false
    this.#seen = 0
    this.#bytes.fill(0)
    this.#wide ??= new Uint32Array(container)
    this.#isWide = true
    return true
  }
}

function countRun(counts: Uint8Array, people: Uint32Array, lo: number, hi: number): number {
  let seen = 0
  for (let i = lo; i < hi; i++) {
    const low = people[i]! & 0xffff
    const count = counts[low]! + 1
    counts[low] = count
    seen |= count
  }
  return seen
}

function countRows(counts: Uint8Array, people: Uint32Array, rows: Uint32Array, found: number): number {
  let seen = 0
  for (let i = 0; i < found; i++) {
    const low = people[rows[i]!]! & 0xffff
    const count = counts[low]! + 1
    counts[low] = count
    seen |= count
  }
  return seen
}

function countRunWide(counts: Uint32Array, people: Uint32Array, lo: number, hi: number): void {
  for (let i = lo; i < hi; i++) {
    const low = people[i]! & 0xffff
    counts[low] = counts[low]! + 1
  }
}

function countRowsWide(counts: Uint32Array, people: Uint32Array, rows: Uint32Array, found: number): void {
  for (let i = 0; i < found; i++) {
    const low = people[rows[i]!]! & 0xffff
    counts[low] = counts[low]! + 1
  }
}

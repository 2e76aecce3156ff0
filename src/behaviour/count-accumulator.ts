import { type Accumulator, anyNumberOfRows, type Piece } from './accumulator.ts'
import { FirstOfDay } from './first-of-day.ts'
import { type DoubleRange, isInRange } from './number-range.ts'
import { PersonCounters } from './person-counters.ts'
import { allRows, RowSelector } from './row-selector.ts'
import type { RowTest } from './row-test.ts'

/** Which events of a kind are looked at. */
export interface TestedTerm {
  /** `null`: every event. */
  readonly test: RowTest | null
}

/** Of so few rows their people are looked at one by one; of more, all 65,536 counters, which takes some 25 µs. */
const mostListed = 4_096

/** People of one container of a bitmap. */
const container = 65_536

/** What is counted of a person. */
export type Counted = 'count' | 'days'

/** Measures how many events a person has, or on how many days. Only people who have one can pass. */
export class CountAccumulator implements Accumulator {
  readonly maxRows: number = anyNumberOfRows
  readonly #rows: CountedRows
  readonly #range: DoubleRange
  readonly #counters = new PersonCounters()
  /** Those who were counted, once for each of their rows; as many as there is room for. */
  readonly #counted: Uint16Array = new Uint16Array(mostListed)
  /** How many were; above `mostListed` not all are in the list. */
  #length = 0
  /** From how many on everybody passes; `null` where that isn't what is asked. */
  readonly #least: number | null
  /** Who has come to so many. */
  readonly #reached: Uint16Array
  #reaching = 0

  constructor(terms: readonly TestedTerm[], range: DoubleRange, counted: Counted) {
    this.#rows = new CountedRows(terms, counted)
    this.#range = range
    this.#least = range.hi === Number.POSITIVE_INFINITY && !range.outside && range.lo >= 1 ? Math.ceil(range.lo) : null
    this.#reached = new Uint16Array(this.#least === null ? 0 : container)
  }

  take(piece: Piece, lo: number, hi: number): void {
    const found = this.#rows.find(piece, lo, hi)
    const { people } = piece.day
    const { rows } = this.#rows
    if (this.#least === null || this.#counters.isWide) this.#counters.add(people, rows, found, lo, hi)
    else {
      const reached = { least: this.#least, people: this.#reached, length: this.#reaching }
      this.#reaching = this.#counters.addReaching(people, rows, found, lo, hi, reached)
    }
    const before = this.#length
    this.#length += found === allRows ? hi - lo : found
    if (this.#length > mostListed) return
    const listed = this.#counted
    if (found === allRows) for (let i = lo; i < hi; i++) listed[before + i - lo] = people[i]!
    else for (let i = 0; i < found; i++) listed[before + i] = people[rows[i]!]!
  }

  emit(words: Int32Array): boolean {
    this.#rows.reset()
    const [length, reaching] = [this.#length, this.#reaching]
    this.#length = 0
    this.#reaching = 0
    const counters = this.#counters
    if (counters.overflowed) {
      counters.widen()
      return false
    }
    if (this.#least !== null && !counters.isWide) {
      const reached = this.#reached
      for (let i = 0; i < reaching; i++) words[reached[i]! >>> 5] = words[reached[i]! >>> 5]! | (1 << reached[i]!)
      if (length <= mostListed) counters.resetOf(this.#counted, length)
      else counters.reset()
    } else if (length <= mostListed) counters.testAndReset(this.#counted.subarray(0, length), this.#range, words)
    else {
      counters.test(this.#range, words)
      counters.reset()
    }
    return true
  }

  one(low: number): boolean | null {
    this.#rows.reset()
    this.#length = 0
    this.#reaching = 0
    if (this.#counters.overflowed) {
      this.#counters.widen()
      return null
    }
    const count = this.#counters.takeOne(low)
    return count > 0 && isInRange(this.#range, count)
  }
}

/** The rows of pieces that are counted. */
export class CountedRows {
  readonly #terms: readonly TestedTerm[]
  readonly #selector = new RowSelector()
  readonly #firstOfDay: FirstOfDay | null

  constructor(terms: readonly TestedTerm[], counted: Counted) {
    this.#terms = terms
    this.#firstOfDay = counted === 'days' ? new FirstOfDay(terms.length > 1) : null
  }

  /** The rows found by the last `find`. */
  get rows(): Uint32Array {
    return this.#selector.rows
  }

  /** How many rows count, or `allRows`; days come in ascending order, with all terms of one before the next. */
  find(piece: Piece, lo: number, hi: number): number {
    const { people, day } = piece.day
    const found = this.#selector.select(piece, this.#terms[piece.term]!.test, lo, hi)
    return this.#firstOfDay === null ? found : this.#firstOfDay.keep(day, people, this.rows, found, lo, hi)
  }

  /** Other people come, or the same days again. */
  reset(): void {
    this.#firstOfDay?.reset()
  }
}

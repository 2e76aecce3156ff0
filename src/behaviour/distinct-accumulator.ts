import type { Accumulator, Piece } from './accumulator.ts'
import type { CommonValues } from './common-values.ts'
import { countDifferent } from './count-different.ts'
import type { Term } from './event-term.ts'
import { PersonGroups } from './group-by-person.ts'
import { GrowingColumn } from './growing-column.ts'
import { type DoubleRange, isInRange } from './number-range.ts'
import { allRows, RowSelector } from './row-selector.ts'
import { blockRows } from './row-test.ts'

/** Measures how many different values a property has; only people with a value can pass. The values of a container are gathered, then counted person by person. */
export class DistinctAccumulator implements Accumulator {
  readonly maxRows: number = 1 << 20
  readonly #terms: readonly Term[]
  readonly #values: CommonValues
  readonly #range: DoubleRange
  readonly #selector = new RowSelector()
  readonly #read: Float64Array = new Float64Array(blockRows)
  readonly #people = new GrowingColumn(Uint16Array)
  readonly #gathered = new GrowingColumn(Float64Array)
  /** Not for one person. */
  #groups: PersonGroups | null = null

  /** @param values of the property that each of the terms counts, in the same order */
  constructor(terms: readonly Term[], values: CommonValues, range: DoubleRange) {
    this.#terms = terms
    this.#values = values
    this.#range = range
  }

  take(piece: Piece, lo: number, hi: number): void {
    const { people } = piece.day
    const { rows } = this.#selector
    const selected = this.#selector.select(piece, this.#terms[piece.term]!.test, lo, hi)
    const found = selected === allRows ? hi - lo : selected
    const read = this.#read
    this.#values.read(piece.term, piece.day, selected === allRows ? null : rows, found, lo, read)
    let n = this.#people.length
    const lows = this.#people.reserve(found)
    const gathered = this.#gathered.reserve(found)
    for (let i = 0; i < found; i++) {
      const value = read[i]!
      lows[n] = people[selected === allRows ? lo + i : rows[i]!]! & 0xffff
      gathered[n] = value
      n += Number(!Number.isNaN(value))
    }
    this.#people.length = n
    this.#gathered.length = n
  }

  emit(words: Int32Array): boolean {
    const { length } = this.#people
    if (length === 0) return true
    this.#groups ??= new PersonGroups()
    const groups = this.#groups.group(this.#people.cells, length)
    const { starts, lows } = groups
    const values = this.#groups.values(this.#people.cells, this.#gathered.cells, length, groups)
    for (let group = 0; group < lows.length; group++) {
      const low = lows[group]!
      if (this.#passes(values, starts[group]!, starts[group + 1]!)) {
        words[low >>> 5] = words[low >>> 5]! | (1 << low)
      }
    }
    this.#forget()
    return true
  }

  one(): boolean {
    const { length } = this.#gathered
    const result = length > 0 && this.#passes(this.#gathered.cells, 0, length)
    this.#forget()
    return result
  }

  /** Whether the number of different values among `[from, to)` passes. They are sorted on the way. */
  #passes(values: Float64Array, from: number, to: number): boolean {
    const { lo, outside } = this.#range
    if (!outside && to - from < lo) return false
    return isInRange(this.#range, countDifferent(values, from, to))
  }

  #forget(): void {
    this.#people.clear()
    this.#gathered.clear()
  }
}

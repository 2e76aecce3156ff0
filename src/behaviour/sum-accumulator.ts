import { type Accumulator, anyNumberOfRows, type Piece } from './accumulator.ts'
import type { PropertyValues } from '../events/event-day.ts'
import { wordsOfContainer } from './bitmap-writer.ts'
import type { Term } from './event-term.ts'
import { ExactSums } from './exact-sums.ts'
import { allRows, RowSelector } from './row-selector.ts'
import type { TotalTest } from './total-test.ts'

/** A term of which a property is added up. */
export interface SumTerm {
  readonly term: Term
  readonly property: string
  /** What a value is multiplied by: the power of ten that brings it to the scale of the sum, negative where it is taken away. */
  readonly factor: number
}

const container = 65_536

/**
 * Measures the sum of a number, and of how many events it is; only people with such an event can pass.
 *
 * Doubles add whole numbers exactly up to 2^53. Each sum is looked at as it grows; when one gets there the rows of the
 * container are taken once more, with numbers of any size.
 */
export class SumAccumulator implements Accumulator {
  readonly maxRows: number = anyNumberOfRows
  readonly #terms: readonly SumTerm[]
  readonly #test: TotalTest
  readonly #selector = new RowSelector()
  readonly #sums: Float64Array = new Float64Array(container)
  readonly #counts: Uint32Array = new Uint32Array(container)
  /** People with a value. */
  readonly #touched: Int32Array = new Int32Array(wordsOfContainer)
  /** Whether a sum has left the doubles. */
  #left = false
  #exact: ExactSums | null = null

  constructor(terms: readonly SumTerm[], test: TotalTest) {
    this.#terms = terms
    this.#test = test
  }

  take(piece: Piece, lo: number, hi: number): void {
    const { term, property, factor } = this.#terms[piece.term]!
    const cells = piece.day.properties.get(property)
    if (cells?.kind !== 'number') return
    const found = this.#selector.select(piece, term.test, lo, hi)
    const { rows } = this.#selector
    const { values } = cells
    const { people } = piece.day
    if (this.#exact !== null) {
      this.#exact.take(people, cells, factor, lo, hi, found === allRows ? null : rows, found)
      return
    }
    const n = found === allRows ? hi - lo : found
    if (found === allRows) for (let i = 0; i < n; i++) rows[i] = lo + i
    const highest =
      values instanceof Int32Array
        ? addInts(this.#sums, this.#touched, people, values, factor, rows, n)
        : addDoubles(this.#sums, this.#touched, people, values, factor, rows, n)
    if (!(highest < 2 ** 53)) this.#left = true
    if (this.#test.needsCount) countPresent(this.#counts, people, cells, rows, n)
  }

  emit(words: Int32Array): boolean {
    if (this.#mustTakeAgain()) return false
    const touched = this.#touched
    if (this.#exact !== null) {
      this.#exact.emit(words, this.#test)
      this.#exact = null
      return true
    }
    const sums = this.#sums
    const counts = this.#counts
    for (let word = 0; word < wordsOfContainer; word++) {
      let bits = 0
      for (let rest = touched[word]!; rest !== 0; rest &= rest - 1) {
        const bit = 31 - Math.clz32(rest & -rest)
        const low = (word << 5) + bit
        if (this.#test.passes(sums[low]!, counts[low]!)) bits |= 1 << bit
        sums[low] = 0
      }
      touched[word] = 0
      words[word] = words[word]! | bits
    }
    if (this.#test.needsCount) counts.fill(0)
    return true
  }

  one(low: number): boolean | null {
    if (this.#mustTakeAgain()) return null
    if (this.#exact !== null) {
      const passes = this.#exact.one(low, this.#test)
      this.#exact = null
      return passes
    }
    const passes = this.#touched[low >>> 5] !== 0 && this.#test.passes(this.#sums[low]!, this.#counts[low]!)
    this.#sums[low] = 0
    this.#counts[low] = 0
    this.#touched[low >>> 5] = 0
    return passes
  }

  #mustTakeAgain(): boolean {
    if (!this.#left) return false
    this.#left = false
    this.#sums.fill(0)
    this.#counts.fill(0)
    this.#touched.fill(0)
    this.#exact = new ExactSums()
    return true
  }
}

/** Adds values up; the size of the largest number that was met on the way. */
function addInts(
  sums: Float64Array,
  touched: Int32Array,
  people: Uint32Array,
  values: Int32Array,
  factor: number,
  rows: Uint32Array,
  n: number,
): number {
  let highest = 0
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const value = values[row]!
    if (value === absentInt) continue
    const low = people[row]! & 0xffff
    const added = value * factor
    const sum = sums[low]! + added
    // The product too: beyond 2^53 it may have been rounded, and a sum of opposite sign would hide it.
    highest = Math.max(highest, Math.abs(sum), Math.abs(added))
    sums[low] = sum
    touched[low >>> 5] = touched[low >>> 5]! | (1 << low)
  }
  return highest
}

function addDoubles(
  sums: Float64Array,
  touched: Int32Array,
  people: Uint32Array,
  values: Float64Array,
  factor: number,
  rows: Uint32Array,
  n: number,
): number {
  let highest = 0
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const value = values[row]!
    if (Number.isNaN(value)) continue
    const low = people[row]! & 0xffff
    const added = value * factor
    const sum = sums[low]! + added
    highest = Math.max(highest, Math.abs(sum), Math.abs(added))
    sums[low] = sum
    touched[low >>> 5] = touched[low >>> 5]! | (1 << low)
  }
  return highest
}

function countPresent(
  counts: Uint32Array,
  people: Uint32Array,
  { values, absent }: PropertyValues & { readonly kind: 'number' },
  rows: Uint32Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const value = values[row]!
    const low = people[row]! & 0xffff
    counts[low] = counts[low]! + Number(!Number.isNaN(value) && value !== absent)
  }
}

/** Stands for no value among 32-bit numbers. */
const absentInt = -(2 ** 31)

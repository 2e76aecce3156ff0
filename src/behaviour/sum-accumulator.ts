import { wordsOfContainer } from '../bitmap/container-words.ts'
import type { PropertyValues } from '../events/event-day.ts'
import { type Accumulator, anyNumberOfRows, type Piece } from './accumulator.ts'
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
 * Doubles add whole numbers exactly up to 2^53. So few 32-bit numbers that no sum can get there are just added up; otherwise
 * each sum is looked at as it grows, and when one gets there the rows of the container are taken once more, with numbers of
 * any size.
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
  /** No sum can be larger than this; Infinity once that isn't known. */
  #bound = 0
  /** Whether a sum may have left the doubles. */
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
    const counts = this.#test.needsCount ? this.#counts : null
    this.#bound += n * 2 ** 31 * Math.abs(factor)
    if (values instanceof Int32Array && this.#bound < 2 ** 53) {
      addInts(this.#sums, counts, this.#touched, people, values, factor, rows, n)
    } else {
      // From here on every sum is looked at as it grows.
      this.#bound = Number.POSITIVE_INFINITY
      const largest = addLooking(this.#sums, counts, this.#touched, people, cells, factor, rows, n)
      if (!(largest < 2 ** 53)) this.#left = true
    }
  }

  emit(words: Int32Array): boolean {
    if (this.#mustTakeAgain()) return false
    this.#bound = 0
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
    this.#bound = 0
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

/** Adds values up. */
function addInts(
  sums: Float64Array,
  counts: Uint32Array | null,
  touched: Int32Array,
  people: Uint32Array,
  values: Int32Array,
  factor: number,
  rows: Uint32Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const value = values[row]!
    if (value === absentInt) continue
    const low = people[row]! & 0xffff
    sums[low] = sums[low]! + value * factor
    touched[low >>> 5] = touched[low >>> 5]! | (1 << low)
    if (counts !== null) counts[low] = counts[low]! + 1
  }
}

/** Adds values up, and says how large the largest number was that was met on the way. */
function addLooking(
  sums: Float64Array,
  counts: Uint32Array | null,
  touched: Int32Array,
  people: Uint32Array,
  { values, absent }: PropertyValues & { readonly kind: 'number' },
  factor: number,
  rows: Uint32Array,
  n: number,
): number {
  let largest = 0
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const value = values[row]!
    if (Number.isNaN(value) || value === absent) continue
    const low = people[row]! & 0xffff
    const added = value * factor
    const sum = sums[low]! + added
    // The product too: beyond 2^53 it may have been rounded, and a sum of opposite sign would hide it.
    largest = Math.max(largest, Math.abs(sum), Math.abs(added))
    sums[low] = sum
    touched[low >>> 5] = touched[low >>> 5]! | (1 << low)
    if (counts !== null) counts[low] = counts[low]! + 1
  }
  return largest
}

/** Stands for no value among 32-bit numbers. */
const absentInt = -(2 ** 31)

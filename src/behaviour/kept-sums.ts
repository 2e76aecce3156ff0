import { wordsOfContainer } from '../bitmap/container-words.ts'
import type { PropertyValues } from '../events/event-day.ts'
import type { DoubleRange } from './number-range.ts'
import type { TotalTest } from './total-test.ts'

const container = 65_536
const lowestInt = -(2 ** 31)
const highestInt = 2 ** 31 - 1

/** The sums of the people of one container, which are kept: four or eight bytes each, and four for the number of values. */
export class KeptSums {
  readonly #sums: Int32Array | Float64Array
  readonly #counts: Int32Array | null

  constructor(isNarrow: boolean, withCounts: boolean) {
    this.#sums = isNarrow ? new Int32Array(container) : new Float64Array(container)
    this.#counts = withCounts ? new Int32Array(container) : null
  }

  static bytesAPerson(isNarrow: boolean, withCounts: boolean): number {
    return (isNarrow ? 4 : 8) + (withCounts ? 4 : 0)
  }

  get byteLength(): number {
    return this.#sums.byteLength + (this.#counts?.byteLength ?? 0)
  }

  /**
   * Adds the values of the first `n` rows `times · factor` times. `false`: a sum may have left the cells, and none is to be
   * used any more.
   */
  add(
    people: Uint32Array,
    { values, absent }: PropertyValues & { readonly kind: 'number' },
    factor: number,
    times: 1 | -1,
    rows: Uint32Array,
    n: number,
  ): boolean {
    const sums = this.#sums
    const largest =
      values instanceof Int32Array
        ? addInts(sums, this.#counts, people, values, absent, factor * times, times, rows, n)
        : addDoubles(sums, this.#counts, people, values, factor * times, times, rows, n)
    return largest < (sums instanceof Int32Array ? highestInt : 2 ** 53)
  }

  /** Sets the bits of people who pass. Without counts a sum of 0 is nobody's. */
  test(test: TotalTest, words: Int32Array): void {
    const { range } = test
    const sums = this.#sums
    if (this.#counts === null && range !== null) {
      if (sums instanceof Int32Array) testInts(sums, range, words)
      else testDoubles(sums, range, words)
    } else testEach(sums, this.#counts, test, words)
  }

  clear(): void {
    this.#sums.fill(0)
    this.#counts?.fill(0)
  }
}

/** Adds, and says how large the largest number was that was met on the way: also of what was added, which may be rounded. */
function addInts(
  sums: Int32Array | Float64Array,
  counts: Int32Array | null,
  people: Uint32Array,
  values: Int32Array,
  absent: number,
  factor: number,
  times: number,
  rows: Uint32Array,
  n: number,
): number {
  let largest = 0
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const value = values[row]!
    if (value === absent) continue
    const low = people[row]! & 0xffff
    const added = value * factor
    const sum = sums[low]! + added
    largest = Math.max(largest, Math.abs(sum), Math.abs(added))
    sums[low] = sum
    if (counts !== null) counts[low] = counts[low]! + times
  }
  return largest
}

function addDoubles(
  sums: Int32Array | Float64Array,
  counts: Int32Array | null,
  people: Uint32Array,
  values: Float64Array,
  factor: number,
  times: number,
  rows: Uint32Array,
  n: number,
): number {
  let largest = 0
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const value = values[row]!
    if (Number.isNaN(value)) continue
    const low = people[row]! & 0xffff
    const added = value * factor
    const sum = sums[low]! + added
    largest = Math.max(largest, Math.abs(sum), Math.abs(added))
    sums[low] = sum
    if (counts !== null) counts[low] = counts[low]! + times
  }
  return largest
}

/** `lo <= sum <= hi`, as unsigned numbers one comparison: a millisecond for a million people. */
function testInts(sums: Int32Array, { lo, hi, outside }: DoubleRange, words: Int32Array): void {
  const flip = outside ? -1 : 0
  if (lo > highestInt || hi < lowestInt || lo > hi) {
    if (outside) words.fill(-1)
    return
  }
  const from = Math.max(lo, lowestInt) | 0
  const width = (Math.min(hi, highestInt) - from) >>> 0
  for (let word = 0; word < wordsOfContainer; word++) {
    let bits = 0
    for (let bit = 0; bit < 32; bit++) bits |= Number((sums[32 * word + bit]! - from) >>> 0 <= width) << bit
    words[word] = words[word]! | (bits ^ flip)
  }
}

function testDoubles(sums: Float64Array, { lo, hi, outside }: DoubleRange, words: Int32Array): void {
  const flip = outside ? -1 : 0
  for (let word = 0; word < wordsOfContainer; word++) {
    let bits = 0
    for (let bit = 0; bit < 32; bit++) {
      const sum = sums[32 * word + bit]!
      bits |= (Number(sum >= lo) & Number(sum <= hi)) << bit
    }
    words[word] = words[word]! | (bits ^ flip)
  }
}

function testEach(
  sums: Int32Array | Float64Array,
  counts: Int32Array | null,
  test: TotalTest,
  words: Int32Array,
): void {
  for (let low = 0; low < container; low++) {
    const count = counts === null ? 1 : counts[low]!
    if (count !== 0 && test.passes(sums[low]!, count)) words[low >>> 5] = words[low >>> 5]! | (1 << low)
  }
}

import roaring from 'roaring'
import type { NativeBitmap } from './population.ts'

const { RoaringBitmap32: R } = roaring

/**
 * Numbers as one Roaring bitmap for each bit, with the comparison that O'Neil and Quass describe, and Kaser, Lemire and the
 * libraries after them: from the highest bit down, those above the constant and those still equal to it.
 */
export class Textbook {
  readonly #slices: readonly NativeBitmap[]
  readonly #everyone: NativeBitmap

  /** @param values of the people 0, 1, 2 and so on: whole, from 0 up. */
  constructor(values: Int32Array, bits: number) {
    this.#everyone = R.fromRange(0, values.length)
    const members = new Uint32Array(values.length)
    this.#slices = Array.from({ length: bits }, (_, bit) => {
      let count = 0
      for (let person = 0; person < values.length; person++)
        if ((values[person]! >>> bit) & 1) members[count++] = person
      const slice = new R(members.subarray(0, count))
      slice.runOptimize()
      return slice
    })
  }

  /** |range ∩ tag|: the range over everybody, its two ends intersected, then the tag. */
  count(from: number, to: number | null, tag: NativeBitmap): number {
    return this.#count(from, to, tag, this.#everyone)
  }

  /** |range ∩ tag|, looking at nobody outside the tag from the beginning. */
  countWithin(from: number, to: number | null, tag: NativeBitmap): number {
    return this.#count(from, to, tag, tag)
  }

  /** The people of the range among `among`, or everybody. The caller disposes. */
  build(from: number, to: number, among: NativeBitmap | null): NativeBitmap {
    const people = among ?? this.#everyone
    const most = 2 ** this.#slices.length - 1
    if (from <= 0) return this.#compare('most', Math.min(to, most), people)
    const least = this.#compare('least', from, people)
    if (to >= most) return least
    const both = this.#compare('most', to, least)
    least.dispose()
    return both
  }

  /** The sum over some people. */
  sum(of: NativeBitmap): number {
    return this.#slices.reduce((sum, slice, bit) => sum + slice.andCardinality(of) * 2 ** bit, 0)
  }

  /** The value at a rank, from 0, among some people. */
  atRank(of: NativeBitmap, rank: number): number {
    const among = of.clone()
    let [left, value] = [rank, 0]
    for (let bit = this.#slices.length - 1; bit >= 0; bit--) {
      const slice = this.#slices[bit]!
      const low = among.andNotCardinality(slice)
      if (left >= low) {
        left -= low
        value += 2 ** bit
        among.andInPlace(slice)
      } else among.andNotInPlace(slice)
    }
    among.dispose()
    return value
  }

  dispose(): void {
    for (const slice of this.#slices) slice.dispose()
    this.#everyone.dispose()
  }

  #count(from: number, to: number | null, tag: NativeBitmap, among: NativeBitmap): number {
    const least = this.#compare('least', from, among)
    if (to === null) {
      const count = least.andCardinality(tag)
      least.dispose()
      return count
    }
    const most = this.#compare('most', to, among)
    const both = least.andInPlace(most)
    const count = both.andCardinality(tag)
    both.dispose()
    most.dispose()
    return count
  }

  /** Those of `among` whose value is at least, or at most, the constant. The caller disposes. */
  #compare(bound: 'least' | 'most', constant: number, among: NativeBitmap): NativeBitmap {
    const beyond = new R()
    const equal = among.clone()
    for (let bit = this.#slices.length - 1; bit >= 0; bit--) {
      const slice = this.#slices[bit]!
      const isSet = ((constant >>> bit) & 1) === 1
      if (isSet === (bound === 'most')) {
        const decided = isSet ? R.andNot(equal, slice) : R.and(equal, slice)
        beyond.orInPlace(decided)
        decided.dispose()
      }
      if (isSet) equal.andInPlace(slice)
      else equal.andNotInPlace(slice)
    }
    beyond.orInPlace(equal)
    equal.dispose()
    return beyond
  }
}

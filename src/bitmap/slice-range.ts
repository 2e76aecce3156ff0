import type { BitSlices } from './bit-slices.ts'
import type { ReadonlyBitmap } from './bitmap.ts'
import type { Scratch } from './scratch.ts'
import { type Bits, bitsOf, type FixedBits, greatestUpTo, leastFrom } from './slice-bits.ts'
import { SliceInterval } from './slice-interval.ts'

/**
 * The question who has a value from one number to another, put in terms of the bits that differ between people, and its
 * answers. Good until the next write.
 *
 * Numbers on one side of 0 compare as their bits do. A range that has 0 inside is everybody but those below and above it.
 */
export class SliceRange {
  readonly #bits: BitSlices
  readonly #intervals: readonly SliceInterval[] = []
  /** Whether the answer is everybody but the intervals. */
  readonly #isRest: boolean = false

  /** The numbers from `from` to `to`, both included; `null` for no bound. */
  constructor(bits: BitSlices, from: number | null, to: number | null) {
    this.#bits = bits
    const size = bits.present.shape.size
    const below = bits.negative.shape.size
    const least = below === 0 ? 0 : -(2 ** bits.slices.length)
    const greatest = below === size ? -1 : 2 ** bits.slices.length - 1
    const low = Math.max(from ?? least, least)
    const high = Math.min(to ?? greatest, greatest)
    if (size === 0 || low > high) return
    if (below === 0 || below === size) {
      this.#intervals = intervalsOf([this.#interval(low, high, null)])
    } else if (low >= 0 || high < 0) {
      this.#intervals = intervalsOf([this.#interval(low, high, high < 0)])
    } else {
      this.#isRest = true
      this.#intervals = intervalsOf([
        low > least ? this.#interval(least, low - 1, true) : null,
        high < greatest ? this.#interval(high + 1, greatest, false) : null,
      ])
    }
  }

  /** How many operations on two bitmaps `build` takes where it isn't inside something. */
  get steps(): number {
    const steps = this.#intervals.reduce((sum, interval) => sum + interval.steps, 0)
    return this.#isRest ? steps + this.#intervals.length : steps
  }

  /** The share of people with a value that is thought to be in the range: as if bits knew nothing of each other. */
  get share(): number {
    const share = this.#intervals.reduce((sum, interval) => sum + interval.share, 0)
    return Math.min(1, Math.max(0, this.#isRest ? 1 - share : share))
  }

  /** The people of the range, inside `within` where it is given: of the scratch, or of the slices themselves. */
  build(scratch: Scratch, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const present = this.#bits.present.bitmap
    if (!this.#isRest) return this.#intervals[0]?.build(scratch, within) ?? scratch.empty()
    let rest: ReadonlyBitmap = within === null ? present : scratch.and(present, within)
    for (const interval of this.#intervals) {
      const outside = interval.build(scratch, within)
      rest = scratch.owns(rest) ? rest.andNotInPlace(outside) : scratch.andNot(rest, outside)
      scratch.release(outside)
    }
    return rest
  }

  /** How many people `build` would give. The last step is only counted. */
  count(scratch: Scratch, within: ReadonlyBitmap | null): number {
    const inside = this.#intervals.reduce((sum, interval) => sum + interval.count(scratch, within), 0)
    if (!this.#isRest) return inside
    const { present } = this.#bits
    return (within === null ? present.shape.size : present.bitmap.andCardinality(within)) - inside
  }

  /** The interval between two numbers of one sign, `null` where nobody can be in it. */
  #interval(low: number, high: number, negative: boolean | null): SliceInterval | null {
    const { slices, present } = this.#bits
    const size = present.shape.size
    const fixed: FixedBits = slices.map((slice) => {
      const ones = slice.shape.size
      return ones === 0 ? 0 : ones === size ? 1 : null
    })
    const from = leastFrom(bitsOf(low, slices.length), fixed)
    const to = greatestUpTo(bitsOf(high, slices.length), fixed)
    if (from === null || to === null || isAbove(from, to)) return null
    const differing = slices.filter((_, i) => fixed[i] === null)
    return new SliceInterval({ ...this.#bits, slices: differing }, from, to, negative)
  }
}

function intervalsOf(intervals: readonly (SliceInterval | null)[]): readonly SliceInterval[] {
  return intervals.filter((interval) => interval !== null)
}

function isAbove(a: Bits, b: Bits): boolean {
  for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return a[i]! > b[i]!
  return false
}

import type { BitSlices } from './bit-slices.ts'
import { type Bitmap, bitmapShape, type ReadonlyBitmap } from './bitmap.ts'
import {
  type Base,
  borrowed,
  countIntersection,
  intersect,
  intersection,
  type Operand,
  owning,
} from './intersection.ts'
import type { Scratch } from './scratch.ts'
import { type Bits, highestDifference, nextOf } from './slice-bits.ts'
import { descend, type TakePeople } from './slice-descent.ts'

/** An operation on dense bitmaps in place, in microseconds a container of 65,536 people. */
const denseStep = 0.35
/** One on a few people, beside what each of them takes. */
const fewStep = 0.15
/** Looking at one of a few people at all bits: half of those that are left drop out at each. */
const fewValue = 0.003
/** Most people of an array container. */
const arrayLimit = 4_096

/**
 * The people whose bits, read as an unsigned number, are from `low` to `high`, and who are on one side of 0.
 *
 * ```
 *   bit       6 5 4 3 2 1 0
 *   low       1 0 0 0 1 1 0      above the branch all have to have the bits of both bounds: an intersection
 *   high      1 0 1 1 0 1 0      from the branch down: at least low, and not at least high + 1
 *                 ↑ branch
 * ```
 *
 * "At least low" is one pass from the lowest bit up. Who is at least as high as the lower bits of `low` stays so by a bit
 * that is 1 where low has a 0 (a union), and has to have it where low has a 1 (an intersection). Up to the lowest 1 of
 * low that is everybody, so the pass starts there, with the slice itself. The textbook goes down from the highest bit
 * with two bitmaps, those above and those still equal, which is three operations a bit; but where only a few people are
 * asked about, these two shrink at once, so they are taken that way.
 *
 * Source: O'Neil and Quass, Improved Query Performance with Variant Indexes, SIGMOD 1997, section 4.2, for the way down.
 */
export class SliceInterval {
  readonly #bits: BitSlices
  readonly #low: Bits
  readonly #high: Bits
  readonly #negative: boolean | null
  /** The highest bit at which the bounds differ, -1 for none. */
  readonly #branch: number
  /** Whether the bits from the branch down keep nobody out by being too low, or too high. */
  readonly #isLowOpen: boolean
  readonly #isHighOpen: boolean

  /** @param negative which side of 0; `null` where all are on one */
  constructor(bits: BitSlices, low: Bits, high: Bits, negative: boolean | null) {
    this.#bits = bits
    this.#low = low
    this.#high = high
    this.#negative = negative
    this.#branch = highestDifference(low, high)
    this.#isLowOpen = !low.subarray(0, this.#branch + 1).includes(1)
    this.#isHighOpen = !high.subarray(0, this.#branch + 1).includes(0)
  }

  /** How many operations on two bitmaps it takes to build. */
  get steps(): number {
    const bounds = (this.#isLowOpen ? 0 : 1) + (this.#isHighOpen ? 0 : 1)
    const operands = this.#high.length - 1 - this.#branch + (this.#negative === null ? 0 : 1) + bounds
    if (operands === 0) return 0
    // People are taken away from something: where all operands take away, from everybody.
    const allNegated = this.#isLowOpen && this.#negative !== true && !this.#high.subarray(this.#branch + 1).includes(1)
    return this.#boundSteps + operands - 1 + (allNegated ? 1 : 0)
  }

  /** The share of people that it is thought to have. */
  get share(): number {
    const { present, negative, slices } = this.#bits
    const { size } = present.shape
    let share = 1
    for (let i = this.#branch + 1; i < slices.length; i++) {
      const ones = slices[i]!.shape.size / size
      share *= this.#high[i] === 1 ? ones : 1 - ones
    }
    if (this.#negative !== null) {
      const below = negative.shape.size / size
      share *= this.#negative ? below : 1 - below
    }
    const enough = this.#isLowOpen ? 1 : this.#shareFrom(this.#low)
    const tooMuch = this.#isHighOpen ? 0 : this.#shareFrom(nextOf(this.#high))
    return share * Math.max(0, enough - tooMuch)
  }

  /** The people, inside `within` where it is given: of the scratch, or of the slices themselves. */
  build(scratch: Scratch, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const base = this.#base()
    const operands = this.#outer(within)
    if (this.#isQuickerFromAbove(operands, within)) {
      const parts: Bitmap[] = []
      this.#descend(operands, within, scratch, (people) => void parts.push(people))
      if (parts.length === 1) return parts[0]!
      const people = scratch.orMany(parts)
      for (const part of parts) scratch.release(part)
      return people
    }
    operands.push(...this.#inner(scratch))
    return operands.length === 0 ? base.bitmap : intersect(this.#inPresent(operands, within), base, scratch)
  }

  /** How many people `build` would give. */
  count(scratch: Scratch, within: ReadonlyBitmap | null): number {
    const base = this.#base()
    const operands = this.#outer(within)
    if (this.#isQuickerFromAbove(operands, within)) {
      let count = 0
      this.#descend(operands, within, scratch, (people) => {
        count += people.size
        scratch.release(people)
      })
      return count
    }
    operands.push(...this.#inner(scratch))
    if (operands.length === 0) return base.size
    const others = operands.filter(({ bitmap }) => bitmap !== within)
    if (within === null || others.some(({ negated }) => !negated)) return countIntersection(operands, base, scratch)
    // Everybody, and then those who are taken away: two counts are less work than taking them away.
    const inside = base.bitmap.andCardinality(within)
    if (others.length === 0) return inside
    const outside = intersection(others, base, scratch)
    const count = inside - outside.bitmap.andCardinality(within)
    if (outside.owned) scratch.release(outside.bitmap)
    return count
  }

  #base(): Base {
    const { present } = this.#bits
    return { bitmap: present.bitmap, ...present.shape }
  }

  /** The bits above the branch, the sign, and `within`. */
  #outer(within: ReadonlyBitmap | null): Operand[] {
    const { slices, negative } = this.#bits
    const operands: Operand[] = []
    for (let i = this.#branch + 1; i < slices.length; i++) {
      operands.push(borrowed(slices[i]!.bitmap, slices[i]!.shape.size, this.#high[i] === 0))
    }
    if (this.#negative !== null) operands.push(borrowed(negative.bitmap, negative.shape.size, !this.#negative))
    if (within !== null) operands.push(borrowed(within, within.size))
    return operands
  }

  /** The bits from the branch down. */
  #inner(scratch: Scratch): Operand[] {
    const operands: Operand[] = []
    if (!this.#isLowOpen) operands.push(this.#from(this.#low, false, scratch))
    if (!this.#isHighOpen) operands.push(this.#from(nextOf(this.#high), true, scratch))
    return operands
  }

  /** Makes sure that there is an operand of people with a value, `within` being any people. */
  #inPresent(operands: readonly Operand[], within: ReadonlyBitmap | null): readonly Operand[] {
    if (within === null || operands.some(({ bitmap, negated }) => !negated && bitmap !== within)) return operands
    const { present } = this.#bits
    return [...operands, borrowed(present.bitmap, present.shape.size)]
  }

  /** The people whose bits up to the branch are at least these: one operation a bit from the lowest 1 up. */
  #from(bits: Bits, negated: boolean, scratch: Scratch): Operand {
    const { slices } = this.#bits
    const base = this.#base()
    let i = bits.indexOf(1)
    let people = borrowed(slices[i]!.bitmap, slices[i]!.shape.size)
    i++
    while (i <= this.#branch) {
      if (bits[i] === 1) {
        const needed = [people]
        for (; i <= this.#branch && bits[i] === 1; i++) needed.push(borrowed(slices[i]!.bitmap, slices[i]!.shape.size))
        people = intersection(needed, base, scratch)
      } else {
        const slice = slices[i++]!.bitmap
        people = owning(people.owned ? (people.bitmap as Bitmap).orInPlace(slice) : scratch.or(people.bitmap, slice))
      }
    }
    return { ...people, negated }
  }

  /** Operations that both bounds take, each from its lowest 1 to the branch. */
  get #boundSteps(): number {
    const low = this.#isLowOpen ? 0 : this.#branch - this.#low.indexOf(1)
    return this.#isHighOpen ? low : low + this.#branch - nextOf(this.#high).indexOf(1)
  }

  /** The share of people whose bits up to the branch are at least these. */
  #shareFrom(bits: Bits): number {
    const { present, slices } = this.#bits
    let share = 1
    for (let i = bits.indexOf(1); i <= this.#branch; i++) {
      const ones = slices[i]!.shape.size / present.shape.size
      share = bits[i] === 1 ? share * ones : 1 - (1 - share) * (1 - ones)
    }
    return share
  }

  /** Whether the operands leave so few people that it is less work to go down with them than up with everybody. */
  #isQuickerFromAbove(operands: readonly Operand[], within: ReadonlyBitmap | null): boolean {
    if (operands.length === 0 || (this.#isLowOpen && this.#isHighOpen)) return false
    const { size, containers } = this.#bits.present.shape
    let people = size
    for (const operand of operands) people *= Math.min(1, (operand.negated ? size - operand.size : operand.size) / size)
    const reached = Math.min(within === null ? containers : bitmapShape(within).containers, containers, people)
    if (people > reached * arrayLimit) return false
    const fromAbove = reached * (this.#branch + 1) * fewStep + people * fewValue
    return fromAbove < containers * (this.#boundSteps + 1) * denseStep
  }

  /** Takes the operands together, which leaves a few people, and goes down with those. */
  #descend(operands: readonly Operand[], within: ReadonlyBitmap | null, scratch: Scratch, take: TakePeople): void {
    const people = intersect(this.#inPresent(operands, within), this.#base(), scratch)
    const few = scratch.owns(people) ? people : scratch.clone(people)
    const slices = this.#bits.slices.map((slice) => slice.bitmap)
    descend(few, slices, this.#low, this.#high, this.#branch, scratch, take)
  }
}

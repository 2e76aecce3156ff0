import type { BitSlices } from './bit-slices.ts'
import { type Bitmap, bitmapShape, type ReadonlyBitmap } from './bitmap.ts'
import { type Base, countIntersection, intersect, intersection, type Operand, owning } from './intersection.ts'
import type { Posting } from './posting.ts'
import type { Scratch } from './scratch.ts'
import { ascend } from './slice-ascent.ts'
import { type Bits, highestDifference, nextOf } from './slice-bits.ts'
import { costFromAbove, costUp } from './slice-cost.ts'
import { type DescentTaker, descend } from './slice-descent.ts'

/** Bytes a container up to which a slice is plain: nearly the same for all neighbours, or with few people. */
const plainBytes = 2_048
/** Plain bits above the branch are taken together at once where they are thought to leave no more than this share. */
const worthTaking = 0.9
/** Most people of an array container. */
const arrayLimit = 4_096

/** A part of the intersection from which the bits from the branch down take. */
export interface OuterPart extends Operand {
  /** A bit above the branch, the sign, several of them together, or the people that are asked about. */
  readonly role: number | 'sign' | 'taken' | 'within'
  readonly containers: number
}

/**
 * The people whose bits, read as an unsigned number, are from `low` to `high`, and who are on one side of 0.
 *
 * ```
 *   bit       6 5 4 3 2 1 0
 *   low       1 0 0 0 1 1 0      above the branch everybody inside has the bits of both bounds: an intersection
 *   high      1 0 1 1 0 1 0      from the branch down: at least low, and not at least high + 1
 *                 ↑ branch
 * ```
 *
 * From the branch down there are two ways. Up from the lowest bit is one operation a bit on everybody. Down from the
 * branch is the textbook's, three operations a bit, but on ever fewer people: less work where only a few are asked about,
 * and where the high slices are the same for whole blocks of neighbours, as of what grows with the numbers of people.
 */
export class SliceInterval {
  readonly #bits: BitSlices
  readonly #low: Bits
  readonly #high: Bits
  readonly #negative: boolean | null
  /** The highest bit at which the bounds differ, -1 for none. */
  readonly #branch: number
  /** The lower bound from the branch down, and what is too much; `null` where nobody is too low, or too high. */
  readonly #least: Bits | null
  readonly #tooMuch: Bits | null

  /** @param negative which side of 0; `null` where all are on one */
  constructor(bits: BitSlices, low: Bits, high: Bits, negative: boolean | null) {
    this.#bits = bits
    this.#low = low
    this.#high = high
    this.#negative = negative
    this.#branch = highestDifference(low, high)
    this.#least = low.subarray(0, this.#branch + 1).includes(1) ? low : null
    this.#tooMuch = high.subarray(0, this.#branch + 1).includes(0) ? nextOf(high) : null
  }

  /** How many operations on two bitmaps it takes to build for everybody, from the lowest bit up. */
  get steps(): number {
    const operands = this.#above.map(({ negated }) => negated)
    let steps = -1
    for (const bound of [this.#least, this.#tooMuch]) {
      if (bound === null) continue
      operands.push(bound === this.#tooMuch)
      steps += this.#branch - bound.indexOf(1)
    }
    if (operands.length === 0) return 0
    // Where all operands take people away, they take them from everybody.
    return steps + operands.length + (operands.includes(false) ? 0 : 1)
  }

  /** The share of people that it is thought to have, as if bits knew nothing of each other. */
  get share(): number {
    const outer = this.#above.reduce((share, part) => share * this.#shareOf(part), 1)
    const enough = this.#least === null ? 1 : this.#shareFrom(this.#least)
    const tooMuch = this.#tooMuch === null ? 0 : this.#shareFrom(this.#tooMuch)
    return outer * Math.max(0, enough - tooMuch)
  }

  /** The people, inside `within` where it is given: of the scratch, or of the slices themselves. */
  build(scratch: Scratch, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const outer = this.#outer(scratch, within)
    if (this.#isQuickerFromAbove(outer)) return this.#buildFrom(this.#together(outer, scratch), scratch, false)
    const operands = this.#withPresent([...this.#withInner(outer, scratch)])
    return operands.length === 0 ? this.#base.bitmap : intersect(operands, this.#base, scratch)
  }

  /** How many people `build` would give. */
  count(scratch: Scratch, within: ReadonlyBitmap | null): number {
    const outer = this.#outer(scratch, within)
    if (this.#isQuickerFromAbove(outer)) return this.#countFrom(this.#together(outer, scratch), scratch, false)
    const base = this.#base
    if (this.#hasInner && this.#isPlain(this.#branch)) {
      const first = outer.filter(isFirst)
      const later = outer.filter((part) => !isFirst(part))
      if (later.every(isGiven)) {
        return this.#countFrom(this.#together(first, scratch), scratch, true, later[0]?.bitmap)
      }
    }
    const all = this.#withInner(outer, scratch)
    const others = all.filter((part) => !isGiven(part))
    if (within === null || within.size <= arrayLimit * base.containers || others.some(({ negated }) => !negated)) {
      const operands = this.#withPresent([...all])
      return operands.length === 0 ? base.size : countIntersection(operands, base, scratch)
    }
    // Everybody, and then those who are taken away: two counts are less work than taking them away.
    const inside = base.bitmap.andCardinality(within)
    if (others.length === 0) return inside
    const outside = intersection(others, base, scratch)
    const count = inside - outside.bitmap.andCardinality(within)
    if (outside.owned) scratch.release(outside.bitmap)
    return count
  }

  /** Whether the bits from the branch down keep anybody out. */
  get #hasInner(): boolean {
    return this.#least !== null || this.#tooMuch !== null
  }

  get #base(): Base {
    const { present } = this.#bits
    return { bitmap: present.bitmap, ...present.shape }
  }

  /** The bits above the branch, and the sign. */
  get #above(): OuterPart[] {
    const { slices, negative } = this.#bits
    const parts: OuterPart[] = []
    for (let i = this.#branch + 1; i < slices.length; i++) parts.push(partOf(slices[i]!, this.#high[i] === 0, i))
    if (this.#negative !== null) parts.push(partOf(negative, !this.#negative, 'sign'))
    return parts
  }

  /** All but the bits from the branch down. Plain slices that leave fewer people are taken together already. */
  #outer(scratch: Scratch, within: ReadonlyBitmap | null): readonly OuterPart[] {
    let outer = this.#above
    const plain = outer.filter((part) => typeof part.role === 'number' && this.#isPlain(part.role))
    if (plain.reduce((share, part) => share * this.#shareOf(part), 1) <= worthTaking) {
      const people = intersect(plain, this.#base, scratch)
      const { size, containers } = bitmapShape(people)
      const owned = scratch.owns(people)
      outer = outer.filter((part) => !plain.includes(part))
      outer.push({ bitmap: people, size, containers, negated: false, owned, role: 'taken' })
    }
    if (within !== null) {
      const { size, containers } = bitmapShape(within)
      outer.push({ bitmap: within, size, containers, negated: false, owned: false, role: 'within' })
    }
    return outer
  }

  /** The outer parts, and what the bits from the branch down say of everybody. */
  #withInner(outer: readonly OuterPart[], scratch: Scratch): readonly Operand[] {
    if (!this.#hasInner) return outer
    if (this.#isPlain(this.#branch)) {
      const people = this.#together(outer.filter(isFirst), scratch)
      return [...outer.filter((part) => !isFirst(part)), owning(this.#buildFrom(people, scratch, true))]
    }
    const slices = this.#bits.slices.map((slice) => partOf(slice, false, 'taken'))
    const inner: Operand[] = []
    let left = outer
    if (this.#least !== null) inner.push(ascend(slices, this.#least, this.#branch, this.#base, scratch))
    if (this.#tooMuch !== null) {
      // Bits above the branch that have to be 0 are asked on the way up.
      let top = this.#branch
      while (left.some(({ role, negated }) => role === top + 1 && negated)) top++
      left = left.filter(({ role }) => typeof role !== 'number' || role > top)
      inner.push({ ...ascend(slices, this.#tooMuch, top, this.#base, scratch), negated: true })
    }
    return [...left, ...inner]
  }

  /** Makes sure that some operand has only people with a value, which those that are asked about may be without. */
  #withPresent(operands: Operand[]): readonly Operand[] {
    const isOpen = operands.some(isGiven) && operands.every((part) => part.negated || isGiven(part))
    if (isOpen) operands.push(partOf(this.#bits.present, false, 'taken'))
    return operands
  }

  /** The outer parts as one bitmap of the scratch, to be changed. */
  #together(outer: readonly OuterPart[], scratch: Scratch): Bitmap {
    const parts = this.#withPresent([...outer])
    const people = parts.length === 0 ? this.#base.bitmap : intersect(parts, this.#base, scratch)
    return scratch.owns(people) ? people : scratch.clone(people)
  }

  /** Whether the outer parts leave so little that it is less work to go down with it than up with everybody. */
  #isQuickerFromAbove(outer: readonly OuterPart[]): boolean {
    if (outer.length === 0 || !this.#hasInner) return false
    const { size, containers } = this.#base
    const bits = this.#least ?? this.#high
    const shares: number[] = []
    for (let i = this.#branch; i >= bits.indexOf(this.#least === null ? 0 : 1); i--) {
      shares.push(this.#shareOf(partOf(this.#bits.slices[i]!, bits[i] === 0, i)))
    }
    const people = outer.reduce((left, part) => left * this.#shareOf(part), size)
    return costFromAbove(outer, containers, people, shares) < costUp(this.steps + 1, containers)
  }

  /** Goes down with people, as far as slices are plain where it says so; those who are equal so far are the rest. */
  #descend(people: Bitmap, scratch: Scratch, onPlain: boolean, takers: Pick<DescentTaker, 'take' | 'rest'>): void {
    const slices = this.#bits.slices.map((slice) => slice.bitmap)
    const stopsAbove = (bit: number): boolean => onPlain && !this.#isPlain(bit)
    descend(people, slices, this.#low, this.#high, this.#branch, scratch, { ...takers, stopsAbove })
  }

  #buildFrom(people: Bitmap, scratch: Scratch, onPlain: boolean): Bitmap {
    const parts: Bitmap[] = []
    this.#descend(people, scratch, onPlain, {
      take: (part) => void parts.push(part),
      rest: (equal, bit, bound) => {
        parts.push(this.#below(bit, bound).build(scratch, equal) as Bitmap)
        scratch.release(equal)
      },
    })
    // Of sparse parts, one after the other is less work than all at once, which goes by way of bitsets.
    const [first, ...others] = parts.sort((a, b) => a.size - b.size) as [Bitmap, ...Bitmap[]]
    return others.reduce((united, part) => {
      part.orInPlace(united)
      scratch.release(united)
      return part
    }, first)
  }

  /** How many people `#buildFrom` would give, of those in `within`. */
  #countFrom(people: Bitmap, scratch: Scratch, onPlain: boolean, within?: ReadonlyBitmap): number {
    let count = 0
    const take = (part: Bitmap): void => {
      count += within === undefined ? part.size : part.andCardinality(within)
      scratch.release(part)
    }
    this.#descend(people, scratch, onPlain, {
      take,
      rest: (equal, bit, bound) => {
        const below = this.#below(bit, bound)
        if (within === undefined) count += below.count(scratch, equal)
        else take(below.build(scratch, equal) as Bitmap)
        scratch.release(equal)
      },
    })
    return count
  }

  /** The question about a bit and those below it, of people who have the bits above in common with a bound. */
  #below(bit: number, bound: 'low' | 'high'): SliceInterval {
    const slices = this.#bits.slices.slice(0, bit + 1)
    const low = bound === 'low' ? this.#low.slice(0, bit + 1) : new Uint8Array(bit + 1)
    const high = bound === 'high' ? this.#high.slice(0, bit + 1) : new Uint8Array(bit + 1).fill(1)
    return new SliceInterval({ ...this.#bits, slices }, low, high, null)
  }

  #isPlain(bit: number): boolean {
    return this.#bits.slices[bit]!.shape.byteSize <= plainBytes * this.#bits.present.shape.containers
  }

  #shareOf({ size, negated }: Operand): number {
    const everybody = this.#bits.present.shape.size
    return Math.min(1, (negated ? everybody - size : size) / everybody)
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
}

function partOf(posting: Posting, negated: boolean, role: OuterPart['role']): OuterPart {
  const { size, containers } = posting.shape
  return { bitmap: posting.bitmap, size, containers, negated, owned: false, role }
}

/** Whether a part is better taken before the bits from the branch down than after: it leaves less to ask about. */
function isFirst({ role, size, containers }: OuterPart): boolean {
  return role === 'taken' || (role === 'within' && size <= arrayLimit * containers)
}

function isGiven(operand: Operand): boolean {
  return 'role' in operand && operand.role === 'within'
}

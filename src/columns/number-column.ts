import { decimalNumber } from '../base/decimal.ts'
import { cloneBitmap, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import type { Scratch } from '../bitmap/scratch.ts'
import { type Extreme, extremeOf } from '../bitmap/slice-extremes.ts'
import { SliceRange } from '../bitmap/slice-range.ts'
import { sliceValues, type ValueSlices, widthOf } from '../bitmap/value-slices.ts'
import type { NumberSpec, TimestampSpec } from '../schema/column-spec.ts'
import { type NumberLimits, numberLimits } from './number-limits.ts'
import { orderFor, type WriteOrder } from './write-order.ts'

/** The lowest and the highest value, and who has them. */
interface Bounds {
  readonly lowest: Extreme
  readonly highest: Extreme
}

/** Extremes that are asked for since the last write before it is worth it to know those of all. */
const leastAsked = 4

/** What a column is made of. */
interface Parts {
  readonly present: Posting
  readonly negative: Posting
  readonly slices: Posting[]
  readonly order: WriteOrder | null
}

/**
 * A number or a timestamp for each person, held bit by bit: slice `i` has the people whose bit `i` is 1, in two's
 * complement. Values are whole: a number at its scale, a timestamp in milliseconds since 1970.
 *
 * Whatever is below 0 has bits up to the sign, so a slice that is needed for the first time begins as `negative`.
 */
export class NumberColumn {
  readonly kind: 'number' | 'timestamp'
  readonly spec: NumberSpec | TimestampSpec
  /** What may be written. */
  readonly limits: NumberLimits
  /** The people who have a value. */
  readonly present: Posting
  /** The people whose value is below 0. */
  readonly negative: Posting
  /** The version of the data that its last write led to. */
  writtenAt = 0
  /** When each value was written: at `writtenAt` of its write. `null` where it doesn't matter. */
  order: WriteOrder | null
  readonly #slices: Posting[]
  #bounds: Bounds | null | undefined
  /** How often they were asked for since the last write. */
  #boundsAsked = 0

  constructor(spec: NumberSpec | TimestampSpec, parts: Parts = emptyParts(spec)) {
    this.kind = spec.kind
    this.spec = spec
    this.limits = numberLimits(spec)
    this.present = parts.present
    this.negative = parts.negative
    this.#slices = parts.slices
    this.order = parts.order
  }

  /** A column from its parts, taking the bitmaps over. Whether they fit together is the caller's to check. */
  static from(spec: NumberSpec | TimestampSpec, parts: ValueSlices): NumberColumn {
    const column = new NumberColumn(spec)
    column.replaceWith(parts)
    return column
  }

  /** The column as it is now, for somebody who keeps it. Cost: the number of slices; each write copies those it is the first to touch. Dispose of it. */
  fork(): NumberColumn {
    const fork = new NumberColumn(this.spec, {
      present: this.present.fork(),
      negative: this.negative.fork(),
      slices: this.#slices.map((slice) => slice.fork()),
      order: this.order?.fork() ?? null,
    })
    fork.writtenAt = this.writtenAt
    fork.#bounds = this.#bounds
    return fork
  }

  /** The people whose bit is 1, bit by bit, lowest first. */
  get slices(): readonly Posting[] {
    return this.#slices
  }

  /** The person's value as a whole number, `undefined` for none. Cost: a look at each slice, some 30 ns. */
  valueOf(person: number): number | undefined {
    if (!this.present.has(person)) return undefined
    const slices = this.#slices
    let value = 0
    let weight = 1
    for (let i = 0; i < slices.length; i++) {
      if (slices[i]!.has(person)) value += weight
      weight *= 2
    }
    return this.negative.has(person) ? value - weight : value
  }

  /** The person's value as it is read: the double nearest to the decimal, or a `Date`. */
  get(person: number): number | Date | undefined {
    const value = this.valueOf(person)
    if (value === undefined) return undefined
    return this.kind === 'timestamp' ? new Date(value) : decimalNumber(value, this.limits.scale)
  }

  /** Gives the person a value; `null` clears it. Cost: a look at each slice, and a write where its bit changes. */
  set(person: number, value: number | null): void {
    if (value === null) {
      this.forget(person)
      return
    }
    const width = widthOf(value)
    this.#widen(width)
    const slices = this.#slices
    const low = value | 0
    const high = Math.floor(value / 2 ** 32)
    for (let i = 0; i < slices.length; i++) {
      if (((i < 32 ? low >>> i : high >>> (i - 32)) & 1) === 1) slices[i]!.add(person)
      else slices[i]!.delete(person)
    }
    if (value < 0) this.negative.add(person)
    else this.negative.delete(person)
    this.present.add(person)
    this.order?.set(person, this.writtenAt)
    this.#changed()
  }

  /**
   * Gives people a value each, the later of two for one person winning. When they were written is told to `order` by the caller.
   * Cost: some 20 ns a person, and a pass over the slices.
   */
  setMany(people: Uint32Array, values: Float64Array): void {
    this.#write(sliceValues(people, values), false)
  }

  /** Makes exactly these people have a value. Cost: as `setMany`. */
  replaceAll(people: Uint32Array, values: Float64Array): void {
    this.replaceWith(sliceValues(people, values))
  }

  /** Gives people the values of the slices, which are freed. */
  write(values: ValueSlices): void {
    this.#write(values, true)
  }

  /** Takes slices over in the place of those that are there. */
  replaceWith({ people, negative, slices }: ValueSlices): void {
    for (const posting of this.#slices.splice(slices.length)) posting.dispose()
    slices.forEach((bitmap, i) => {
      const posting = this.#slices[i]
      if (posting === undefined) this.#slices.push(new Posting(bitmap))
      else posting.replace(bitmap)
    })
    this.negative.replace(negative)
    this.present.replace(people)
    this.order?.replace(this.writtenAt)
    this.#changed()
  }

  /** Takes the value from all of them. */
  clearAll(people: ReadonlyBitmap): void {
    for (const posting of this.postings()) posting.removeAll(people)
    this.#changed()
  }

  /** Forgets a person who is removed. */
  forget(person: number): void {
    if (!this.present.has(person)) return
    for (const posting of this.postings()) posting.delete(person)
    this.#changed()
  }

  /**
   * The people with a value from `from` to `to`, both included, as whole numbers; `null` for no bound. Only those of
   * `within` where it is given. The bitmap is one of the scratch, or one of the column, which is only to be read.
   *
   * Cost: `rangeSteps` operations in place, each from 0.1 to 0.5 µs a container; less inside a few people.
   */
  range(
    from: number | null,
    to: number | null,
    scratch: Scratch,
    within: ReadonlyBitmap | null = null,
  ): ReadonlyBitmap {
    return new SliceRange(this, from, to).build(scratch, within)
  }

  /** How many people `range` would give. The last step is only counted. */
  countRange(from: number | null, to: number | null, scratch: Scratch, within: ReadonlyBitmap | null = null): number {
    return new SliceRange(this, from, to).count(scratch, within)
  }

  /** How many operations on two bitmaps `range` takes: none for what no value can be, or every value is. */
  rangeSteps(from: number | null, to: number | null): number {
    return new SliceRange(this, from, to).steps
  }

  /** Roughly how many people `range` would give, as if bits knew nothing of each other. Cost: microseconds. */
  estimateRange(from: number | null, to: number | null): number {
    return new SliceRange(this, from, to).share * this.present.size
  }

  /** The lowest and the highest value, `null` where nobody has one. Cost: the first time after a write up to two operations a slice. */
  bounds(): { readonly min: number; readonly max: number } | null {
    const bounds = this.#knownBounds()
    return bounds === null ? null : { min: bounds.lowest.number, max: bounds.highest.number }
  }

  /**
   * The lowest or the highest value of some people, `null` for nobody. Where it is asked for again and again, it is found out who has the lowest and
   * highest values of all: if one of those is among the people, there is no more to do. Cost: up to two operations a slice.
   *
   * @param among people who all have a value
   * @param mayFindOut whether there is time for that, some 30 ms of 100 million people
   */
  extremeOf(among: ReadonlyBitmap, isHighest: boolean, mayFindOut: boolean): number | null {
    if (mayFindOut && this.#bounds === undefined && ++this.#boundsAsked > leastAsked) this.#knownBounds()
    const known = this.#bounds?.[isHighest ? 'highest' : 'lowest']
    if (known?.holders.some((person) => among.has(person))) return known.number
    return extremeOf(this, isHighest, among)?.number ?? null
  }

  #knownBounds(): Bounds | null {
    if (this.#bounds === undefined) {
      const lowest = extremeOf(this, false, this.present.bitmap)
      const highest = extremeOf(this, true, this.present.bitmap)
      this.#bounds = lowest === null || highest === null ? null : { lowest, highest }
    }
    return this.#bounds
  }

  #changed(): void {
    this.#bounds = undefined
    this.#boundsAsked = 0
  }

  /** The bitmaps that hold the column. */
  *postings(): IterableIterator<Posting> {
    yield this.present
    yield this.negative
    yield* this.#slices
  }

  /** The slices without those at the top that say no more than the sign: older values needed them. */
  neededSlices(): readonly Posting[] {
    let count = this.#slices.length
    while (count > 0 && this.#slices[count - 1]!.bitmap.isEqual(this.negative.bitmap)) count--
    return this.#slices.slice(0, count)
  }

  /** Bytes held beside the bitmaps. */
  get indexByteSize(): number {
    return this.order?.byteSize ?? 0
  }

  /** Frees the bitmaps. */
  dispose(): void {
    for (const posting of this.postings()) posting.dispose()
    this.order?.dispose()
  }

  #write({ people, negative, slices }: ValueSlices, isOrdered: boolean): void {
    this.#widen(slices.length)
    if (this.present.bitmap.intersects(people)) this.clearAll(people)
    this.#slices.forEach((posting, i) => {
      posting.addAll(slices[i] ?? negative)
    })
    this.negative.addAll(negative)
    this.present.addAll(people)
    if (isOrdered) this.order?.setAll(people, this.writtenAt, this.present.bitmap)
    this.#changed()
    for (const bitmap of [people, negative, ...slices]) bitmap.dispose()
  }

  /** Makes as many slices as a value needs. */
  #widen(width: number): void {
    while (this.#slices.length < width) this.#slices.push(new Posting(cloneBitmap(this.negative.bitmap)))
  }
}

function emptyParts({ merge }: NumberSpec | TimestampSpec): Parts {
  return { present: new Posting(), negative: new Posting(), slices: [], order: orderFor(merge) }
}

import { transposeBits } from './bit-transpose.ts'
import { type Bitmap, bitmapOf } from './bitmap.ts'
import { PortableWriter } from './portable-writer.ts'

/**
 * Whole numbers of people as bitmaps: slice `i` has the people whose bit `i` is 1, in two's complement, lowest first. All
 * bits above the slices are those of the sign.
 *
 * ```
 *   person          0  1  2  3        the values 5, -2, none, 1
 *   slice 0  (1)    1  0  .  1
 *   slice 1  (2)    0  1  .  0
 *   slice 2  (4)    1  1  .  0
 *   negative        0  1  .  0
 *   people          1  1  .  1
 * ```
 */
export interface ValueSlices {
  /** Who has a value. */
  readonly people: Bitmap
  readonly negative: Bitmap
  /** As many as the values need. */
  readonly slices: readonly Bitmap[]
}

/** How many bits a whole number takes below its sign: the least `n` with `-2^n <= value < 2^n`. */
export function widthOf(value: number): number {
  const magnitude = value < 0 ? -value - 1 : value
  return magnitude < 2 ** 32 ? 32 - Math.clz32(magnitude) : 64 - Math.clz32(Math.floor(magnitude / 2 ** 32))
}

/**
 * The slices of the values of people: `values[i]` is that of `people[i]`, whole, at most 2^53 - 1 from zero. People may
 * come in any order; of two values of one person the later counts. The bitmaps are the caller's.
 *
 * The values of 32 people at a time are turned from rows to columns; what falls into one container is collected, and
 * written as one.
 *
 * Cost: some 10 ns a person at 16 slices where their numbers are dense and ascending, three times as much where not.
 */
export function sliceValues(people: Uint32Array, values: Float64Array): ValueSlices {
  let width = 0
  let hasNegative = false
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < 0) hasNegative = true
    const magnitude = value < 0 ? -value - 1 : value
    if (magnitude > width) width = magnitude
  }
  width = widthOf(width)
  const slicer = new Slicer(width, hasNegative, Math.min(people.length, wordsPerContainer))
  const order = orderByContainer(people)
  const { length } = people
  for (let start = 0; start < length; ) {
    const key = people[order === null ? start : order[start]!]! >>> 16
    let at = start
    if (order === null) {
      for (; at < length && people[at]! >>> 16 === key; at++) slicer.take(people[at]! & 0xffff, values[at]!)
    } else {
      for (; at < length && people[order[at]!]! >>> 16 === key; at++) {
        slicer.take(people[order[at]!]! & 0xffff, values[order[at]!]!)
      }
    }
    slicer.end(key)
    start = at
  }
  return slicer.finish()
}

/** The places of `people` sorted by container, keeping the order inside each; `null` where they are sorted already. */
function orderByContainer(people: Uint32Array): Uint32Array | null {
  let previous = 0
  let sorted = true
  for (let i = 0; i < people.length && sorted; i++) {
    const key = people[i]! >>> 16
    sorted = key >= previous
    previous = key
  }
  if (sorted) return null
  const starts = new Uint32Array(65_537)
  for (let i = 0; i < people.length; i++) starts[(people[i]! >>> 16) + 1]!++
  for (let key = 0; key < 65_536; key++) starts[key + 1]! += starts[key]!
  const order = new Uint32Array(people.length)
  for (let i = 0; i < people.length; i++) order[starts[people[i]! >>> 16]!++] = i
  return order
}

const wordsPerContainer = 2048

/** The values of one container on their way: low and high 32 bits by the low 16 bits of the person, and who has one. */
const low: Int32Array = new Int32Array(65_536)
const high: Int32Array = new Int32Array(65_536)
const having: Int32Array = new Int32Array(wordsPerContainer)
/** The words of `having` that are not 0, in the order of first sight. */
const places: Uint16Array = new Uint16Array(wordsPerContainer)
const rows: Int32Array = new Int32Array(32)

/** Turns the values of one container after the other into slices. */
class Slicer {
  readonly #width: number
  readonly #isWide: boolean
  readonly #people = new PortableWriter()
  readonly #negative: PortableWriter | null
  readonly #slices: readonly PortableWriter[]
  /** The bits that were turned: those of slice `i` from `stride · i` on, one word for each place. */
  readonly #turned: Int32Array
  readonly #stride: number
  #count = 0

  /** @param stride places of a container at most */
  constructor(width: number, hasNegative: boolean, stride: number) {
    this.#width = width
    // Up to 31 slices bit 31 of the low word is the sign.
    this.#isWide = width > 31
    this.#negative = hasNegative ? new PortableWriter() : null
    this.#slices = Array.from({ length: width }, () => new PortableWriter())
    this.#turned = new Int32Array(stride * (width + 1))
    this.#stride = stride
  }

  /** Takes the value of a person of the container. */
  take(person: number, value: number): void {
    low[person] = value
    if (this.#isWide) high[person] = Math.floor(value / 2 ** 32)
    const place = person >>> 5
    const before = having[place]!
    if (before === 0) places[this.#count++] = place
    having[place] = before | (1 << (person & 31))
  }

  /** Writes the container. */
  end(key: number): void {
    const count = this.#count
    const sorted = places.subarray(0, count)
    if (!isAscending(sorted)) sorted.sort()
    const turned = this.#turned
    const width = this.#width
    const narrow = this.#isWide ? 32 : width
    const stride = this.#stride
    const sign = stride * width
    for (let n = 0; n < count; n++) {
      const place = places[n]!
      const mask = having[place]!
      const from = place << 5
      for (let i = 0; i < 32; i++) rows[i] = low[from + i]!
      transposeBits(rows)
      for (let i = 0, to = n; i < narrow; i++, to += stride) turned[to] = rows[i]! & mask
      if (this.#isWide) {
        for (let i = 0; i < 32; i++) rows[i] = high[from + i]!
        transposeBits(rows)
        for (let i = 32, to = n + 32 * stride; i < width; i++, to += stride) turned[to] = rows[i - 32]! & mask
      }
      if (this.#negative !== null) turned[sign + n] = rows[31]! & mask
    }
    for (let i = 0; i < width; i++) this.#slices[i]!.container(key, turned, stride * i, places, count)
    this.#negative?.container(key, turned, sign, places, count)
    for (let n = 0; n < count; n++) turned[n] = having[places[n]!]!
    this.#people.container(key, turned, 0, places, count)
    for (let n = 0; n < count; n++) having[places[n]!] = 0
    this.#count = 0
  }

  finish(): ValueSlices {
    return {
      people: this.#people.finish(),
      negative: this.#negative?.finish() ?? bitmapOf(),
      slices: this.#slices.map((slice) => slice.finish()),
    }
  }
}

function isAscending(numbers: Uint16Array): boolean {
  for (let i = 1; i < numbers.length; i++) if (numbers[i]! < numbers[i - 1]!) return false
  return true
}

import { type Bitmap, bitmapFromCheckedBytes, bitmapOf } from './bitmap.ts'

/** Bytes of containers after which they become a bitmap, so that few bytes are held twice. */
const flushFrom = 1 << 21
const bitsetBytes = 8192
const largestArray = 4096
/** Magic number of a portable bitmap without run containers. */
const cookie = 12346

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * Makes a bitmap of containers given as words of 32 bits, in ascending order of their keys: they are written as portable
 * Roaring bytes, which the native reader takes over by copying.
 *
 * Cost: some 0.3 ns a bit of a dense container, 2 ns a value of a sparse one.
 */
export class PortableWriter {
  #payload: Uint8Array = new Uint8Array(1 << 8)
  #used = 0
  readonly #keys: number[] = []
  readonly #sizes: number[] = []
  #built: Bitmap | null = null

  /**
   * Adds a container of the values whose bits are set: bit `b` of the word `words[from + n]` is the value
   * `32 · places[n] + b`. Nothing for no bits.
   *
   * @param places ascending
   */
  container(key: number, words: Int32Array, from: number, places: Uint16Array, count: number): void {
    let size = 0
    for (let n = from; n < from + count; n++) size += bitCount(words[n]!)
    if (size === 0) return
    this.#keys.push(key)
    this.#sizes.push(size)
    if (size > largestArray) this.#writeBitset(words, from, places, count)
    else this.#writeArray(size, words, from, places, count)
    if (this.#used >= flushFrom) this.#flush()
  }

  /** The bitmap of all containers. The writer is empty afterwards. */
  finish(): Bitmap {
    this.#flush()
    const bitmap = this.#built ?? bitmapOf()
    this.#built = null
    bitmap.runOptimize()
    return bitmap
  }

  #writeBitset(words: Int32Array, from: number, places: Uint16Array, count: number): void {
    bitset.fill(0)
    for (let n = 0; n < count; n++) bitset[places[n]!] = words[from + n]!
    if (!littleEndian) Buffer.from(bitset.buffer).swap32()
    this.#append(bitsetView, bitsetBytes)
  }

  #writeArray(size: number, words: Int32Array, from: number, places: Uint16Array, count: number): void {
    let at = 0
    for (let n = 0; n < count; n++) {
      const base = places[n]! << 5
      for (let word = words[from + n]!; word !== 0; word &= word - 1) array[at++] = base + 31 - Math.clz32(word & -word)
    }
    if (!littleEndian) Buffer.from(array.buffer).swap16()
    this.#append(arrayView, 2 * size)
  }

  #append(bytes: Uint8Array, length: number): void {
    const needed = this.#used + length
    if (needed > this.#payload.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#payload.length))
      grown.set(this.#payload.subarray(0, this.#used))
      this.#payload = grown
    }
    this.#payload.set(length === bytes.length ? bytes : bytes.subarray(0, length), this.#used)
    this.#used = needed
  }

  /** Makes a bitmap of the containers so far, and unites it with those before. */
  #flush(): void {
    const count = this.#keys.length
    if (count === 0) return
    const header = 8 + 8 * count
    const bytes = new Uint8Array(header + this.#used)
    bytes.set(this.#payload.subarray(0, this.#used), header)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, cookie, true)
    view.setUint32(4, count, true)
    let offset = header
    for (let i = 0; i < count; i++) {
      const size = this.#sizes[i]!
      view.setUint16(8 + 4 * i, this.#keys[i]!, true)
      view.setUint16(10 + 4 * i, size - 1, true)
      view.setUint32(8 + 4 * count + 4 * i, offset, true)
      offset += size > largestArray ? bitsetBytes : 2 * size
    }
    this.#used = 0
    this.#keys.length = 0
    this.#sizes.length = 0
    const bitmap = bitmapFromCheckedBytes(bytes)
    if (this.#built === null) this.#built = bitmap
    else {
      this.#built.orInPlace(bitmap)
      bitmap.dispose()
    }
  }
}

const bitset: Int32Array = new Int32Array(bitsetBytes / 4)
const bitsetView: Uint8Array = new Uint8Array(bitset.buffer)
const array: Uint16Array = new Uint16Array(largestArray)
const arrayView: Uint8Array = new Uint8Array(array.buffer)

/** Source: Warren, Hacker's Delight, section 5-1. */
function bitCount(word: number): number {
  word -= (word >>> 1) & 0x55555555
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

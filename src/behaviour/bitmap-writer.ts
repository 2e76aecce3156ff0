import { type Bitmap, bitmapFromCheckedBytes, bitmapOf } from '../bitmap/bitmap.ts'

/** Words of 32 people in a container of 65,536. */
export const wordsOfContainer = 2_048
/** From more values than this on, a container is a bitset. */
const longestArray = 4_096
const bitsetBytes = 8_192

/**
 * Builds a bitmap container by container from plain words, as portable Roaring bytes that are read in one go.
 *
 *   cookie | containers | key, size - 1 of each | place of each | containers
 *
 * Cost: a pass over the words; the bytes are copied twice.
 * Source: the Roaring format specification, https://github.com/RoaringBitmap/RoaringFormatSpec (without runs).
 */
export class BitmapWriter {
  readonly #keys: number[] = []
  readonly #sizes: number[] = []
  #bytes: Uint8Array = new Uint8Array(1 << 16)
  #length = 0

  /** Adds the people `65,536 * key + bit` for each bit that is set. Keys come ascending. The words are set to 0. */
  add(key: number, words: Int32Array): void {
    const size = countBits(words)
    if (size === 0) return
    this.#keys.push(key)
    this.#sizes.push(size)
    if (size > longestArray) {
      this.#reserve(bitsetBytes)
      this.#bytes.set(new Uint8Array(words.buffer, words.byteOffset, bitsetBytes), this.#length)
      this.#length += bitsetBytes
    } else {
      this.#reserve(2 * size)
      const values = new Uint16Array(this.#bytes.buffer, this.#length, size)
      writeBits(words, values)
      this.#length += 2 * size
    }
    words.fill(0)
  }

  /** The bitmap of all that was added. The writer is not used any more. */
  finish(): Bitmap {
    const containers = this.#keys.length
    if (containers === 0) return bitmapOf()
    const headLength = 8 + 8 * containers
    const bytes = new Uint8Array(headLength + this.#length)
    const head = new DataView(bytes.buffer)
    head.setUint32(0, 12_346, true)
    head.setUint32(4, containers, true)
    let place = headLength
    for (let i = 0; i < containers; i++) {
      const size = this.#sizes[i]!
      head.setUint16(8 + 4 * i, this.#keys[i]!, true)
      head.setUint16(10 + 4 * i, size - 1, true)
      head.setUint32(8 + 4 * containers + 4 * i, place, true)
      place += size > longestArray ? bitsetBytes : 2 * size
    }
    bytes.set(this.#bytes.subarray(0, this.#length), headLength)
    return bitmapFromCheckedBytes(bytes, false)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const longer = new Uint8Array(2 * this.#bytes.length + more)
    longer.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = longer
  }
}

/** How many bits are set. Cost: 3 µs a container. */
function countBits(words: Int32Array): number {
  let count = 0
  for (let i = 0; i < words.length; i++) {
    let word = words[i]!
    if (word === 0) continue
    word -= (word >>> 1) & 0x55555555
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}

function writeBits(words: Int32Array, values: Uint16Array): void {
  let n = 0
  for (let i = 0; i < words.length; i++) {
    for (let word = words[i]!; word !== 0; word &= word - 1) {
      values[n++] = (i << 5) + 31 - Math.clz32(word & -word)
    }
  }
}

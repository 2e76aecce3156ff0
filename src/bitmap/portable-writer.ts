import { bitCount } from './bit-count.ts'
import type { Bitmap } from './bitmap.ts'
import { ContainerWriter } from './container-writer.ts'
import { bitsetBytes, largestArray } from './portable-format.ts'

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * Makes a bitmap of containers given as words of 32 bits, in ascending order of their keys: they are written as portable
 * Roaring bytes, which the native reader takes over by copying.
 *
 * Cost: some 0.3 ns a bit of a dense container, 2 ns a value of a sparse one.
 */
export class PortableWriter {
  readonly #writer = new ContainerWriter()

  /**
   * Adds a container of the values whose bits are set: bit `b` of the word `words[from + n]` is the value
   * `32 · places[n] + b`. Nothing for no bits.
   *
   * @param places ascending
   */
  container(key: number, words: Int32Array, from: number, places: Uint16Array, count: number): void {
    let size = 0
    for (let n = from; n < from + count; n++) size += bitCount(words[n]!)
    const bytes = size > largestArray ? bitsetOf(words, from, places, count) : arrayOf(size, words, from, places, count)
    this.#writer.add(key, size, bytes)
  }

  /** The bitmap of all containers. The writer is empty afterwards. */
  finish(): Bitmap {
    const bitmap = this.#writer.finish()
    bitmap.runOptimize()
    return bitmap
  }
}

const bitset: Int32Array = new Int32Array(bitsetBytes / 4)
const bitsetView: Uint8Array = new Uint8Array(bitset.buffer)
const array: Uint16Array = new Uint16Array(largestArray)
const arrayView: Uint8Array = new Uint8Array(array.buffer)

/** The bytes, until the next container. */
function bitsetOf(words: Int32Array, from: number, places: Uint16Array, count: number): Uint8Array {
  bitset.fill(0)
  for (let n = 0; n < count; n++) bitset[places[n]!] = words[from + n]!
  if (!littleEndian) Buffer.from(bitset.buffer).swap32()
  return bitsetView
}

/** As `bitsetOf`, of `size` values. */
function arrayOf(size: number, words: Int32Array, from: number, places: Uint16Array, count: number): Uint8Array {
  let at = 0
  for (let n = 0; n < count; n++) {
    const base = places[n]! << 5
    for (let word = words[from + n]!; word !== 0; word &= word - 1) array[at++] = base + 31 - Math.clz32(word & -word)
  }
  if (!littleEndian) Buffer.from(array.buffer).swap16()
  return arrayView.subarray(0, 2 * size)
}

import { bitCount } from './bit-count.ts'
import type { Bitmap } from './bitmap.ts'
import { ContainerWriter } from './container-writer.ts'
import { largestArray } from './portable-format.ts'

/** Words of 32 people in a container of 65,536. */
export const wordsOfContainer = 2_048

const array = new Uint16Array(largestArray)
const arrayBytes = new Uint8Array(array.buffer)

/**
 * Builds a bitmap container by container from plain words.
 *
 * Cost: a pass over the words; the bytes are copied twice.
 */
export class BitmapWriter {
  readonly #writer = new ContainerWriter()

  /** Adds the people `65,536 * key + bit` for each bit that is set. Keys come ascending. The words are set to 0. */
  add(key: number, words: Int32Array): void {
    const size = countBits(words)
    if (size === 0) return
    if (size > largestArray)
      this.#writer.add(key, size, new Uint8Array(words.buffer, words.byteOffset, words.byteLength))
    else {
      writeBits(words, array)
      this.#writer.add(key, size, arrayBytes.subarray(0, 2 * size))
    }
    words.fill(0)
  }

  /** The bitmap of all that was added. The writer is not used any more. */
  finish(): Bitmap {
    return this.#writer.finish()
  }
}

/** How many bits are set. Cost: 3 µs a container. */
function countBits(words: Int32Array): number {
  let count = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word !== 0) count += bitCount(word)
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

import { bitCount } from './bit-count.ts'
import { largestArray } from './portable-format.ts'

/** Words of 32 people in a container of 65,536. */
export const wordsOfContainer = 2_048

const array = new Uint16Array(largestArray)
const arrayBytes = new Uint8Array(array.buffer)

/** Takes containers in ascending order of their keys: see `ContainerWriter`. */
export interface ContainerTaker {
  /** Up to 4,096 values as u16, ascending; more as 65,536 bits. */
  add(key: number, size: number, bytes: Uint8Array): void
}

/** Gives the container of bits that are set to `taker`; nothing for none. The words are set to 0. Cost: a pass over the words. */
export function addWords(taker: ContainerTaker, key: number, words: Int32Array): void {
  const size = countBits(words)
  if (size === 0) return
  if (size > largestArray) taker.add(key, size, new Uint8Array(words.buffer, words.byteOffset, words.byteLength))
  else {
    writeBits(words, array)
    taker.add(key, size, arrayBytes.subarray(0, 2 * size))
  }
  words.fill(0)
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

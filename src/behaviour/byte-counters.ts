import type { DoubleRange } from './number-range.ts'

/** Highest count of a byte. */
const highestByte = 255
const highBits = 0x80808080 | 0
const lowBits = 0x7f7f7f7f
const ones = 0x01010101

/**
 * Sets a bit for each byte that is 1 or more and passes the range: four bytes at a time, as parts of one 32-bit word.
 *
 * A byte `x` below 128 is at least `n` exactly if `x + 128 - n` has its high bit, and no sum runs over into the byte above:
 *
 *   bytes       07 00 03 01      n = 3
 *   + 128 - n   84 7d 80 7e
 *   high bits   80 00 80 00  →   1 0 1 0
 *
 * Bytes are in the order of a little-endian machine.
 * Cost: a third of a nanosecond a byte.
 */
export function testBytes(counts: Uint8Array, range: DoubleRange, words: Int32Array): void {
  const quads = new Int32Array(counts.buffer, counts.byteOffset, counts.length >> 2)
  const low = threshold(range.lo)
  const high = threshold(range.hi + 1)
  const outside = range.outside ? -1 : 0
  for (let i = 0; i < words.length; i++) {
    let bits = 0
    for (let part = 0; part < 8; part++) {
      const quad = quads[8 * i + part]!
      if (quad === 0) continue
      const inside = reached(quad, low) & ~reached(quad, high)
      const passes = (inside ^ outside) & reached(quad, atLeastOne) & highBits
      // The four high bits, brought together by a product in which no two of their copies meet.
      bits |= (Math.imul(passes >>> 7, 0x10204080) >>> 28) << (4 * part)
    }
    words[i] = words[i]! | bits
  }
}

/** How to find the bytes that have reached a number. */
interface Threshold {
  /** What is added to the lower seven bits of each byte, so that the high bit of the sum says whether they have. */
  readonly add: number
  /** All bits, where the high bit of the byte itself is enough too; else none. */
  readonly either: number
  /** All bits, where the high bit of the byte itself is needed as well; else none. */
  readonly both: number
}

function threshold(least: number): Threshold {
  if (least > highestByte) return { add: 0, either: 0, both: 0 }
  if (least >= 128) return { add: Math.imul(256 - least, ones), either: 0, both: -1 }
  return { add: Math.imul(128 - Math.max(0, least), ones), either: -1, both: 0 }
}

const atLeastOne = threshold(1)

/** High bits where the byte has reached the number; the other bits mean nothing. */
function reached(quad: number, { add, either, both }: Threshold): number {
  const sum = (quad & lowBits) + add
  return (sum & quad & both) | ((sum | quad) & either)
}

/**
 * The hash that the table finds ids by: HalfSipHash-1-3 over the encoded bytes, its whole final state folded into 64
 * bits. It is keyed, because ids come from outside: XXH32 (base/xxhash32.ts) has collisions that hold for many seeds,
 * this has none that are known. It costs about 30 ns for an id of 22 bytes. Nothing visible depends on it.
 *
 * Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), and HalfSipHash in its reference
 * code; the second output word (v0 ^ v2 of the same state, instead of three more rounds) is ours.
 *
 * Writes the two words as signed 32-bit numbers to `high[at]` and `low[at]`.
 */
export function hashId(
  bytes: DataView,
  start: number,
  end: number,
  key0: number,
  key1: number,
  high: Int32Array,
  low: Int32Array,
  at: number,
): void {
  let v0 = key0 | 0
  let v1 = key1 | 0
  let v2 = key0 ^ 0x6c796765
  let v3 = key1 ^ 0x74656462
  let i = start
  const lastWord = end - 4
  for (; i <= lastWord; i += 4) {
    const word = bytes.getInt32(i, true)
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  const word = ((end - start) << 24) | lastBytes(bytes, i, end)
  v3 ^= word
  // One round for the last word, then three to finish.
  for (let round = 0; round < 4; round++) {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    if (round === 0) {
      v0 ^= word
      v2 ^= 0xee
    }
  }
  high[at] = v1 ^ v3
  low[at] = v0 ^ v2
}

/** The bytes `[start, end)`, at most three, as a number. Without a branch but at the end of all bytes: lengths can't be foreseen. */
function lastBytes(bytes: DataView, start: number, end: number): number {
  if (start + 4 <= bytes.byteLength) return bytes.getInt32(start, true) & ~(-1 << ((end - start) << 3))
  let word = 0
  for (let i = end - 1; i >= start; i--) word = (word << 8) | bytes.getUint8(i)
  return word
}

import type { Bitmap, ReadonlyBitmap } from './bitmap.ts'
import type { Scratch } from './scratch.ts'

/**
 * The values in at least `k` of the bitmaps, 1 <= k <= their number; a bitmap that comes twice counts twice. The bitmaps
 * are only read: the caller may hold them in other places too.
 *
 * For each value a counter in binary, one bitmap for each of its digits: adding a bitmap is a ripple of XOR (the digit)
 * and AND (the carry).
 *
 *   digit 2 │ 1 0 0 …      the value in the first column is in 5 of the bitmaps,
 *   digit 1 │ 0 1 0 …      that in the second in 3,
 *   digit 0 │ 1 1 0 …      that in the third in none
 *
 * Then the counters are compared with `k` from the lowest digit up: `reached` stands for "the digits so far are at least
 * those of k", which an OR of the digit keeps where k has a 0, and an AND where it has a 1.
 *
 * Cost: about two operations on a dense bitmap for each operand, and one for each digit.
 */
export function atLeast(k: number, bitmaps: readonly ReadonlyBitmap[], scratch: Scratch): Bitmap {
  const digits: Bitmap[] = []
  for (const bitmap of bitmaps) addToCounters(digits, bitmap, scratch)

  let reached: Bitmap | null = null
  for (let digit = 0; digit < digits.length || k >> digit > 0; digit++) {
    const bits = digits[digit]
    const wanted = ((k >> digit) & 1) === 1
    if (reached === null) {
      // No lower digit is set in k yet, so every value, those in no bitmap too, is at least as high so far.
      if (wanted) reached = bits === undefined ? scratch.empty() : scratch.clone(bits)
    } else if (wanted) {
      if (bits === undefined) {
        scratch.release(reached)
        reached = scratch.empty()
      } else reached.andInPlace(bits)
    } else if (bits !== undefined) reached.orInPlace(bits)
  }
  for (const bits of digits) scratch.release(bits)
  return reached ?? scratch.empty()
}

function addToCounters(digits: Bitmap[], bitmap: ReadonlyBitmap, scratch: Scratch): void {
  let carry: ReadonlyBitmap = bitmap
  for (let digit = 0; !carry.isEmpty; digit++) {
    const bits = digits[digit]
    if (bits === undefined) {
      // The first carry is the caller's bitmap, any later one was made here.
      digits.push(carry === bitmap ? scratch.clone(bitmap) : (carry as Bitmap))
      return
    }
    const next = scratch.and(bits, carry)
    bits.xorInPlace(carry)
    if (carry !== bitmap) scratch.release(carry)
    carry = next
  }
  if (carry !== bitmap) scratch.release(carry)
}

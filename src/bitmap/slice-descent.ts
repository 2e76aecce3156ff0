import type { Bitmap, ReadonlyBitmap } from './bitmap.ts'
import type { Scratch } from './scratch.ts'
import type { Bits } from './slice-bits.ts'

/** Who takes the answer of a descent, part by part. The parts are disjoint, and to be released by whoever takes them. */
export interface DescentTaker {
  /** These are in the answer. */
  take(people: Bitmap): void
  /** Whether to stop above a bit. */
  stopsAbove(bit: number): boolean
  /** These have the bits of the low or the high bound above `bit`, where the descent stops. */
  rest(people: Bitmap, bit: number, bound: 'low' | 'high'): void
}

/**
 * Of people those whose bits from `branch` down are from `low` to `high`, from the highest bit down. At each bit some are
 * found to be inside or outside for good; only those whose bits are the bound's own so far are asked on.
 *
 * @param people is used up
 * @param branch the highest bit at which the bounds differ
 *
 * Source: O'Neil and Quass, Improved Query Performance with Variant Indexes, SIGMOD 1997, section 4.2.
 */
export function descend(
  people: Bitmap,
  slices: readonly ReadonlyBitmap[],
  low: Bits,
  high: Bits,
  branch: number,
  scratch: Scratch,
  taker: DescentTaker,
): void {
  // Below the lowest 1 of low everybody is high enough, below the lowest 0 of high low enough.
  const lowEnd = low.subarray(0, branch + 1).indexOf(1)
  const highEnd = high.subarray(0, branch + 1).indexOf(0)
  if (lowEnd === -1) atMost(people, slices, high, branch, highEnd, scratch, taker)
  else if (highEnd === -1) atLeast(people, slices, low, branch, lowEnd, scratch, taker)
  else {
    const upper = scratch.and(people, slices[branch]!)
    atLeast(without(people, slices[branch]!, scratch), slices, low, branch - 1, lowEnd, scratch, taker)
    atMost(upper, slices, high, branch - 1, highEnd, scratch, taker)
  }
}

function atLeast(
  people: Bitmap,
  slices: readonly ReadonlyBitmap[],
  low: Bits,
  from: number,
  end: number,
  scratch: Scratch,
  taker: DescentTaker,
): void {
  for (let i = from; i >= end && !people.isEmpty; i--) {
    if (taker.stopsAbove(i)) {
      taker.rest(people, i, 'low')
      return
    }
    const slice = slices[i]!
    if (low[i] === 1) people.andInPlace(slice)
    else {
      taker.take(scratch.and(people, slice))
      people = without(people, slice, scratch)
    }
  }
  taker.take(people)
}

function atMost(
  people: Bitmap,
  slices: readonly ReadonlyBitmap[],
  high: Bits,
  from: number,
  end: number,
  scratch: Scratch,
  taker: DescentTaker,
): void {
  for (let i = from; i >= end && !people.isEmpty; i--) {
    if (taker.stopsAbove(i)) {
      taker.rest(people, i, 'high')
      return
    }
    const slice = slices[i]!
    if (high[i] === 0) people = without(people, slice, scratch)
    else {
      taker.take(scratch.andNot(people, slice))
      people.andInPlace(slice)
    }
  }
  taker.take(people)
}

/** `people \ slice` in the place of `people`. Taking one array from another in place is ten times slower than anew. */
function without(people: Bitmap, slice: ReadonlyBitmap, scratch: Scratch): Bitmap {
  const rest = scratch.andNot(people, slice)
  scratch.release(people)
  return rest
}

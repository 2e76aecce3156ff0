import type { Bitmap, ReadonlyBitmap } from './bitmap.ts'
import type { Scratch } from './scratch.ts'
import type { Bits } from './slice-bits.ts'

/** Given disjoint parts of the answer, each to be released by whoever takes it. */
export type TakePeople = (people: Bitmap) => void

/**
 * Of a few people those whose bits from `branch` down are from `low` to `high`, in parts. At each bit some are found to be
 * inside or outside for good; only those whose bits are the bound's own so far are asked on.
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
  take: TakePeople,
): void {
  // Below the lowest 1 of low everybody is high enough, below the lowest 0 of high low enough.
  const lowEnd = low.indexOf(1)
  const highEnd = high.indexOf(0)
  if (lowEnd === -1 || lowEnd > branch) atMost(people, slices, high, branch, highEnd, scratch, take)
  else if (highEnd === -1 || highEnd > branch) atLeast(people, slices, low, branch, lowEnd, scratch, take)
  else {
    const upper = scratch.and(people, slices[branch]!)
    atLeast(people.andNotInPlace(upper), slices, low, branch - 1, lowEnd, scratch, take)
    atMost(upper, slices, high, branch - 1, highEnd, scratch, take)
  }
}

function atLeast(
  people: Bitmap,
  slices: readonly ReadonlyBitmap[],
  low: Bits,
  from: number,
  end: number,
  scratch: Scratch,
  take: TakePeople,
): void {
  for (let i = from; i >= end && !people.isEmpty; i--) {
    const slice = slices[i]!
    if (low[i] === 1) people.andInPlace(slice)
    else {
      const above = scratch.and(people, slice)
      people.andNotInPlace(above)
      take(above)
    }
  }
  take(people)
}

function atMost(
  people: Bitmap,
  slices: readonly ReadonlyBitmap[],
  high: Bits,
  from: number,
  end: number,
  scratch: Scratch,
  take: TakePeople,
): void {
  for (let i = from; i >= end && !people.isEmpty; i--) {
    const slice = slices[i]!
    if (high[i] === 0) people.andNotInPlace(slice)
    else {
      const below = scratch.andNot(people, slice)
      people.andNotInPlace(below)
      take(below)
    }
  }
  take(people)
}

import type { BitSlices } from './bit-slices.ts'
import type { ReadonlyBitmap } from './bitmap.ts'
import { Scratch } from './scratch.ts'

/** The lowest or the highest number of some people. */
export interface Extreme {
  readonly number: number
  /** Who has it: some of them, up to `mostHolders`, from all over, where many do. */
  readonly holders: Uint32Array
}

/** How many who have an extreme number are named. */
export const mostHolders = 4_096
const drawnAtOnce = 64

/**
 * The lowest or the highest number that anybody has; `null` for nobody.
 *
 * Cost: up to two operations a slice, until the people who may have the number are few.
 *
 * @param among people who all have a number
 */
export function extremeOf(bits: BitSlices, isHighest: boolean, among: ReadonlyBitmap): Extreme | null {
  if (among.isEmpty) return null
  const scratch = new Scratch()
  try {
    const negative = bits.negative.bitmap
    const below = negative.isEmpty ? 0 : among.andCardinality(negative)
    const { size } = among
    // Who is below 0, if anybody, has the lowest number; the highest has who isn't.
    const isBelow = isHighest ? below === size : below > 0
    let people = among
    if (below > 0 && below < size) people = isBelow ? scratch.and(among, negative) : scratch.andNot(among, negative)
    let number = isBelow ? -(2 ** bits.slices.length) : 0
    // Each bit from the top is 1, or 0, if that leaves somebody.
    for (let bit = bits.slices.length - 1; bit >= 0; bit--) {
      const slice = bits.slices[bit]!.bitmap
      if (isHighest) {
        if (!people.intersects(slice)) continue
        number += 2 ** bit
        people = scratch.owns(people) ? people.andInPlace(slice) : scratch.and(people, slice)
      } else if (people.isSubset(slice)) number += 2 ** bit
      else if (people.intersects(slice)) {
        people = scratch.owns(people) ? people.andNotInPlace(slice) : scratch.andNot(people, slice)
      }
    }
    return { number, holders: drawn(people) }
  } finally {
    scratch.dispose()
  }
}

/** Some of these people, from all over. */
function drawn(people: ReadonlyBitmap): Uint32Array {
  const { size } = people
  if (size <= mostHolders) return people.toUint32Array()
  const some = new Uint32Array(mostHolders)
  for (let at = 0; at < mostHolders; at += drawnAtOnce) {
    some.set(people.rangeUint32Array(Math.floor((at / mostHolders) * (size - drawnAtOnce)), drawnAtOnce), at)
  }
  return some
}

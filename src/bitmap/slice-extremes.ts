import type { BitSlices } from './bit-slices.ts'
import type { ReadonlyBitmap } from './bitmap.ts'
import { Scratch } from './scratch.ts'

/**
 * The lowest and the highest number that anybody has, `null` for nobody.
 *
 * Cost: up to two operations a slice, until the people who may have the number are few.
 *
 * @param among people who all have a number
 */
export function extremesOf(
  bits: BitSlices,
  among: ReadonlyBitmap = bits.present.bitmap,
): { readonly min: number; readonly max: number } | null {
  const { size } = among
  if (size === 0) return null
  const scratch = new Scratch()
  try {
    const negative = bits.negative.bitmap
    const below = negative.isEmpty ? 0 : among.andCardinality(negative)
    const span = 2 ** bits.slices.length
    const from = below === 0 || below === size ? among : scratch.and(among, negative)
    const min = lowestOf(from, bits, scratch) - (below === 0 ? 0 : span)
    if (below === size) return { min, max: highestOf(from, bits, scratch) - span }
    const upper = below === 0 ? from : scratch.andNot(among, negative)
    return { min, max: highestOf(upper, bits, scratch) }
  } finally {
    scratch.dispose()
  }
}

/** The highest number that the slices have for anybody among the people: each bit from the top is 1 if that leaves somebody. */
function highestOf(people: ReadonlyBitmap, { slices }: BitSlices, scratch: Scratch): number {
  let number = 0
  for (let i = slices.length - 1; i >= 0; i--) {
    const slice = slices[i]!.bitmap
    if (!people.intersects(slice)) continue
    number += 2 ** i
    people = scratch.owns(people) ? people.andInPlace(slice) : scratch.and(people, slice)
  }
  return number
}

/** The lowest: each bit is 0 if that leaves somebody. */
function lowestOf(people: ReadonlyBitmap, { slices }: BitSlices, scratch: Scratch): number {
  let number = 0
  for (let i = slices.length - 1; i >= 0; i--) {
    const slice = slices[i]!.bitmap
    if (people.isSubset(slice)) number += 2 ** i
    else if (people.intersects(slice)) {
      people = scratch.owns(people) ? people.andNotInPlace(slice) : scratch.andNot(people, slice)
    }
  }
  return number
}

import type { Bitmap } from './bitmap.ts'
import { type Base, intersectAndUnite, intersection, type Operand, owning } from './intersection.ts'
import type { Scratch } from './scratch.ts'
import type { Bits } from './slice-bits.ts'

/**
 * The people whose bits up to `top` are at least these, which are not all 0, from the lowest bit up.
 *
 * Who is at least as high as the bits so far stays so by a 1 where the bound has a 0 (a union), and needs a 1 where the
 * bound has one (an intersection). Up to the lowest 1 of the bound that is everybody, so the pass begins there, with the
 * slice itself: one operation for each bit above, and no second bitmap.
 */
export function ascend(slices: readonly Operand[], bits: Bits, top: number, base: Base, scratch: Scratch): Operand {
  let i = bits.indexOf(1)
  let people = slices[i++]!
  while (i <= top) {
    if (bits[i] === 0) {
      const slice = slices[i++]!.bitmap
      const united = people.owned ? (people.bitmap as Bitmap).orInPlace(slice) : scratch.or(people.bitmap, slice)
      people = owning(united)
      continue
    }
    const all = [people]
    for (; i <= top && bits[i] === 1; i++) all.push(slices[i]!)
    people = i <= top ? intersectAndUnite(all, slices[i++]!, base, scratch) : intersection(all, base, scratch)
  }
  return people
}

import type { Bitmap, ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import type { NumberColumn } from '../columns/number-column.ts'

/**
 * The value at a position, from 0, among the values of some people in ascending order, as a scaled integer: from the
 * highest bit down, those whose bit is 0 come first. `position` is below their number; all of them have a value.
 * Cost: a pass over the people for each slice.
 */
export function valueAt(position: number, people: ReadonlyBitmap, column: NumberColumn): number {
  const scratch = new Scratch()
  try {
    const negatives = people.andCardinality(column.negative.bitmap)
    const isNegative = position < negatives
    const left: Bitmap = isNegative
      ? scratch.and(people, column.negative.bitmap)
      : scratch.andNot(people, column.negative.bitmap)
    let before = isNegative ? position : position - negatives
    let value = isNegative ? -(2 ** column.slices.length) : 0
    for (let bit = column.slices.length - 1; bit >= 0; bit--) {
      const slice = column.slices[bit]!.bitmap
      const zeros = left.andNotCardinality(slice)
      if (before < zeros) left.andNotInPlace(slice)
      else {
        before -= zeros
        left.andInPlace(slice)
        value += 2 ** bit
      }
    }
    return value
  } finally {
    scratch.dispose()
  }
}

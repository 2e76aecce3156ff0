import { ByteReader, uint32Bytes } from '../base/byte-reader.ts'
import { decimalText } from '../base/decimal.ts'
import type { Bitmap, ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { readBitmap, writeBitmap } from '../bitmap/bitmap-section.ts'
import type { NumberSpec, TimestampSpec } from '../schema/column-spec.ts'
import { NumberColumn } from './number-column.ts'

/** Most slices: the bits of 2^53 - 1. */
const mostSlices = 53

/**
 * A number or timestamp column as bytes. It must not be written to before the last of them is read.
 *
 * ```
 * uint32               number of slices, n: as many as the values need
 * 2 + n times:         who has a value; who has one below 0; slices 0, 1, … n - 1
 *   uint64             bytes of the bitmap
 *   …                  the bitmap, portable Roaring format
 * ```
 */
export function numberSection(column: NumberColumn): Iterable<Uint8Array> {
  const slices = column.neededSlices()
  const bitmaps = [column.present, column.negative, ...slices].map((posting) => posting.bitmap)
  return writeParts(slices.length, bitmaps)
}

function* writeParts(count: number, bitmaps: readonly ReadonlyBitmap[]): Generator<Uint8Array, void, undefined> {
  yield uint32Bytes(count)
  for (const bitmap of bitmaps) yield* writeBitmap(bitmap)
}

/**
 * The column of a section. Every bitmap is checked: who is in a slice has a value, no slice is over, and every value may be
 * written to the column.
 *
 * @throws STORE_CORRUPT
 */
export function readNumberSection(
  bytes: Uint8Array,
  name: string,
  spec: NumberSpec | TimestampSpec,
  living: ReadonlyBitmap,
): NumberColumn {
  const reader = new ByteReader(bytes, name)
  const count = reader.uint32('the number of slices')
  if (count > mostSlices) throw reader.fault(`it has ${count} slices, where numbers have at most ${mostSlices}`)
  const people = readBitmap(reader, 'the bitmap of people with a value', living)
  const part = (what: string): Bitmap => readBitmap(reader, what, people, 'of people without a value')
  const negative = part('the bitmap of people below 0')
  const slices = Array.from({ length: count }, (_, i) => part(`the bitmap of slice ${i}`))
  reader.end()
  if (slices.at(-1)?.isEqual(negative) === true) throw reader.fault(`slice ${count - 1} says no more than the sign`)
  const column = NumberColumn.from(spec, { people, negative, slices })
  const { scale, min, max } = column.limits
  const bounds = column.bounds()
  for (const bound of bounds === null ? [] : [bounds.min, bounds.max]) {
    if (bound < min || bound > max)
      throw reader.fault(`it has the value ${decimalText(bound, scale)}, which it doesn't take`)
  }
  return column
}

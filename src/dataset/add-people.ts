import type { ExternalId } from '../base/brand.ts'
import { bitmapOfNumbers } from './bitmap-of-numbers.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { EncodedIds } from './encoded-ids.ts'

/** The numbers of ids, giving new people theirs: in `U` from now on (law 2). */
export function addPeople(
  parts: DatasetParts,
  ids: readonly ExternalId[],
): { readonly people: Uint32Array; readonly created: number } {
  const before = parts.ids.size
  const people = ids.length === 1 ? Uint32Array.of(parts.ids.add(ids[0]!)) : parts.ids.addMany(ids)
  return { people, created: addNumbersFrom(parts, before) }
}

/** As `addPeople`, of ids in the form of the dictionary. */
export function addEncodedPeople(parts: DatasetParts, { bytes, ends, length }: EncodedIds): Uint32Array {
  const before = parts.ids.size
  const people = parts.ids.addManyEncoded(bytes, ends, length)
  addNumbersFrom(parts, before)
  return people
}

/** Puts the numbers that were given out since there were `before` of them into `U`. Gives how many. */
export function addNumbersFrom(parts: DatasetParts, before: number): number {
  const created = parts.ids.size - before
  if (created > 0) parts.revisions.wrotePeople()
  if (created === 1) parts.people.add(before)
  else if (created > 1) parts.people.addNewRange(before, parts.ids.size)
  return created
}

/** How many different numbers there are. A `Set` would end at 16.7 million. */
export function countDistinct(numbers: Uint32Array): number {
  const bitmap = bitmapOfNumbers(numbers)
  const { size } = bitmap
  bitmap.dispose()
  return size
}

import type { ExternalId } from '../base/brand.ts'
import { bitmapOf } from '../bitmap/bitmap.ts'
import type { DatasetParts } from './dataset-parts.ts'

/** The numbers of ids, giving new people theirs: in `U` from now on (law 2). */
export function addPeople(
  parts: DatasetParts,
  ids: readonly ExternalId[],
): { readonly people: Uint32Array; readonly created: number } {
  const before = parts.ids.size
  const people = ids.length === 1 ? Uint32Array.of(parts.ids.add(ids[0]!)) : parts.ids.addMany(ids)
  const created = parts.ids.size - before
  if (created > 0) parts.revisions.wrotePeople()
  if (created === 1) parts.people.add(before)
  else if (created > 1) parts.people.addNewRange(before, parts.ids.size)
  return { people, created }
}

/** How many different numbers there are. A `Set` would end at 16.7 million. */
export function countDistinct(numbers: Uint32Array): number {
  const bitmap = bitmapOf(numbers)
  const { size } = bitmap
  bitmap.dispose()
  return size
}

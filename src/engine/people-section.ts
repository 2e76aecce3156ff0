import { ByteReader, lengthBytes, uint32Bytes } from '../base/byte-reader.ts'
import type { CrowdbitError } from '../base/crowdbit-error.ts'
import { type Bitmap, canonicalBytes, type ReadonlyBitmap, rangeBitmap } from '../bitmap/bitmap.ts'
import { readBitmap } from '../bitmap/bitmap-section.ts'
import type { IdCounts } from '../dataset/late-ids.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import { damaged } from './saved-fields.ts'
import { peopleSectionName } from './section-names.ts'

/** Who lives, and how many ids there are: what follows from the ids, for who doesn't read them yet. */
export interface SavedPeople {
  /** `U`. */
  readonly people: Bitmap
  readonly counts: IdCounts
}

/**
 * The living people as bytes.
 *
 * ```
 * uint32  numbers given out
 * uint32  ids that are linked to another
 * uint64  bytes of the bitmap
 * …       the bitmap, portable Roaring format: equal people have equal bytes
 * ```
 */
export function* peopleSection(
  people: ReadonlyBitmap,
  { size, aliases }: IdCounts,
): Generator<Uint8Array, void, undefined> {
  yield uint32Bytes(size)
  yield uint32Bytes(aliases)
  // Of people who came one by one there would be no runs in it.
  const bytes = canonicalBytes(people)
  yield lengthBytes(bytes.length)
  yield bytes
}

/** Reads what `peopleSection` wrote. @throws STORE_CORRUPT */
export function readPeopleSection(bytes: Uint8Array): SavedPeople {
  const reader = new ByteReader(bytes, peopleSectionName)
  const size = reader.uint32('the numbers given out')
  const aliases = reader.uint32('the ids that are linked')
  const all = rangeBitmap(0, size)
  const people = readBitmap(reader, 'the living people', all, 'that were never given out')
  all.dispose()
  reader.end()
  if (people.size + aliases > size) {
    throw reader.fault(`${people.size} people and ${aliases} linked ids are more than ${size} numbers`)
  }
  return { people, counts: { size, aliases } }
}

/** `U` as it follows from ids and links: whoever has an id that was not removed, and is no alias. */
export function livingPeople(ids: IdDictionary): Bitmap {
  const people = rangeBitmap(0, ids.size)
  for (const nobody of ids.nobody()) people.delete(nobody)
  return people
}

/** Compares what was saved of people with the ids, when these are loaded. @throws STORE_CORRUPT where they differ */
export function checkPeople(people: ReadonlyBitmap, { size, aliases }: IdCounts, ids: IdDictionary): void {
  if (ids.size !== size) throw differ('numbers given out', size, ids.size)
  const links = ids.links?.count ?? 0
  if (links !== aliases) throw differ('linked ids', aliases, links)
  const living = livingPeople(ids)
  const { size: count } = living
  const agree = living.isEqual(people)
  living.dispose()
  if (!agree) throw differ('living people', people.size, count)
}

function differ(what: string, said: number, found: number): CrowdbitError {
  const but = said === found ? 'others' : String(found)
  return damaged(`the section ${peopleSectionName} has ${said} ${what}, and the ids and links have ${but}`)
}

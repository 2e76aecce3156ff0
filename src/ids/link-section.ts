import type { ByteReader } from '../base/byte-reader.ts'
import type { IdDictionary } from './id-dictionary.ts'

/** Version of the layout that `linkSection` writes. */
export const linkSectionVersion = 1

/**
 * Which ids are linked as bytes, from the moment of the call on.
 *
 * ```
 * uint32             number of aliases that were new when they were linked; for each, ascending:
 *   uint32           its number
 *   uint32           the number of its person, which is lower
 * uint32             number of aliases that had been people of their own; for each the same
 * ```
 *
 * Cost: eight bytes an alias.
 */
export function linkSection(ids: IdDictionary): readonly Uint8Array[] {
  const { links } = ids
  const born: number[] = []
  const merged: number[] = []
  for (const alias of links?.aliases() ?? []) (links!.wasPerson(alias) ? merged : born).push(alias)
  return [born, merged].map((aliases) => {
    const bytes = new Uint8Array(4 + 8 * aliases.length)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, aliases.length, true)
    aliases.forEach((alias, i) => {
      view.setUint32(4 + 8 * i, alias, true)
      view.setUint32(8 + 8 * i, links!.personOf(alias), true)
    })
    return bytes
  })
}

/**
 * Links the ids of a dictionary that was just read. Each alias and each person is a known id, and no person is an alias.
 *
 * @throws STORE_CORRUPT
 */
export function readLinkSection(reader: ByteReader, ids: IdDictionary): void {
  const people = new Set<number>()
  for (const wasPerson of [false, true]) {
    let before = -1
    for (let left = reader.uint32('the number of aliases'); left > 0; left--) {
      const alias = reader.uint32('an alias')
      const person = reader.uint32('the person of an alias')
      if (alias <= before) throw reader.fault('the aliases are not in order')
      if (person >= alias) throw reader.fault(`alias ${alias} belongs to ${person}, which is not lower`)
      if (!ids.isLive(alias)) throw reader.fault(`alias ${alias} is no known id, or stands there twice`)
      if (people.has(alias)) throw reader.fault(`alias ${alias} is the person of another`)
      if (!ids.isLive(person)) throw reader.fault(`alias ${alias} belongs to ${person}, who is nobody`)
      people.add(person)
      ids.restoreLink(alias, person, wasPerson)
      before = alias
    }
  }
  reader.end()
}

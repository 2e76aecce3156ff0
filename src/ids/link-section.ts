import { type ByteReader, uint32Bytes } from '../base/byte-reader.ts'
import type { IdDictionary } from './id-dictionary.ts'
import type { LinkSnapshot } from './links.ts'

/** Version of the layout that `linkSection` writes. */
export const linkSectionVersion = 1

/** Links in a piece. */
const linksPerPiece = 8192

/**
 * Which ids are linked as bytes, in pieces.
 *
 * ```
 * uint32             number of aliases that were new when they were linked; for each, ascending:
 *   uint32           its number
 *   uint32           the number of its person, which is lower
 * uint32             number of aliases that had been people of their own; for each the same
 * ```
 */
export function* linkSection(links: LinkSnapshot): Generator<Uint8Array, void, undefined> {
  for (const wasPerson of [false, true]) {
    yield uint32Bytes(links.count(wasPerson))
    let numbers: number[] = []
    for (const pair of links.pairs(wasPerson)) {
      numbers.push(...pair)
      if (numbers.length < 2 * linksPerPiece) continue
      yield wordsOf(numbers)
      numbers = []
    }
    if (numbers.length > 0) yield wordsOf(numbers)
  }
}

function wordsOf(numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * numbers.length)
  const view = new DataView(bytes.buffer)
  numbers.forEach((number, i) => {
    view.setUint32(4 * i, number, true)
  })
  return bytes
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

import type { ExternalId } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { LinkPair } from './mutation.ts'
import type { RawRow } from './raw-row.ts'

/**
 * The items of an iterable as an array that is ours. A text is refused, although it is an iterable: of its characters.
 *
 * @throws MEMBERS_WRONG_TYPE
 */
export function readIterable<Item>(items: Iterable<Item>, what: string): readonly Item[] {
  if (Array.isArray(items)) return items
  const iterable = typeof items === 'object' && items !== null && typeof items[Symbol.iterator] === 'function'
  if (!iterable || items instanceof String) {
    throw new CrowdbitError(
      'MEMBERS_WRONG_TYPE',
      `the ${what} are ${show(items)}, where an array or another iterable is expected`,
      { found: typeof items },
    )
  }
  return [...items]
}

/**
 * Pairs of ids.
 *
 * @throws MEMBERS_WRONG_TYPE
 */
export function readPairs(given: Iterable<LinkPair>): readonly LinkPair[] {
  const pairs = readIterable(given, 'pairs')
  const wrong = pairs.find((pair) => !Array.isArray(pair) || pair.length !== 2)
  if (wrong === undefined) return pairs
  throw new CrowdbitError('MEMBERS_WRONG_TYPE', `a pair is ${show(wrong)}, where two ids are expected`)
}

/**
 * Rows as pairs of an id and its values.
 *
 * @throws MEMBERS_WRONG_TYPE
 */
export function readRows(rows: Iterable<readonly [ExternalId, RawRow]>): readonly (readonly [ExternalId, RawRow])[] {
  const pairs = readIterable(rows, 'rows')
  const wrong = pairs.find((pair) => !Array.isArray(pair) || pair.length !== 2)
  if (wrong !== undefined) {
    throw new CrowdbitError(
      'MEMBERS_WRONG_TYPE',
      `a row is ${show(wrong)}, where a pair of an id and its values is expected`,
    )
  }
  return pairs
}

import fc from 'fast-check'
import type { CategorySpec, ExternalId, MultiCategorySpec } from '../index.ts'

/** Texts that share beginnings and parts, with the empty text, other scripts, and both forms of the same character. */
const texts = [
  'T1',
  'T2',
  'a',
  'ab',
  'é',
  'e\u0301',
  '',
  'abc',
  'ba',
  '妈妈',
  '奶妈',
  'T10',
  '𠮷',
  ' a',
  'A',
  '1',
] as const

/** How many different texts `wideText` has: more than a column can have before it changes how it is kept. */
export const wideTexts = 48

/** One of many texts, for columns with a great many values. */
export const wideText: fc.Arbitrary<string> = fc.nat(wideTexts - 1).map((index) => `v${index}`)

/** A value that the category takes, the first ones far more often than the last, so that answers are not all empty. */
export function valueFor(spec: CategorySpec | MultiCategorySpec): fc.Arbitrary<string> {
  if (spec.values !== null) return skewed(spec.values)
  return fc.oneof({ arbitrary: skewed(texts), weight: 8 }, { arbitrary: wideText, weight: 1 })
}

/** A text to look for at the beginning or inside of values. */
export const anyPiece: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: skewed(['a', 'T', 'b', '', '1', '妈', 'e\u0301', '\u0301', 'v', 'v1', '𠮷', 'zzz']), weight: 3 },
  { arbitrary: skewed(texts), weight: 1 },
)

/** Ids of a small world, the first ones more often: texts, numbers, digits as text, an id beyond 2^53. */
export const anyId: fc.Arbitrary<ExternalId> = fc
  .oneof({ arbitrary: fc.nat(11), weight: 2 }, { arbitrary: fc.nat(59), weight: 1 })
  .map(idAt)

/** Ids of those who do things: a dozen people, so that each does several. */
export const anyActor: fc.Arbitrary<ExternalId> = fc
  .oneof({ arbitrary: skewed([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), weight: 9 }, { arbitrary: fc.nat(59), weight: 1 })
  .map(idAt)

/** The id at a position of the small world. */
export function idAt(index: number): ExternalId {
  if (index % 10 === 7) return index
  if (index % 10 === 8) return String(index - 1)
  return index === 59 ? 2n ** 63n : index === 56 ? 'e\u0301' : index === 55 ? 'é' : `u${index}`
}

/** An item of a list, the first ones more often: the lower of two positions drawn. */
export function skewed<Item>(items: readonly Item[]): fc.Arbitrary<Item> {
  const count = items.length
  return fc.nat(count * count - 1).map((two) => items[Math.min(Math.floor(two / count), two % count)]!)
}

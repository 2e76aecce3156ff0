import fc from 'fast-check'
import type { Parameter, Slot } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { reservedWords } from '../../src/rules/text/keywords.ts'
import { vocabulary } from '../../src/rules/text/vocabulary.ts'

/** Arbitraries of names, texts and numbers that are hard on a lexer. */

const words = [...Object.values(vocabulary).flatMap(({ en, zh }) => [en, zh, ...en.split(' ')]), ...reservedWords]

const nasty = [
  '',
  ' ',
  ' a ',
  'a b',
  '618',
  '618大促',
  '90后',
  '1e5',
  '６１８',
  '2个',
  '_',
  '__proto__',
  'constructor',
  'toString',
  'param',
  'Gen·Z',
  '·a',
  '-',
  'a-b',
  '$a',
  '"',
  '\\',
  '\\"',
  "'",
  '“”',
  '“',
  '//',
  '/*',
  '*/',
  '#',
  '(',
  ')',
  ',',
  '，',
  '（）',
  '=',
  '!=',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '\u2028',
  '\u3000',
  '\u202eabc',
  '\u200b',
  'a\u200db',
  '👩‍👩‍👧‍👦',
  '❤️',
  '\u{e0001}',
  '\u{20bb7}野家',
  '\u0301a',
  'é',
  'e\u0301',
  '\u212a',
  '\uf967含',
  '\u3164',
  'ﬁ',
  'ẞ',
  'İ',
  'ſet',
  '٣',
  'Ⅷ',
  '①',
  '精致妈妈',
  '非黑名单',
  '精致妈妈且活跃',
  'x'.repeat(300),
] as const

/** Keywords and reserved words, as they are and in other cases. */
const keyword = fc
  .tuple(fc.constantFrom(...words), fc.constantFrom('', 'upper', 'title'))
  .map(([word, style]) =>
    style === 'upper' ? word.toUpperCase() : style === 'title' ? word.slice(0, 1).toUpperCase() + word.slice(1) : word,
  )

/** Any text without half a surrogate pair. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: keyword, weight: 3 },
  { arbitrary: fc.constantFrom(...nasty), weight: 3 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 12 }), weight: 2 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }), weight: 2 },
  { arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), weight: 2 },
  { arbitrary: fc.string({ unit: fc.constantFrom('a', 'B', '_', '1', '妈', '·', 'é'), maxLength: 6 }), weight: 2 },
)

/** A parameter of any name. */
export const anyParameter: fc.Arbitrary<Parameter> = anyText.map(make.parameter)

/** A value, now and then a parameter in its place. */
export function slot<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Slot<Value>> {
  return fc.oneof({ arbitrary: value, weight: 5 }, { arbitrary: anyParameter, weight: 1 })
}

/** A name or a text. */
export const textSlot: fc.Arbitrary<Slot<string>> = slot(anyText)

/** A whole number of 1 or more. */
export const anyCount: fc.Arbitrary<number> = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 9 }), weight: 4 },
  { arbitrary: fc.constantFrom(1, 10, 2 ** 31, 2 ** 53 - 1), weight: 1 },
)

/** A number of any size, as rules write it: a double, or the text of a decimal that no double carries. */
export const anyNumber: fc.Arbitrary<number | string> = fc.oneof(
  { arbitrary: fc.integer({ min: -9, max: 99 }), weight: 4 },
  { arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }), weight: 2 },
  { arbitrary: fc.integer({ min: -99_999, max: 99_999 }).map((cents) => cents / 100), weight: 2 },
  {
    arbitrary: fc.constantFrom(1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53, '9007199254740993', '0.10'),
    weight: 1,
  },
)

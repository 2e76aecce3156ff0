import fc from 'fast-check'
import type { Parameter, RuleNode, Slot } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { reservedWords, vocabulary } from '../../src/rules/text/keywords.ts'

/** Arbitraries of every legal tree, with names and values that are hard on a lexer. */

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

const parameter: fc.Arbitrary<Parameter> = anyText.map(make.parameter)

function slot<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Slot<Value>> {
  return fc.oneof({ arbitrary: value, weight: 5 }, { arbitrary: parameter, weight: 1 })
}

const textSlot = slot(anyText)
const count = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 9 }), weight: 4 },
  { arbitrary: fc.constantFrom(1, 10, 2 ** 31, 2 ** 53 - 1), weight: 1 },
)

/** A rule that holds no rules. */
export const anyCondition: fc.Arbitrary<RuleNode> = fc.oneof(
  fc.constantFrom(make.everyone(), make.nobody()),
  textSlot.map(make.has),
  textSlot.map(make.has),
  fc.tuple(fc.constantFrom('isSet' as const, 'isNotSet' as const), textSlot).map((parts) => make.presence(...parts)),
  fc.tuple(fc.constantFrom('eq' as const, 'ne' as const), textSlot, textSlot).map((parts) => make.value(...parts)),
  fc
    .tuple(
      fc.constantFrom('in' as const, 'notIn' as const, 'hasAny' as const, 'hasAll' as const, 'hasNone' as const),
      textSlot,
      slot(fc.array(textSlot, { maxLength: 4 })),
    )
    .map((parts) => make.list(...parts)),
  fc
    .tuple(fc.constantFrom('startsWith' as const, 'contains' as const), textSlot, textSlot)
    .map((parts) => make.textTest(...parts)),
  fc.tuple(textSlot, textSlot).map((parts) => make.matches(...parts)),
  fc.tuple(textSlot, fc.oneof(fc.constantFrom(null, 'latest' as const), count)).map((parts) => make.audience(...parts)),
)

/** Any rule: every node and arity, parameters everywhere. */
export const anyRule: fc.Arbitrary<RuleNode> = ruleOf(anyCondition)

/** Rules whose conditions are from `condition`. */
export function ruleOf(condition: fc.Arbitrary<RuleNode>): fc.Arbitrary<RuleNode> {
  return fc.letrec<{ rule: RuleNode }>((tie) => {
    const some = fc.array(tie('rule'), { minLength: 2, maxLength: 4 })
    return {
      rule: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { arbitrary: condition, weight: 4 },
        { arbitrary: tie('rule').map(make.not), weight: 2 },
        { arbitrary: some.map(make.and), weight: 2 },
        { arbitrary: some.map(make.or), weight: 2 },
        { arbitrary: some.map(make.xor), weight: 1 },
        { arbitrary: some.map(make.minus), weight: 2 },
        {
          arbitrary: fc
            .tuple(slot(count), fc.array(tie('rule'), { maxLength: 4 }))
            .map(([k, rules]) => make.atLeast(k, rules)),
          weight: 1,
        },
      ),
    }
  }).rule
}

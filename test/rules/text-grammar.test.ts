import { describe, expect, test } from 'vitest'
import type { RuleNode } from '../../src/rules/ast.ts'
import {
  and,
  atLeast,
  audience,
  everyone,
  has,
  list,
  matches,
  minus,
  nobody,
  not,
  or,
  parameter,
  presence,
  textTest,
  value,
  xor,
} from '../../src/rules/make-node.ts'
import { isReserved, keywordOf, reservedWords, spacedOut } from '../../src/rules/text/keywords.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'
import { printRule } from '../../src/rules/text/print-rule.ts'
import { otherWords, vocabulary } from '../../src/rules/text/vocabulary.ts'

const [a, b, c, d] = [has('a'), has('b'), has('c'), has('d')]
const $ = parameter

const table: [string, string, RuleNode][] = [
  // Precedence
  ['not binds tightest', 'not a and b', and([not(a), b])],
  ['not of a comparison', 'not a = "x"', not(value('eq', 'a', 'x'))],
  ['double not', 'not not a', not(not(a))],
  ['and before or', 'a or b and c or d', or([a, and([b, c]), d])],
  ['and, n-ary', 'a and b and c', and([a, b, c])],
  ['or, n-ary', 'a or b or c', or([a, b, c])],
  ['xor, n-ary', 'a xor b xor c', xor([a, b, c])],
  ['minus, n-ary', 'a minus b minus c', minus([a, b, c])],
  ['and, then minus', 'a and b minus c minus d', minus([and([a, b]), c, d])],
  ['not within minus', 'not a minus not b', minus([not(a), not(b)])],
  ['a group keeps its node', '(a and b) and c', and([and([a, b]), c])],
  ['and within a minus', 'a minus (b and c)', minus([a, and([b, c])])],
  ['minus within a minus', '(a minus b) minus c', minus([minus([a, b]), c])],
  ['parentheses around one', '((a))', a],
  // Conditions
  ['equal', 'cityTier = "T1"', value('eq', 'cityTier', 'T1')],
  ['unequal', 'cityTier != "T1"', value('ne', 'cityTier', 'T1')],
  ['in', 'cityTier in ("T1", "T2")', list('in', 'cityTier', ['T1', 'T2'])],
  ['not in', 'cityTier not in ("T1")', list('notIn', 'cityTier', ['T1'])],
  ['in nothing', 'cityTier in ()', list('in', 'cityTier', [])],
  ['has any', 'x has any ("A", "B")', list('hasAny', 'x', ['A', 'B'])],
  ['has all', 'x has all ("A")', list('hasAll', 'x', ['A'])],
  ['has none', 'x has none ()', list('hasNone', 'x', [])],
  ['starts with', 'x starts with "A"', textTest('startsWith', 'x', 'A')],
  ['contains', 'x contains ""', textTest('contains', 'x', '')],
  ['matches', 'x matches "^\\\\d+$"', matches('x', '^\\d+$')],
  ['is set', 'x is set', presence('isSet', 'x')],
  ['is not set', 'x is not set', presence('isNotSet', 'x')],
  ['audience', 'audience "双11 老客"', audience('双11 老客')],
  ['audience, bare', 'audience vip version 3', audience('vip', 3)],
  ['audience, latest', 'audience vip version latest', audience('vip', 'latest')],
  ['audience, trimmed', 'audience " vip "', audience('vip')],
  ['at least', 'at least 2 of (a, b or c, not d)', atLeast(2, [a, or([b, c]), not(d)])],
  ['at least, none', 'at least 2 of ()', atLeast(2, [])],
  ['at least, nested', 'at least 1 of (at least 2 of (a, b), c)', atLeast(1, [atLeast(2, [a, b]), c])],
  ['everyone minus nobody', 'everyone minus nobody', minus([everyone(), nobody()])],
  // Parameters
  ['flag', '$customers', has($('customers'))],
  ['tag and value', '$t = $v', value('eq', $('t'), $('v'))],
  ['list', 'x in $cities', list('in', 'x', $('cities'))],
  ['item', 'x in ($a, "b")', list('in', 'x', [$('a'), 'b'])],
  ['text', 'x contains $v and x matches $p', and([textTest('contains', 'x', $('v')), matches('x', $('p'))])],
  ['count', 'at least $k of (a)', atLeast($('k'), [a])],
  ['name', 'audience $a version 2', audience($('a'), 2)],
  ['any name', '$"my list" or $in', or([has($('my list')), has($('in'))])],
  // Names and texts
  ['digits first', '618大促 and 90后', and([has('618大促'), has('90后')])],
  ['quoted', '"618" and "a b"', and([has('618'), has('a b')])],
  ['keyword as name', '"and" and "非"', and([has('and'), has('非')])],
  ['words of phrases', 'any or with or set or least or of', or(['any', 'with', 'set', 'least', 'of'].map(has))],
  ['name that begins with a keyword', '非黑名单 or android', or([has('非黑名单'), has('android')])],
  ['NFC', 'cafe\u0301', has('café')],
  ['keyword only in NFC', 'x \uf967含 ("a")', list('hasNone', 'x', ['a'])],
  [
    'escapes',
    'x = "\\"\\\\\\/\\b\\f\\n\\r\\t\\u4e00\\u{1f600}\\ud83d\\ude00"',
    value('eq', 'x', '"\\/\b\f\n\r\t一😀😀'),
  ],
  ['Chinese quotes', 'x = “a"b\\”” and “c d”', and([value('eq', 'x', 'a"b”'), has('c d')])],
  ['Chinese quotes in a text', 'x = "“a”"', value('eq', 'x', '“a”')],
  // Layout
  [
    'full width',
    'x　属于（“a”，“b”）且 y＝“c” 且 z！＝"d"',
    and([list('in', 'x', ['a', 'b']), value('eq', 'y', 'c'), value('ne', 'z', 'd')]),
  ],
  ['comments', '// who\na /* and\nb */ and// c\r\nd', and([a, d])],
  ['no blanks', 'x="a"and(y!="b")', and([value('eq', 'x', 'a'), value('ne', 'y', 'b')])],
  ['any case', 'A AND Not b Is Not SET', and([has('A'), not(presence('isNotSet', 'b'))])],
  // Chinese
  [
    'Chinese',
    '精致妈妈 且 cityTier 不属于 ("T1") 或 非(a 除去 b)',
    or([and([has('精致妈妈'), list('notIn', 'cityTier', ['T1'])]), not(minus([a, b]))]),
  ],
  ['Chinese count', '至少 2 个 (a, b)', atLeast(2, [a, b])],
  ['Chinese count, joined', '至少 2个（a，b）', atLeast(2, [a, b])],
  ['Chinese parameter count', '至少 $k 个 (a)', atLeast($('k'), [a])],
  [
    'Chinese tests',
    'x 开头是 "a" 且 x 有值 且 y 无值',
    and([textTest('startsWith', 'x', 'a'), presence('isSet', 'x'), presence('isNotSet', 'y')]),
  ],
  ['Chinese audience', '人群 vip 版本 最新 异或 所有人', xor([audience('vip', 'latest'), everyone()])],
]

describe('a text means its rule', () => {
  test.each(table)('%s: %s', (_name, text, node) => {
    expect(parseRule(text).node).toStrictEqual(node)
    expect(parseRule(printRule(node)).node).toStrictEqual(node)
    expect(parseRule(printRule(node, { language: 'zh' })).node).toStrictEqual(node)
  })
})

describe('a rule is printed so', () => {
  const printed: [RuleNode, string, string][] = [
    [or([and([a, b]), not(or([c, d]))]), 'a and b or not (c or d)', 'a 且 b 或 非 (c 或 d)'],
    [minus([and([a, b]), and([c, d])]), 'a and b minus (c and d)', 'a 且 b 除去 (c 且 d)'],
    [and([or([a, b]), xor([c, d])]), '(a or b) and (c xor d)', '(a 或 b) 且 (c 异或 d)'],
    [and([has('AND'), has('最近')]), '"AND" and "最近"', '"AND" 且 "最近"'],
    [atLeast(2, [or([a, b]), c]), 'at least 2 of (a or b, c)', '至少 2 个 (a 或 b, c)'],
    [list('hasNone', 'x', ['', '"\n']), 'x has none ("", "\\"\\n")', 'x 不含 ("", "\\"\\n")'],
    [audience('a b', 'latest'), 'audience "a b" version latest', '人群 "a b" 版本 最新'],
    [has('a\u202eb\u200b\u{e0001}👩‍👧'), '"a\\u202eb\\u200b\\u{e0001}👩‍👧"', '"a\\u202eb\\u200b\\u{e0001}👩‍👧"'],
  ]
  test.each(printed)('%#', (node, english, chinese) => {
    expect(printRule(node)).toBe(english)
    expect(printRule(node, { language: 'zh' })).toBe(chinese)
  })
})

test('every reserved word is a keyword, and every other keyword is free as a name', () => {
  for (const word of reservedWords) expect(keywordOf(word)).not.toBeNull()
  const words = Object.values(vocabulary).flatMap(({ en, zh }) => [zh, ...en.split(' ')])
  for (const word of [...words, ...Object.keys(otherWords)]) {
    if (isReserved(word)) continue
    const name = has(word)
    for (const [text, node] of [
      [word, name],
      [`a and ${word} or ${word}`, or([and([a, name]), name])],
      [`not (${word})`, not(name)],
      [`at least 1 of (did a then did b, ${word})`, atLeast(1, [parseRule('did a then did b').node, name])],
      [`at least 1 of (${word}, ${word} is set)`, atLeast(1, [name, presence('isSet', word)])],
      [`${word} starts with "x"`, textTest('startsWith', word, 'x')],
      [`audience ${word}`, audience(word)],
    ] as const) {
      expect(parseRule(text).node).toStrictEqual(node)
      expect(parseRule(printRule(node)).node).toStrictEqual(node)
    }
  }
})

test('keywords that were joined to a name are found', () => {
  expect(spacedOut('非黑名单')).toBe('非 黑名单')
  expect(spacedOut('精致妈妈且活跃')).toBe('精致妈妈 且 活跃')
  expect(spacedOut('人群vip')).toBe('人群 vip')
  expect(spacedOut('精致妈妈')).toBeUndefined()
  expect(spacedOut('非')).toBeUndefined()
})

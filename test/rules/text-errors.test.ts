import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import { RuleError } from '../../src/rules/fault.ts'
import { reservedWords } from '../../src/rules/text/keywords.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'

/** Bad texts, each with the lines of the message that it gets. */
const golden: readonly (readonly [text: string, ...message: string[]])[] = [
  ['', 'RULE_SYNTAX: found an empty text, expected a condition, for example the name of a tag', '  1 | ', '    | ^'],
  [
    '  // nothing',
    'RULE_SYNTAX: found an empty text, expected a condition, for example the name of a tag',
    '  1 |   // nothing',
    '    |             ^',
  ],
  [
    'a and',
    'RULE_SYNTAX: found the end of the text, expected a condition, for example the name of a tag',
    '  1 | a and',
    '    |      ^',
  ],
  [
    'and a',
    'RULE_SYNTAX: found and, expected a condition, for example the name of a tag. As a name it is written in double quotes, "and"',
    '  1 | and a',
    '    | ^^^',
  ],
  [
    'a and and b',
    'RULE_SYNTAX: found and, expected a condition, for example the name of a tag. As a name it is written in double quotes, "and"',
    '  1 | a and and b',
    '    |       ^^^',
  ],
  [
    'a or (b and)',
    'RULE_SYNTAX: found ), expected a condition, for example the name of a tag',
    '  1 | a or (b and)',
    '    |            ^',
  ],
  [
    'a b',
    'RULE_SYNTAX: found b, expected = or another operator of a tag, and, or, minus, xor or the end. A name with blanks is written in double quotes, "a b"',
    '  1 | a b',
    '    |   ^',
  ],
  [
    'a 618',
    'RULE_SYNTAX: found 618, expected = or another operator of a tag, and, or, minus, xor or the end. A name with blanks is written in double quotes, "a 618"',
    '  1 | a 618',
    '    |   ^^^',
  ],
  [
    '精致妈妈 黑名单',
    'RULE_SYNTAX: found 黑名单, expected = or another operator of a tag, and, or, minus, xor or the end. A name with blanks is written in double quotes, "精致妈妈 黑名单"',
    '  1 | 精致妈妈 黑名单',
    '    |          ^^^^^^',
  ],
  [
    'a "b"',
    'RULE_SYNTAX: found "b", expected = or another operator of a tag, and, or, minus, xor or the end',
    '  1 | a "b"',
    '    |   ^^^',
  ],
  ['()', 'RULE_SYNTAX: found ), expected a condition, for example the name of a tag', '  1 | ()', '    |  ^'],
  ['(a', 'RULE_SYNTAX: found the end of the text, expected the ) that closes this', '  1 | (a', '    | ^'],
  [
    'a in ("x"',
    'RULE_SYNTAX: found the end of the text, expected the ) that closes this',
    '  1 | a in ("x"',
    '    |      ^',
  ],
  ['a in (', 'RULE_SYNTAX: found the end of the text, expected the ) that closes this', '  1 | a in (', '    |      ^'],
  [
    'at least 2 of (a, b',
    'RULE_SYNTAX: found the end of the text, expected the ) that closes this',
    '  1 | at least 2 of (a, b',
    '    |               ^',
  ],
  [
    'at least 2 of (a,)',
    'RULE_SYNTAX: found ), expected a condition, for example the name of a tag',
    '  1 | at least 2 of (a,)',
    '    |                  ^',
  ],
  [
    'at least 2 of (a b)',
    'RULE_SYNTAX: found b, expected = or another operator of a tag, and, or, minus, xor or a comma or ). A name with blanks is written in double quotes, "a b"',
    '  1 | at least 2 of (a b)',
    '    |                  ^',
  ],
  ['a)', 'RULE_SYNTAX: found ) without a ( before it', '  1 | a)', '    |  ^'],
  [
    'a, b',
    'RULE_SYNTAX: found a comma, expected = or another operator of a tag, and, or, minus, xor or the end',
    '  1 | a, b',
    '    |  ^',
  ],
  [
    'a = ',
    'RULE_SYNTAX: found the end of the text, expected a value: a number, or a text in double quotes',
    '  1 | a = ',
    '    |     ^',
  ],
  ['a = b', 'RULE_SYNTAX: found b, expected a value: write it in double quotes, "b"', '  1 | a = b', '    |     ^'],
  [
    'a = true and b',
    'RULE_SYNTAX: found true, expected a value: write it in double quotes, "true"',
    '  1 | a = true and b',
    '    |     ^^^^',
  ],
  [
    'a = (b)',
    'RULE_SYNTAX: found (, expected a value: a number, or a text in double quotes',
    '  1 | a = (b)',
    '    |     ^',
  ],
  ['a in "x"', 'RULE_SYNTAX: found "x", expected a list in parentheses, ("x")', '  1 | a in "x"', '    |      ^^^'],
  ['a in x', 'RULE_SYNTAX: found x, expected a list in parentheses', '  1 | a in x', '    |      ^'],
  [
    'a in (x)',
    'RULE_SYNTAX: found x, expected a value: write it in double quotes, "x"',
    '  1 | a in (x)',
    '    |       ^',
  ],
  [
    'a in ("x" "y")',
    'RULE_SYNTAX: found "y", expected a comma or ) in the list of in',
    '  1 | a in ("x" "y")',
    '    |           ^^^',
  ],
  [
    'a in ("x",)',
    'RULE_SYNTAX: found ), expected a value: a number, or a text in double quotes',
    '  1 | a in ("x",)',
    '    |           ^',
  ],
  [
    'a not b',
    'RULE_SYNTAX: found b, expected in, as in cityTier not in ("T1", "T2")',
    '  1 | a not b',
    '    |       ^',
  ],
  [
    'a has ("x")',
    'RULE_SYNTAX: found (, expected any, all or none, as in interests has any ("A", "B")',
    '  1 | a has ("x")',
    '    |       ^',
  ],
  [
    'a starts "x"',
    'RULE_SYNTAX: found "x", expected with, as in job starts with "A"',
    '  1 | a starts "x"',
    '    |          ^^^',
  ],
  [
    'a is null',
    'RULE_SYNTAX: found null, expected set or not set. Write = or != to compare with a value',
    '  1 | a is null',
    '    |      ^^^^',
  ],
  [
    'a is not null',
    'RULE_SYNTAX: found null, expected set. Write = or != to compare with a value',
    '  1 | a is not null',
    '    |          ^^^^',
  ],
  [
    'a is "x"',
    'RULE_SYNTAX: found "x", expected set or not set. Write = or != to compare with a value',
    '  1 | a is "x"',
    '    |      ^^^',
  ],
  ['a <> "x"', 'RULE_SYNTAX: found <>. Write !=', '  1 | a <> "x"', '    |   ^^'],
  ['a == "x"', 'RULE_SYNTAX: found ==. Write = to compare', '  1 | a == "x"', '    |   ^^'],
  ['a && b', 'RULE_SYNTAX: found &&. Write and', '  1 | a && b', '    |   ^^'],
  ['a || b', 'RULE_SYNTAX: found ||. Write or', '  1 | a || b', '    |   ^^'],
  ['!a', 'RULE_SYNTAX: found !. Write not', '  1 | !a', '    | ^'],
  ["a = 'x'", 'RULE_SYNTAX: found \'. A text is written in double quotes: "x"', "  1 | a = 'x'", '    |     ^'],
  ['a = ‘x y’', 'RULE_SYNTAX: found ‘. A text is written in double quotes: "x y"', '  1 | a = ‘x y’', '    |     ^'],
  ['a = 「x」', 'RULE_SYNTAX: found 「. A text is written in double quotes: "x"', '  1 | a = 「x」', '    |     ^^'],
  ['a 且 b、c', 'RULE_SYNTAX: found 、. Write ,', '  1 | a 且 b、c', '    |       ^^'],
  ['a in ["x"]', 'RULE_SYNTAX: found [. Write (', '  1 | a in ["x"]', '    |      ^'],
  ['a；b', 'RULE_SYNTAX: found ；. Write ,', '  1 | a；b', '    |  ^^'],
  [
    'end-user',
    'RULE_SYNTAX: found -. Write minus, or the name in double quotes where it is part of one',
    '  1 | end-user',
    '    |    ^',
  ],
  ['a.b = "x"', 'RULE_SYNTAX: found ., which a name has in double quotes only', '  1 | a.b = "x"', '    |  ^'],
  ['a\u200bb', 'RULE_SYNTAX: found U+200B, which a name has in double quotes only', '  1 | a\u200bb', '    |  ^'],
  ['\u0301a', 'RULE_SYNTAX: found U+0301, which a name has in double quotes only', '  1 | \u0301a', '    | ^'],
  ['🔥爆款', 'RULE_SYNTAX: found 🔥, which a name has in double quotes only', '  1 | 🔥爆款', '    | ^^'],
  ['￥city', 'RULE_SYNTAX: found ￥. Write $', '  1 | ￥city', '    | ^^'],
  [
    '$ city',
    'RULE_SYNTAX: found $ alone, expected a parameter such as $city or $"any name"',
    '  1 | $ city',
    '    | ^',
  ],
  ['$618', 'RULE_SYNTAX: found $ alone, expected a parameter such as $city or $"any name"', '  1 | $618', '    | ^^^^'],
  ['a /* b', 'RULE_SYNTAX: a comment that begins with /* ends with */', '  1 | a /* b', '    |   ^^'],
  ['a = "x', 'RULE_SYNTAX: found the end of the text, expected the " that closes this', '  1 | a = "x', '    |     ^'],
  [
    'a = "x\n"',
    'RULE_SYNTAX: found the end of the line, expected the " that closes this. A line break in a text is written \\n',
    '  1 | a = "x',
    '    |     ^^',
  ],
  ['a = "\t"', 'RULE_SYNTAX: found a control character in a text. Write \\u0009', '  1 | a = "\t"', '    |      ^'],
  [
    'a = "\\d"',
    'RULE_SYNTAX: found \\d, which is no escape. A backslash itself is written \\\\',
    '  1 | a = "\\d"',
    '    |      ^^',
  ],
  ['a = "\\u12"', 'RULE_SYNTAX: expected four hexadecimal digits after \\u', '  1 | a = "\\u12"', '    |      ^^^^'],
  [
    'a = "\\u{110000}"',
    'RULE_SYNTAX: expected a code point from \\u{0} to \\u{10ffff}',
    '  1 | a = "\\u{110000}"',
    '    |      ^^^^^^^^^',
  ],
  ['a = "\\ud800"', 'RULE_SYNTAX: a text has no half of a surrogate pair', '  1 | a = "\\ud800"', '    |     ^^^^^^^^'],
  ['\ud800', 'RULE_SYNTAX: found half of a surrogate pair, which is no character', '  1 | \ud800', '    | ^'],
  [
    'at = "x" and at',
    'RULE_SYNTAX: found =, expected least, as in at least 2 of (…). As a name, at is written "at"',
    '  1 | at = "x" and at',
    '    |    ^',
  ],
  [
    'at most 2 of (a)',
    'RULE_SYNTAX: found most, expected least, as in at least 2 of (…). As a name, at is written "at"',
    '  1 | at most 2 of (a)',
    '    |    ^^^^',
  ],
  [
    'at least two of (a)',
    'RULE_SYNTAX: found two, expected a whole number, as in at least 2 of (…)',
    '  1 | at least two of (a)',
    '    |          ^^^',
  ],
  [
    'at least 2 (a)',
    'RULE_SYNTAX: found (, expected of, as in at least 2 of (…)',
    '  1 | at least 2 (a)',
    '    |            ^',
  ],
  [
    'at least 2 of a',
    'RULE_SYNTAX: found a, expected ( before the rules that are counted',
    '  1 | at least 2 of a',
    '    |               ^',
  ],
  [
    'at least 0 of (a)',
    'RULE_BAD_COUNT: found 0, expected a whole number of 1 or more',
    '  1 | at least 0 of (a)',
    '    |          ^',
  ],
  [
    'at least -1 of (a)',
    'RULE_BAD_COUNT: found -1, expected a whole number of 1 or more',
    '  1 | at least -1 of (a)',
    '    |          ^^',
  ],
  [
    'at least 1.5 of (a)',
    'RULE_BAD_COUNT: found 1.5, expected a whole number of 1 or more',
    '  1 | at least 1.5 of (a)',
    '    |          ^^^',
  ],
  [
    'at least 9007199254740992 of (a)',
    'RULE_BAD_COUNT: found 9007199254740992, expected a whole number of 1 or more',
    '  1 | at least 9007199254740992 of (a)',
    '    |          ^^^^^^^^^^^^^^^^',
  ],
  [
    '至少2个(a)',
    'RULE_SYNTAX: found (, expected = or another operator of a tag, and, or, minus, xor or the end. 至少2个 was read as a name: leave blanks around keywords, 至少 2个',
    '  1 | 至少2个(a)',
    '    |        ^',
  ],
  [
    'audience',
    'RULE_SYNTAX: found the end of the text, expected the name of an audience',
    '  1 | audience',
    '    |         ^',
  ],
  [
    'audience 618',
    'RULE_SYNTAX: found 618, expected the name of an audience. As a name it is written in double quotes, "618"',
    '  1 | audience 618',
    '    |          ^^^',
  ],
  [
    'audience in',
    'RULE_SYNTAX: found in, expected the name of an audience. As a name it is written in double quotes, "in"',
    '  1 | audience in',
    '    |          ^^',
  ],
  [
    'audience x version',
    'RULE_SYNTAX: found the end of the text, expected latest or the number of a version, a whole number of 1 or more',
    '  1 | audience x version',
    '    |                   ^',
  ],
  [
    'audience x version 0',
    'RULE_SYNTAX: found 0, expected latest or the number of a version, a whole number of 1 or more',
    '  1 | audience x version 0',
    '    |                    ^',
  ],
  [
    'audience x version first',
    'RULE_SYNTAX: found first, expected latest or the number of a version, a whole number of 1 or more',
    '  1 | audience x version first',
    '    |                    ^^^^^',
  ],
  [
    'everyone = "x"',
    'RULE_SYNTAX: found =, expected and, or, minus, xor or the end',
    '  1 | everyone = "x"',
    '    |          ^',
  ],
  [
    'a and first',
    'RULE_SYNTAX: found the end of the text, expected the name of an event',
    '  1 | a and first',
    '    |            ^',
  ],
  [
    'a between "x"',
    'RULE_SYNTAX: found the end of the text, expected and: between 10 and 20',
    '  1 | a between "x"',
    '    |              ^',
  ],
  [
    '最近 or a',
    'RULE_SYNTAX: found 最近, expected a condition, for example the name of a tag. A window stands behind what it is of: did purchase today. As a name it is written in double quotes, "最近"',
    '  1 | 最近 or a',
    '    | ^^^^',
  ],
  [
    'a 和 b',
    'RULE_SYNTAX: found 和, expected = or another operator of a tag, and, or, minus, xor or the end. Write 且',
    '  1 | a 和 b',
    '    |   ^^',
  ],
  [
    'a constructor b',
    'RULE_SYNTAX: found constructor, expected = or another operator of a tag, and, or, minus, xor or the end. A name with blanks is written in double quotes, "a constructor"',
    '  1 | a constructor b',
    '    |   ^^^^^^^^^^^',
  ],
  [
    '618',
    'RULE_SYNTAX: found 618, expected a condition, for example the name of a tag. As a name it is written in double quotes, "618"',
    '  1 | 618',
    '    | ^^^',
  ],
  [
    '６１８',
    'RULE_SYNTAX: found ６１８, expected a condition, for example the name of a tag. As a name it is written in double quotes, "６１８"',
    '  1 | ６１８',
    '    | ^^^^^^',
  ],
  [
    'a minus b or c',
    'RULE_AMBIGUOUS: found or beside minus, which has more than one reading. Write parentheses, for example',
    '    (a minus b) or c',
    '    a minus (b or c)',
    '  1 | a minus b or c',
    '    |           ^^',
  ],
  [
    'a or b minus c',
    'RULE_AMBIGUOUS: found minus beside or, which has more than one reading. Write parentheses, for example',
    '    (a or b) minus c',
    '    a or (b minus c)',
    '  1 | a or b minus c',
    '    |        ^^^^^',
  ],
  [
    'a minus b and c',
    'RULE_AMBIGUOUS: found and beside minus, which has more than one reading. Write parentheses, for example',
    '    (a minus b) and c',
    '    a minus (b and c)',
    '  1 | a minus b and c',
    '    |           ^^^',
  ],
  [
    'a and b and c xor d',
    'RULE_AMBIGUOUS: found xor beside and, which has more than one reading. Write parentheses, for example',
    '    (a and b and c) xor d',
    '    a and b and (c xor d)',
    '  1 | a and b and c xor d',
    '    |               ^^^',
  ],
  [
    'a xor b and c',
    'RULE_AMBIGUOUS: found and beside xor, which has more than one reading. Write parentheses, for example',
    '    (a xor b) and c',
    '    a xor (b and c)',
    '  1 | a xor b and c',
    '    |         ^^^',
  ],
  [
    'a xor b minus c',
    'RULE_AMBIGUOUS: found minus beside xor, which has more than one reading. Write parentheses, for example',
    '    (a xor b) minus c',
    '    a xor (b minus c)',
    '  1 | a xor b minus c',
    '    |         ^^^^^',
  ],
  [
    'a or b and c minus d or e and f',
    'RULE_AMBIGUOUS: found minus beside or, which has more than one reading. Write parentheses, for example',
    '    ((a or (b and c)) minus d) or (e and f)',
    '    a or (((b and c) minus d) or (e and f))',
    '  1 | a or b and c minus d or e and f',
    '    |              ^^^^^',
  ],
  [
    'a and b minus c or d',
    'RULE_AMBIGUOUS: found or beside minus, which has more than one reading. Write parentheses, for example',
    '    ((a and b) minus c) or d',
    '    (a and b) minus (c or d)',
    '  1 | a and b minus c or d',
    '    |                 ^^',
  ],
  [
    'x and not (a 除去 b 或 c = "两 个")',
    'RULE_AMBIGUOUS: found or beside minus, which has more than one reading. Write parentheses, for example',
    '    (a 除去 b) 或 c = "两 个"',
    '    a 除去 (b 或 c = "两 个")',
    '  1 | x and not (a 除去 b 或 c = "两 个")',
    '    |                     ^^',
  ],
  [
    '精致妈妈 and 黑名单 == "长"\nor b',
    'RULE_SYNTAX: found ==. Write = to compare',
    '  1 | 精致妈妈 and 黑名单 == "长"',
    '    |                     ^^',
  ],
  [
    'first line is good and\n  cityTier = T1 and\nthird',
    'RULE_SYNTAX: found is, expected and, or, minus, xor or the end',
    '  1 | first line is good and',
    '    |            ^^',
  ],
]

describe('a bad text gets its message', () => {
  test.each(golden)('%j', (text, ...message) => {
    expect(messageOf(text)).toBe(message.join('\n'))
  })
})

test('no reserved word is a bare name, in any case', () => {
  for (const word of reservedWords) {
    for (const spelled of [word, word.toUpperCase()]) {
      const quoted = `As a name it is written in double quotes, "${spelled}"`
      expect(messageOf(`audience ${spelled}`)).toContain(quoted)
      expect(messageOf(`did a and first ${spelled}`)).toContain(quoted)
      expect(() => parseRule(`a and ${spelled} = "x"`)).toThrow(RuleError)
      expect(parseRule(`$${spelled} = "x"`).node.kind).toBe('eq')
      expect(parseRule(`"${spelled}" = "x"`).node.kind).toBe('eq')
    }
  }
})

test('the error is plain data with one fault', () => {
  const error = errorOf('cityTier = T1')
  expect(error.source).toBe('cityTier = T1')
  expect(error.toJSON()).toEqual({
    code: 'RULE_SYNTAX',
    message: messageOf('cityTier = T1').replace('RULE_SYNTAX: ', ''),
    facts: {
      faults: [
        {
          code: 'RULE_SYNTAX',
          message: 'found T1, expected a value: write it in double quotes, "T1"',
          path: '$',
          span: { start: 11, end: 13 },
        },
      ],
    },
  })
})

test.each([[undefined], [null], [5], [{}]])('%j is no text', (value) => {
  expect(() => parseRule(value as unknown as string)).toThrow('RULE_NOT_A_RULE')
})

describe('above a limit', () => {
  const limits = { ...defaultRuleLimits, depth: 3, nodes: 4, listLength: 2, textLength: 60, valueLength: 5 }
  const cases: [string, string][] = [
    ['not not a', ''],
    ['not not not a', 'RULE_TOO_DEEP: found a rule nested deeper than 3 levels, the limit'],
    ['not (a and (b or c))', 'RULE_TOO_LARGE'],
    ['(((a)))', ''],
    ['((((a))))', 'RULE_TOO_DEEP'],
    ['at least 1 of (at least 1 of (at least 1 of (a)))', 'RULE_TOO_DEEP'],
    ['a and b and c', ''],
    ['a and b and c and d', 'RULE_TOO_LARGE: found more than 4 conditions and operations, the limit of one rule'],
    ['a in ("x", "y")', ''],
    ['a in ("x", "y", "z")', 'RULE_LIST_TOO_LONG: found more than 2 values in one list, the limit'],
    ['abcde = "12345"', ''],
    ['abcdef', 'RULE_TOO_LONG: found a name or text of 6 characters, expected at most 5 in a rule'],
    ['a = "123456"', 'RULE_TOO_LONG: found a name or text of 6 characters'],
    ['a = "\u0958\u0958"', ''],
    ['a = "\u0958\u0958\u0958"', 'RULE_TOO_LONG'],
    ['$abcdef', 'RULE_TOO_LONG'],
    [`${' '.repeat(59)}a`, ''],
    [`${' '.repeat(60)}a`, 'RULE_TOO_LONG: found a text of 61 characters, expected at most 60'],
  ]
  test.each(cases)('%j', (text, message) => {
    if (message === '') parseRule(text, limits)
    else expect(() => parseRule(text, limits)).toThrow(message)
  })
})

function errorOf(text: string): RuleError {
  try {
    parseRule(text)
  } catch (error) {
    expect(error).toBeInstanceOf(RuleError)
    return error as RuleError
  }
  throw new Error(`${text} was accepted`)
}

function messageOf(text: string): string {
  return errorOf(text).message
}

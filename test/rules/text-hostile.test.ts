import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultRuleLimits, type RuleLimits } from '../../src/base/limits.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { RuleError } from '../../src/rules/fault.ts'
import { reservedWords } from '../../src/rules/text/keywords.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'
import { printRule } from '../../src/rules/text/print-rule.ts'
import { vocabulary } from '../../src/rules/text/vocabulary.ts'
import { campaign } from '../fast-check-config.ts'

/** Long texts are let in, so that each other limit, and the work without any, is seen by itself. */
const longText: RuleLimits = { ...defaultRuleLimits, textLength: 100_000_000 }
const none: RuleLimits = {
  depth: 10_000_000,
  nodes: 10_000_000,
  textTests: 10_000_000,
  listLength: 10_000_000,
  textLength: 100_000_000,
  patternLength: 100_000_000,
  valueLength: 100_000_000,
}
const million = 1_000_000

describe('is refused', () => {
  // Work that grew faster than the text would not end within the time of a test.
  const texts: [string, () => string, string][] = [
    ['100,000 parentheses', () => '('.repeat(100_000), 'RULE_TOO_DEEP'],
    ['100,000 pairs of parentheses', () => `${'('.repeat(100_000)}a${')'.repeat(100_000)}`, 'RULE_TOO_DEEP'],
    ['a million parentheses that close', () => ')'.repeat(million), 'RULE_SYNTAX'],
    ['a million nots', () => `${'not '.repeat(million)}a`, 'RULE_TOO_DEEP'],
    ['a million nots in Chinese', () => `${'非 '.repeat(million)}a`, 'RULE_TOO_DEEP'],
    ['nots and parentheses in turn', () => 'not ('.repeat(million), 'RULE_TOO_DEEP'],
    ['counts in counts', () => 'at least 1 of ('.repeat(100_000), 'RULE_TOO_DEEP'],
    ['ever deeper to the right', () => 'a and (b or ('.repeat(100_000), 'RULE_TOO_DEEP'],
    ['a million operands', () => 'a and '.repeat(million), 'RULE_TOO_LARGE'],
    ['a million operands that fit', () => `${'a or '.repeat(million)}a`, 'RULE_TOO_LARGE'],
    ['a million rules in a count', () => `at least 2 of (${'a,'.repeat(million)}a)`, 'RULE_TOO_LARGE'],
    ['a million empty counts', () => 'at least 2 of () and '.repeat(million), 'RULE_TOO_LARGE'],
    ['a huge list', () => `a in (${'"x",'.repeat(million)}"x")`, 'RULE_LIST_TOO_LONG'],
    ['a huge list that is not closed', () => `a in (${'"x",'.repeat(90_000)}`, 'RULE_SYNTAX'],
    ['a mixture of operators', () => `${'a minus b or '.repeat(9_000)}c`, 'RULE_AMBIGUOUS'],
    ['a huge name', () => 'a'.repeat(million), 'RULE_TOO_LONG'],
    ['a huge name of rare letters', () => '\u{20000}\u0301'.repeat(million), 'RULE_TOO_LONG'],
    ['a huge parameter', () => `$${'妈'.repeat(million)}`, 'RULE_TOO_LONG'],
    ['a huge text', () => `a = "${'x'.repeat(10 * million)}"`, 'RULE_TOO_LONG'],
    ['a huge text of escapes', () => `a = "${'\\u4e00'.repeat(million)}"`, 'RULE_TOO_LONG'],
    ['a huge text that is not closed', () => `a = "${'x'.repeat(10 * million)}`, 'RULE_SYNTAX'],
    ['texts that are not closed', () => 'a = "\n'.repeat(million), 'RULE_SYNTAX'],
    ['a huge number', () => `at least ${'9'.repeat(million)} of (a)`, 'RULE_BAD_COUNT'],
    ['a huge fraction', () => `at least 0.${'9'.repeat(million)} of (a)`, 'RULE_BAD_COUNT'],
    ['a huge version', () => `audience a version ${'9'.repeat(million)}`, 'RULE_SYNTAX'],
    ['blanks', () => ' '.repeat(10 * million), 'RULE_SYNTAX'],
    ['slashes', () => '/'.repeat(10 * million), 'RULE_SYNTAX'],
    ['comments that are not closed', () => '/*'.repeat(million), 'RULE_SYNTAX'],
    ['comments', () => '/**/'.repeat(million), 'RULE_SYNTAX'],
    ['line breaks', () => '\r\n'.repeat(million), 'RULE_SYNTAX'],
    ['half surrogates', () => `a = "${'\ud800'.repeat(million)}"`, 'RULE_SYNTAX'],
    ['a million events', () => `did (${'a, '.repeat(million)}a)`, 'RULE_TOO_LARGE'],
    ['a million events that are not closed', () => `did (${'a, '.repeat(million)}`, 'RULE_SYNTAX'],
    ['a million conditions about events', () => 'did a(x) or '.repeat(million), 'RULE_TOO_LARGE'],
    ['a million steps', () => `did a${' then did b'.repeat(million)}`, 'RULE_TOO_LARGE'],
    ['a million tests in a filter', () => `did a(${'x, '.repeat(million)}x)`, 'RULE_TOO_LARGE'],
    ['parentheses in a filter', () => `did a${'('.repeat(million)}`, 'RULE_TOO_DEEP'],
    ['nots in a filter', () => `did a(${'not '.repeat(million)}`, 'RULE_TOO_DEEP'],
    ['filters in filters', () => 'did a('.repeat(million), 'RULE_BAD_FILTER'],
    ['filters in parentheses', () => 'not (did a(x) or '.repeat(million), 'RULE_TOO_DEEP'],
    ['sums of sums', () => 'sum ('.repeat(million), 'RULE_SYNTAX'],
    [
      'commas that may begin an option',
      () => `at least 1 of (${'did a then did b, same, '.repeat(million)}x)`,
      'RULE_TOO_LARGE',
    ],
    ['options again and again', () => `did a then did b${', same x'.repeat(million)}`, 'RULE_SYNTAX'],
    ['windows again and again', () => `did a${' today'.repeat(million)}`, 'RULE_SYNTAX'],
    ['a huge constant', () => `a = ${'9'.repeat(million)}`, 'RULE_TOO_LONG'],
    ['a constant of zeros', () => `a = ${'0'.repeat(million)}.${'0'.repeat(million)}1`, 'RULE_TOO_LONG'],
    ['a huge number of days', () => `a in last ${'9'.repeat(million)} days`, 'RULE_BAD_WINDOW'],
    ['dates without quotes', () => 'a from 2026-01-01 '.repeat(million), 'RULE_SYNTAX'],
    ['combining marks', () => `a${'\u0301'.repeat(60_000)} = b`, 'RULE_SYNTAX'],
  ]
  test.each(texts)('%s', (_name, text, code) => {
    expect(codeOf(text(), longText)).toBe(code)
  })

  test('a text above the limit, before it is read', () => {
    expect(codeOf('"'.repeat(10 * million), defaultRuleLimits)).toBe('RULE_TOO_LONG')
  })

  test('with a message that is short, whatever was found', () => {
    for (const [, text] of texts) expect(messageOf(text(), longText).length).toBeLessThan(6_000)
  })
})

describe('without limits', () => {
  test('depth costs no call stack', () => {
    const depth = 200_000
    const nots = parseRule(`${'not '.repeat(depth)}a`, none).node
    expect(depthOf(nots)).toBe(depth + 1)
    expect(printRule(nots)).toBe(`${'not '.repeat(depth)}a`)
    const groups = `${'(a and '.repeat(depth)}b${')'.repeat(depth)}`
    expect(`(${printRule(parseRule(groups, none).node)})`).toBe(groups)
    const counts = `${'at least 1 of ('.repeat(depth)}a${')'.repeat(depth)}`
    expect(printRule(parseRule(counts, none).node)).toBe(counts)
  })

  test('places of a deep rule are found', () => {
    const { places } = parseRule(`${'not '.repeat(5_000)}a`, none)
    expect(places.size).toBe(5_002)
  })

  test('a million of anything is read in one go', () => {
    const text = `${'a and '.repeat(million)}x in (${'"x", '.repeat(million)}"x")`
    expect(printRule(parseRule(text, none).node)).toBe(text)
    const mixed = `${'a or b and '.repeat(million / 2)}c`
    expect(printRule(parseRule(mixed, none).node)).toBe(mixed)
    const minus = `${'a and '.repeat(million / 2)}b${' minus c'.repeat(million / 2)}`
    expect(printRule(parseRule(minus, none).node)).toBe(minus)
  })

  test('a million of anything about events is read in one go', () => {
    for (const text of [
      `did (${'a(x), '.repeat(million / 4)}b)`,
      `did a${' then did b within 2 hours without c'.repeat(million / 8)}`,
      `did a(${'x = "y", '.repeat(million / 4)}z)`,
      `${'did a in last 7 days or '.repeat(million / 8)}did not b`,
    ]) {
      expect(printRule(parseRule(text, none).node)).toBe(text)
    }
    const digits = `1${'0'.repeat(million)}1`
    expect(printRule(parseRule(`a = 000${digits}.${'0'.repeat(million)}`, none).node)).toBe(`a = "${digits}"`)
  })

  test('the readings of a huge mixture are cut', () => {
    expect(messageOf(`${'a minus b xor c or '.repeat(200_000)}d`, none).length).toBeLessThan(6_000)
  })
})

describe('whatever comes', () => {
  const soup = fc
    .array(
      fc.tuple(
        fc.oneof(
          fc.constantFrom(...Object.values(vocabulary).flatMap(({ en, zh }) => [en, zh, ...en.split(' ')])),
          fc.constantFrom(...reservedWords),
          fc.constantFrom(
            '(',
            ')',
            ',',
            '=',
            '!=',
            '（',
            '）',
            '，',
            '＝',
            '！＝',
            '"',
            '“',
            '”',
            '$',
            '//',
            '/*',
            '*/',
          ),
          fc.constantFrom(
            'a',
            'b',
            '妈',
            '"a"',
            '“b”',
            '$p',
            '$"p"',
            '("x")',
            '()',
            '1',
            '2',
            '2个',
            '-1.5',
            '7天',
            '3次',
            '\\',
            '\n',
            '!',
            '<',
            '>=',
            '≤',
          ),
        ),
        fc.constantFrom(' ', ' ', ' ', ''),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.flat().join(''))
  const plausible = fc
    .array(fc.constantFrom('a', 'b = "x"', 'not', 'and', 'or', 'minus', 'xor', '(', ')', 'at least 2 of (', ','), {
      maxLength: 25,
    })
    .map((parts) => parts.join(' '))
  const likely = fc.constantFrom(
    ...[
      'did a',
      'did not a',
      '未做过 a',
      'did (a, b)',
      'a',
      '(',
      '(x)',
      '("x")',
      ')',
      ',',
      'then did b',
      'then did not b',
    ],
    ...[
      'within 2 hours',
      '2 小时 以内',
      'without c',
      ', same p',
      ', allowing same time',
      'in last 7 days',
      '最近 7 天',
    ],
    ...['including today', 'ending 3 days ago', 'starting sunday', 'today', 'this week', 'from "x"', 'to "y"', 'ever'],
    ...['at least 3 times', '至少 3次', 'exactly 1 time', 'between 1 and 2', 'between 1 and 2 times', '>= 5', '= -1.5'],
    ...[
      'sum m of a',
      '总和 a 的 m',
      'distinct days of a',
      'days since last a',
      '距上次 a 天数',
      'count a',
      'minus m of b',
    ],
    ...['first a', '最近一次 a', 'where (x)', 'stopped a', 'but not', 'again', 'resumed a', 'new a', 'regular a', 'in'],
    ...['in at least 3 of last 4 weeks', '最近 4 周 中 至少 3 周', 'and', 'or', 'not', 'at least 2 of ('],
  )
  const events = fc.array(likely, { maxLength: 8 }).map((parts) => parts.join(' '))
  const units = fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0x20, max: 0x7e })), { maxLength: 60 })
    .map((codes) => String.fromCharCode(...codes))

  test.each([
    ['words and signs', soup],
    ['plausible words', plausible],
    ['words about events', events],
    ['UTF-16 units', units],
    ['characters', fc.string({ unit: 'binary', maxLength: 60 })],
  ])('%s: a rule that survives printing, or an error that points into the text', (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const result = parsed(text)
        if (result instanceof RuleError) {
          expect(result.faults).toHaveLength(1)
          const { start, end } = result.faults[0]!.span!
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(text.length)
          return
        }
        expect(parseRule(printRule(result)).node).toStrictEqual(result)
        expect(parseRule(printRule(result, { language: 'zh' })).node).toStrictEqual(result)
      }),
      campaign(2_000),
    )
  })

  test('both readings of an ambiguous text are legal and differ', () => {
    const chain = fc
      .array(fc.constantFrom('and', 'or', 'minus', 'xor'), { minLength: 2, maxLength: 6 })
      .map(
        (operators) =>
          operators.map((operator, i) => `${'abcdefg'[i]} ${operator} `).join('') + 'abcdefg'[operators.length],
      )
    let ambiguous = 0
    fc.assert(
      fc.property(chain, (text) => {
        const result = parsed(text)
        if (!(result instanceof RuleError)) return
        ambiguous++
        const [, first, second] = result.message.split('\n').map((line) => line.trim())
        const [one, two] = [parseRule(first!).node, parseRule(second!).node]
        expect(first!.replace(/[()]/g, '')).toBe(text)
        expect(second!.replace(/[()]/g, '')).toBe(text)
        expect(truthTable(one)).not.toEqual(truthTable(two))
      }),
      campaign(1_000),
    )
    expect(ambiguous).toBeGreaterThan(10)
  })

  test('minus after and needs no parentheses, since both groupings are the same set', () => {
    const [left, right] = ['(a and b) minus c minus d', 'a and (b minus c minus d)'].map((text) => parseRule(text).node)
    expect(parseRule('a and b minus c minus d').node).toStrictEqual(left)
    expect(truthTable(left!)).toEqual(truthTable(right!))
  })
})

/** The truth of a rule over flags a to g, for each of the 128 people that differ in them. */
function truthTable(rule: RuleNode): boolean[] {
  return Array.from({ length: 128 }, (_, person) => holds(rule, person))
}

function holds(rule: RuleNode, person: number): boolean {
  switch (rule.kind) {
    case 'has':
      return (person & (1 << 'abcdefg'.indexOf(rule.tag as string))) !== 0
    case 'and':
      return rule.rules.every((part) => holds(part, person))
    case 'or':
      return rule.rules.some((part) => holds(part, person))
    case 'xor':
      return rule.rules.filter((part) => holds(part, person)).length % 2 === 1
    case 'minus':
      return holds(rule.rules[0]!, person) && !rule.rules.slice(1).some((part) => holds(part, person))
    default:
      throw new Error(rule.kind)
  }
}

function parsed(text: string, limits: RuleLimits = defaultRuleLimits): RuleNode | RuleError {
  try {
    return parseRule(text, limits).node
  } catch (error) {
    if (error instanceof RuleError) return error
    throw error
  }
}

function codeOf(text: string, limits: RuleLimits): string {
  const result = parsed(text, limits)
  return result instanceof RuleError ? result.code : 'accepted'
}

function messageOf(text: string, limits: RuleLimits): string {
  const result = parsed(text, limits)
  return result instanceof RuleError ? result.message : ''
}

function depthOf(root: RuleNode): number {
  let depth = 1
  for (let node = root; node.kind === 'not'; node = node.rule) depth++
  return depth
}

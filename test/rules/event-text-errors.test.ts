import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import { RuleError } from '../../src/rules/fault.ts'
import { parseRule } from '../../src/rules/text/parse-rule.ts'

/**
 * Bad texts about numbers, times and events: what is underlined, and the message, with its code where that is not
 * RULE_SYNTAX.
 */
const golden: readonly (readonly [text: string, underlined: string, message: string])[] = [
  [
    'did purchase last 7 days',
    'last',
    'found last, expected and, or, minus, xor or the end. A window of time begins with in: in last 7 days',
  ],
  [
    'joinedAt last 7 days',
    'last',
    'found last, expected = or another operator of a tag, and, or, minus, xor or the end. A window of time begins with in: joinedAt in last 7 days',
  ],
  [
    'joinedAt not in last 7 days',
    'last',
    'found last, expected a list in parentheses. Write not before the tag, as in not joinedAt in last 7 days',
  ],
  [
    'joinedAt within last 7 days',
    'within',
    'found within, expected = or another operator of a tag, and, or, minus, xor or the end. A window of time begins with in: joinedAt in last 7 days',
  ],
  [
    'did purchase in last 7',
    '',
    'found the end of the text, expected minutes, hours, days, weeks or months: in last 7 days',
  ],
  [
    'did purchase in last 7 and vip',
    'and',
    'found and, expected minutes, hours, days, weeks or months: in last 7 days',
  ],
  ['did purchase in last 7.5 days', '7.5', 'RULE_BAD_WINDOW: found 7.5, expected a whole number of 0 or more'],
  ['did purchase in last seven days', 'seven', 'found seven, expected a whole number: in last 7 days'],
  ['did purchase 3 times', '3', 'found 3, expected at least, at most or exactly before it: at least 3 times'],
  ['做过 purchase 3次', '3次', 'found 3次, expected at least, at most or exactly before it: at least 3 times'],
  ['did purchase >= 3', '>=', 'found >=, expected words for how often: at least 3 times, more than 3 times'],
  ['did purchase at least 3', '', 'found the end of the text, expected times: at least 3 times'],
  ['did purchase at least 3 and vip', 'and', 'found and, expected times: at least 3 times'],
  ['did purchase at least three times', 'three', 'found three, expected a number: at least 3 times'],
  ['did purchase at least 2 of (a, b)', 'of', 'found of, expected times: at least 3 times'],
  [
    'joinedAt from 2026-01-01',
    '2026-01-01',
    'found 2026-01-01, expected a value: a time is written in double quotes, "2026-01-01"',
  ],
  [
    'did purchase from 2026-01-01 to 2026-02-01',
    '2026-01-01',
    'found 2026-01-01, expected a value: a time is written in double quotes, "2026-01-01"',
  ],
  [
    'joinedAt >= 2026/1/1',
    '2026/1/1',
    'found 2026/1/1, expected a value: a time is written in double quotes, "2026/1/1"',
  ],
  [
    'joinedAt >= 2026-01-01T09:00:00+08:00',
    '2026-01-01T09:00:00+08:00',
    'found 2026-01-01T09:00:00+08:00, expected a value: a time is written in double quotes, "2026-01-01T09:00:00+08:00"',
  ],
  [
    'did a in last 7 days then did b',
    'then',
    'found then, expected and, or, minus, xor or the end. The steps of a sequence come first, when and how often behind them',
  ],
  [
    'did a then did b 3 times',
    '3',
    'found 3 behind a step. A step of a sequence is one event, so it has no number of times',
  ],
  ['did a then b', 'b', 'found b, expected did or did not: did browse then did purchase'],
  ['did a then did not b', '', 'found the end of the text, expected within: then did not purchase within 24 hours'],
  [
    'did a then did b at least 3 times',
    'at',
    'found at behind a step. A step of a sequence is one event, so it has no number of times',
  ],
  [
    'did not a then did b',
    'then',
    'found then behind did not. For people without the whole sequence write not (did a then did b)',
  ],
  ['did (a, b) then did c', 'then', 'found then behind several events. A step of a sequence is one event'],
  ['did a then did (b, c)', '(', 'found (, expected the name of an event: a step of a sequence is one'],
  [
    'did a then did not b within 3 months',
    'months',
    'found months, expected seconds, minutes, hours, days or weeks: within 24 hours',
  ],
  ['did a then did not b within 24 hours then did c', 'then', 'found then behind then did not, which ends a sequence'],
  [
    'did a then did b, sam product',
    ',',
    'found a comma, expected and, or, minus, xor or the end. Behind a comma stand same and a property, or allowing same time',
  ],
  [
    'did a then did b same product',
    'same',
    'found same, expected and, or, minus, xor or the end. A comma stands before it',
  ],
  ['did a then did b, allowing same day', 'day', 'found day, expected time: allowing same time'],
  [
    'did purchase today in last 7 days',
    'in',
    'found in, expected and, or, minus, xor or the end. A rule has one window of time: for two, write two rules with and',
  ],
  [
    'did purchase in last 7 days today',
    'today',
    'found today, expected and, or, minus, xor or the end. A rule has one window: in last 7 days including today has the present day too',
  ],
  [
    'did purchase in last 7 days including this week',
    'this',
    'found this, expected today, since the window is one of days',
  ],
  [
    'did purchase in last 7 hours including today',
    'including',
    'RULE_BAD_WINDOW: found including behind hours, which end at the present moment: it stands behind days, weeks and months',
  ],
  [
    'did purchase in last 7 days starting sunday',
    'starting',
    'RULE_BAD_WINDOW: found starting behind days: only weeks start on a day',
  ],
  ['did purchase in last 7 days ending 4 weeks ago', 'weeks', 'found weeks, expected days: ending 30 days ago'],
  ['did purchase in last 7 days ending 4 days', '', 'found the end of the text, expected ago: ending 30 days ago'],
  [
    'today did purchase',
    'today',
    'found today, expected a condition, for example the name of a tag. A window stands behind what it is of: did purchase today. As a name it is written in double quotes, "today"',
  ],
  [
    '最近 7 天 做过 purchase',
    '最近',
    'found 最近, expected a condition, for example the name of a tag. A window stands behind what it is of: did purchase today. As a name it is written in double quotes, "最近"',
  ],
  [
    'last 7 days did purchase',
    '7',
    'found 7, expected the name of an event. A window stands behind what it is of: did purchase in last 7 days. As a name it is written in double quotes, "7"',
  ],
  [
    'did purchase 最近7天',
    '最近7天',
    'found 最近7天, expected and, or, minus, xor or the end. Leave blanks around keywords: 最近 7 天',
  ],
  [
    'joinedAt 最近7天',
    '最近7天',
    'found 最近7天, expected = or another operator of a tag, and, or, minus, xor or the end. Leave blanks around keywords: 最近 7 天',
  ],
  ['did purchase()', ')', 'found ), expected a test of a property. Without any, leave the parentheses out'],
  [
    'did purchase(everyone)',
    'everyone',
    'RULE_BAD_FILTER: found everyone in the filter of an event, expected tests of its properties. As a name it is written in double quotes, "everyone"',
  ],
  [
    'did purchase(did a)',
    'did',
    'RULE_BAD_FILTER: found did in the filter of an event, expected tests of its properties. As a name it is written in double quotes, "did"',
  ],
  [
    'did purchase(audience x and y)',
    'audience',
    'RULE_BAD_FILTER: found audience in the filter of an event, expected tests of its properties. As a name it is written in double quotes, "audience"',
  ],
  ['did purchase(product = "A"', '(', 'found the end of the text, expected the ) that closes this'],
  ['did purchase(product = "A" b)', 'b', 'found b, expected and, or, minus, xor or a comma or )'],
  [
    'did purchase where (product = "A")',
    'where',
    'found where, expected and, or, minus, xor or the end. A filter stands in parentheses right behind the name of the event: purchase(product = "A")',
  ],
  [
    'spend > 1,000',
    ',',
    'found a comma, expected and, or, minus, xor or the end. A number is written without commas, 1000',
  ],
  [
    'spend > 1万',
    '1万',
    'found 1万, expected a value: write it in double quotes, "1万". A number is written in digits alone',
  ],
  ['spend > １０', '１０', 'found １０, expected a number in the digits 0 to 9, or a text in double quotes'],
  ['spend > +5', '+', 'found +. Write the number without +'],
  ['spend >= ', '', 'found the end of the text, expected a value: a number, or a text in double quotes'],
  ['spend => 5', '=>', 'found =>. Write >='],
  ['spend =< 5', '=<', 'found =<. Write <='],
  ['spend in 5', '5', 'found 5, expected a list in parentheses, (5)'],
  ['sum amount purchase > 5', 'purchase', 'found purchase, expected of: sum amount of purchase'],
  [
    'sum amount of purchase',
    '',
    'found the end of the text, expected a window of time or a comparison with a number: >= 5, or between 1 and 5',
  ],
  [
    'sum amount of purchase in last 7 days',
    '',
    'found the end of the text, expected a comparison with a number: >= 5, or between 1 and 5',
  ],
  [
    'sum (amount of purchase, refund) > 5',
    'refund',
    'found refund alone, expected what is measured of it: sum amount of purchase',
  ],
  ['avg (amount of a, minus amount of b) > 5', 'minus', 'found minus in avg: only a sum takes events away'],
  ['distinct days browse > 5', 'browse', 'found browse, expected of: distinct days of browse'],
  ['days since purchase > 5', 'purchase', 'found purchase, expected last: days since last purchase > 30'],
  [
    'days since last purchase',
    '',
    'found the end of the text, expected a window of time or a comparison with a number: >= 5, or between 1 and 5',
  ],
  [
    'stopped purchase in last 60 days',
    '',
    'found the end of the text, expected but not and the window without it: stopped purchase in last 60 days ending 30 days ago but not in last 30 days',
  ],
  [
    'stopped purchase in last 60 days but in last 30 days',
    'in',
    'found in, expected but not and the window without it: stopped purchase in last 60 days ending 30 days ago but not in last 30 days',
  ],
  [
    'stopped purchase',
    '',
    'found the end of the text, expected a window of time, for example in last 7 days, today or from "2026-01-01" to "2026-02-01"',
  ],
  [
    'resumed purchase in last 60 days but not in last 30 days',
    '',
    'found the end of the text, expected again and the window in which they came back: again in last 7 days',
  ],
  [
    'new purchase',
    '',
    'found the end of the text, expected a window of time, for example in last 7 days, today or from "2026-01-01" to "2026-02-01"',
  ],
  [
    'regular purchase 2 times in last 4 weeks',
    '2',
    'found 2, expected at least: regular purchase at least 2 times in at least 3 of last 4 weeks',
  ],
  [
    'regular purchase at least 2 times in 3 of last 4 weeks',
    '3',
    'found 3, expected at least: regular purchase at least 2 times in at least 3 of last 4 weeks',
  ],
  [
    'regular purchase at least 2 times in at least 3 of 4 weeks',
    '4',
    'found 4, expected last: regular purchase at least 2 times in at least 3 of last 4 weeks',
  ],
  [
    'first purchase where kol = "A"',
    'kol',
    'found kol, expected ( before what is asked of it: first purchase where (amount >= 50)',
  ],
  ['did', '', 'found the end of the text, expected the name of an event, or several in parentheses'],
  [
    'did 618',
    '618',
    'found 618, expected the name of an event, or several in parentheses. As a name it is written in double quotes, "618"',
  ],
  [
    'did first',
    'first',
    'found first, expected the name of an event, or several in parentheses. As a name it is written in double quotes, "first"',
  ],
  [
    'did purchase within 7 days',
    'within',
    'found within, expected and, or, minus, xor or the end. within is said of steps: did a then did b within 2 hours. A window of time begins with in: in last 7 days',
  ],
  ['did purchase between 3 times', 'times', 'found times, expected and: between 10 and 20'],
  ['did purchase between 3 and 5', '', 'found the end of the text, expected times: between 3 and 5 times'],
  [
    'did a then did b within 2 hours within 3 hours',
    'within',
    'found within, expected and, or, minus, xor or the end. within is said of steps: did a then did b within 2 hours. A window of time begins with in: in last 7 days',
  ],
  [
    'did a then did b 2 hours',
    '',
    'found the end of the text, expected 以内, in English within before the number: 24 小时 以内, within 24 hours',
  ],
  ['spend between 10', '', 'found the end of the text, expected and: between 10 and 20'],
  ['spend between 10 or 20', 'or', 'found or, expected and: between 10 and 20'],
  ['a first', 'first', 'found first, expected = or another operator of a tag, and, or, minus, xor or the end'],
  ['a starts with 5', '5', 'found 5, expected a text: write it in double quotes, "5"'],
  ['a = 2026-1', '-1', 'found -1, expected and, or, minus, xor or the end'],
  [
    'did a then did b 24小时',
    '',
    'found the end of the text, expected 以内, in English within before the number: 24 小时 以内, within 24 hours',
  ],
  ['spend > 1.5abc', '1.5abc', 'found 1.5abc, expected a number in the digits 0 to 9, or a text in double quotes'],
  [
    'joinedAt in 最近一次 7 天',
    '最近一次',
    'found 最近一次, expected a window of time, for example in last 7 days, today or from "2026-01-01" to "2026-02-01"',
  ],
  [
    'did a in last 9007199254740992 days',
    '9007199254740992',
    'RULE_BAD_WINDOW: found 9007199254740992, expected a whole number of 0 or more',
  ],
  ['did a in last -3 days', '-3', 'RULE_BAD_WINDOW: found -3, expected a whole number of 0 or more'],
  ['did a then did b within 0 hours', '0', 'RULE_BAD_SEQUENCE: found 0, expected a whole number of 1 or more'],
  ['did a then did b within 1.5 hours', '1.5', 'RULE_BAD_SEQUENCE: found 1.5, expected a whole number of 1 or more'],
  ['did a this day', 'day', 'found day, expected week or month behind this, or today for this day'],
  ['did a in this year', 'year', 'found year, expected week or month behind this, or today for this day'],
  [
    'did a in last 2 weeks starting someday',
    'someday',
    'found someday, expected the day on which weeks start: monday, tuesday, wednesday, thursday, friday, saturday, sunday',
  ],
  ['distinct days of (a, b', '(', 'found the end of the text, expected the ) that closes this'],
  ['did (a b)', 'b', 'found b, expected a comma or ) in the list of events'],
  ['did (a, )', ')', 'found ), expected the name of an event'],
  ['sum (minus amount a) > 1', 'a', 'found a, expected of: minus amount of refund'],
  [
    'did a(min = 5)',
    'min',
    'RULE_BAD_FILTER: found min in the filter of an event, expected tests of its properties. As a name it is written in double quotes, "min"',
  ],
  [
    'did a((did b))',
    'did',
    'RULE_BAD_FILTER: found did in the filter of an event, expected tests of its properties. As a name it is written in double quotes, "did"',
  ],
  ['did purchase(a and)', ')', 'found ), expected a test of a property, for example amount >= 50'],
  [
    'regular a at least 0 times in at least 3 of last 4 weeks',
    '0',
    'RULE_BAD_COUNT: found 0, expected a whole number of 1 or more',
  ],
  [
    '最近一次 7 天',
    '7',
    'found 7, expected = or another operator of a tag, and, or, minus, xor or the end. A name with blanks is written in double quotes, "最近一次 7"',
  ],
  [
    'did a in last 7 days including 3',
    '3',
    'found 3, expected today, this week or this month: in last 7 days including today',
  ],
  ['did a at two times', 'two', 'found two, expected least or most: at least 3 times'],
  ['did a at least', '', 'found the end of the text, expected a number: at least 3 times'],
  ['did a more 3 times', '3', 'found 3, expected than: more than 3 times'],
  ['did a fewer 3 times', '3', 'found 3, expected than: fewer than 3 times'],
  ['did a not 3 times', '3', 'found 3, expected exactly: not exactly 3 times'],
  [
    'distinct product of purchase in last 7 days at least 3 times',
    'at',
    'found at, expected a comparison with a number: >= 5, or between 1 and 5',
  ],
  [
    'stopped purchase in last 60 days but not in last 30 days in last 7 days',
    'in',
    'found in, expected and, or, minus, xor or the end. A rule has one window of time: for two, write two rules with and',
  ],
  ['did a, same product', ',', 'found a comma, expected and, or, minus, xor or the end'],
  [
    'first purchase at least 3 times',
    'at',
    'found at, expected and, or, minus, xor or the end. How often is said of did: did purchase at least 3 times',
  ],
  [
    'a within 24 hours',
    'within',
    'found within, expected = or another operator of a tag, and, or, minus, xor or the end. A window of time begins with in: a in last 7 days',
  ],
  [
    'joinedAt today in last 7 days',
    'in',
    'found in, expected and, or, minus, xor or the end. A rule has one window of time: for two, write two rules with and',
  ],
  ['did a then did b then', '', 'found the end of the text, expected did or did not: did browse then did purchase'],
  [
    'did a then did b 3次',
    '3次',
    'found 3次 behind a step. A step of a sequence is one event, so it has no number of times',
  ],
  [
    'did a then did b $n times',
    '$n',
    'found $n behind a step. A step of a sequence is one event, so it has no number of times',
  ],
]

describe('a bad text gets its message', () => {
  test.each(golden)('%s', (text, underlined, message) => {
    const { faults } = errorOf(text)
    expect(faults).toHaveLength(1)
    const { code, message: found, span } = faults[0]!
    expect(code === 'RULE_SYNTAX' ? found : `${code}: ${found}`).toBe(message)
    expect(text.slice(span!.start, span!.end)).toBe(underlined)
  })
})

test('the place is shown', () => {
  expect(errorOf('精致妈妈 and did purchase 最近 7 日').message).toBe(
    [
      'RULE_SYNTAX: found 日, expected minutes, hours, days, weeks or months: in last 7 days',
      '  1 | 精致妈妈 and did purchase 最近 7 日',
      '    |                                  ^^',
    ].join('\n'),
  )
})

describe('above a limit', () => {
  const limits = { ...defaultRuleLimits, depth: 4, nodes: 6, listLength: 2, valueLength: 12 }
  const cases: [string, string][] = [
    ['did (a, b, c, d, e)', ''],
    ['did (a, b, c, d, e, f)', 'RULE_TOO_LARGE'],
    ['did a(x, y, z)', ''],
    ['did a(x, y, z, w)', 'RULE_TOO_LARGE'],
    ['did a then did b without (c, d) then did not e within 1 day', ''],
    ['did a then did b without (c, d) then did not (e, f) within 1 day', 'RULE_TOO_LARGE'],
    ['did a(not not x)', ''],
    ['did a(not not not x)', 'RULE_TOO_DEEP'],
    ['did not a(not x)', ''],
    ['did not a(not not x)', 'RULE_TOO_DEEP'],
    ['((did a((x))))', ''],
    ['(((did a((x)))))', 'RULE_TOO_DEEP'],
    ['did a((((x))))', ''],
    ['did a(((((x)))))', 'RULE_TOO_DEEP'],
    ['did a(x in (1, 2))', ''],
    ['did a(x in (1, 2, 3))', 'RULE_LIST_TOO_LONG'],
    ['x = 123456789012', ''],
    ['x = 1234567890123', 'RULE_TOO_LONG: found a number of 13 characters, expected at most 12 in a rule'],
    ['did "1234567890123"', 'RULE_TOO_LONG'],
  ]
  test.each(cases)('%s', (text, message) => {
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

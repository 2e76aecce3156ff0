import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { RuleError } from '../../src/rules/fault.ts'
import * as make from '../../src/rules/make-node.ts'
import { Rule } from '../../src/rules/rule.ts'
import { type KnownAudiences, validateRule } from '../../src/rules/validate-rule.ts'
import { category, flag } from '../../src/schema/column-spec.ts'
import { Schema } from '../../src/schema/schema.ts'

const schema = Schema.from({
  精致妈妈: flag(),
  黑名单: flag(),
  cityTier: category({ values: ['T1', 'T2', '新一线'] }),
  job: category(),
  likes: category({ many: true, values: ['奶粉', '纸尿裤'] }),
  tags: category({ many: true }),
})
const audiences: KnownAudiences = {
  has: (name) => name === '老客',
  names: () => ['老客'],
  hasVersion: (_, version) => version === 'latest' || version === 2,
}
const limits = { ...defaultRuleLimits, listLength: 3, valueLength: 20, patternLength: 10 }

/** The faults of a text as `CODE path start-end: message`, with the hint where there is one. */
function check(text: string): readonly string[] {
  const rule = Rule.read(text)
  const faults = validateRule(rule.node, { schema, audiences, limits })
  return rule
    .error([...faults, { code: 'INTERNAL', message: '', path: '$' }])
    .faults.slice(0, -1)
    .map(
      ({ code, path, span, message, suggestion }) =>
        `${code} ${path} «${span === undefined ? '' : text.slice(span.start, span.end)}»: ${message}${suggestion === undefined ? '' : ` [${suggestion}]`}`,
    )
}

describe('each fault, with its place in the text and in the JSON', () => {
  test.each<[string, string]>([
    [
      '精致妈咪',
      'RULE_UNKNOWN_TAG $.tag «精致妈咪»: no tag 精致妈咪 in this engine. Did you mean 精致妈妈? [精致妈妈]',
    ],
    ['vip', 'RULE_UNKNOWN_TAG $.tag «vip»: no tag vip in this engine.'],
    [
      'CITYTIER = "T1"',
      'RULE_UNKNOWN_TAG $.tag «CITYTIER»: no tag CITYTIER in this engine. Did you mean cityTier? [cityTier]',
    ],
    [
      '非黑名单',
      'RULE_UNKNOWN_TAG $.tag «非黑名单»: no tag 非黑名单 in this engine. Did you mean 非 黑名单, with spaces? [非 黑名单, with spaces]',
    ],
    [
      '精致妈妈且黑名单',
      'RULE_UNKNOWN_TAG $.tag «精致妈妈且黑名单»: no tag 精致妈妈且黑名单 in this engine. Did you mean 精致妈妈 且 黑名单, with spaces? [精致妈妈 且 黑名单, with spaces]',
    ],
    ['not not (黑名单 and wat is set)', 'RULE_UNKNOWN_TAG $.not.not.and[1].tag «wat»: no tag wat in this engine.'],
    [
      'cityTier',
      'RULE_WRONG_OPERATOR $ «cityTier»: cityTier is a category of one value, which the tag alone does not fit. It takes: is set, is not set, =, !=, in, not in, starts with, contains, matches.',
    ],
    [
      '精致妈妈 = "x"',
      'RULE_WRONG_OPERATOR $ «=»: 精致妈妈 is a flag, which = does not fit. It takes: the tag alone, is set, is not set.',
    ],
    [
      'tags in ("x")',
      'RULE_WRONG_OPERATOR $ «in»: tags is a category of many values, which in does not fit. It takes: is set, is not set, has any, has all, has none, starts with, contains, matches.',
    ],
    [
      '黑名单 and job has none ("x")',
      'RULE_WRONG_OPERATOR $.and[1] «has none»: job is a category of one value, which has none does not fit. It takes: is set, is not set, =, !=, in, not in, starts with, contains, matches.',
    ],
    [
      'cityTier = "T3"',
      'RULE_VALUE_NOT_ALLOWED $.eq «"T3"»: the tag lists its values, and "T3" is none of them. Did you mean T1? [T1]',
    ],
    [
      'cityTier != "一线"',
      'RULE_VALUE_NOT_ALLOWED $.ne «"一线"»: the tag lists its values, and "一线" is none of them. Did you mean 新一线? [新一线]',
    ],
    [
      'cityTier not in ("T1", "其他")',
      'RULE_VALUE_NOT_ALLOWED $.notIn[1] «"其他"»: the tag lists its values, and "其他" is none of them.',
    ],
    [
      'likes has all ("奶粉", "奶瓶")',
      'RULE_VALUE_NOT_ALLOWED $.hasAll[1] «"奶瓶"»: the tag lists its values, and "奶瓶" is none of them. Did you mean 奶粉? [奶粉]',
    ],
    [
      'job in ("1", "2", "3", "4")',
      'RULE_LIST_TOO_LONG $.in «("1", "2", "3", "4")»: the list has 4 values, where at most 3 are allowed',
    ],
    [
      'job = "012345678901234567890"',
      'RULE_TOO_LONG $.eq «"012345678901234567890"»: a text of 21 characters is longer than the 20 allowed',
    ],
    ['job matches "(a"', 'RULE_BAD_PATTERN $.matches «"(a"»: the pattern "(a" is refused: '],
    [
      'job matches "01234567890"',
      'RULE_BAD_PATTERN $.matches «"01234567890"»: the pattern "01234567890" is refused: it has 11 characters, where at most 10 are allowed.',
    ],
    ['audience 会员', 'RULE_UNKNOWN_AUDIENCE $.audience «会员»: no audience "会员" in this workspace.'],
    [
      'audience 老客户',
      'RULE_UNKNOWN_AUDIENCE $.audience «老客户»: no audience "老客户" in this workspace. Did you mean 老客? [老客]',
    ],
    [
      '黑名单 or audience 老客 version 3',
      'RULE_UNKNOWN_VERSION $.or[1].version «3»: audience "老客" keeps no version 3',
    ],
    ['$who', 'RULE_UNBOUND_PARAMETER $.tag «$who»: the parameter $who has no value: apply the template first'],
    [
      'job in ("a", $b)',
      'RULE_UNBOUND_PARAMETER $.in[1] «$b»: the parameter $b has no value: apply the template first',
    ],
    ['job in $list', 'RULE_UNBOUND_PARAMETER $.in «$list»: the parameter $list has no value: apply the template first'],
    [
      'job matches $p',
      'RULE_UNBOUND_PARAMETER $.matches «$p»: the parameter $p has no value: apply the template first',
    ],
    [
      'audience $pack',
      'RULE_UNBOUND_PARAMETER $.audience «$pack»: the parameter $pack has no value: apply the template first',
    ],
    [
      'at least $k of (黑名单)',
      'RULE_UNBOUND_PARAMETER $.atLeast «$k»: the parameter $k has no value: apply the template first',
    ],
  ])('%s', (text, fault) => {
    const faults = check(text)
    expect(faults).toHaveLength(1)
    if (fault.endsWith('is refused: ')) expect(faults[0]).toContain(fault)
    else expect(faults).toEqual([fault])
  })

  test.each([
    '精致妈妈',
    'cityTier = "T1"',
    'cityTier starts with "无"',
    'job in ()',
    'job in ("1", "2", "3")',
    'job = "01234567890123456789"',
    'job matches "0123456789"',
    'likes has none ()',
    'likes contains "anything"',
    'audience 老客',
    'audience 老客 version 2',
    'audience 老客 version latest',
    'at least 9007199254740991 of (黑名单)',
    'everyone xor nobody',
  ])('none in %s', (text) => {
    expect(check(text)).toEqual([])
  })
})

test('all faults of a rule, in the order of their places', () => {
  const text = [
    'at least 2 of (',
    '  精致妈咪 and cityTier = "T9" and likes = "奶瓶",',
    '  黑名单 minus job in ("1", "2", "3", "4") minus audience 新客 version 3,',
    '  not (wat has any ("x") xor $who),',
    '  cityTier in ("T8", $x, "T7")',
    ')',
  ].join('\n')
  expect(check(text).map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
    'RULE_UNKNOWN_TAG $.of[0].and[0].tag «精致妈咪»',
    'RULE_VALUE_NOT_ALLOWED $.of[0].and[1].eq «"T9"»',
    'RULE_WRONG_OPERATOR $.of[0].and[2] «=»',
    'RULE_VALUE_NOT_ALLOWED $.of[0].and[2].eq «"奶瓶"»',
    'RULE_LIST_TOO_LONG $.of[1].minus[1].in «("1", "2", "3", "4")»',
    'RULE_UNKNOWN_AUDIENCE $.of[1].minus[2].audience «新客»',
    'RULE_UNKNOWN_TAG $.of[2].not.xor[0].tag «wat»',
    'RULE_UNBOUND_PARAMETER $.of[2].not.xor[1].tag «$who»',
    'RULE_VALUE_NOT_ALLOWED $.of[3].in[0] «"T8"»',
    'RULE_UNBOUND_PARAMETER $.of[3].in[1] «$x»',
    'RULE_VALUE_NOT_ALLOWED $.of[3].in[2] «"T7"»',
  ])
})

test('the message shows ten faults with their lines, and says how many more there are', () => {
  const text = Array.from({ length: 12 }, (_, i) => `wat${i}`).join('\nor ')
  const rule = Rule.read(text)
  const error = rule.error(validateRule(rule.node, { schema, audiences, limits }))
  expect(error).toBeInstanceOf(RuleError)
  expect(error.faults).toHaveLength(12)
  const lines = error.message.split('\n')
  expect(lines.slice(0, 6)).toEqual([
    'RULE_UNKNOWN_TAG: no tag wat0 in this engine.',
    '  1 | wat0',
    '    | ^^^^',
    'RULE_UNKNOWN_TAG: no tag wat1 in this engine.',
    '  2 | or wat1',
    '    |    ^^^^',
  ])
  expect(lines).toHaveLength(31)
  expect(lines.at(-1)).toBe('… and 2 more')
})

test('a rule that came from no text has its places as paths', () => {
  const rule = Rule.of(make.and([make.has('黑名单'), make.list('hasAny', 'job', ['x']), make.has('wat')]))
  expect(rule.error(validateRule(rule.node, { schema, audiences, limits })).message).toBe(
    'RULE_WRONG_OPERATOR: job is a category of one value, which has any does not fit. It takes: is set, is not set, =, !=, in, not in, starts with, contains, matches. (at $.and[1])\n' +
      'RULE_UNKNOWN_TAG: no tag wat in this engine. (at $.and[2].tag)',
  )
})

describe('operators and kinds of tag', () => {
  const tests: readonly [string, (tag: string) => RuleNode, readonly string[]][] = [
    ['the tag alone', make.has, ['flag']],
    ['is set', (tag) => make.presence('isSet', tag), ['flag', 'one', 'many']],
    ['is not set', (tag) => make.presence('isNotSet', tag), ['flag', 'one', 'many']],
    ['=', (tag) => make.value('eq', tag, 'x'), ['one']],
    ['!=', (tag) => make.value('ne', tag, 'x'), ['one']],
    ['in', (tag) => make.list('in', tag, ['x']), ['one']],
    ['not in', (tag) => make.list('notIn', tag, ['x']), ['one']],
    ['has any', (tag) => make.list('hasAny', tag, ['x']), ['many']],
    ['has all', (tag) => make.list('hasAll', tag, ['x']), ['many']],
    ['has none', (tag) => make.list('hasNone', tag, ['x']), ['many']],
    ['starts with', (tag) => make.textTest('startsWith', tag, 'x'), ['one', 'many']],
    ['contains', (tag) => make.textTest('contains', tag, 'x'), ['one', 'many']],
    ['matches', (tag) => make.matches(tag, 'x'), ['one', 'many']],
  ]
  const kinds = Schema.from({ flag: flag(), one: category(), many: category({ many: true }) })

  test.each(tests)('%s', (name, makeNode, fitting) => {
    for (const tag of ['flag', 'one', 'many']) {
      const faults = validateRule(makeNode(tag), { schema: kinds, audiences, limits })
      expect(faults.length === 0, tag).toBe(fitting.includes(tag))
      for (const { code, path, message } of faults) {
        expect([code, path]).toEqual(['RULE_WRONG_OPERATOR', '$ operator'])
        expect(message).toContain(`which ${name} does not fit. It takes: `)
        const takes = tests.filter(([, , fits]) => fits.includes(tag)).map(([other]) => other)
        expect(message.slice(message.indexOf('It takes: ') + 10)).toBe(`${takes.join(', ')}.`)
      }
    }
  })
})

describe('what only JavaScript can make', () => {
  test.each<[string, RuleNode, string]>([
    ['half a surrogate pair', make.value('eq', 'job', '\ud800'), 'RULE_WRONG_TYPE $.eq'],
    ['half a pair in a list', make.list('in', 'job', ['a', '\udc00']), 'RULE_WRONG_TYPE $.in[1]'],
    ['a number as k', make.atLeast('2' as never, []), 'RULE_BAD_COUNT $.atLeast'],
    ['0 as k', make.atLeast(0, [make.has('黑名单')]), 'RULE_BAD_COUNT $.atLeast'],
    ['a number in a node made by hand', { kind: 'eq', tag: 'job', value: 5 } as never, 'RULE_WRONG_TYPE $.eq'],
    ['a pattern that is no text', { kind: 'matches', tag: 'job', pattern: 5 } as never, 'RULE_BAD_PATTERN $.matches'],
  ])('%s', (_, node, fault) => {
    const faults = validateRule(node, { schema, audiences, limits })
    expect(faults.map(({ code, path }) => `${code} ${path}`)).toEqual([fault])
  })
})

describe('size comes first', () => {
  const code = (node: RuleNode, bounds: Partial<typeof limits>): string => {
    try {
      validateRule(node, { schema, audiences, limits: { ...limits, ...bounds } })
    } catch (error) {
      if (error instanceof RuleError) return `${error.code}: ${error.faults.length}`
      throw error
    }
    return 'taken'
  }
  const wat = make.has('wat')

  test('limits are inclusive, and stop before anything else is looked at', () => {
    expect(code(make.not(make.not(wat)), { depth: 3 })).toBe('taken')
    expect(code(make.not(make.not(make.not(wat))), { depth: 3 })).toBe('RULE_TOO_DEEP: 1')
    expect(code(make.or([wat, wat, wat]), { nodes: 4 })).toBe('taken')
    expect(code(make.or([wat, wat, wat, wat]), { nodes: 4 })).toBe('RULE_TOO_LARGE: 1')
  })

  test('a node that stands twice counts twice', () => {
    const twice = make.and([make.not(wat), make.not(wat)])
    expect(code(make.or([twice, twice]), { nodes: 11 })).toBe('taken')
    expect(code(make.or([twice, twice]), { nodes: 10 })).toBe('RULE_TOO_LARGE: 1')
  })
})

test('parameters of a template are known by name', () => {
  const node = make.and([make.has(make.parameter('who')), make.value('eq', 'cityTier', make.parameter('city'))])
  const faults = (parameters: readonly string[]): unknown =>
    validateRule(node, { schema, audiences, limits, parameters: new Set(parameters) })
  expect(faults(['who', 'city'])).toEqual([])
  expect(faults(['who', 'citty'])).toEqual([
    {
      code: 'TEMPLATE_UNKNOWN_PARAMETER',
      message: 'the template declares no parameter $city. Did you mean citty?',
      path: '$.and[1].eq',
      suggestion: 'citty',
    },
  ])
})

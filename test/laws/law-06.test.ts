import { describe, expect, test } from 'vitest'
import { category, createEngine, flag, RuleError, type RuleInput } from '../../src/index.ts'
import { faultsOf, refusal } from './refusal.ts'

const crowd = createEngine({
  schema: {
    精致妈妈: flag(),
    cityTier: category({ values: ['T1', 'T2'] }),
    interests: category({ many: true }),
  },
})
crowd.put('u1', { 精致妈妈: true, cityTier: 'T1', interests: ['奶粉'] })
crowd.audiences.create({ name: '老客', rule: '精致妈妈', bounds: { min: 0 } })

const { rules } = crowd
const parameter = { param: 'city' } as const

/** What law 6 lists, each with its one fault. */
const unfit: readonly [what: string, rule: RuleInput, fault: string][] = [
  ['an unknown tag', { tag: '精致妈咪' }, 'RULE_UNKNOWN_TAG at $.tag'],
  [
    'an unknown tag deep inside',
    { and: [{ not: { tag: 'x' } }, { tag: '精致妈妈' }] },
    'RULE_UNKNOWN_TAG at $.and[0].not.tag',
  ],
  ['an unknown audience', rules.audience('新客'), 'RULE_UNKNOWN_AUDIENCE at $.audience'],
  ['an unknown version', rules.audience('老客', { version: 9 }), 'RULE_UNKNOWN_VERSION at $.version'],
  ['a parameter without value', rules.tag('cityTier').eq(parameter), 'RULE_UNBOUND_PARAMETER at $.eq'],
  ['a value that is not listed', { tag: 'cityTier', eq: 'T3' }, 'RULE_VALUE_NOT_ALLOWED at $.eq'],
  ['an operator of another kind', { tag: 'cityTier', hasAny: ['T1'] }, 'RULE_WRONG_OPERATOR at $'],
  ['a category as a flag', { tag: 'cityTier' }, 'RULE_WRONG_OPERATOR at $'],
  ['a number for a text', { tag: 'interests', hasAny: [5 as never] }, 'RULE_WRONG_TYPE at $.hasAny[0]'],
  ['NaN for a text', { tag: 'cityTier', eq: Number.NaN as never }, 'RULE_WRONG_TYPE at $.eq'],
  ['NaN for a count', rules.atLeast(Number.NaN, ['精致妈妈']), 'RULE_BAD_COUNT at $.atLeast'],
  ['Infinity for a count', rules.atLeast(Number.POSITIVE_INFINITY, ['精致妈妈']), 'RULE_BAD_COUNT at $.atLeast'],
  ['an unknown key', { tag: '精致妈妈', mode: 'strict' } as never, 'RULE_UNKNOWN_KEY at $.mode'],
  ['a misspelt operator', { adn: [] } as never, 'RULE_UNKNOWN_KEY at $.adn'],
  ['an event, which this version does not know', { did: 'purchase' } as never, 'RULE_UNKNOWN_KEY at $.did'],
  ['a bad pattern', { tag: 'interests', matches: '(' }, 'RULE_BAD_PATTERN at $.matches'],
  ['and() of nothing', { and: [] }, 'RULE_EMPTY_AND at $.and'],
]

describe('law 6: each is an error, wherever the rule goes', () => {
  test.each(unfit)('law 6: %s', (_, rule, fault) => {
    const calls = [
      () => crowd.count(rule),
      () => crowd.select(rule),
      () => crowd.matches('u1', rule),
      () => crowd.matches('stranger', rule),
      () => crowd.explain(rule),
      () => crowd.explainMatch('u1', rule),
      () => crowd.preview(rule),
      () => crowd.prepare(rule),
      () => crowd.hash(rule),
      () => crowd.audiences.create({ name: 'new', rule, bounds: { min: 0 } }),
      () => crowd.audiences.get('老客').update({ rule }),
    ]
    for (const call of calls) expect(faultsOf(call)).toEqual([fault])
    expect(crowd.audiences.has('new')).toBe(false)
    expect(String(crowd.audiences.get('老客').rule)).toBe('精致妈妈')
    expect(crowd.audiences.get('老客').versions).toHaveLength(1)
  })
})

test('law 6: an error says what was found, what was expected and the nearest name, and points at the place', () => {
  expect(refusal(() => crowd.count('精致妈咪 and cityTier = "T1"')).message).toBe(
    [
      'RULE_UNKNOWN_TAG: no tag 精致妈咪 in this engine. Did you mean 精致妈妈?',
      '  1 | 精致妈咪 and cityTier = "T1"',
      '    | ^^^^^^^^',
    ].join('\n'),
  )
  expect(refusal(() => crowd.count({ and: [{ tag: '精致妈妈' }, { tag: 'cityTier', eq: 'T3' }] })).message).toBe(
    'RULE_VALUE_NOT_ALLOWED: the tag lists its values, and "T3" is none of them. Did you mean T1? (at $.and[1].eq)',
  )
})

test('law 6: all faults of a rule are told at once, in the order of their places', () => {
  const text = '精致妈咪 and cityTier = "T9"\nand interests in ("x") and audience 新客'
  const error = refusal(() => crowd.count(text)) as RuleError
  expect(error).toBeInstanceOf(RuleError)
  expect(error.code).toBe('RULE_UNKNOWN_TAG')
  expect(error.source).toBe(text)
  expect(error.faults.map(({ code, path, span }) => [code, path, text.slice(span!.start, span!.end)])).toEqual([
    ['RULE_UNKNOWN_TAG', '$.and[0].tag', '精致妈咪'],
    ['RULE_VALUE_NOT_ALLOWED', '$.and[1].eq', '"T9"'],
    ['RULE_WRONG_OPERATOR', '$.and[2]', 'in'],
    ['RULE_UNKNOWN_AUDIENCE', '$.and[3].audience', '新客'],
  ])
})

test('law 6: a fault is raised before anything is evaluated, and where evaluation would not have come', () => {
  expect(faultsOf(() => crowd.count('nobody and 没有'))).toEqual(['RULE_UNKNOWN_TAG at $.and[1].tag'])
  expect(faultsOf(() => crowd.count('everyone or 没有'))).toEqual(['RULE_UNKNOWN_TAG at $.or[1].tag'])
  expect(faultsOf(() => crowd.count(rules.atLeast(9, [{ tag: '没有' }])))).toEqual(['RULE_UNKNOWN_TAG at $.of[0].tag'])
  expect(faultsOf(() => crowd.count('没有 minus 没有'))).toEqual([
    'RULE_UNKNOWN_TAG at $.minus[0].tag',
    'RULE_UNKNOWN_TAG at $.minus[1].tag',
  ])
})

test('law 6: a cycle of audiences is an error', () => {
  const { audiences } = crowd.workspace('cycle')
  const bounds = { min: 0 }
  audiences.create({ name: 'a', rule: '精致妈妈', bounds })
  audiences.create({ name: 'b', rule: 'audience a', bounds })
  const error = refusal(() => audiences.get('a').update({ rule: '精致妈妈 or audience b' }))
  expect(error.message).toBe('RULE_CYCLE: audience "a" would be defined by itself: "a" → "b" → "a"')
  expect(String(audiences.get('a').rule)).toBe('精致妈妈')
})

test('law 6: a template without the values that it needs is an error', () => {
  const template = rules.template({
    name: 'city',
    parameters: { cities: { type: 'texts' }, who: { type: 'tag', default: '精致妈妈' } },
    rule: '$who and cityTier in $cities',
  })
  expect(faultsOf(() => template.apply({} as never))).toEqual(['TEMPLATE_MISSING_PARAMETER at $.cities'])
  expect(faultsOf(() => template.apply({ cities: 'T1', town: 'x' } as never))).toEqual([
    'TEMPLATE_UNKNOWN_PARAMETER at $.town',
    'TEMPLATE_WRONG_TYPE at $.cities',
  ])
  expect(faultsOf(() => crowd.count(template.rule))).toEqual([
    'RULE_UNBOUND_PARAMETER at $.and[0].tag',
    'RULE_UNBOUND_PARAMETER at $.and[1].in',
  ])
})

test.each([null, undefined, 5, true, [], () => true])('law 6: %s is not a rule', (notARule) => {
  const code = Array.isArray(notARule) ? 'RULE_WRONG_TYPE' : 'RULE_NOT_A_RULE'
  expect(refusal(() => crowd.count(notARule as never)).code).toBe(code)
  expect(refusal(() => rules.and('精致妈妈', notARule as never)).code).toBe(code)
})

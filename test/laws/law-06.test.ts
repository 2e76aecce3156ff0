import { describe, expect, test } from 'vitest'
import { category, createEngine, event, flag, number, RuleError, type RuleInput, timestamp } from '../../src/index.ts'
import { faultsOf, refusal } from './refusal.ts'

const crowd = createEngine({
  schema: {
    精致妈妈: flag(),
    cityTier: category({ values: ['T1', 'T2'] }),
    interests: category({ many: true }),
    spend: number({ scale: 2 }),
    joinedAt: timestamp(),
    purchase: event({ product: category(), amount: number({ scale: 2 }) }),
    browse: event({ category: category() }),
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
  ['NaN for a text', { tag: 'cityTier', eq: Number.NaN }, 'RULE_BAD_NUMBER at $.eq'],
  ['NaN for a count', rules.atLeast(Number.NaN, ['精致妈妈']), 'RULE_BAD_COUNT at $.atLeast'],
  ['Infinity for a count', rules.atLeast(Number.POSITIVE_INFINITY, ['精致妈妈']), 'RULE_BAD_COUNT at $.atLeast'],
  ['an unknown key', { tag: '精致妈妈', mode: 'strict' } as never, 'RULE_UNKNOWN_KEY at $.mode'],
  ['a misspelt operator', { adn: [] } as never, 'RULE_UNKNOWN_KEY at $.adn'],
  ['an operator of texts for a number', { tag: 'spend', contains: '1' }, 'RULE_WRONG_OPERATOR at $'],
  ['an order of texts', { tag: 'cityTier', gte: 'T1' }, 'RULE_WRONG_OPERATOR at $'],
  ['NaN for a number', { tag: 'spend', gte: Number.NaN }, 'RULE_BAD_NUMBER at $.gte'],
  ['Infinity for a number', { tag: 'spend', lt: Number.POSITIVE_INFINITY }, 'RULE_BAD_NUMBER at $.lt'],
  ['NaN in a list', { tag: 'spend', in: [1, Number.NaN] }, 'RULE_BAD_NUMBER at $.in[1]'],
  ['a text that is no number', { tag: 'spend', eq: 'much' }, 'RULE_BAD_NUMBER at $.eq'],
  ['more digits than the scale', { tag: 'spend', eq: 1.005 }, 'RULE_BAD_NUMBER at $.eq'],
  ['a text that is no instant', { tag: 'joinedAt', lt: 'yesterday' }, 'RULE_BAD_TIME at $.lt'],
  ['an interval with from > to', { tag: 'spend', between: [2, 1] }, 'RULE_BAD_RANGE at $.between'],
  [
    'an interval of dates with from > to',
    { tag: 'joinedAt', between: ['2026-02-01', '2026-01-01'] },
    'RULE_BAD_RANGE at $.between',
  ],
  [
    'a window with from > to',
    { did: 'purchase', window: { from: '2026-02-01', to: '2026-01-01' } },
    'RULE_BAD_RANGE at $.window',
  ],
  ['a window of no time', { did: 'purchase', window: { last: 0, unit: 'days' } }, 'RULE_BAD_WINDOW at $.window.last'],
  [
    'a window of NaN days',
    { did: 'purchase', window: { last: Number.NaN, unit: 'days' } },
    'RULE_BAD_WINDOW at $.window.last',
  ],
  ['an unknown event', { did: 'purchse' }, 'RULE_UNKNOWN_EVENT at $.did'],
  ['a tag as an event', { did: '精致妈妈' }, 'RULE_UNKNOWN_EVENT at $.did'],
  ['an event as a tag', { tag: 'purchase' }, 'RULE_UNKNOWN_TAG at $.tag'],
  [
    'an unknown property',
    { did: 'purchase', where: { property: 'amout', gte: 5 } },
    'RULE_UNKNOWN_PROPERTY at $.where.property',
  ],
  [
    'an unknown property of one of several events',
    { did: [{ event: 'purchase' }, { event: 'browse', where: { property: 'amount', gte: 5 } }] },
    'RULE_UNKNOWN_PROPERTY at $.did[1].where.property',
  ],
  [
    'a tag in a filter',
    { did: 'purchase', where: { tag: 'spend', gte: 5 } as never },
    'RULE_BAD_FILTER at $.where.tag',
  ],
  [
    'an audience in a filter',
    { did: 'purchase', where: { audience: '老客' } as never },
    'RULE_BAD_FILTER at $.where.audience',
  ],
  [
    'an unknown key of a window',
    { did: 'purchase', window: { lats: 3, last: 3, unit: 'days' } as never },
    'RULE_UNKNOWN_KEY at $.window.lats',
  ],
  [
    'an unknown key of an event',
    { did: { event: 'purchase', filter: {} } as never },
    'RULE_UNKNOWN_KEY at $.did.filter',
  ],
  ['NaN for a count of events', { did: 'purchase', gte: Number.NaN }, 'RULE_BAD_NUMBER at $.gte'],
  [
    'a sum of texts',
    { did: 'purchase', property: 'product', measure: 'sum', gt: 1 },
    'RULE_WRONG_OPERATOR at $.property',
  ],
  ['a sum of nothing', { did: 'purchase', measure: 'sum', gt: 1 }, 'RULE_WRONG_TYPE at $.property'],
  ['a sequence of one step', { sequence: [{ event: 'purchase' }] }, 'RULE_BAD_SEQUENCE at $.sequence'],
  [
    'an unknown event in the gap of a sequence',
    { sequence: [{ event: 'browse' }, { event: 'purchase', without: [{ event: 'refund' }] }] },
    'RULE_UNKNOWN_EVENT at $.sequence[1].without[0].event',
  ],
  [
    'a link that one event lacks',
    { sequence: [{ event: 'browse' }, { event: 'purchase' }], same: 'product' },
    'RULE_UNKNOWN_PROPERTY at $.same',
  ],
  [
    'an unknown property of a first event',
    { first: 'purchase', test: { property: 'kol', eq: 'A' } },
    'RULE_UNKNOWN_PROPERTY at $.test.property',
  ],
  [
    'more units than there are',
    { regular: 'purchase', times: 1, periods: 5, of: 4, unit: 'weeks' },
    'RULE_BAD_COUNT at $.periods',
  ],
  [
    'a parameter without value in a filter',
    { did: 'purchase', where: { property: 'amount', gte: { param: 'least' } } },
    'RULE_UNBOUND_PARAMETER at $.where.gte',
  ],
  [
    'a parameter without value in a window',
    { stopped: 'purchase', earlier: { last: { param: 'n' }, unit: 'days' }, later: { ever: true } },
    'RULE_UNBOUND_PARAMETER at $.earlier.last',
  ],
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

test('law 6: faults about numbers, time and events are told at once too, at their places in the text', () => {
  const text = 'spend >= 1.005 and did purchse in last 0 days\nand did purchase(amout >= 5) at least 3 times'
  const error = refusal(() => crowd.count(text)) as RuleError
  expect(
    error.faults.map(({ code, path, span, suggestion }) => [
      code,
      path,
      text.slice(span!.start, span!.end),
      suggestion,
    ]),
  ).toEqual([
    ['RULE_BAD_NUMBER', '$.and[0].gte', '1.005', undefined],
    ['RULE_UNKNOWN_EVENT', '$.and[1].did', 'purchse', 'purchase'],
    ['RULE_BAD_WINDOW', '$.and[1].window.last', '0', undefined],
    ['RULE_UNKNOWN_PROPERTY', '$.and[2].where.property', 'amout', 'amount'],
  ])
})

test('law 6: a fault is raised before anything is evaluated, and where evaluation would not have come', () => {
  expect(faultsOf(() => crowd.count('nobody and 没有'))).toEqual(['RULE_UNKNOWN_TAG at $.and[1].tag'])
  expect(faultsOf(() => crowd.count('everyone or 没有'))).toEqual(['RULE_UNKNOWN_TAG at $.or[1].tag'])
  expect(faultsOf(() => crowd.count(rules.atLeast(9, [{ tag: '没有' }])))).toEqual(['RULE_UNKNOWN_TAG at $.of[0].tag'])
  expect(faultsOf(() => crowd.count({ and: [{ nobody: true }, { did: '没有' }] }))).toEqual([
    'RULE_UNKNOWN_EVENT at $.and[1].did',
  ])
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

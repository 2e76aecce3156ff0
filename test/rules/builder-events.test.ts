import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import type { Measure, NumberTest, RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { Rule } from '../../src/rules/rule.ts'
import { validateRule } from '../../src/rules/validate-rule.ts'
import { Schema } from '../../src/schema/schema.ts'
import { eventShop, refusal, shopRules } from './event-shop.ts'

const { tag, and, did, didAny, sum, first, latest, stopped, resumed, newly, regular, last, range, not, atLeast } =
  shopRules

const times = (test: NumberTest): RuleNode => make.behaviour('count', [make.eventTerm('purchase')], make.ever(), test)
const whereNode = (rule: { readonly node: { readonly events: readonly { readonly where: RuleNode | null }[] } }) =>
  rule.node.events[0]?.where

describe('did', () => {
  test('is people with at least one event, ever', () => {
    const rule = did('purchase')
    expect(rule).toBeInstanceOf(Rule)
    expect(rule.node).toEqual(make.behaviour('count', [make.eventTerm('purchase')]))
    expect(Object.isFrozen(rule.node)).toBe(true)
  })

  test.each<[string, Rule, NumberTest]>([
    ['atLeast', did('purchase').atLeast(3), { op: 'gte', value: 3 }],
    ['atMost', did('purchase').atMost(3), { op: 'lte', value: 3 }],
    ['exactly', did('purchase').exactly(0), { op: 'eq', value: 0 }],
    ['moreThan', did('purchase').moreThan({ param: 'n' }), { op: 'gt', value: { param: 'n' } }],
    ['fewerThan', did('purchase').fewerThan(3n), { op: 'lt', value: 3 }],
    ['count', did('purchase').count().between(2, 5), { op: 'between', from: 2, to: 5 }],
  ])('%s counts', (_, rule, testNode) => {
    expect(rule).toBeInstanceOf(Rule)
    expect(rule.node).toEqual(times(testNode))
  })

  const purchase = did('purchase')
  test.each<[Measure, { readonly gte: (n: number) => Rule }, string | null]>([
    ['count', purchase.count(), null],
    ['days', purchase.days(), null],
    ['recency', purchase.recency(), null],
    ['distinct', purchase.distinct('product'), 'product'],
    ['sum', purchase.sum('amount'), 'amount'],
    ['avg', purchase.avg('amount'), 'amount'],
    ['min', purchase.min('amount'), 'amount'],
    ['max', purchase.max('amount'), 'amount'],
  ])('measures %s', (measure, tests, property) => {
    const events = [make.eventTerm('purchase', null, property)]
    expect(tests.gte(5).node).toEqual(make.behaviour(measure, events, make.ever(), { op: 'gte', value: 5 }))
  })

  test('compares what it measures', () => {
    const tests = purchase.sum('amount')
    const made: readonly (readonly [Rule, NumberTest])[] = [
      [tests.eq(1), { op: 'eq', value: 1 }],
      [tests.ne('129.90'), { op: 'ne', value: '129.90' }],
      [tests.lt(2n ** 60n), { op: 'lt', value: '1152921504606846976' }],
      [tests.lte(-0), { op: 'lte', value: 0 }],
      [tests.gt({ param: 'x' }), { op: 'gt', value: { param: 'x' } }],
      [tests.gte(0.5), { op: 'gte', value: 0.5 }],
      [tests.between(1, { param: 'x' }), { op: 'between', from: 1, to: { param: 'x' } }],
    ]
    for (const [rule, testNode] of made) {
      expect(rule).toBeInstanceOf(Rule)
      expect(rule.node).toEqual(
        make.behaviour('sum', [make.eventTerm('purchase', null, 'amount')], make.ever(), testNode),
      )
      expect(Object.isFrozen((rule.node as { test: unknown }).test)).toBe(true)
    }
  })

  test('takes its window before the measure, after it and after the test', () => {
    const window = last(90, 'days')
    const node = make.behaviour('sum', [make.eventTerm('purchase', null, 'amount')], window, { op: 'gte', value: 500 })
    expect(purchase.last(90, 'days').sum('amount').gte(500).node).toEqual(node)
    expect(purchase.sum('amount').last(90, 'days').gte(500).node).toEqual(node)
    expect(purchase.sum('amount').gte(500).last(90, 'days').node).toEqual(node)
    const recent = times({ op: 'gte', value: 3 })
    expect(purchase.last(90, 'days').atLeast(3).node).toEqual({ ...recent, window })
    expect(purchase.atLeast(3).last(90, 'days').node).toEqual({ ...recent, window })
  })

  test.each<[string, () => unknown, string]>([
    ['a misspelt event', () => did('purchse' as never), 'RULE_UNKNOWN_EVENT'],
    ['a tag', () => did('spend' as never), 'RULE_UNKNOWN_EVENT'],
    ['nothing', () => did(undefined as never), 'RULE_UNKNOWN_EVENT'],
    ['several', () => did(['purchase', 'browse'] as never), 'RULE_UNKNOWN_EVENT'],
    ['a misspelt property', () => purchase.distinct('produkt' as never), 'RULE_UNKNOWN_PROPERTY'],
    ['a property of nothing', () => purchase.sum(undefined as never), 'RULE_UNKNOWN_PROPERTY'],
    ['a name of every object', () => purchase.sum('constructor' as never), 'RULE_UNKNOWN_PROPERTY'],
    ['NaN times', () => purchase.atLeast(Number.NaN), 'RULE_BAD_NUMBER'],
    ['null times', () => purchase.atLeast(null as never), 'RULE_WRONG_TYPE'],
    ['an infinite sum', () => purchase.sum('amount').gte(Number.POSITIVE_INFINITY), 'RULE_BAD_NUMBER'],
  ])('of %s is refused', (_, ask, code) => {
    expect(refusal(ask).code).toBe(code)
  })

  test('says what to write instead', () => {
    expect(refusal(() => did('spend' as never)).message).toBe(
      'RULE_UNKNOWN_EVENT: spend is a number, not an event: tag("spend") asks about it.',
    )
    const error = refusal(() => did('purchse' as never))
    expect(error.message).toBe('RULE_UNKNOWN_EVENT: no event "purchse" in this engine. Did you mean purchase?')
    expect(error.facts.faults).toEqual([
      {
        code: 'RULE_UNKNOWN_EVENT',
        message: 'no event "purchse" in this engine. Did you mean purchase?',
        path: '$',
        suggestion: 'purchase',
      },
    ])
  })
})

describe('filters of events', () => {
  const purchase = did('purchase')
  const amount = (n: number): RuleNode => make.compare('gte', 'amount', n)

  test.each<[string, Parameters<typeof purchase.where>[0], RuleNode]>([
    ['a value', { product: 'A' }, make.value('eq', 'product', 'A')],
    ['a list', { product: ['A', 'B'] }, make.list('in', 'product', ['A', 'B'])],
    ['an empty list', { product: [] }, make.list('in', 'product', [])],
    ['a parameter', { product: { param: 'p' } }, make.value('eq', 'product', { param: 'p' })],
    ['a number', { amount: 50 }, make.value('eq', 'amount', 50)],
    ['a decimal', { amount: '129.90' }, make.value('eq', 'amount', '129.90')],
    ['numbers', { amount: [1, 2n] }, make.list('in', 'amount', [1, 2])],
    ['a flag that is there', { gift: true }, make.has('gift')],
    ['a flag that is not', { gift: false }, make.presence('isNotSet', 'gift')],
    ['eq', { channel: { eq: 'app' } }, make.value('eq', 'channel', 'app')],
    ['ne', { product: { ne: 'A' } }, make.value('ne', 'product', 'A')],
    ['in', { product: { in: { param: 'ps' } } }, make.list('in', 'product', { param: 'ps' })],
    ['notIn', { product: { notIn: ['A'] } }, make.list('notIn', 'product', ['A'])],
    ['startsWith', { product: { startsWith: 'A' } }, make.textTest('startsWith', 'product', 'A')],
    ['contains', { product: { contains: 'A' } }, make.textTest('contains', 'product', 'A')],
    ['matches', { product: { matches: '^A' } }, make.matches('product', '^A')],
    ['isSet', { product: { isSet: true } }, make.presence('isSet', 'product')],
    ['isSet: false', { amount: { isSet: false } }, make.presence('isNotSet', 'amount')],
    ['eq of a number', { amount: { eq: 1 } }, make.value('eq', 'amount', 1)],
    ['ne of a number', { amount: { ne: 1 } }, make.value('ne', 'amount', 1)],
    ['lt', { amount: { lt: 1 } }, make.compare('lt', 'amount', 1)],
    ['lte', { amount: { lte: 1 } }, make.compare('lte', 'amount', 1)],
    ['gt', { amount: { gt: 1 } }, make.compare('gt', 'amount', 1)],
    ['gte', { amount: { gte: 50 } }, amount(50)],
    ['between', { amount: { between: [1, { param: 'x' }] } }, make.between('amount', 1, { param: 'x' })],
    ['in of numbers', { amount: { in: [1] } }, make.list('in', 'amount', [1])],
    ['notIn of numbers', { amount: { notIn: [] } }, make.list('notIn', 'amount', [])],
    [
      'several operators',
      { amount: { gte: 1, lt: 5 } },
      make.and([make.compare('gte', 'amount', 1), make.compare('lt', 'amount', 5)]),
    ],
    [
      'several properties',
      { amount: { gte: 1, lt: 5 }, product: 'A' },
      make.and([amount(1), make.compare('lt', 'amount', 5), make.value('eq', 'product', 'A')]),
    ],
    ['a function', (p) => p('amount').gte(50), amount(50)],
    [
      'a function of several',
      (p) => p('amount').gte(50).or(p('product').eq('A'), p('gift').not()),
      make.or([amount(50), make.value('eq', 'product', 'A'), make.not(make.has('gift'))]),
    ],
    ['a rule', Rule.of(amount(50)), amount(50)],
    ['text', 'product = "A" or gift', make.or([make.value('eq', 'product', 'A'), make.has('gift')])],
  ])('%s', (_, filter, node) => {
    const rule = purchase.where(filter)
    expect(whereNode(rule)).toEqual(node)
    expect(rule.node).toEqual(make.behaviour('count', [make.eventTerm('purchase', node)]))
  })

  test('names and texts go to NFC', () => {
    const rule = purchase.where({ 'cafe\u0301': 'e\u0301' } as never)
    expect(whereNode(rule)).toEqual(make.value('eq', 'café', 'é'))
    expect(whereNode(purchase.where((p) => p('cafe\u0301' as 'café').in(['e\u0301'])))).toEqual(
      make.list('in', 'café', ['é']),
    )
    expect(purchase.distinct('cafe\u0301' as 'café').gte(1).node.events[0]?.property).toBe('café')
  })

  test('several must all hold', () => {
    const filters = [{ amount: { gte: 1 } }, { product: 'A', gift: true }, (): Rule => Rule.of(amount(5))] as const
    const rule = purchase.where(filters[0]).where(filters[1]).where(filters[2])
    expect(whereNode(rule)).toEqual(
      make.and([amount(1), make.value('eq', 'product', 'A'), make.has('gift'), amount(5)]),
    )
    const either = purchase.where((p) => p('gift').or(p('amount').gte(1))).where({ product: 'A' })
    expect(whereNode(either)).toEqual(
      make.and([make.or([make.has('gift'), amount(1)]), make.value('eq', 'product', 'A')]),
    )
  })

  test('leave the question as it was, and go with its window', () => {
    const recent = purchase.last(7, 'days')
    const filtered = recent.where({ gift: true })
    filtered.where({ product: 'A' })
    expect(recent.node).toEqual(make.behaviour('count', [make.eventTerm('purchase')], make.lastWindow(7, 'days')))
    expect(filtered.node).toEqual(
      make.behaviour('count', [make.eventTerm('purchase', make.has('gift'))], make.lastWindow(7, 'days')),
    )
    expect(whereNode(filtered.atLeast(2))).toEqual(make.has('gift'))
    expect(filtered.sum('amount').gte(2).node.events).toEqual([make.eventTerm('purchase', make.has('gift'), 'amount')])
  })

  test('stay as they were given', () => {
    const products = ['A']
    const filter = { product: products }
    const rule = purchase.where(filter)
    products.push('B')
    expect(whereNode(rule)).toEqual(make.list('in', 'product', ['A']))
  })

  test.each<[string, unknown, string]>([
    ['of an unknown property', { colour: 'red' }, 'RULE_UNKNOWN_PROPERTY'],
    ['of a name of every object', { constructor: 'red' }, 'RULE_UNKNOWN_PROPERTY'],
    ['of an unknown property, by a function', (p: (name: string) => unknown) => p('colour'), 'RULE_UNKNOWN_PROPERTY'],
    ['of null', { product: null }, 'RULE_WRONG_TYPE'],
    ['of undefined', { product: undefined }, 'RULE_WRONG_TYPE'],
    ['of a flag by null', { gift: null }, 'RULE_WRONG_TYPE'],
    ['of a flag by text', { gift: 'yes' }, 'RULE_WRONG_TYPE'],
    ['of a flag by an operator', { gift: { isSet: true } }, 'RULE_WRONG_TYPE'],
    ['of a category by a number', { product: 5 }, 'RULE_WRONG_TYPE'],
    ['of a category by true', { product: true }, 'RULE_WRONG_TYPE'],
    ['of a category by gte', { product: { gte: 'A' } }, 'RULE_WRONG_OPERATOR'],
    ['of a number by true', { amount: true }, 'RULE_WRONG_TYPE'],
    ['of a number by a Date', { amount: new Date() }, 'RULE_WRONG_TYPE'],
    ['of a number by startsWith', { amount: { startsWith: '5' } }, 'RULE_WRONG_OPERATOR'],
    ['of a number by NaN', { amount: { gte: Number.NaN } }, 'RULE_BAD_NUMBER'],
    ['by a name of every object', { amount: { constructor: 5 } }, 'RULE_WRONG_OPERATOR'],
    ['by a misspelt operator', { amount: { gtee: 5 } }, 'RULE_WRONG_OPERATOR'],
    ['by an operator of nothing', { amount: { gte: undefined } }, 'RULE_WRONG_TYPE'],
    ['by between of one', { amount: { between: [5] } }, 'RULE_WRONG_TYPE'],
    ['by isSet of text', { product: { isSet: 'no' } }, 'RULE_WRONG_TYPE'],
    ['by no operator', { amount: {} }, 'RULE_WRONG_TYPE'],
    ['of nothing', {}, 'RULE_BAD_FILTER'],
    ['that is null', null, 'RULE_WRONG_TYPE'],
    ['that is a list', ['product'], 'RULE_WRONG_TYPE'],
    ['by a function of nothing', () => undefined, 'RULE_NOT_A_RULE'],
    ['by a function without a test', (p: (name: string) => unknown) => p('amount'), 'RULE_NOT_A_RULE'],
    ['that is no text of a rule', 'product =', 'RULE_SYNTAX'],
  ])('%s is refused', (_, filter, code) => {
    expect(refusal(() => purchase.where(filter as never)).code).toBe(code)
    expect(refusal(() => first('purchase').is(filter as never)).code).toBe(code)
    expect(refusal(() => didAny(['visit', { event: 'purchase', where: filter as never }]).where('x')).code).toBe(code)
  })

  test('of undefined are refused where a filter is all that is given', () => {
    expect(refusal(() => purchase.where(undefined as never)).code).toBe('RULE_WRONG_TYPE')
    expect(refusal(() => first('purchase').is(undefined as never)).code).toBe('RULE_WRONG_TYPE')
  })

  test('say what is wrong', () => {
    const message = (filter: unknown): string => refusal(() => purchase.where(filter as never)).messageAlone
    expect(message({ prodct: 'A' })).toBe('event purchase has no property "prodct". Did you mean product?')
    expect(message({ product: null })).toBe(
      'null stands as the test of product, where a test is expected; { isSet: false } asks for events without it',
    )
    expect(message({ gift: null })).toBe(
      'null stands as the test of gift, where a test is expected; false asks for events without it',
    )
    expect(message({ amount: { gtee: 5 } })).toBe(
      'gtee is no operator that fits amount. It takes: eq, ne, lt, lte, gt, gte, between, in, notIn, isSet. Did you mean gte?',
    )
    expect(message({})).toBe('a filter of nothing would take every event. Leave it out where that is meant.')
  })
})

describe('several kinds of events', () => {
  test('are counted together', () => {
    const rule = didAny(['purchase', { event: 'refund', where: { amount: { gte: 5 } } }])
    const refund = make.eventTerm('refund', make.compare('gte', 'amount', 5))
    expect(rule).toBeInstanceOf(Rule)
    expect(rule.node).toEqual(make.behaviour('count', [make.eventTerm('purchase'), refund]))
    expect(rule.atLeast(3).last(7, 'days').node).toEqual(
      make.behaviour('count', rule.node.events, last(7, 'days'), { op: 'gte', value: 3 }),
    )
  })

  test('are filtered and measured by what all of them have', () => {
    const rule = didAny(['purchase', { event: 'refund', where: { amount: 5 } }]).where({ product: 'A' })
    const product = make.value('eq', 'product', 'A')
    const both = make.and([make.value('eq', 'amount', 5), product])
    expect(rule.sum('amount').gte(1).node.events).toEqual([
      make.eventTerm('purchase', product, 'amount'),
      make.eventTerm('refund', both, 'amount'),
    ])
    expect(refusal(() => rule.where({ gift: true } as never)).message).toBe(
      'RULE_UNKNOWN_PROPERTY: event refund has no property "gift".',
    )
    expect(refusal(() => rule.distinct('channel' as never)).code).toBe('RULE_UNKNOWN_PROPERTY')
  })

  test('are summed, and taken away', () => {
    const net = sum([
      { event: 'purchase', property: 'amount', where: { gift: false } },
      { event: 'refund', property: 'amount', minus: true },
      { event: 'refund', property: 'amount', minus: false },
    ])
    const events = [
      make.eventTerm('purchase', make.presence('isNotSet', 'gift'), 'amount'),
      make.eventTerm('refund', null, 'amount', -1),
      make.eventTerm('refund', null, 'amount'),
    ]
    expect(net.last(90, 'days').gte(500).node).toEqual(
      make.behaviour('sum', events, make.lastWindow(90, 'days'), { op: 'gte', value: 500 }),
    )
  })

  test.each<[string, () => unknown, string]>([
    ['none', () => didAny([]), 'RULE_EMPTY'],
    ['no list', () => didAny('purchase' as never), 'RULE_WRONG_TYPE'],
    ['a hole', () => didAny(new Array(1) as never), 'OPTION_INVALID'],
    ['a misspelt event', () => didAny(['purchse' as never]), 'RULE_UNKNOWN_EVENT'],
    ['a misspelt event with a filter', () => didAny([{ event: 'purchse' as never }]), 'RULE_UNKNOWN_EVENT'],
    ['a misspelt option', () => didAny([{ event: 'purchase', were: {} } as never]), 'OPTION_INVALID'],
    ['no term of a sum', () => sum([]), 'RULE_EMPTY'],
    ['no list of a sum', () => sum({} as never), 'RULE_WRONG_TYPE'],
    ['a sum without property', () => sum([{ event: 'purchase' } as never]), 'RULE_UNKNOWN_PROPERTY'],
    ['a sum of an event alone', () => sum(['purchase' as never]), 'OPTION_INVALID'],
    ['minus of a number', () => sum([{ event: 'purchase', property: 'amount', minus: 1 as never }]), 'OPTION_INVALID'],
  ])('of %s are refused', (_, ask, code) => {
    expect(refusal(ask).code).toBe(code)
  })
})

describe('the first and the latest event', () => {
  test('are tested by what they are and when they were', () => {
    const purchase = make.eventTerm('purchase')
    expect(first('purchase')).toBeInstanceOf(Rule)
    expect(first('purchase').node).toEqual(make.occurrence('first', purchase))
    expect(latest('purchase').node).toEqual(make.occurrence('last', purchase))
    const rule = first('purchase').where({ gift: true }).is({ channel: 'app' }).last(30, 'days')
    expect(rule.node).toEqual(
      make.occurrence(
        'first',
        make.eventTerm('purchase', make.has('gift')),
        make.value('eq', 'channel', 'app'),
        make.lastWindow(30, 'days'),
      ),
    )
    expect(latest('purchase').last(30, 'days').is({ channel: 'app' }).where({ gift: true }).node).toEqual({
      ...rule.node,
      kind: 'last',
    })
  })

  test('pass all of several tests and filters', () => {
    const rule = latest('purchase')
      .is({ gift: true })
      .is((p) => p('amount').lt(5))
      .where({ gift: false })
      .where({ product: 'A' })
    expect(rule.node.test).toEqual(make.and([make.has('gift'), make.compare('lt', 'amount', 5)]))
    expect(rule.node.event.where).toEqual(
      make.and([make.presence('isNotSet', 'gift'), make.value('eq', 'product', 'A')]),
    )
  })
})

describe('life cycles', () => {
  const where = { gift: true }
  const gift = make.eventTerm('purchase', make.has('gift'))
  const [old, middle, recent] = [last(30, 'days', { ago: 60 }), last(30, 'days', { ago: 30 }), last(30, 'days')]

  test.each<[string, Rule, RuleNode]>([
    ['stopped', stopped('purchase', { where, earlier: old, later: recent }), make.stopped(gift, old, recent)],
    [
      'resumed',
      resumed('purchase', { where, earlier: old, gap: middle, later: recent }),
      make.resumed(gift, old, middle, recent),
    ],
    ['newly', newly('purchase', { where, window: recent }), make.newly(gift, recent)],
    [
      'newly since',
      newly('visit', { window: range({ from: '2026-11-01' }) }),
      make.newly(make.eventTerm('visit'), make.rangeWindow('2026-11-01', null)),
    ],
    [
      'regular',
      regular('purchase', { where, times: 2, periods: 3, of: 4, unit: 'week', weekStart: 'sunday' }),
      make.regular(gift, 2, 3, 4, 'weeks', 'sunday'),
    ],
    [
      'regular of parameters',
      regular('visit', { times: { param: 't' }, periods: { param: 'p' }, of: { param: 'o' }, unit: 'months' }),
      make.regular(make.eventTerm('visit'), { param: 't' }, { param: 'p' }, { param: 'o' }, 'months'),
    ],
  ])('%s', (_, rule, node) => {
    expect(rule).toBeInstanceOf(Rule)
    expect(rule.node).toEqual(node)
    expect(Object.isFrozen(rule.node)).toBe(true)
  })

  test.each<[string, () => unknown, string]>([
    ['a misspelt event', () => newly('purchse' as never, { window: recent }), 'RULE_UNKNOWN_EVENT'],
    ['no later window', () => stopped('purchase', { earlier: old } as never), 'RULE_BAD_WINDOW'],
    ['no gap', () => resumed('purchase', { earlier: old, later: recent } as never), 'RULE_BAD_WINDOW'],
    ['no options', () => (newly as (event: string) => unknown)('purchase'), 'OPTION_INVALID'],
    ['a misspelt option', () => newly('purchase', { windw: recent } as never), 'OPTION_INVALID'],
    ['no times', () => regular('purchase', { periods: 3, of: 4, unit: 'weeks' } as never), 'RULE_WRONG_TYPE'],
    [
      'a unit that there is not',
      () => regular('purchase', { times: 1, periods: 3, of: 4, unit: 'years' as never }),
      'RULE_BAD_WINDOW',
    ],
    ['an unknown property', () => newly('visit', { window: recent, where: where as never }), 'RULE_UNKNOWN_PROPERTY'],
  ])('of %s are refused', (_, ask, code) => {
    expect(refusal(ask).code).toBe(code)
  })
})

describe('questions about events are rules', () => {
  const rules: readonly (readonly [string, Rule])[] = [
    ['did', did('purchase')],
    ['did with window', did('purchase').where({ gift: true }).last(7, 'days')],
    ['a count', did('purchase').atLeast(3)],
    ['didAny', didAny(['purchase', 'visit'])],
    ['a sum', did('purchase').sum('amount').gte(5)],
    ['first', first('purchase')],
    ['a sequence', did('browse').followedBy('purchase')],
    ['a closed sequence', did('browse').notFollowedBy('purchase', { within: { hours: 1 } })],
  ]
  const vip = tag('vip')

  test.each(rules)('%s', async (_, rule) => {
    expect(rule).toBeInstanceOf(Rule)
    expect(Rule.read(rule)).toBe(rule)
    expect(rule.and(vip).node).toEqual(make.and([rule.node, vip.node]))
    expect(rule.or(vip).node).toEqual(make.or([rule.node, vip.node]))
    expect(rule.xor(vip).node).toEqual(make.xor([rule.node, vip.node]))
    expect(rule.minus(vip).node).toEqual(make.minus([rule.node, vip.node]))
    expect(vip.minus(rule).node).toEqual(make.minus([vip.node, rule.node]))
    expect(rule.not().node).toEqual(make.not(rule.node))
    expect(not(rule).node).toEqual(make.not(rule.node))
    expect(and(vip, rule).node).toEqual(make.and([vip.node, rule.node]))
    expect(atLeast(1, [rule]).node).toEqual(make.atLeast(1, [rule.node]))
    // A method named `then` would make this wait for ever, or call it.
    expect(await rule).toBe(rule)
  })

  test.each(rules)('%s reads and writes', (_, rule) => {
    const { parse, print, fromJSON } = shopRules
    expect(parse(String(rule)).node).toEqual(rule.node)
    expect(parse(print(rule, { language: 'zh' })).node).toEqual(rule.node)
    expect(fromJSON(rule.toJSON()).node).toEqual(rule.node)
    expect(JSON.parse(JSON.stringify({ rule }))).toEqual({ rule: rule.toJSON() })
  })

  test.each(rules)('%s passes the check against its schema', (_, rule) => {
    const context = {
      schema: Schema.from(eventShop),
      audiences: { has: () => false, names: () => [], hasVersion: () => false },
      limits: defaultRuleLimits,
    }
    expect(validateRule(rule.node, context)).toEqual([])
  })

  test('all of them work taken off the builder', () => {
    const { did: asked } = { ...shopRules }
    expect(asked('visit').node).toEqual(did('visit').node)
  })
})

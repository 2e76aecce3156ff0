import { describe, expect, test } from 'vitest'
import { defaultRuleLimits } from '../../src/base/limits.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import { RuleError } from '../../src/rules/fault.ts'
import { ruleFromJson } from '../../src/rules/json/rule-from-json.ts'
import * as make from '../../src/rules/make-node.ts'
import { type KnownAudiences, validateRule } from '../../src/rules/validate-rule.ts'
import { category, event, flag, number, timestamp } from '../../src/schema/column-spec.ts'
import { Schema } from '../../src/schema/schema.ts'

const schema = Schema.from({
  vip: flag(),
  tier: category({ values: ['T1', 'T2'] }),
  likes: category({ many: true }),
  spend: number({ scale: 2, min: 0, max: 1000 }),
  age: number(),
  joinedAt: timestamp(),
  purchase: event({
    product: category(),
    channel: category({ values: ['app', 'web'] }),
    gift: flag(),
    amount: number({ scale: 2 }),
  }),
  refund: event({ product: category(), amount: number({ scale: 3 }), fee: number() }),
  browse: event({ category: category(), 'product id': category() }),
  visit: event(),
})
const audiences: KnownAudiences = { has: () => false, names: () => [], hasVersion: () => false }

function faultsIn(node: RuleNode, limits = defaultRuleLimits): readonly string[] {
  return validateRule(node, { schema, audiences, limits }).map(
    ({ code, path, message, suggestion }) =>
      `${code} ${path}: ${message}${suggestion === undefined ? '' : ` [${suggestion}]`}`,
  )
}

function check(json: object): readonly string[] {
  return faultsIn(ruleFromJson(json))
}

const day = { last: 1, unit: 'days' }
const moments = '"2026-11-20T09:00:00+08:00", "2026-11-20T09:00" (local time) or "2026-11-20" is expected'

describe('each fault of a tag test', () => {
  test.each<[object, ...string[]]>([
    // which operators fit
    [
      { tag: 'spend' },
      'RULE_WRONG_OPERATOR $ operator: spend is a number, which the tag alone does not fit. It takes: is set, is not set, =, !=, <, <=, >, >=, between, in, not in.',
    ],
    [
      { tag: 'joinedAt', in: [] },
      'RULE_WRONG_OPERATOR $ operator: joinedAt is a timestamp, which in does not fit. It takes: is set, is not set, =, !=, <, <=, >, >=, between, in a window of time.',
    ],
    [
      { tag: 'spend', within: day },
      'RULE_WRONG_OPERATOR $ operator: spend is a number, which in a window of time does not fit. It takes: is set, is not set, =, !=, <, <=, >, >=, between, in, not in.',
    ],
    [
      { tag: 'tier', lt: 5 },
      'RULE_WRONG_OPERATOR $ operator: tier is a category of one value, which < does not fit. It takes: is set, is not set, =, !=, in, not in, starts with, contains, matches.',
    ],
    [
      { tag: 'vip', between: [1, 2] },
      'RULE_WRONG_OPERATOR $ operator: vip is a flag, which between does not fit. It takes: the tag alone, is set, is not set.',
    ],
    [
      { tag: 'age', startsWith: '1' },
      'RULE_WRONG_OPERATOR $ operator: age is a number, which starts with does not fit. It takes: is set, is not set, =, !=, <, <=, >, >=, between, in, not in.',
    ],
    // tags and events
    [
      { tag: 'purchase' },
      'RULE_UNKNOWN_TAG $.tag: purchase is an event, not a tag: who has it is asked by did purchase [did purchase]',
    ],
    [
      { tag: 'purchase', isNotSet: true },
      'RULE_UNKNOWN_TAG $.tag: purchase is an event, not a tag: who has it is asked by not did purchase [not did purchase]',
    ],
    [
      { tag: 'purchse', isSet: true },
      'RULE_UNKNOWN_TAG $.tag: no tag purchse in this engine. Did you mean did purchase? [did purchase]',
    ],
    // constants of categories
    [{ tag: 'tier', eq: 5 }, 'RULE_WRONG_TYPE $.eq: 5 stands where text is expected: write "5"'],
    [{ tag: 'likes', hasAny: ['a', 5] }, 'RULE_WRONG_TYPE $.hasAny[1]: 5 stands where text is expected: write "5"'],
    // numbers
    [
      { tag: 'spend', gte: 'much' },
      'RULE_BAD_NUMBER $.gte: "much" is no number: one such as 12 or -0.5, or its text "129.90", is expected',
    ],
    [
      { tag: 'spend', eq: '1,000' },
      'RULE_BAD_NUMBER $.eq: "1,000" is no number: one such as 12 or -0.5, or its text "129.90", is expected',
    ],
    [
      { tag: 'spend', eq: 1.005 },
      'RULE_BAD_NUMBER $.eq: 1.005 has 3 digits after the point, where spend has at most 2: nothing is rounded',
    ],
    [
      { tag: 'age', ne: '0.50' },
      'RULE_BAD_NUMBER $.ne: "0.50" has 1 digit after the point, where age is a whole number: nothing is rounded',
    ],
    [
      { tag: 'age', notIn: [18, '19.0', 1e-7, 'x'] },
      'RULE_BAD_NUMBER $.notIn[2]: 1e-7 has 7 digits after the point, where age is a whole number: nothing is rounded',
      'RULE_BAD_NUMBER $.notIn[3]: "x" is no number: one such as 12 or -0.5, or its text "129.90", is expected',
    ],
    [
      { tag: 'spend', between: [20, 10] },
      'RULE_BAD_RANGE $.between: the interval goes from 20 to 10, which is before it: were the two swapped?',
    ],
    [
      { tag: 'spend', between: ['9007199254740993', '9007199254740992.99'] },
      'RULE_BAD_RANGE $.between: the interval goes from "9007199254740993" to "9007199254740992.99", which is before it: were the two swapped?',
    ],
    [
      { tag: 'spend', between: [1e300, -1e300] },
      'RULE_BAD_RANGE $.between: the interval goes from 1e+300 to -1e+300, which is before it: were the two swapped?',
    ],
    [
      { tag: 'spend', between: [0.001, 'x'] },
      'RULE_BAD_NUMBER $.between[0]: 0.001 has 3 digits after the point, where spend has at most 2: nothing is rounded',
      'RULE_BAD_NUMBER $.between[1]: "x" is no number: one such as 12 or -0.5, or its text "129.90", is expected',
    ],
    // timestamps
    [
      { tag: 'joinedAt', gt: 'yesterday' },
      `RULE_BAD_TIME $.gt: "yesterday" is neither an instant nor a date: ${moments}`,
    ],
    [
      { tag: 'joinedAt', lt: 1_700_000_000_000 },
      `RULE_BAD_TIME $.lt: 1700000000000 is neither an instant nor a date: ${moments}`,
    ],
    [
      { tag: 'joinedAt', eq: '2026-02-30' },
      `RULE_BAD_TIME $.eq: "2026-02-30" is neither an instant nor a date: ${moments}`,
    ],
    [
      { tag: 'joinedAt', between: ['2026-02-01', '2026-01-31'] },
      'RULE_BAD_RANGE $.between: the interval goes from "2026-02-01" to "2026-01-31", which is before it: were the two swapped?',
    ],
    [
      { tag: 'joinedAt', between: ['2026-01-01T00:00:00+08:00', '2025-12-31T15:59:59Z'] },
      'RULE_BAD_RANGE $.between: the interval goes from "2026-01-01T00:00:00+08:00" to "2025-12-31T15:59:59Z", which is before it: were the two swapped?',
    ],
    [
      { tag: 'joinedAt', between: ['2026-01-05T00:00', '2026-01-01'] },
      'RULE_BAD_RANGE $.between: the interval goes from "2026-01-05T00:00" to "2026-01-01", which is before it: were the two swapped?',
    ],
    // tags that nobody knows
    [{ tag: 'x', gte: 'anything' }, 'RULE_UNKNOWN_TAG $.tag: no tag x in this engine.'],
    [
      { tag: { param: 'x' }, gte: { param: 'y' } },
      'RULE_UNBOUND_PARAMETER $.tag: the parameter $x has no value: apply the template first',
      'RULE_UNBOUND_PARAMETER $.gte: the parameter $y has no value: apply the template first',
    ],
  ])('%j', (json, ...faults) => {
    expect(check(json)).toEqual(faults)
  })

  test.each<object>([
    { tag: 'spend', gte: '129.900' },
    { tag: 'spend', lt: 1e300 },
    { tag: 'spend', gt: '-99999999999999999999999' },
    { tag: 'spend', eq: 1001 },
    { tag: 'spend', eq: -1 },
    { tag: 'spend', between: [5, 5] },
    { tag: 'spend', in: [] },
    { tag: 'age', in: [1, '2', '3.00', 1e21] },
    { tag: 'joinedAt', eq: '2026-11-20' },
    { tag: 'joinedAt', between: ['2026-01-01', '2026-01-01'] },
    { tag: 'joinedAt', between: ['2026-01-01T12:00', '2026-01-01'] },
    { tag: 'joinedAt', between: ['2026-01-01T00:00Z', '2025-12-31T23:00'] },
    { tag: 'joinedAt', isNotSet: true },
    { tag: 'joinedAt', within: day },
  ])('none in %j', (json) => {
    expect(check(json)).toEqual([])
  })
})

describe('each fault of a window', () => {
  test.each<[object, ...string[]]>([
    [
      { last: 0, unit: 'days' },
      'RULE_BAD_WINDOW $.window.last: the last 0 days are no time at all: a whole number from 1 to 100000 is expected. For the present one alone write today, in JSON includeCurrent',
    ],
    [
      { last: 0, unit: 'hours' },
      'RULE_BAD_WINDOW $.window.last: the last 0 hours are no time at all: a whole number from 1 to 100000 is expected',
    ],
    [
      { last: 100_001, unit: 'minutes', ago: 100_001 },
      'RULE_BAD_WINDOW $.window.last: the number of units is 100001, where a whole number from 0 to 100000 is expected',
      'RULE_BAD_WINDOW $.window.ago: how many units ago the window ends is 100001, where a whole number from 0 to 100000 is expected',
    ],
    [
      { last: 3, unit: 'hours', includeCurrent: true },
      'RULE_BAD_WINDOW $.window.includeCurrent: the last hours end at the present instant, so there is no present one to include: that goes with days, weeks, months',
    ],
    [
      { last: 3, unit: 'weeks', includeCurrent: true, ago: 1 },
      "RULE_BAD_WINDOW $.window.includeCurrent: a window that ends 1 weeks ago can't include the present one: leave out one of the two",
    ],
    [
      { from: 'soon', to: '2026-13-01' },
      `RULE_BAD_TIME $.window.from: "soon" is neither an instant nor a date: ${moments}`,
      `RULE_BAD_TIME $.window.to: "2026-13-01" is neither an instant nor a date: ${moments}`,
    ],
    [
      { from: '2026-02-01', to: '2026-01-01' },
      'RULE_BAD_RANGE $.window: the interval goes from "2026-02-01" to "2026-01-01", which is before it: were the two swapped?',
    ],
  ])('%j', (window, ...faults) => {
    expect(check({ did: 'visit', window })).toEqual(faults)
    expect(check({ tag: 'joinedAt', within: window })).toEqual(
      faults.map((fault) => fault.replace('$.window', '$.within')),
    )
  })

  test.each<object>([
    { last: 0, unit: 'days', includeCurrent: true },
    { last: 0, unit: 'weeks', includeCurrent: true, weekStart: 'sunday' },
    { last: 100_000, unit: 'months', ago: 100_000 },
    { from: '2026-01-01', to: '2026-01-01' },
    { from: '2026-01-01T12:00', to: '2026-01-01' },
    { to: '2026-01-01T00:00:00Z' },
  ])('none in %j', (window) => {
    expect(check({ did: 'visit', window })).toEqual([])
  })

  test('windows made by hand', () => {
    const faults = (window: object): readonly string[] =>
      faultsIn(make.newly(make.eventTerm('visit'), window as never)).map((fault) => fault.replace(/:.*/, ''))
    expect(faults({ kind: 'range', from: null, to: null })).toEqual(['RULE_BAD_WINDOW $.window'])
    expect(
      faults({ kind: 'last', count: '3', unit: 'years', ago: 0.5, includeCurrent: false, weekStart: 'x' }),
    ).toEqual([
      'RULE_BAD_WINDOW $.window.last',
      'RULE_BAD_WINDOW $.window.unit',
      'RULE_BAD_WINDOW $.window.ago',
      'RULE_BAD_WINDOW $.window.weekStart',
    ])
  })
})

const where = (filter: object): object => ({ did: 'purchase', where: filter })

describe('each fault of an event', () => {
  test.each<[object, ...string[]]>([
    [
      { did: 'purchas' },
      'RULE_UNKNOWN_EVENT $.did: no event purchas in this engine. Did you mean purchase? [purchase]',
    ],
    [{ did: 'vip' }, 'RULE_UNKNOWN_EVENT $.did: vip is a tag, not an event: ask it as a tag is asked, vip [vip]'],
    [
      { first: 'tier' },
      'RULE_UNKNOWN_EVENT $.first: tier is a tag, not an event: ask it as a tag is asked, tier is set [tier is set]',
    ],
    [
      { did: [{ event: 'purchase' }, { event: 'buy', where: { property: 'anything' } }] },
      'RULE_UNKNOWN_EVENT $.did[1].event: no event buy in this engine.',
    ],
    // filters
    [
      where({ property: 'amout', gte: 5 }),
      'RULE_UNKNOWN_PROPERTY $.where.property: event purchase has no property amout. Did you mean amount? [amount]',
    ],
    [
      { did: 'visit', where: { property: 'x' } },
      'RULE_UNKNOWN_PROPERTY $.where.property: event visit has no property x.',
    ],
    [
      where({ property: 'toString' }),
      'RULE_UNKNOWN_PROPERTY $.where.property: event purchase has no property toString.',
    ],
    [
      where({ property: 'amount' }),
      'RULE_WRONG_OPERATOR $.where operator: amount is a number, which the property alone does not fit. It takes: is set, is not set, =, !=, <, <=, >, >=, between, in, not in.',
    ],
    [
      where({ property: 'gift', eq: 'yes' }),
      'RULE_WRONG_OPERATOR $.where operator: gift is a flag, which = does not fit. It takes: the property alone, is set, is not set.',
    ],
    [
      where({ property: 'channel', eq: 'apps' }),
      'RULE_VALUE_NOT_ALLOWED $.where.eq: the property lists its values, and "apps" is none of them. Did you mean app? [app]',
    ],
    [
      where({ property: 'amount', between: [10.001, 20] }),
      'RULE_BAD_NUMBER $.where.between[0]: 10.001 has 3 digits after the point, where amount has at most 2: nothing is rounded',
    ],
    [where({ property: 'product', eq: 5 }), 'RULE_WRONG_TYPE $.where.eq: 5 stands where text is expected: write "5"'],
    [
      where({ property: 'product', hasAny: ['x'] }),
      'RULE_BAD_FILTER $.where operator: a property has one value, which has any does not fit: use in.',
    ],
    [
      where({ property: 'product', hasAll: ['x'] }),
      'RULE_BAD_FILTER $.where operator: a property has one value, which has all does not fit: use =.',
    ],
    [
      where({ property: 'product', hasNone: ['x'] }),
      'RULE_BAD_FILTER $.where operator: a property has one value, which has none does not fit: use not in.',
    ],
    [
      where({ property: 'product', within: day }),
      'RULE_BAD_FILTER $.where operator: no property is a timestamp: the window belongs behind the event.',
    ],
    [
      where({
        and: [
          { not: { property: 'x' } },
          {
            or: [
              { property: 'gift' },
              { minus: [{ property: 'y' }, { xor: [{ property: 'z' }, { property: 'gift' }] }] },
            ],
          },
          { atLeast: 1, of: [{ property: 'product', matches: '(' }] },
        ],
      }),
      'RULE_UNKNOWN_PROPERTY $.where.and[0].not.property: event purchase has no property x.',
      'RULE_UNKNOWN_PROPERTY $.where.and[1].or[1].minus[0].property: event purchase has no property y.',
      'RULE_UNKNOWN_PROPERTY $.where.and[1].or[1].minus[1].xor[0].property: event purchase has no property z.',
      'RULE_BAD_PATTERN $.where.and[2].of[0].matches: the pattern "(" is refused: missing closing ): `(`. The syntax is RE2\'s: no backreferences, no look-around.',
    ],
    // measures
    [
      { did: 'purchase', measure: 'sum', gte: 5 },
      'RULE_WRONG_TYPE $.property: sum needs a property that is measured, a number: amount [amount]',
    ],
    [
      { did: 'refund', measure: 'max', gte: 5 },
      'RULE_WRONG_TYPE $.property: max needs a property that is measured, a number: amount, fee',
    ],
    [
      { did: 'purchase', measure: 'distinct', gte: 5 },
      'RULE_WRONG_TYPE $.property: distinct needs a property that is measured: product, channel, gift, amount',
    ],
    [
      { did: 'visit', measure: 'avg', gte: 5 },
      'RULE_WRONG_TYPE $.property: avg needs a property that is measured, a number',
    ],
    [
      { did: 'purchase', property: 'amount', gte: 5 },
      'RULE_WRONG_TYPE $.property: count is of whole events: it takes no property',
    ],
    [
      { did: 'purchase', property: 'amount', measure: 'recency', gte: 5 },
      'RULE_WRONG_TYPE $.property: recency is of whole events: it takes no property',
    ],
    [
      { did: 'purchase', property: 'product', measure: 'sum', gte: 5.005 },
      'RULE_WRONG_OPERATOR $.property: product is a category, which sum does not fit. It takes a number: amount. [amount]',
    ],
    [
      { did: 'browse', property: 'category', measure: 'min', gte: 5 },
      'RULE_WRONG_OPERATOR $.property: category is a category, which min does not fit. It takes a number, which this event has none of.',
    ],
    [
      {
        did: [
          { event: 'purchase', property: 'amount' },
          { event: 'refund', property: 'cost' },
        ],
        measure: 'sum',
        gt: 0,
      },
      'RULE_UNKNOWN_PROPERTY $.did[1].property: event refund has no property cost.',
    ],
    [
      { did: { event: 'purchase', property: 'amount', minus: true }, measure: 'max', gt: 0 },
      'RULE_WRONG_TYPE $.did.minus: only the events of a sum are taken away, not those of max',
    ],
    // their tests
    [
      { did: 'purchase', gte: 2.5 },
      'RULE_BAD_NUMBER $.gte: 2.5 has 1 digit after the point, where the number of events is a whole number: nothing is rounded',
    ],
    [
      { did: 'purchase', measure: 'days', lt: 'x' },
      'RULE_BAD_NUMBER $.lt: "x" is no number: one such as 12 or -0.5, or its text "129.90", is expected',
    ],
    [
      { did: 'purchase', measure: 'recency', between: [7, 1] },
      'RULE_BAD_RANGE $.between: the interval goes from 7 to 1, which is before it: were the two swapped?',
    ],
    [
      { did: 'purchase', property: 'amount', measure: 'sum', gt: 0.001 },
      'RULE_BAD_NUMBER $.gt: 0.001 has 3 digits after the point, where the sum of amount has at most 2: nothing is rounded',
    ],
    [
      {
        did: [
          { event: 'purchase', property: 'amount' },
          { event: 'refund', property: 'amount', minus: true },
        ],
        measure: 'sum',
        gt: 0.0001,
      },
      'RULE_BAD_NUMBER $.gt: 0.0001 has 4 digits after the point, where the sum of amount has at most 3: nothing is rounded',
    ],
    [
      { did: 'purchase', property: 'amount', measure: 'avg', gt: '0.123456789' },
      'RULE_BAD_NUMBER $.gt: "0.123456789" has 9 digits after the point, where the avg of amount has at most 8: nothing is rounded',
    ],
    [
      { did: 'unknown', property: 'x', measure: 'avg', gt: 'x' },
      'RULE_UNKNOWN_EVENT $.did: no event unknown in this engine.',
      'RULE_BAD_NUMBER $.gt: "x" is no number: one such as 12 or -0.5, or its text "129.90", is expected',
    ],
    // first and last
    [
      { first: 'purchase', test: { property: 'kol', eq: 'x' }, window: { last: 0, unit: 'days' } },
      'RULE_UNKNOWN_PROPERTY $.test.property: event purchase has no property kol.',
      'RULE_BAD_WINDOW $.window.last: the last 0 days are no time at all: a whole number from 1 to 100000 is expected. For the present one alone write today, in JSON includeCurrent',
    ],
    [
      { last: { event: 'purchase', property: 'amount' } },
      'RULE_WRONG_TYPE $.last.property: only the events of a measure, such as sum, have a property',
    ],
    [
      { new: { event: 'purchase', minus: true }, window: day },
      'RULE_WRONG_TYPE $.new.minus: only the events of a sum are taken away',
    ],
    // lifecycle
    [
      { stopped: 'visits', where: { property: 'x' }, earlier: { last: 0, unit: 'hours' }, later: { from: 'x' } },
      'RULE_UNKNOWN_EVENT $.stopped: no event visits in this engine. Did you mean visit? [visit]',
      'RULE_BAD_WINDOW $.earlier.last: the last 0 hours are no time at all: a whole number from 1 to 100000 is expected',
      `RULE_BAD_TIME $.later.from: "x" is neither an instant nor a date: ${moments}`,
    ],
    [
      { resumed: 'visit', earlier: day, gap: { last: 200_000, unit: 'days' }, later: day },
      'RULE_BAD_WINDOW $.gap.last: the number of units is 200000, where a whole number from 0 to 100000 is expected',
    ],
    [
      { regular: 'visit', times: 1, periods: 5, of: 4, unit: 'weeks' },
      'RULE_BAD_COUNT $.periods: 5 of the last 4 weeks are more than there are',
    ],
    [
      { regular: 'visit', times: 1, periods: 1, of: 1_001, unit: 'weeks' },
      'RULE_BAD_WINDOW $.of: the number of units that are looked at is 1001, where a whole number from 1 to 1000 is expected',
    ],
  ])('%j', (json, ...faults) => {
    expect(check(json)).toEqual(faults)
  })

  test.each<object>([
    { did: 'purchase' },
    where({
      and: [{ property: 'gift' }, { property: 'amount', gte: 50 }, { not: { property: 'channel', eq: 'app' } }],
    }),
    { did: 'purchase', eq: 0 },
    { did: 'purchase', lt: 1e300 },
    { did: 'purchase', measure: 'recency', between: [0, 7] },
    { did: 'purchase', property: 'gift', measure: 'distinct', eq: 2 },
    {
      did: [
        { event: 'purchase', property: 'amount' },
        { event: 'refund', property: 'fee' },
      ],
      measure: 'distinct',
      gt: 2,
    },
    { did: 'purchase', property: 'amount', measure: 'avg', gt: '0.12345678' },
    { did: { event: 'refund', property: 'amount', minus: true }, measure: 'sum', gte: -5.125 },
    { did: 'browse', property: 'product id', measure: 'distinct', gte: 3 },
    { first: 'purchase', test: { property: 'product', in: ['A'] }, window: day },
    { stopped: 'visit', earlier: { last: 60, unit: 'days', ago: 30 }, later: { last: 30, unit: 'days' } },
    { regular: 'visit', times: 1, periods: 1_000, of: 1_000, unit: 'months' },
  ])('none in %j', (json) => {
    expect(check(json)).toEqual([])
  })
})

describe('each fault of a sequence', () => {
  const [purchase, refund, browse] = [{ event: 'purchase' }, { event: 'refund' }, { event: 'browse' }]
  test.each<[object, ...string[]]>([
    [
      { sequence: [purchase] },
      'RULE_BAD_SEQUENCE $.sequence: the sequence has 1 step, where 2 to 32 are expected. One event alone is asked by did',
    ],
    [
      { sequence: [{ event: 'purchase', within: { hours: 1 }, without: [refund] }, browse] },
      'RULE_BAD_SEQUENCE $.sequence[0].within: the first step has none before it to keep a distance from; a window says when it may be',
      'RULE_BAD_SEQUENCE $.sequence[0].without: the first step has none before it that something could come between',
    ],
    [
      { sequence: [purchase, { event: 'refund', within: { hours: 100_001 } }] },
      'RULE_BAD_SEQUENCE $.sequence[1].within.hours: the number of units is 100001, where a whole number from 1 to 100000 is expected',
    ],
    [
      {
        sequence: [{ event: 'purchse' }, { event: 'refund', without: [{ event: 'brows' }], where: { property: 'x' } }],
      },
      'RULE_UNKNOWN_EVENT $.sequence[0].event: no event purchse in this engine. Did you mean purchase? [purchase]',
      'RULE_UNKNOWN_EVENT $.sequence[1].without[0].event: no event brows in this engine. Did you mean browse? [browse]',
      'RULE_UNKNOWN_PROPERTY $.sequence[1].where.property: event refund has no property x.',
    ],
    [
      {
        sequence: [purchase],
        absence: { events: [{ event: 'refund', where: { property: 'x' } }], within: { days: 200_000 } },
        window: { last: 0, unit: 'days' },
      },
      'RULE_UNKNOWN_PROPERTY $.absence.events[0].where.property: event refund has no property x.',
      'RULE_BAD_SEQUENCE $.absence.within.days: the number of units is 200000, where a whole number from 1 to 100000 is expected',
      'RULE_BAD_WINDOW $.window.last: the last 0 days are no time at all: a whole number from 1 to 100000 is expected. For the present one alone write today, in JSON includeCurrent',
    ],
    [
      { sequence: [purchase, refund], same: 'produkt' },
      'RULE_UNKNOWN_PROPERTY $.same: event purchase has no property produkt, by which the events of the sequence are linked. All events of the sequence have: product. [product]',
      'RULE_UNKNOWN_PROPERTY $.same: event refund has no property produkt, by which the events of the sequence are linked. All events of the sequence have: product. [product]',
    ],
    [
      { sequence: [purchase, { event: 'refund', without: [browse] }], same: 'product' },
      'RULE_UNKNOWN_PROPERTY $.same: event browse has no property product, by which the events of the sequence are linked.',
    ],
    [
      { sequence: [purchase, refund], absence: { events: [browse], within: { days: 1 } }, same: 'product' },
      'RULE_UNKNOWN_PROPERTY $.same: event browse has no property product, by which the events of the sequence are linked.',
    ],
    [
      { sequence: [purchase, refund, purchase], same: 'amount' },
      'RULE_WRONG_OPERATOR $.same: amount of event purchase is a number, where a category links the events of a sequence. All events of the sequence have: product. [product]',
      'RULE_WRONG_OPERATOR $.same: amount of event refund is a number, where a category links the events of a sequence. All events of the sequence have: product. [product]',
    ],
    [
      {
        sequence: [
          { event: 'purchase', minus: true },
          { event: 'refund', property: 'fee' },
        ],
      },
      'RULE_WRONG_TYPE $.sequence[0].minus: only the events of a sum are taken away',
      'RULE_WRONG_TYPE $.sequence[1].property: only the events of a measure, such as sum, have a property',
    ],
  ])('%j', (json, ...faults) => {
    expect(check(json)).toEqual(faults)
  })

  test('none in a sequence that there can be', () => {
    const steps = [purchase, { event: 'refund', within: { hours: 1 }, without: [refund] }]
    expect(check({ sequence: steps, same: 'product', allowSameTime: true, window: day })).toEqual([])
    expect(check({ sequence: [browse], absence: { events: [purchase], within: { hours: 24 } } })).toEqual([])
    expect(check({ sequence: new Array(32).fill(purchase) })).toEqual([])
  })
})

describe('what only JavaScript can make', () => {
  const visit = make.eventTerm('visit')
  const lone = (node: RuleNode): readonly string[] => faultsIn(node).map((fault) => fault.replace(/:.*/s, ''))
  test.each<[string, RuleNode, ...string[]]>([
    ['no event', make.behaviour('count', []), 'RULE_EMPTY $.did'],
    ['no step', make.sequence([]), 'RULE_BAD_SEQUENCE $.sequence'],
    ['33 steps', make.sequence(new Array(33).fill(make.step(visit))), 'RULE_BAD_SEQUENCE $.sequence'],
    [
      'an absence of nothing',
      make.sequence([make.step(visit)], { absence: { events: [], within: make.duration(1, 'hours') } }),
      'RULE_EMPTY $.absence.events',
    ],
    [
      'durations',
      make.sequence([
        make.step(visit),
        make.step(visit, make.duration(0.5, 'hours')),
        make.step(visit, { count: 1, unit: 'months' } as never),
      ]),
      'RULE_BAD_SEQUENCE $.sequence[1].within.hours',
      'RULE_BAD_SEQUENCE $.sequence[2].within',
    ],
    ['a measure', make.behaviour('median' as never, [visit]), 'RULE_WRONG_TYPE $.measure'],
    ['NaN', make.compare('gte', 'spend', Number.NaN), 'RULE_BAD_NUMBER $.gte'],
    [
      'Infinity',
      make.behaviour('count', [visit], make.ever(), { op: 'lt', value: Number.POSITIVE_INFINITY }),
      'RULE_BAD_NUMBER $.lt',
    ],
    ['NaN of no known tag', make.value('eq', 'x', Number.NaN), 'RULE_UNKNOWN_TAG $.tag', 'RULE_BAD_NUMBER $.eq'],
    ['NaN for a text', make.value('eq', 'tier', Number.NaN), 'RULE_WRONG_TYPE $.eq'],
    ['half a surrogate pair', make.compare('gte', 'joinedAt', '\ud800'), 'RULE_BAD_TIME $.gte'],
    [
      'everyone as a filter',
      make.behaviour('count', [make.eventTerm('visit', make.everyone())]),
      'RULE_BAD_FILTER $.where',
    ],
    [
      'an audience inside one',
      make.occurrence('first', visit, make.not(make.audience('x'))),
      'RULE_BAD_FILTER $.test.not',
    ],
    [
      'events inside one',
      make.newly(make.eventTerm('visit', make.behaviour('count', [visit])), make.ever()),
      'RULE_BAD_FILTER $.where',
    ],
    [
      'a count of a filter',
      make.behaviour('count', [make.eventTerm('purchase', make.atLeast(0, [make.has('gift')]))]),
      'RULE_BAD_COUNT $.where.atLeast',
    ],
    [
      'counts',
      make.regular(visit, 0, 1.5, Number.NaN, 'years' as never, 'x' as never),
      'RULE_BAD_COUNT $.times',
      'RULE_BAD_COUNT $.periods',
      'RULE_BAD_WINDOW $.of',
      'RULE_BAD_WINDOW $.unit',
    ],
  ])('%s', (_, node, ...faults) => {
    expect(lone(node)).toEqual(faults)
  })
})

test('all faults at once, in the order of their places', () => {
  const json = {
    and: [
      { tag: 'spend', gte: 1.005 },
      { not: { did: 'purchse', window: { last: 0, unit: 'days' }, gte: 'x' } },
      {
        did: 'purchase',
        where: { and: [{ property: 'x' }, { property: 'amount', lt: 'y' }] },
        measure: 'sum',
        between: [5, 1],
      },
      { tag: 'purchase' },
    ],
  }
  expect(check(json).map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
    'RULE_BAD_NUMBER $.and[0].gte',
    'RULE_UNKNOWN_EVENT $.and[1].not.did',
    'RULE_BAD_WINDOW $.and[1].not.window.last',
    'RULE_BAD_NUMBER $.and[1].not.gte',
    'RULE_UNKNOWN_PROPERTY $.and[2].where.and[0].property',
    'RULE_BAD_NUMBER $.and[2].where.and[1].lt',
    'RULE_WRONG_TYPE $.and[2].property',
    'RULE_BAD_RANGE $.and[2].between',
    'RULE_UNKNOWN_TAG $.and[3].tag',
  ])
})

describe('size comes first', () => {
  const gift = make.has('gift')
  const code = (node: RuleNode, bounds: Partial<typeof defaultRuleLimits>): string => {
    try {
      validateRule(node, { schema, audiences, limits: { ...defaultRuleLimits, ...bounds } })
    } catch (error) {
      if (error instanceof RuleError) return error.code
      throw error
    }
    return 'taken'
  }
  const did = (...filters: (RuleNode | null)[]): RuleNode =>
    make.behaviour(
      'count',
      filters.map((filter) => make.eventTerm('purchase', filter)),
    )

  test('events and the parts of filters are nodes', () => {
    expect(code(did(null, null), { nodes: 3 })).toBe('taken')
    expect(code(did(null, null), { nodes: 2 })).toBe('RULE_TOO_LARGE')
    expect(code(did(make.not(gift)), { nodes: 4 })).toBe('taken')
    expect(code(did(make.not(gift)), { nodes: 3 })).toBe('RULE_TOO_LARGE')
    expect(code(make.occurrence('first', make.eventTerm('purchase', gift), gift), { nodes: 4 })).toBe('taken')
    expect(code(make.occurrence('first', make.eventTerm('purchase', gift), gift), { nodes: 3 })).toBe('RULE_TOO_LARGE')
    const steps = make.sequence([
      make.step(make.eventTerm('purchase')),
      make.step(make.eventTerm('visit'), null, [make.eventTerm('visit', gift)]),
    ])
    expect(code(steps, { nodes: 5 })).not.toBe('RULE_TOO_LARGE')
    expect(code(steps, { nodes: 4 })).toBe('RULE_TOO_LARGE')
  })

  test('a filter is one level below its rule', () => {
    expect(code(did(make.not(gift)), { depth: 3 })).toBe('taken')
    expect(code(did(make.not(gift)), { depth: 2 })).toBe('RULE_TOO_DEEP')
  })

  test('texts and lists inside filters count', () => {
    const text = make.textTest('contains', 'product', 'x')
    expect(code(did(make.or([text, text])), { textTests: 2 })).toBe('taken')
    expect(code(did(make.or([text, text])), { textTests: 1 })).toBe('RULE_TOO_LARGE')
    const list = make.list('in', 'product', ['a', 'b'])
    expect(code(make.or(new Array(10).fill(did(list))), { listLength: 2 })).toBe('taken')
    expect(code(make.or(new Array(11).fill(did(list))), { listLength: 2 })).toBe('RULE_LIST_TOO_LONG')
  })

  test('a filter that unfolds to a huge tree is refused', () => {
    let filter: RuleNode = gift
    for (let i = 0; i < 100; i++) filter = make.and([filter, filter])
    expect(code(did(filter), {})).toBe('RULE_TOO_LARGE')
  })
})

test('10,000 faults get few suggestions, and cost no time', () => {
  const json = { or: new Array(9_000).fill({ did: 'purchas' }) }
  const faults = validateRule(ruleFromJson(json), { schema, audiences, limits: defaultRuleLimits })
  expect(faults).toHaveLength(9_000)
  expect(faults.filter((fault) => fault.suggestion !== undefined).length).toBeLessThan(100)
})

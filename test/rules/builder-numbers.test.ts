import { describe, expect, test } from 'vitest'
import * as make from '../../src/rules/make-node.ts'
import { Rule } from '../../src/rules/rule.ts'
import { NumberTests, TimestampTests } from '../../src/rules/tag-tests.ts'
import { refusal, shopRules } from './event-shop.ts'

const { tag, last, range, today } = shopRules
const spend = tag('spend')
const joinedAt = tag('joinedAt')
const noon = new Date(Date.UTC(2026, 10, 20, 12))

describe('tests of numbers', () => {
  test.each<[string, Rule, unknown]>([
    ['eq', spend.eq(129.9), make.value('eq', 'spend', 129.9)],
    ['ne', spend.ne(0), make.value('ne', 'spend', 0)],
    ['lt', spend.lt(1), make.compare('lt', 'spend', 1)],
    ['lte', spend.lte(-1), make.compare('lte', 'spend', -1)],
    ['gt', spend.gt('129.90'), make.compare('gt', 'spend', '129.90')],
    ['gte', spend.gte({ param: 'least' }), make.compare('gte', 'spend', { param: 'least' })],
    ['between', spend.between(1, { param: 'most' }), make.between('spend', 1, { param: 'most' })],
    ['in', spend.in([1, '2', 3n, { param: 'x' }]), make.list('in', 'spend', [1, '2', 3, { param: 'x' }])],
    ['in of a parameter', spend.in({ param: 'list' }), make.list('in', 'spend', { param: 'list' })],
    ['notIn', spend.notIn([]), make.list('notIn', 'spend', [])],
    ['isSet', spend.isSet(), make.presence('isSet', 'spend')],
    ['isNotSet', spend.isNotSet(), make.presence('isNotSet', 'spend')],
  ])('%s', (_, rule, node) => {
    expect(rule).toBeInstanceOf(Rule)
    expect(rule.node).toEqual(node)
    expect(Object.isFrozen(rule.node)).toBe(true)
  })

  test('a bigint is a number where that is exact, else its text', () => {
    expect(spend.eq(5n).node).toEqual(make.value('eq', 'spend', 5))
    expect(spend.eq(-9007199254740991n).node).toEqual(make.value('eq', 'spend', -9007199254740991))
    expect(spend.eq(9007199254740993n).node).toEqual(make.value('eq', 'spend', '9007199254740993'))
    expect(spend.in([2n ** 70n]).node).toEqual(make.list('in', 'spend', ['1180591620717411303424']))
  })

  test('-0 is 0', () => {
    for (const rule of [spend.eq(-0), spend.lt(-0)])
      expect(Object.is((rule.node as { value: number }).value, 0)).toBe(true)
    expect(Object.is((spend.between(-0, 1).node as { from: number }).from, 0)).toBe(true)
    expect(Object.is((spend.in([-0]).node as unknown as { values: number[] }).values[0], 0)).toBe(true)
  })

  test.each<[string, () => unknown, string]>([
    ['NaN', () => spend.eq(Number.NaN), 'RULE_BAD_NUMBER'],
    ['Infinity', () => spend.lt(Number.POSITIVE_INFINITY), 'RULE_BAD_NUMBER'],
    ['NaN in a list', () => spend.in([1, Number.NaN]), 'RULE_BAD_NUMBER'],
    ['NaN as a bound', () => spend.between(0, Number.NaN), 'RULE_BAD_NUMBER'],
    ['null', () => spend.eq(null as never), 'RULE_WRONG_TYPE'],
    ['undefined', () => spend.gte(undefined as never), 'RULE_WRONG_TYPE'],
    ['a Date', () => spend.gte(noon as never), 'RULE_WRONG_TYPE'],
    ['true', () => spend.gte(true as never), 'RULE_WRONG_TYPE'],
    ['one bound', () => (spend.between as (from: number) => unknown)(5), 'RULE_WRONG_TYPE'],
    ['a number for a list', () => spend.in(5 as never), 'RULE_WRONG_TYPE'],
    ['a text for a list', () => spend.notIn('5' as never), 'RULE_WRONG_TYPE'],
    ['a hole in a list', () => spend.in(new Array(1) as never), 'RULE_WRONG_TYPE'],
  ])('%s is refused', (_, ask, code) => {
    expect(refusal(ask).code).toBe(code)
  })

  test('a list stays as it was given', () => {
    const values = [1, 2]
    const rule = spend.in(values)
    values.push(3)
    expect(rule.node).toEqual(make.list('in', 'spend', [1, 2]))
  })
})

describe('tests of timestamps', () => {
  test.each<[string, Rule, unknown]>([
    ['eq', joinedAt.eq('2026-11-20'), make.value('eq', 'joinedAt', '2026-11-20')],
    ['ne', joinedAt.ne('2026-11-20'), make.value('ne', 'joinedAt', '2026-11-20')],
    ['lt', joinedAt.lt(noon), make.compare('lt', 'joinedAt', '2026-11-20T12:00:00.000Z')],
    ['lte', joinedAt.lte('2026-11-20'), make.compare('lte', 'joinedAt', '2026-11-20')],
    ['gt', joinedAt.gt({ param: 'since' }), make.compare('gt', 'joinedAt', { param: 'since' })],
    ['gte', joinedAt.gte('2026-01-01'), make.compare('gte', 'joinedAt', '2026-01-01')],
    [
      'between',
      joinedAt.between('2026-01-01', noon),
      make.between('joinedAt', '2026-01-01', '2026-11-20T12:00:00.000Z'),
    ],
    ['within', joinedAt.within(last(7, 'days')), make.within('joinedAt', make.lastWindow(7, 'days'))],
    [
      'within a range',
      joinedAt.within(range({ to: noon })),
      make.within('joinedAt', make.rangeWindow(null, '2026-11-20T12:00:00.000Z')),
    ],
    [
      'within today',
      joinedAt.within(today()),
      make.within('joinedAt', make.lastWindow(0, 'days', { includeCurrent: true })),
    ],
    [
      'last',
      joinedAt.last(2, 'weeks', { ago: 1, weekStart: 'sunday' }),
      make.within('joinedAt', make.lastWindow(2, 'weeks', { ago: 1, weekStart: 'sunday' })),
    ],
    ['isSet', joinedAt.isSet(), make.presence('isSet', 'joinedAt')],
    ['isNotSet', joinedAt.isNotSet(), make.presence('isNotSet', 'joinedAt')],
  ])('%s', (_, rule, node) => {
    expect(rule).toBeInstanceOf(Rule)
    expect(rule.node).toEqual(node)
    expect(Object.isFrozen(rule.node)).toBe(true)
  })

  test.each<[string, () => unknown, string]>([
    ['an invalid Date', () => joinedAt.gte(new Date('x')), 'RULE_BAD_TIME'],
    ['an invalid Date as an end', () => range({ from: '2026-01-01', to: new Date(Number.NaN) }), 'RULE_BAD_TIME'],
    ['a number', () => joinedAt.gte(5 as never), 'RULE_WRONG_TYPE'],
    ['null', () => joinedAt.eq(null as never), 'RULE_WRONG_TYPE'],
    ['no window', () => joinedAt.within(undefined as never), 'RULE_BAD_WINDOW'],
    ['a text for a window', () => joinedAt.within('last 7 days' as never), 'RULE_BAD_WINDOW'],
  ])('%s is refused', (_, ask, code) => {
    expect(refusal(ask).code).toBe(code)
  })
})

describe('a tag', () => {
  test('gives the tests of its kind', () => {
    expect(tag('vip')).toBeInstanceOf(Rule)
    expect(spend).toBeInstanceOf(NumberTests)
    expect(joinedAt).toBeInstanceOf(TimestampTests)
  })

  test('that is an event is refused with what to write', () => {
    expect(refusal(() => tag('purchase' as never)).message).toBe(
      'RULE_UNKNOWN_TAG: purchase is an event, not a tag: did("purchase") asks about it.',
    )
  })
})

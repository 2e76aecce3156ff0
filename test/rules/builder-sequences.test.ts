import { describe, expect, test } from 'vitest'
import type { SequenceNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { Rule } from '../../src/rules/rule.ts'
import { refusal, shopRules } from './event-shop.ts'

const { did, last } = shopRules
const [browse, purchase, refund] = [make.eventTerm('browse'), make.eventTerm('purchase'), make.eventTerm('refund')]
const first = make.step(browse)

describe('steps', () => {
  test.each<[string, Rule, SequenceNode]>([
    ['one after another', did('browse').followedBy('purchase'), make.sequence([first, make.step(purchase)])],
    [
      'within a time',
      did('browse').followedBy('purchase', { within: { hours: 2 } }),
      make.sequence([first, make.step(purchase, make.duration(2, 'hours'))]),
    ],
    [
      'within a parameter',
      did('browse').followedBy('purchase', { within: { days: { param: 'n' } } }),
      make.sequence([first, make.step(purchase, make.duration({ param: 'n' }, 'days'))]),
    ],
    [
      'with a filter',
      did('browse')
        .where({ category: '奶粉' })
        .followedBy('purchase', { where: { amount: { gte: 50 } } }),
      make.sequence([
        make.step(make.eventTerm('browse', make.value('eq', 'category', '奶粉'))),
        make.step(make.eventTerm('purchase', make.compare('gte', 'amount', 50))),
      ]),
    ],
    [
      'without others between',
      did('browse').followedBy('purchase', { without: ['visit', { event: 'refund', where: { product: 'A' } }] }),
      make.sequence([
        first,
        make.step(purchase, null, [
          make.eventTerm('visit'),
          make.eventTerm('refund', make.value('eq', 'product', 'A')),
        ]),
      ]),
    ],
    [
      'three',
      did('browse')
        .followedBy('browse', { within: { seconds: 90 } })
        .followedBy('purchase', { within: { weeks: 1 } }),
      make.sequence([
        first,
        make.step(browse, make.duration(90, 'seconds')),
        make.step(purchase, make.duration(1, 'weeks')),
      ]),
    ],
    [
      'in the window of the first',
      did('browse').last(7, 'days').followedBy('purchase'),
      make.sequence([first, make.step(purchase)], { window: make.lastWindow(7, 'days') }),
    ],
    [
      'in a window of their own',
      did('browse').followedBy('purchase').followedBy('refund').last(7, 'days'),
      make.sequence([first, make.step(purchase), make.step(refund)], { window: make.lastWindow(7, 'days') }),
    ],
    [
      'linked by a property, at the same time too',
      did('browse').followedBy('purchase').same('product').allowSameTime(),
      make.sequence([first, make.step(purchase)], { same: 'product', allowSameTime: true }),
    ],
    [
      'with more of them after the link',
      did('browse').followedBy('purchase').same('product').followedBy('refund'),
      make.sequence([first, make.step(purchase), make.step(refund)], { same: 'product' }),
    ],
    [
      'that must not come',
      did('browse').notFollowedBy('purchase', { within: { hours: 24 } }),
      make.sequence([first], { absence: { events: [purchase], within: make.duration(24, 'hours') } }),
    ],
    [
      'several that must not come, in all',
      did('browse')
        .followedBy('purchase')
        .notFollowedBy(['refund', { event: 'purchase', where: { gift: true } }], {
          where: { product: 'A' },
          within: { days: 1 },
        })
        .same('product')
        .allowSameTime()
        .in(last(1, 'month')),
      make.sequence([first, make.step(purchase)], {
        absence: {
          events: [
            make.eventTerm('refund', make.value('eq', 'product', 'A')),
            make.eventTerm('purchase', make.and([make.has('gift'), make.value('eq', 'product', 'A')])),
          ],
          within: make.duration(1, 'days'),
        },
        same: 'product',
        allowSameTime: true,
        window: make.lastWindow(1, 'months'),
      }),
    ],
  ])('%s', (_, rule, node) => {
    expect(rule).toBeInstanceOf(Rule)
    expect(rule.node).toEqual(node)
    expect(Object.isFrozen(rule.node)).toBe(true)
    expect(Object.isFrozen((rule.node as SequenceNode).steps)).toBe(true)
  })

  test('leave the sequence as it was', () => {
    const sequence = did('browse').followedBy('purchase')
    const before = structuredClone(sequence.node)
    sequence.followedBy('refund')
    sequence.notFollowedBy('refund', { within: { hours: 1 } })
    sequence.same('product')
    sequence.allowSameTime()
    sequence.last(7, 'days')
    expect(sequence.node).toEqual(before)
  })

  test('of a name that is not in NFC', () => {
    const rule = did('purchase')
      .followedBy('purchase')
      .same('cafe\u0301' as 'café')
    expect(rule.node.same).toBe('café')
  })
})

describe('refused are', () => {
  const sequence = did('browse').followedBy('purchase')

  test.each<[string, () => unknown, string]>([
    ['a misspelt event', () => did('browse').followedBy('purchse' as never), 'RULE_UNKNOWN_EVENT'],
    ['a tag', () => did('browse').followedBy('spend' as never), 'RULE_UNKNOWN_EVENT'],
    [
      'a misspelt option',
      () => did('browse').followedBy('purchase', { wthin: { hours: 1 } } as never),
      'OPTION_INVALID',
    ],
    [
      'two units',
      () => did('browse').followedBy('purchase', { within: { hours: 1, minutes: 5 } as never }),
      'RULE_BAD_SEQUENCE',
    ],
    ['no unit', () => did('browse').followedBy('purchase', { within: {} as never }), 'RULE_BAD_SEQUENCE'],
    ['months', () => did('browse').followedBy('purchase', { within: { months: 1 } as never }), 'RULE_BAD_SEQUENCE'],
    ['a number for a time', () => did('browse').followedBy('purchase', { within: 5 as never }), 'RULE_BAD_SEQUENCE'],
    [
      'a time of text',
      () => did('browse').followedBy('purchase', { within: { hours: '1' as never } }),
      'RULE_WRONG_TYPE',
    ],
    ['a name for a list', () => did('browse').followedBy('purchase', { without: 'visit' as never }), 'RULE_WRONG_TYPE'],
    ['no events', () => did('browse').followedBy('purchase', { without: [] }), 'RULE_EMPTY'],
    [
      'an unknown property',
      () => did('browse').followedBy('purchase', { where: { colour: 'x' } as never }),
      'RULE_UNKNOWN_PROPERTY',
    ],
    ['an absence for ever', () => did('browse').notFollowedBy('purchase', {} as never), 'RULE_BAD_SEQUENCE'],
    ['an absence without options', () => did('browse').notFollowedBy('purchase', undefined as never), 'OPTION_INVALID'],
    ['an absence of nothing', () => did('browse').notFollowedBy([], { within: { hours: 1 } }), 'RULE_EMPTY'],
    ['a link that one has not', () => sequence.same('amount' as never), 'RULE_UNKNOWN_PROPERTY'],
    [
      'a link that one between has not',
      () =>
        did('browse')
          .followedBy('purchase', { without: ['visit'] })
          .same('product' as never),
      'RULE_UNKNOWN_PROPERTY',
    ],
    [
      'a link that the absent has not',
      () => sequence.notFollowedBy('visit', { within: { hours: 1 } }).same('product' as never),
      'RULE_UNKNOWN_PROPERTY',
    ],
    ['a step that has not the link', () => sequence.same('product').followedBy('visit'), 'RULE_UNKNOWN_PROPERTY'],
    [
      'an absence that has not the link',
      () => sequence.same('product').notFollowedBy('visit', { within: { hours: 1 } }),
      'RULE_UNKNOWN_PROPERTY',
    ],
    ['two links', () => sequence.same('product').same('product'), 'RULE_BAD_SEQUENCE'],
  ])('%s', (_, ask, code) => {
    expect(refusal(ask).code).toBe(code)
  })

  test('with what is expected', () => {
    expect(refusal(() => did('browse').followedBy('purchase', { within: { hour: 1 } as never })).message).toBe(
      'RULE_BAD_SEQUENCE: an object with the keys "hour" stands where a length of time in one unit is expected, such as { hours: 24 }: seconds, minutes, hours, days, weeks. Did you mean hours?',
    )
  })
})

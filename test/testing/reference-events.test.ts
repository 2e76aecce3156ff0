import { describe, expect, test } from 'vitest'
import { category, event, flag, number, type SchemaSpec } from '../../src/index.ts'
import { type EventTerm, makeNode as make, type NumberTest, type RuleNode } from '../../src/rules/index.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'

// Laws 3, 7, 11, 13 and 14 of events, put down by hand.

const schema: SchemaSpec = {
  buy: event({ product: category(), amount: number({ scale: 2 }), gift: flag() }),
  refund: event({ amount: number() }),
  see: event(),
}
const now = Date.parse('2026-11-18T10:30:00+08:00')
const settings = { timeZone: 'Asia/Shanghai', now }

function shop(): ReferencePopulation {
  const people = new ReferencePopulation(schema, settings)
  people.track('buy', 'a', { at: '2026-11-16T09:00', product: 'x', amount: '10.10' })
  people.track('buy', 'a', { at: '2026-11-17T23:59:59.999', product: 'y', amount: '0.05', gift: true })
  people.track('buy', 'a', { at: '2026-11-18', product: 'x' })
  people.track('buy', 'b', { at: '2026-11-18T10:30', product: 'y', amount: 5 })
  people.track('buy', 'c', { at: '2026-11-18T10:30:00.001', product: 'x', amount: 7 })
  people.track('refund', 'a', { at: '2026-11-17', amount: 4 })
  people.track('see', 'd', { at: '2026-11-10' })
  people.put('e', {})
  return people
}

const buy = make.eventTerm('buy')
const buyOf = (product: string): EventTerm => make.eventTerm('buy', make.value('eq', 'product', product))
const amount = make.eventTerm('buy', null, 'amount')
const net = [amount, make.eventTerm('refund', null, 'amount', -1)]
const is = (op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte', value: number | string): NumberTest => ({ op, value })
const count = (test: NumberTest, ...terms: EventTerm[]): RuleNode => make.behaviour('count', terms, make.ever(), test)
const today = make.lastWindow(0, 'days', { includeCurrent: true })
const both = make.and([make.value('eq', 'product', 'x'), make.has('gift')])

const answers: readonly (readonly [law: string, node: RuleNode, ids: readonly string[]])[] = [
  ['law 13: with no comparison it means at least once', make.behaviour('count', [buy]), ['a', 'b']],
  ['law 11: an event after asOf is not seen, one at asOf is', make.behaviour('count', [buyOf('y')]), ['a', 'b']],
  ['law 12: today ends at asOf, which is not in it', make.behaviour('count', [buy], today), ['a']],
  ['law 12: the local midnight begins a day', make.behaviour('count', [buy], make.lastWindow(1, 'days')), ['a']],
  ['law 12: hours are exact', make.behaviour('count', [buy], make.lastWindow(90, 'minutes', { ago: 540 })), ['a']],
  ['law 13: count', count(is('gte', 3), buy), ['a']],
  ['law 13: count = 1', count(is('eq', 1), buy), ['b']],
  ['law 13: count = 0 has everyone without', count(is('eq', 0), buy), ['c', 'd', 'e']],
  ['law 13: count < 3 has everyone with fewer', count(is('lt', 3), buy), ['b', 'c', 'd', 'e']],
  ['law 13: count != 1', count(is('ne', 1), buy), ['a', 'c', 'd', 'e']],
  ['law 13: count between includes both', count({ op: 'between', from: 0, to: 1 }, buy), ['b', 'c', 'd', 'e']],
  ['law 9: count >= -1 is everyone', count(is('gte', -1), buy), ['a', 'b', 'c', 'd', 'e']],
  ['law 13: several kinds are counted together', count(is('gte', 4), buy, make.eventTerm('refund')), ['a']],
  ['law 13: an event that fits two terms is one event', count(is('eq', 1), buy, buyOf('y')), ['b']],
  ['law 13: the filter first', count(is('eq', 2), buyOf('x')), ['a']],
  ['law 13: all of the filter about the same event', count(is('gte', 1), make.eventTerm('buy', both)), []],
  [
    'law 7: an absent property makes a test false, and its negation true',
    count(is('gte', 1), make.eventTerm('buy', make.not(make.compare('lt', 'amount', 100)))),
    ['a'],
  ],
  [
    'law 7: != is false for an absent property',
    count(is('gte', 2), make.eventTerm('buy', make.value('ne', 'amount', 1))),
    ['a'],
  ],
  ['law 13: distinct local days', make.behaviour('days', [buy], make.ever(), is('eq', 3)), ['a']],
  ['law 13: days over none are 0', make.behaviour('days', [buy], today, is('lte', 0)), ['b', 'c', 'd', 'e']],
  [
    'law 13: distinct values of a property',
    make.behaviour('distinct', [make.eventTerm('buy', null, 'product')], make.ever(), is('eq', 2)),
    ['a'],
  ],
  ['law 13: an absent property is no value', make.behaviour('distinct', [amount], make.ever(), is('eq', 2)), ['a']],
  ['law 13: distinct over none is 0', make.behaviour('distinct', [amount], make.ever(), is('eq', 0)), ['c', 'd', 'e']],
  ['recency: 0 is today', make.behaviour('recency', [buy], make.ever(), is('eq', 0)), ['a', 'b']],
  ['recency: local days past', make.behaviour('recency', [make.eventTerm('see')], make.ever(), is('eq', 8)), ['d']],
  ['law 13: recency over none is absent', make.behaviour('recency', [buy], make.ever(), is('gte', 0)), ['a', 'b']],
  ['law 9: a sum is exact', make.behaviour('sum', [amount], make.ever(), is('eq', '10.15')), ['a']],
  ['law 13: a sum over none is absent', make.behaviour('sum', [amount], make.ever(), is('gte', 0)), ['a', 'b']],
  ['law 13: over events without the property too', make.behaviour('sum', [amount], today, is('gte', 0)), []],
  [
    'law 13: a sum takes away of some what it adds of all',
    make.behaviour(
      'sum',
      [amount, make.eventTerm('buy', make.value('eq', 'product', 'x'), 'amount', -1)],
      make.ever(),
      is('eq', '0.05'),
    ),
    ['a'],
  ],
  ['law 13: net of refunds', make.behaviour('sum', net, make.ever(), is('eq', '6.15')), ['a']],
  ['law 13: the average is not rounded', make.behaviour('avg', [amount], make.ever(), is('lt', '5.08')), ['a', 'b']],
  ['law 13: the average, compared exactly', make.behaviour('avg', [amount], make.ever(), is('eq', 5.075)), ['a']],
  ['law 13: min', make.behaviour('min', [amount], make.ever(), is('lte', 0.05)), ['a']],
  ['law 13: max', make.behaviour('max', [amount], make.ever(), is('gt', '10.09')), ['a']],
  ['law 13: max over none is absent', make.behaviour('max', [amount], make.ever(), is('ne', 3)), ['a', 'b']],

  ['law 14: first, of all that fit', make.occurrence('first', buy, make.value('eq', 'product', 'x')), ['a']],
  ['law 14: first fits the filter first', make.occurrence('first', buyOf('y'), make.has('gift')), ['a']],
  ['law 14: first in a window', make.occurrence('first', buy, null, today), []],
  ['law 14: the first is before the window', make.occurrence('first', buy, null, make.lastWindow(1, 'days')), []],
  ['law 14: last in a window', make.occurrence('last', buy, null, today), ['a']],
  ['law 11: last, of those seen', make.occurrence('last', buy, make.value('eq', 'product', 'y')), ['b']],
  ['law 14: stopped', make.stopped(buyOf('y'), make.lastWindow(1, 'days'), today), ['a']],
  ['law 14: stopped, but did', make.stopped(buyOf('x'), make.lastWindow(2, 'days'), today), []],
  [
    'law 14: resumed',
    make.resumed(buyOf('x'), make.lastWindow(1, 'days', { ago: 1 }), make.lastWindow(1, 'days'), today),
    ['a'],
  ],
  [
    'law 14: resumed, but did in between',
    make.resumed(buy, make.lastWindow(1, 'days', { ago: 1 }), make.lastWindow(1, 'days'), today),
    [],
  ],
  ['law 14: new', make.newly(buyOf('y'), make.lastWindow(1, 'days')), ['a']],
  ['law 14: not new', make.newly(buyOf('x'), today), []],
  ['law 14: new since ever', make.newly(buy, make.ever()), ['a', 'b']],
  ['law 14: regular: 1 in each of 2 of 2 days', make.regular(buy, 1, 2, 2, 'days'), ['a']],
  ['law 14: regular: 2 in each of 1 of 2 days', make.regular(buy, 2, 1, 2, 'days'), []],
  ['law 14: regular: today is not over', make.regular(buy, 1, 1, 1, 'days'), ['a']],
]

describe('what people did', () => {
  test.each(answers)('%s', (_, node, ids) => {
    expect(shop().ids(node)).toEqual(ids)
  })

  test('law 14: among several at the very first instant, one that passes is enough', () => {
    const people = new ReferencePopulation(schema, settings)
    people.track('buy', 'a', { at: 1_000, product: 'x' })
    people.track('buy', 'a', { at: 1_000, product: 'y' })
    people.track('buy', 'a', { at: 2_000, product: 'z' })
    const first = (product: string): RuleNode => make.occurrence('first', buy, make.value('eq', 'product', product))
    expect(['x', 'y', 'z'].map((product) => people.ids(first(product)).length)).toEqual([1, 1, 0])
    const split = make.and([make.value('eq', 'product', 'x'), make.value('eq', 'product', 'y')])
    expect(people.ids(make.occurrence('first', buy, split))).toEqual([])
  })

  test('law 11: the same question is answered for any instant', () => {
    const people = shop()
    const did = make.behaviour('count', [buy])
    expect(people.ids(did, now + 1)).toEqual(['a', 'b', 'c'])
    expect(people.ids(did, Date.parse('2026-11-16T09:00+08:00'))).toEqual(['a'])
    expect(people.ids(did, Date.parse('2026-11-16T09:00+08:00') - 1)).toEqual([])
  })

  test('law 12: days are those of the zone', () => {
    const people = new ReferencePopulation(schema, { ...settings, timeZone: 'America/New_York' })
    people.track('see', 'a', { at: '2026-11-17T00:00-05:00' })
    people.track('see', 'b', { at: '2026-11-16T23:59-05:00' })
    const node = make.behaviour('count', [make.eventTerm('see')], make.lastWindow(0, 'days', { includeCurrent: true }))
    expect(people.ids(node)).toEqual(['a'])
    expect(people.ids(make.behaviour('recency', [make.eventTerm('see')], make.ever(), is('eq', 1)))).toEqual(['b'])
  })
})

describe('tracking', () => {
  const times = (people: ReferencePopulation, id: string | number): readonly number[] | undefined =>
    people.events.get(id)?.map(({ at }) => at)

  test('law 13: an event with an id already seen counts once, the first one, whoever did it', () => {
    const people = new ReferencePopulation(schema, settings)
    people.track('see', 'a', { at: 1, eventId: 7 })
    people.track('see', 'a', { at: 2, eventId: 7n })
    people.track('see', 'b', { at: 3, eventId: 7 })
    people.track('see', 'b', { at: 4, eventId: '7' })
    people.track('buy', 'b', { at: 5, eventId: 7 })
    people.track('see', 'b', { at: 6 })
    people.track('see', 'b', { at: 6 })
    expect([times(people, 'a'), times(people, 'b')]).toEqual([[1], [4, 5, 6, 6]])
  })

  test('law 2: whoever did something is seen by it', () => {
    const people = new ReferencePopulation(schema, settings)
    people.track('see', 'a', { at: 1, eventId: 7 })
    people.track('see', 'b', { at: 2, eventId: 7 })
    people.track('see', 42n, { at: 3 })
    people.track('see', 42, { at: 4 })
    expect([...people.people.keys()]).toEqual(['a', 'b', 42])
    expect(times(people, 42)).toEqual([3, 4])
  })

  test('law 3: removal clears events, and their ids are free', () => {
    const people = new ReferencePopulation(schema, settings)
    people.track('see', 'a', { at: 1, eventId: 7 })
    people.remove('a')
    people.track('see', 'a', { at: 2, eventId: 7 })
    expect(times(people, 'a')).toEqual([2])
  })

  test('law 7: null, undefined and false are no values', () => {
    const people = new ReferencePopulation(schema, settings)
    people.track('buy', 'a', { at: 1, product: null, amount: undefined, gift: false, eventId: null })
    expect(people.events.get('a')).toEqual([{ event: 'buy', at: 1, eventId: null, properties: new Map() }])
  })

  test('retention keeps whole local days before today', () => {
    const people = new ReferencePopulation({ see: event({}, { retentionDays: 2 }) }, settings)
    people.track('see', 'a', { at: '2026-11-15T23:59:59.999' })
    people.track('see', 'a', { at: '2026-11-16' })
    people.track('see', 'a', { at: '2030-01-01' })
    expect(times(people, 'a')).toEqual(['2026-11-16', '2030-01-01'].map((date) => Date.parse(`${date}T00:00+08:00`)))
  })

  test('a dropped event is gone with its ids', () => {
    const people = new ReferencePopulation(schema, settings)
    people.track('see', 'a', { at: 1, eventId: 7 })
    people.track('buy', 'a', { at: 2 })
    people.dropColumn('see')
    people.addColumn('see', event())
    people.track('see', 'a', { at: 3, eventId: 7 })
    expect(times(people, 'a')).toEqual([2, 3])
  })

  test('law 19: a version is as of the instant for which it was built, its rule as of now', () => {
    const people = shop()
    const node = make.behaviour('count', [buy])
    people.createAudience('A', node, now - 1)
    expect(people.ids(make.audience('A', 'latest'))).toEqual(['a'])
    expect(people.ids(make.audience('A'))).toEqual(['a', 'b'])
    people.rebuild('A', null, now + 1)
    expect(people.ids(make.audience('A', 2))).toEqual(['a', 'b', 'c'])
    expect(people.ids(make.audience('A', 1))).toEqual(['a'])
  })
})

import { describe, expect, it } from 'vitest'
import { category, createEngine, type Engine, event, flag, number, type RuleInput } from '../../src/index.ts'

const schema = {
  buy: event({ product: category(), amount: number({ scale: 2 }), gift: flag() }),
  refund: event({ amount: number({ scale: 2 }) }),
}
const now = '2026-11-21T12:00:00Z'

/** Ann bought three times on two days, Bob once, Cat never, and Dan something without an amount. */
function shop(): Engine<typeof schema> {
  const crowd = createEngine({ schema, clock: { now: () => Date.parse(now) as never } })
  crowd.putMany(['ann', 'bob', 'cat', 'dan'].map((id) => [id, {}]))
  crowd.trackMany('buy', [
    ['ann', { at: '2026-11-20T09:00Z', product: 'A', amount: '10.10', eventId: 'o1' }],
    ['ann', { at: '2026-11-20T23:59:59.999Z', product: 'B', amount: '20.20', gift: true, eventId: 'o2' }],
    ['ann', { at: '2026-11-21T08:00Z', product: 'A', amount: '-5', eventId: 'o3' }],
    ['bob', { at: '2026-11-01T00:00Z', product: 'A', amount: '100' }],
    ['dan', { at: '2026-11-21T08:00Z', product: 'C' }],
  ])
  crowd.track('ann', 'refund', { at: '2026-11-21T09:00Z', amount: 10 })
  crowd.track('cat', 'refund', { at: '2026-11-21T09:00Z', amount: 1 })
  return crowd
}

const crowd = shop()
const people = (rule: RuleInput): string => [...crowd.select(rule).ids()].join(' ')

describe('law 13: counting events', () => {
  it('with no comparison it means at least once', () => {
    expect(people('did buy')).toBe('ann bob dan')
    expect(people('did not buy')).toBe('cat')
  })

  it('the filter is applied to each event first, all of it to the same event', () => {
    expect(people('did buy(product = "A", gift)')).toBe('')
    expect(people('did buy(product = "B", gift)')).toBe('ann')
    expect(people('did buy(product = "A", amount >= 50)')).toBe('bob')
  })

  it('in a filter too, a comparison with an absent value is false', () => {
    expect(people('did buy(amount != 1)')).toBe('ann bob')
    expect(people('did buy(amount is not set)')).toBe('dan')
    expect(people('did buy(not amount > 0)')).toBe('ann dan')
  })

  it('then the aggregate is taken, then compared', () => {
    expect(people('did buy at least 2 times')).toBe('ann')
    expect(people('did buy exactly 1 time')).toBe('bob dan')
    expect(people('distinct days of buy >= 2')).toBe('ann')
    expect(people('distinct product of buy = 2')).toBe('ann')
    expect(people('sum amount of buy = 25.3')).toBe('ann')
    expect(people('avg amount of buy between 8.4 and 8.5')).toBe('ann')
    expect(people('min amount of buy < 0')).toBe('ann')
    expect(people('max amount of buy = 100')).toBe('bob')
    expect(people('days since last buy = 0')).toBe('ann dan')
    expect(people('days since last buy >= 20')).toBe('bob')
  })

  it('count = 0 and count < n include everyone without such an event', () => {
    expect(people('count of buy = 0')).toBe('cat')
    expect(people('did buy fewer than 2 times')).toBe('bob cat dan')
    expect(people('count of buy <= 0')).toBe('cat')
    expect(people('count of buy >= 0')).toBe('ann bob cat dan')
    expect(people('distinct days of buy < 2')).toBe('bob cat dan')
    expect(people('distinct product of buy = 0')).toBe('cat')
  })

  it('a sum over no event is absent, and so are average, lowest, highest and recency', () => {
    expect(people('sum amount of buy >= 0')).toBe('ann bob')
    expect(people('sum amount of buy < 1000')).toBe('ann bob')
    expect(people('not sum amount of buy >= 0')).toBe('cat dan')
    for (const measure of ['avg amount', 'min amount', 'max amount']) {
      expect(people(`${measure} of buy != 123456`)).toBe('ann bob')
    }
    expect(people('days since last buy != 1000')).toBe('ann bob dan')
  })

  it('an event with an eventId already seen counts once, whenever and however it comes again', () => {
    const again = shop()
    expect(again.track('ann', 'buy', { at: '2026-11-02', amount: 1, eventId: 'o1' })).toMatchObject({ duplicates: 1 })
    expect(again.track('bob', 'buy', { at: '2026-11-02', amount: 1, eventId: 'o1' })).toMatchObject({ duplicates: 1 })
    expect(again.count('did buy at least 4 times')).toBe(0)
    expect(again.count('did buy exactly 1 time')).toBe(2)
    // Another kind has ids of its own.
    expect(again.track('bob', 'refund', { at: '2026-11-02', amount: 1, eventId: 'o1' })).toMatchObject({
      duplicates: 0,
    })
  })

  it('a sum over two kinds is net: what is taken away counts against, and who has only that is below 0', () => {
    expect(people('sum (amount of buy, minus amount of refund) = 15.3')).toBe('ann')
    expect(people('sum (amount of buy, minus amount of refund) < 0')).toBe('cat')
    expect(people('sum (amount of buy, minus amount of refund) in last 5 days including today >= 0')).toBe('ann')
  })

  it('sums are exact where doubles are not', () => {
    const exact = createEngine({ schema: { pay: event({ amount: number({ scale: 1 }) }) } })
    for (let i = 0; i < 3; i++) exact.track('u', 'pay', { at: i, amount: 0.1 })
    expect(exact.count('sum amount of pay = 0.3')).toBe(1)
    const large = createEngine({ schema: { pay: event({ amount: number() }) } })
    for (let i = 0; i < 5; i++) large.track('u', 'pay', { at: i, amount: Number.MAX_SAFE_INTEGER })
    large.track('u', 'pay', { at: 9, amount: -Number.MAX_SAFE_INTEGER })
    for (let i = 0; i < 4; i++) large.track('u', 'pay', { at: 10 + i, amount: -Number.MAX_SAFE_INTEGER })
    large.track('u', 'pay', { at: 20, amount: 1 })
    expect(large.count('sum amount of pay = 1')).toBe(1)
  })

  it('everything composes with everything', () => {
    expect(
      people('at least 2 of (did buy(product = "A"), sum amount of buy > 20, did refund) minus did buy(gift)'),
    ).toBe('bob')
    crowd.audiences.create({ name: 'buyers', rule: 'did buy', bounds: { min: 0 } })
    expect(people('audience buyers and not did refund')).toBe('bob dan')
    const template = crowd.rules.template({
      name: 'spent',
      parameters: { least: { type: 'number' }, days: { type: 'integer', default: 30 } },
      rule: 'sum amount of buy in last $days days including today >= $least',
    })
    expect(people(template.apply({ least: 26 }))).toBe('bob')
    expect(people(template.apply({ least: 26, days: 3 }))).toBe('')
  })

  it('the builder, JSON and text say the same', () => {
    const { did } = crowd.rules
    const built = did('buy')
      .where({ product: 'A', amount: { gte: 5 } })
      .last(3, 'days', { includeToday: true })
      .atLeast(1)
    expect(people(built)).toBe('ann')
    expect(people(built.toJSON())).toBe('ann')
    expect(people(String(built))).toBe('ann')
    expect(people(built.toString({ language: 'zh' }))).toBe('ann')
  })
})

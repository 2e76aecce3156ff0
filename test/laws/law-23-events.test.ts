import { describe, expect, it } from 'vitest'
import { category, createEngine, type DecidingEvent, event, flag, number, type PersonStep } from '../../src/index.ts'

const crowd = createEngine({
  schema: {
    buy: event({ product: category(), amount: number({ scale: 2 }), gift: flag() }),
    refund: event({ amount: number({ scale: 1 }) }),
  },
  timeZone: 'Asia/Shanghai',
  clock: { now: () => Date.parse('2026-11-21T12:00:00+08:00') as never },
})
const at = (text: string): string => `2026-${text}:00+08:00`
crowd.track('ann', 'buy', { at: at('10-02T09:00'), product: '奶粉', amount: '19.99' })
crowd.track('ann', 'buy', { at: at('11-18T23:59'), product: '奶粉', amount: '100.01', gift: true })
crowd.track('ann', 'buy', { at: at('11-19T00:00'), product: '纸尿裤', amount: '0.5' })
crowd.track('ann', 'buy', { at: at('11-19T10:00') })
crowd.track('ann', 'refund', { at: at('11-20T08:00'), amount: '20.5' })
crowd.put('eve', {})

/** What decided a rule for ann, who bought, and for eve, who never did. */
const values = (rule: string): PersonStep['value'][] => ['ann', 'eve'].map((id) => explain(id, rule).value)

function explain(id: string, rule: string): PersonStep {
  const told = crowd.explainMatch(id, rule)!
  expect(told.holds).toBe(crowd.matches(id, rule))
  return told
}

describe('law 23: the value that decided a question about events', () => {
  it('is the number of events, distinct days or distinct values; 0 for none', () => {
    expect(values('did buy')).toEqual([4, 0])
    expect(values('did not buy')).toEqual([undefined, undefined])
    expect(explain('eve', 'did not buy').steps.map(({ holds, value }) => [holds, value])).toEqual([[false, 0]])
    expect(values('did buy at most 3 times')).toEqual([4, 0])
    expect(values('did buy(product = "奶粉") in last 3 days')).toEqual([1, 0])
    expect(values('did (buy, refund) at least 9 times')).toEqual([5, 0])
    expect(values('distinct days of (buy, refund) >= 2')).toEqual([4, 0])
    expect(values('distinct product of buy = 2')).toEqual([2, 0])
  })

  it('is the exact sum, average, lowest or highest number; null over no event', () => {
    expect(values('sum amount of buy >= 500')).toEqual([120.5, null])
    expect(values('sum (amount of buy, minus amount of refund) >= 500')).toEqual([100, null])
    expect(values('avg amount of buy < 41')).toEqual([40.166666666666664, null])
    expect(values('min amount of buy in last 3 days >= 1')).toEqual([0.5, null])
    expect(values('max amount of buy >= 1')).toEqual([100.01, null])
    // Law 13: a sum over events without the number is absent too.
    expect(values('sum amount of buy(product is not set) >= 0')).toEqual([null, null])
  })

  it('is a decimal text where no double carries the number', () => {
    const bank = createEngine({ schema: { pay: event({ amount: number({ scale: 2 }) }) } })
    for (const amount of ['90071992547409.91', '90071992547409.91', '0.01']) {
      bank.track('ann', 'pay', { at: '2020-01-01', amount })
    }
    expect(bank.explainMatch('ann', 'sum amount of pay >= 1')?.value).toBe('180143985094819.83')
    expect(bank.explainMatch('ann', 'min amount of pay >= 1')?.value).toBe(0.01)
  })

  it('is how many local days the last event is past', () => {
    expect(values('days since last buy <= 3')).toEqual([2, null])
  })

  it('is the first or last event, also where it is outside the window', () => {
    const first = { kind: 'event', at: new Date(at('10-02T09:00')), properties: { product: '奶粉', amount: 19.99 } }
    expect(values('first buy in last 7 days')).toEqual([first, null])
    expect(explain('ann', 'first buy in last 7 days').holds).toBe(false)
    expect(values('last buy(gift) where (product = "奶粉")')).toEqual([
      {
        kind: 'event',
        at: new Date(at('11-18T23:59')),
        properties: { product: '奶粉', amount: 100.01, gift: true },
      },
      null,
    ])
    // Law 11: nothing after asOf is seen.
    expect(crowd.explainMatch('ann', 'last buy', { asOf: at('11-01T00:00') })?.value).toEqual(first)
  })

  it('of several events at one instant, is one that passes', () => {
    const shop = createEngine({ schema: { buy: event({ kol: category() }) } })
    for (const kol of ['A', 'B', 'C']) shop.track('ann', 'buy', { at: '2020-01-01', kol })
    const kol = (rule: string) => shop.explainMatch('ann', rule)?.value as DecidingEvent
    expect(kol('first buy where (kol = "B")').properties.kol).toBe('B')
    // If none does: of the first the one that came first, of the last the one that came last.
    expect(kol('first buy where (kol = "D")').properties.kol).toBe('A')
    expect(kol('last buy where (kol = "D")').properties.kol).toBe('C')
  })

  it('is the chain of a sequence, the earliest of all that fit', () => {
    expect(values('did buy then did refund within 2 days')).toEqual([
      { kind: 'chain', steps: [new Date(at('11-18T23:59')), new Date(at('11-20T08:00'))] },
      null,
    ])
    expect(values('did refund then did buy')).toEqual([null, null])
    expect(values('did buy then did not refund within 3 hours')).toEqual([
      { kind: 'chain', steps: [new Date(at('10-02T09:00'))] },
      null,
    ])
  })

  it('is the counts of a life cycle, each with its window', () => {
    const counts = (rule: string) =>
      values(rule).map((value) => {
        if (value === null || typeof value !== 'object' || !('kind' in value) || value.kind !== 'counts') return value
        return value.windows.map(({ role, count }) => [role, count])
      })
    expect(counts('stopped buy in last 300 days ending 30 days ago but not in last 30 days')).toEqual([
      [
        ['earlier', 1],
        ['later', 3],
      ],
      [
        ['earlier', 0],
        ['later', 0],
      ],
    ])
    const resumed = 'resumed buy to "2026-10-05" but not from "2026-10-05" to "2026-11-01" again from "2026-11-01"'
    expect(counts(resumed)[0]).toEqual([
      ['earlier', 1],
      ['gap', 0],
      ['later', 3],
    ])
    expect(counts('new buy in last 3 days')).toEqual([
      [
        ['before', 1],
        ['within', 3],
      ],
      [
        ['before', 0],
        ['within', 0],
      ],
    ])
    // Before all time there is none.
    expect(counts('new buy ever')[0]).toEqual([['within', 4]])
    // From the oldest on: September, October; this month isn't over.
    expect(explain('ann', 'regular buy at least 1 time in at least 2 of last 2 months').value).toEqual({
      kind: 'counts',
      windows: [
        {
          role: 'period',
          from: at('09-01T00:00').replace('+', '.000+'),
          to: at('10-01T00:00').replace('+', '.000+'),
          count: 0,
        },
        {
          role: 'period',
          from: at('10-01T00:00').replace('+', '.000+'),
          to: at('11-01T00:00').replace('+', '.000+'),
          count: 1,
        },
      ],
    })
  })

  it('comes with the window of the question', () => {
    const { window } = explain('ann', 'new buy in last 3 days')
    expect(window).toEqual({ from: '2026-11-18T00:00:00.000+08:00', to: '2026-11-21T00:00:00.000+08:00' })
    expect(explain('ann', 'did buy').window).toEqual({ from: null, to: '2026-11-21T12:00:00.001+08:00' })
    // A life cycle of several windows has them with its counts.
    expect(explain('ann', 'stopped buy in last 9 days ending 9 days ago but not in last 9 days').window).toBeUndefined()
  })

  it('is found inside a combination, at each part', () => {
    const told = explain('ann', 'did buy at least 5 times or not sum amount of buy >= 500')
    expect(told).toMatchObject({
      holds: true,
      value: undefined,
      steps: [
        { holds: false, value: 4, steps: [] },
        { holds: true, value: undefined, steps: [{ holds: false, value: 120.5 }] },
      ],
    })
  })

  it('counts an event that is of two terms once, and reads on after each write', () => {
    const shop = createEngine({ schema: { buy: event({ gift: flag() }) } })
    const rule = 'did (buy, buy(gift)) at least 3 times'
    shop.track('ann', 'buy', { at: '2020-01-01', gift: true })
    expect(shop.explainMatch('ann', rule)?.value).toBe(1)
    shop.track('ann', 'buy', { at: '2020-01-01' })
    expect(shop.explainMatch('ann', rule)?.value).toBe(2)
    shop.remove('ann')
    expect(shop.explainMatch('ann', rule)).toBeNull()
  })

  it('goes over more events of one day than one block holds', () => {
    const shop = createEngine({ schema: { buy: event({ n: number() }) } })
    const many = 40_000
    shop.put('ann', {})
    shop.trackColumns('buy', {
      dense: new Uint32Array(many),
      at: Float64Array.from({ length: many }, () => 0),
      n: Float64Array.from({ length: many }, (_, i) => i),
    })
    expect(shop.explainMatch('ann', 'did buy')?.value).toBe(many)
    expect(shop.explainMatch('ann', 'sum n of buy >= 1')?.value).toBe((many * (many - 1)) / 2)
    const last = shop.explainMatch('ann', 'last buy where (n = 3)')?.value
    expect(last).toMatchObject({ kind: 'event', properties: { n: 3 } })
  })
})

import { describe, expect, it } from 'vitest'
import { createEngine, type Engine, event, timestamp } from '../../src/index.ts'
import { refusal } from './refusal.ts'

const schema = { joinedAt: timestamp(), buy: event({}) }
let now = Date.parse('2026-11-21T12:00:00Z')

function shop(timeZone = 'UTC'): Engine<typeof schema> {
  now = Date.parse('2026-11-21T12:00:00Z')
  const crowd = createEngine({ schema, timeZone, clock: { now: () => now as never } })
  crowd.put('ann', { joinedAt: '2026-11-20T18:00:00Z' })
  crowd.track('ann', 'buy', { at: '2026-11-20T18:00:00Z' })
  return crowd
}

describe('law 11: one clock, in every answer', () => {
  it('is the engine’s clock by default, and asOf wherever it is given', () => {
    const crowd = shop()
    const rule = 'did buy in last 1 days'
    expect(crowd.count(rule)).toBe(1)
    now += 86_400_000
    expect(crowd.count(rule)).toBe(0)
    for (const asOf of ['2026-11-21', new Date('2026-11-21T23:59:59.999Z'), Date.parse('2026-11-21T05:00Z')]) {
      expect(crowd.count(rule, { asOf })).toBe(1)
      expect(crowd.select(rule, { asOf }).size).toBe(1)
      expect(crowd.matches('ann', rule, { asOf })).toBe(true)
      expect(crowd.preview(rule, { asOf }).count).toBe(1)
      expect(crowd.explain(rule, { asOf })).toMatchObject({ count: 1 })
      expect(crowd.explainMatch('ann', rule, { asOf })?.holds).toBe(true)
      const prepared = crowd.prepare(rule)
      expect([prepared.count({ asOf }), prepared.count()]).toEqual([1, 0])
      expect([prepared.matches('ann', { asOf }), prepared.matches('ann')]).toEqual([true, false])
    }
  })

  it('an event after asOf is not seen, one at asOf is', () => {
    const crowd = shop()
    expect(crowd.count('did buy', { asOf: '2026-11-20T17:59:59.999Z' })).toBe(0)
    expect(crowd.count('did buy', { asOf: '2026-11-20T18:00:00Z' })).toBe(1)
    expect(crowd.count('did buy from "2026-11-20"', { asOf: '2026-11-20T18:00:00Z' })).toBe(1)
    // A window that ends at asOf is half-open (law 12).
    expect(crowd.count('did buy today', { asOf: '2026-11-20T18:00:00Z' })).toBe(0)
    expect(crowd.count('did buy today', { asOf: '2026-11-20T18:00:00.001Z' })).toBe(1)
  })

  it('an audience version is as of its asOf, which it tells', () => {
    const crowd = shop()
    const pack = crowd.audiences.create({
      name: 'a',
      rule: 'did buy today',
      bounds: { min: 0 },
      asOf: '2026-11-20T20:00:00Z',
    })
    expect([pack.size, pack.version.asOf]).toEqual([1, Date.parse('2026-11-20T20:00:00Z')])
    expect(pack.rebuild().size).toBe(0)
    expect(pack.rebuild({ asOf: '2026-11-20T19:00:00Z' }).size).toBe(1)
    // A rule sees the audience as of its own instant.
    expect(crowd.count('audience a', { asOf: '2026-11-20T20:00:00Z' })).toBe(1)
    expect(crowd.count('audience a')).toBe(0)
  })

  it('local days are those of the engine’s zone', () => {
    // 18:00 in London is 02:00 on the 21st in Shanghai.
    expect(shop('UTC').count('did buy today')).toBe(0)
    expect(shop('Asia/Shanghai').count('did buy today')).toBe(1)
    expect(shop('UTC').count('joinedAt = "2026-11-20"')).toBe(1)
    expect(shop('Asia/Shanghai').count('joinedAt = "2026-11-20"')).toBe(0)
    expect(shop('Asia/Shanghai').count('joinedAt today')).toBe(1)
  })

  it('a timestamp is compared with instants, and with local dates by whole days', () => {
    const crowd = shop('Asia/Shanghai')
    const holds = (test: string): boolean => crowd.count(`joinedAt ${test}`) === 1
    expect(
      ['>= "2026-11-21"', '<= "2026-11-21"', '= "2026-11-21"', '> "2026-11-20"', '< "2026-11-22"'].map(holds),
    ).toEqual(Array(5).fill(true))
    expect(['> "2026-11-21"', '< "2026-11-21"', '!= "2026-11-21"'].map(holds)).toEqual([false, false, false])
    expect(holds('= "2026-11-20T18:00:00Z"')).toBe(true)
    expect(holds('between "2026-11-20" and "2026-11-21"')).toBe(true)
    expect(holds('from "2026-11-20" to "2026-11-21"')).toBe(false)
    expect(holds('in last 10 hours')).toBe(false)
    expect(holds('in last 18 hours')).toBe(true)
  })

  it('explain carries the bounds of every window in the engine’s zone', () => {
    const crowd = shop('Asia/Shanghai')
    const { windows, timeZone, asOf } = crowd.explain(
      'did buy in last 15 days including today and joinedAt in last 2 hours',
    )
    expect(timeZone).toBe('Asia/Shanghai')
    expect(asOf).toBe(now)
    expect(windows).toEqual([
      {
        rule: 'did buy in last 15 days including today',
        from: '2026-11-06T00:00:00.000+08:00',
        to: '2026-11-21T20:00:00.000+08:00',
      },
      { rule: 'joinedAt in last 2 hours', from: '2026-11-21T18:00:00.000+08:00', to: '2026-11-21T20:00:00.000+08:00' },
    ])
    expect(crowd.explain('did buy').windows[0]).toMatchObject({ from: null, to: '2026-11-21T20:00:00.001+08:00' })
  })

  it('what is no instant is refused', () => {
    const crowd = shop()
    for (const asOf of ['soon', Number.NaN, 1.5, new Date(Number.NaN), '2026-02-30', {}, null]) {
      expect(refusal(() => crowd.count('did buy', { asOf: asOf as never })).code).toBe('TIME_INVALID')
    }
    expect(refusal(() => crowd.count('did buy', { asof: 1 } as never)).code).toBe('OPTION_INVALID')
  })
})

import { describe, expect, it } from 'vitest'
import { category, createEngine, event, type RuleInput } from '../../src/index.ts'

const crowd = createEngine({
  schema: { buy: event({ kol: category(), channel: category() }) },
  clock: { now: () => Date.parse('2026-11-21T12:00:00Z') as never },
})
const buy = (id: string, at: string, kol?: string, channel = 'live'): void => {
  crowd.track(id, 'buy', kol === undefined ? { at, channel } : { at, kol, channel })
}
// ann: came back; bob: new this week; cat: stopped in summer; dan: every week.
buy('ann', '2026-01-10', 'A')
buy('ann', '2026-11-18', 'B')
buy('bob', '2026-11-17T08:00Z', 'A', 'video')
buy('bob', '2026-11-17T08:00Z', 'B')
buy('cat', '2026-06-01', 'A')
for (const day of ['2026-10-28', '2026-11-04', '2026-11-05', '2026-11-11']) buy('dan', day)
crowd.put('eve', {})

const people = (rule: RuleInput): string => [...crowd.select(rule).ids()].join(' ')

describe('law 14: first, last, lifecycle', () => {
  it('first and last test that event’s own properties', () => {
    expect(people('first buy where (kol = "A")')).toBe('ann bob cat')
    expect(people('last buy where (kol = "A")')).toBe('bob cat')
    expect(people('last buy where (kol = "B")')).toBe('ann bob')
    expect(people('last buy where (kol is not set)')).toBe('dan')
  })

  it('and its own time: of all events that are seen, not of those in the window', () => {
    expect(people('first buy in last 7 days')).toBe('bob')
    expect(people('last buy in last 7 days')).toBe('ann bob')
    expect(people('first buy from "2026-01-01" to "2026-07-01"')).toBe('ann cat')
    expect(people('last buy to "2026-07-01"')).toBe('cat')
  })

  it('among events of one instant, one that passes is enough', () => {
    expect(people('first buy where (kol = "B")')).toBe('bob')
    expect(people('first buy where (kol = "A", channel = "live")')).toBe('ann cat')
  })

  it('the filter says of which events it is the first', () => {
    expect(people('first buy(kol = "B") in last 7 days')).toBe('ann bob')
    expect(people('first buy(channel = "live") where (kol = "B")')).toBe('bob')
  })

  it('an event after asOf is not seen, so it is not the last', () => {
    expect([...crowd.select('last buy where (kol = "A")', { asOf: '2026-06-30' }).ids()]).toEqual(['ann', 'cat'])
  })

  it('stopped: did in an earlier window, not in the later one', () => {
    expect(people('stopped buy in last 300 days ending 90 days ago but not in last 90 days including today')).toBe(
      'cat',
    )
  })

  it('resumed: did, then a gap without, then did', () => {
    const rule = 'resumed buy to "2026-03-01" but not from "2026-03-01" to "2026-10-01" again from "2026-10-01"'
    expect(people(rule)).toBe('ann')
  })

  it('new: did in the window and never before', () => {
    expect(people('new buy in last 7 days')).toBe('bob')
    expect(people('new buy(kol = "B") in last 7 days')).toBe('ann bob')
    expect(people('new buy ever')).toBe('ann bob cat dan')
  })

  it('regular: at least n in each of at least m of the last p periods', () => {
    // Weeks of 26 Oct, 2 Nov and 9 Nov; this week is not over.
    expect(people('regular buy at least 1 time in at least 3 of last 3 weeks')).toBe('dan')
    expect(people('regular buy at least 2 times in at least 1 of last 3 weeks')).toBe('dan')
    expect(people('regular buy at least 2 times in at least 2 of last 3 weeks')).toBe('')
    expect(people('regular buy at least 1 time in at least 1 of last 12 months')).toBe('ann cat dan')
  })
})

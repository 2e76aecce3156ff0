import { describe, expect, it } from 'vitest'
import { category, createEngine, event, flag, number, templates } from '../../src/index.ts'
import { refusal } from '../laws/refusal.ts'

describe('law 11: one instant for each answer, also where live derived tags are read', () => {
  /** An engine whose clock goes on by a minute with each look, and counts them. */
  function ticking() {
    const start = Date.parse('2026-11-20T12:00:00Z')
    let looks = 0
    const crowd = createEngine({
      schema: { vip: flag(), buy: event() },
      clock: { now: () => (start + 60_000 * looks++) as never },
    })
    crowd.put('u', { vip: true })
    const wider = crowd
      .defineTag('level', [
        ['new', 'did buy in last 1 minutes'],
        ['old', 'did buy in last 60 minutes'],
        ['none', 'everyone'],
      ])
      .defineTag('recent', 'did buy in last 1 minutes')
    return {
      crowd: wider,
      looks: (work: () => unknown): number => {
        const before = looks
        work()
        return looks - before
      },
    }
  }

  it('get', () => {
    const { crowd, looks } = ticking()
    expect(looks(() => crowd.get('u'))).toBe(1)
  })

  it('stats', () => {
    const { crowd, looks } = ticking()
    expect(looks(() => crowd.stats())).toBe(1)
  })

  it('a cube by live tags', () => {
    const { crowd, looks } = ticking()
    expect(looks(() => crowd.insight.cube('recent', { by: ['level', 'recent'] }))).toBe(1)
  })

  it('a person is in one group of a cube by a live category, whose values are of one instant', () => {
    const { crowd } = ticking()
    // In the last minute when the first value is asked, and out of it when the second is.
    crowd.track('u', 'buy', { at: Date.parse('2026-11-20T12:00:00Z') })
    const groups = crowd.insight.cube('everyone', { by: ['level'] }).slice(1)
    expect(groups.reduce((sum, { people }) => sum + people, 0)).toBe(1)
  })
})

describe('law 10: quantiles and bins', () => {
  const crowd = createEngine({ schema: { n: number(), rating: number(), bought: number() } })
  crowd.putMany(
    Array.from({ length: 100 }, (_, i) => [`u${i}`, { n: i + 1, rating: (i % 5) + 1, bought: i < 10 ? 0 : 1 }]),
  )

  it('the discrete quantile p of 1 to 100 is 100 p, whatever p times 100 is in doubles', () => {
    // 0.07 · 100, 0.14 · 100, 0.28 · 100, 0.55 · 100, 0.56 · 100 and 0.57 · 100 are no whole doubles.
    const shares = Array.from({ length: 100 }, (_, i) => (i + 1) / 100)
    expect(crowd.insight.quantiles('everyone', 'n', shares, { method: 'discrete' })).toEqual(
      shares.map((_, i) => i + 1),
    )
  })

  it('the highest value has a bin of its own where it fills one', () => {
    const bins = (name: 'n' | 'rating' | 'bought', count: number) =>
      crowd.insight.histogram('everyone', name, { bins: count }).bins
    expect(bins('rating', 5)).toEqual([
      { from: 1, to: 2, count: 20 },
      { from: 2, to: 3, count: 20 },
      { from: 3, to: 4, count: 20 },
      { from: 4, to: 5, count: 20 },
      { from: 5, to: 5, count: 20 },
    ])
    expect(bins('bought', 10)).toEqual([
      { from: 0, to: 1, count: 10 },
      { from: 1, to: 1, count: 90 },
    ])
    expect(bins('n', 100).map(({ count }) => count)).toEqual(Array(100).fill(1))
  })

  it('a histogram by edges and bins at once is refused: one of the two would be dropped', () => {
    const both = { edges: [0, 10], bins: 3 }
    expect(refusal(() => crowd.insight.histogram('everyone', 'n', both)).code).toBe('OPTION_INVALID')
  })
})

describe('law 25: equal questions about events have one hash', () => {
  const crowd = createEngine({
    schema: {
      buy: event({ product: category(), amount: number({ scale: 2 }), pieces: number() }),
      refund: event({ amount: number({ scale: 2 }) }),
    },
  })
  const pairs: readonly (readonly [string, string])[] = [
    ['did buy(amount = "1.50")', 'did buy(amount = 1.5)'],
    ['did buy(amount >= "-0.00")', 'did buy(amount >= 0)'],
    ['did buy(amount between "1.0" and 2)', 'did buy(amount between 1 and "2.00")'],
    ['did buy(amount between 1 and 1)', 'did buy(amount = 1)'],
    ['did buy(pieces in (10, 9, "9"))', 'did buy(pieces in ("10", 9))'],
    ['did buy(product in ("a", "b"))', 'did buy(product in ("b", "a", "b"))'],
    ['did buy(product in ("a", "a"))', 'did buy(product = "a")'],
    ['did buy(product not in ("a"))', 'did buy(product != "a")'],
    ['first buy where (amount > "1.50")', 'first buy where (amount > 1.5)'],
    ['did buy then did refund(amount = "2.0")', 'did buy then did refund(amount = 2)'],
  ]
  for (const [a, b] of pairs) it(`${a}, ${b}`, () => expect(crowd.hash(a)).toBe(crowd.hash(b)))

  it('and those that are not equal have not', () => {
    const texts = ['"1.50"', '"1.5"'].map((text) => crowd.hash(`did buy(product = ${text})`))
    expect(new Set(texts).size).toBe(2)
    const beyond = ['"90071992547409.92"', '"90071992547409.91"', '1.5'].map((n) =>
      crowd.hash(`did buy(amount < ${n})`),
    )
    expect(new Set(beyond).size).toBe(3)
  })
})

describe('the templates that ship', () => {
  it('secondWave: days is how far it looks back, as its window does', () => {
    expect(templates.secondWave.parameters.days.title).toEqual(templates.cartWithoutOrder.parameters.days.title)
  })
})

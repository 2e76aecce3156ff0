import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { category, createEngine, type Engine, flag, number, type SchemaSpec } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { refusal } from './refusal.ts'

const schema = {
  vip: flag(),
  tier: category(),
  likes: category({ many: true }),
  spend: number({ scale: 2 }),
} satisfies SchemaSpec

type Crowd = Engine<typeof schema>

/** People with these scaled values, `null` for none, in tiers a, b, c by turns and none for every fourth. */
function crowdOf(values: readonly (number | null)[]): Crowd {
  const crowd: Crowd = createEngine({ schema })
  crowd.putMany(
    values.map((value, index) => [
      `u${index}`,
      {
        vip: index % 2 === 0,
        tier: index % 4 === 3 ? null : ['a', 'b', 'c'][index % 4],
        likes: index % 3 === 0 ? ['x', 'y'] : index % 3 === 1 ? ['x'] : [],
        spend: value === null ? null : `${BigInt(value)}e-2`,
      },
    ]),
  )
  return crowd
}

const aValue = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -30, max: 30 }) },
  { weight: 2, arbitrary: fc.integer({ min: -1_000_000, max: 1_000_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER) },
)
const values = fc.array(fc.option(aValue, { freq: 4 }), { maxLength: 60 })

function present(all: readonly (number | null)[]): number[] {
  return all.filter((value) => value !== null).sort((a, b) => a - b)
}

describe('law 10: aggregates over an audience', () => {
  it('are exact, with the number of people who have a value', () => {
    fc.assert(
      fc.property(values, (all) => {
        const crowd = crowdOf(all)
        const having = present(all)
        const sum = having.reduce((total, value) => total + BigInt(value), 0n)
        const answer = crowd.insight.aggregate('everyone', 'spend')
        expect(answer.people).toBe(all.length)
        expect(answer.count).toBe(having.length)
        if (having.length === 0) {
          expect([answer.sum, answer.exactSum, answer.average, answer.min, answer.max]).toEqual(Array(5).fill(null))
          return
        }
        expect(scaledOf(answer.exactSum)).toBe(sum)
        expect(answer.sum).toBe(Number(answer.exactSum))
        expect(answer.average).toBe(Number(`${(sum * 10n ** 30n) / (BigInt(having.length) * 100n)}e-30`))
        expect([answer.min, answer.max]).toEqual([having[0]! / 100, having.at(-1)! / 100])
      }),
      campaign(300),
    )
  })

  it('a quantile is that of the sorted values: linear as R type 7, discrete as R type 1', () => {
    const share = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 0.75, 1), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(values, fc.array(share, { maxLength: 4 }), (all, shares) => {
        const crowd = crowdOf(all)
        const having = present(all)
        const n = having.length
        expect(crowd.insight.quantiles('everyone', 'spend', shares)).toEqual(
          shares.map((p) => {
            if (n === 0) return null
            const h = p * (n - 1)
            const [low, high] = [having[Math.floor(h)]!, having[Math.ceil(h)]!]
            return (low + (h - Math.floor(h)) * (high - low)) / 100
          }),
        )
        expect(crowd.insight.quantiles('everyone', 'spend', shares, { method: 'discrete' })).toEqual(
          shares.map((p) => (n === 0 ? null : having.find((_, index) => (index + 1) / n >= p)! / 100)),
        )
      }),
      campaign(300),
    )
  })

  it('the published example of R: quantile(c(1, 2, 3, 4, 10), c(.1, .25, .5, .9), type = 7) and type = 1', () => {
    const crowd = crowdOf([100, 200, 300, 400, 1000])
    expect(crowd.insight.quantiles('everyone', 'spend', [0.1, 0.25, 0.5, 0.9])).toEqual([1.4, 2, 3, 7.6])
    expect(crowd.insight.quantiles('everyone', 'spend', [0.1, 0.25, 0.5, 0.9], { method: 'discrete' })).toEqual([
      1, 2, 3, 10,
    ])
  })

  it('the top k are the highest values in order, ties by lower dense number; the lowest likewise', () => {
    fc.assert(
      fc.property(values, fc.nat({ max: 70 }), (all, k) => {
        const crowd = crowdOf(all)
        const ranked = all.flatMap((value, index) => (value === null ? [] : [{ index, value }]))
        const shown = (order: typeof ranked) =>
          order.slice(0, k).map(({ index, value }) => ({ id: `u${index}`, value: value / 100 }))
        expect(crowd.insight.top('everyone', 'spend', k)).toEqual(
          shown(ranked.toSorted((a, b) => b.value - a.value || a.index - b.index)),
        )
        expect(crowd.insight.top('everyone', 'spend', k, { order: 'lowest' })).toEqual(
          shown(ranked.toSorted((a, b) => a.value - b.value || a.index - b.index)),
        )
      }),
      campaign(200),
    )
  })

  it('a histogram counts everybody once: in a bin, below, above or missing', () => {
    const edges = fc
      .uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 2, maxLength: 6 })
      .map((list) => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(values, edges, (all, list) => {
        const crowd = crowdOf(all)
        const having = present(all)
        const answer = crowd.insight.histogram('everyone', 'spend', { edges: list.map((edge) => `${edge}e-2`) })
        const inside = (from: number, to: number, last: boolean) =>
          having.filter((value) => value >= from && (value < to || (last && value === to))).length
        expect(answer.bins.map(({ count }) => count)).toEqual(
          list.slice(1).map((to, index) => inside(list[index]!, to, index === list.length - 2)),
        )
        expect(answer.below).toBe(having.filter((value) => value < list[0]!).length)
        expect(answer.above).toBe(having.filter((value) => value > list.at(-1)!).length)
        expect(answer.missing).toBe(all.length - having.length)
      }),
      campaign(200),
    )
  })

  it('bins of equal counts hold everybody with a value, equal values together', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 8 }), (all, bins) => {
        const crowd = crowdOf(all)
        const having = present(all)
        const answer = crowd.insight.histogram('everyone', 'spend', { bins })
        expect(answer.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(having.length)
        expect(answer.bins.length).toBeLessThanOrEqual(bins)
        expect([answer.below, answer.above]).toEqual([0, 0])
        if (having.length > 0) {
          expect(answer.bins[0]!.from).toBe(having[0]! / 100)
          expect(answer.bins.at(-1)!.to).toBe(having.at(-1)! / 100)
        }
      }),
      campaign(200),
    )
  })

  it('four bins of distinct values have a quarter of the people each', () => {
    const crowd = crowdOf(Array.from({ length: 40 }, (_, index) => index * 7))
    expect(crowd.insight.histogram('everyone', 'spend', { bins: 4 }).bins.map(({ count }) => count)).toEqual([
      10, 10, 10, 10,
    ])
  })

  it('a cube has the groups of two columns, their totals and the grand total', () => {
    fc.assert(
      fc.property(values, (all) => {
        const crowd = crowdOf(all)
        const people = all.map((value, index) => ({ value, ...crowd.get(`u${index}`)! }))
        const sumOf = (group: typeof people) => {
          const having = group.flatMap(({ value }) => (value === null ? [] : [BigInt(value)]))
          return having.length === 0 ? null : having.reduce((a, b) => a + b, 0n)
        }
        const rows = crowd.insight.cube('everyone', { by: ['tier', 'likes'], of: 'spend' })
        const expected = new Map<string, { people: number; sum: bigint | null }>()
        const note = (by: object, group: typeof people, total = false) => {
          if (group.length > 0 || total) expected.set(JSON.stringify(by), { people: group.length, sum: sumOf(group) })
        }
        const has = (person: (typeof people)[number], like: string | null) =>
          like === null ? person.likes === undefined : person.likes?.includes(like) === true
        note({}, people, true)
        for (const tier of ['a', 'b', 'c', null]) {
          const inTier = people.filter((person) => (person.tier ?? null) === tier)
          note({ tier }, inTier)
          for (const likes of ['x', 'y', null])
            note(
              { tier, likes },
              inTier.filter((person) => has(person, likes)),
            )
        }
        for (const likes of ['x', 'y', null])
          note(
            { likes },
            people.filter((person) => has(person, likes)),
          )
        const found = rows.map((row) => [
          JSON.stringify(row.by),
          { people: row.people, sum: row.exactSum === null ? null : scaledOf(row.exactSum) },
        ])
        expect(new Map(found as [])).toEqual(expected)
        expect(rows[0]!.by).toEqual({})
      }),
      campaign(150),
    )
  })

  it('asks a user set without the people who were removed since, and none of another engine', () => {
    const crowd = crowdOf([100, 200, 300])
    const everyone = crowd.select('everyone')
    crowd.remove('u2')
    expect(crowd.insight.aggregate(everyone, 'spend')).toMatchObject({ people: 2, count: 2, sum: 3 })
    expect(refusal(() => crowdOf([1]).insight.aggregate(everyone, 'spend')).code).toBe('USER_SET_FOREIGN')
  })

  it('refuses what is no number, no share, no edges, no grouping', () => {
    const crowd = crowdOf([100])
    const loose = crowd.insight as unknown as Record<string, (...args: unknown[]) => unknown>
    const code = (name: string, ...args: unknown[]) => refusal(() => loose[name]!(...args)).code
    expect(code('aggregate', 'everyone', 'tier')).toBe('SCHEMA_COLUMN_WRONG_KIND')
    expect(code('aggregate', 'everyone', 'spent')).toBe('SCHEMA_COLUMN_UNKNOWN')
    expect(code('quantiles', 'everyone', 'spend', [1.1])).toBe('OPTION_INVALID')
    expect(code('quantiles', 'everyone', 'spend', [Number.NaN])).toBe('OPTION_INVALID')
    expect(code('quantiles', 'everyone', 'spend', [0.5], { method: 'nearest' })).toBe('OPTION_INVALID')
    expect(code('top', 'everyone', 'spend', -1)).toBe('OPTION_INVALID')
    expect(code('top', 'everyone', 'spend', 1, { order: 'up' })).toBe('OPTION_INVALID')
    expect(code('histogram', 'everyone', 'spend', { edges: [1] })).toBe('OPTION_INVALID')
    expect(code('histogram', 'everyone', 'spend', { edges: [2, 1] })).toBe('OPTION_INVALID')
    expect(code('histogram', 'everyone', 'spend', { edges: [0.001, 1] })).toBe('OPTION_INVALID')
    expect(code('histogram', 'everyone', 'spend', { bins: 0 })).toBe('OPTION_INVALID')
    expect(code('cube', 'everyone', { by: [] })).toBe('OPTION_INVALID')
    expect(code('cube', 'everyone', { by: ['tier', 'tier'] })).toBe('OPTION_INVALID')
    expect(code('cube', 'everyone', { by: ['spend'] })).toBe('SCHEMA_COLUMN_WRONG_KIND')
  })
})

function scaledOf(text: string | null): bigint {
  const [whole, fraction = ''] = text!.replace('-', '').split('.') as [string, string?]
  const scaled = BigInt(whole + fraction.padEnd(2, '0'))
  return text!.startsWith('-') ? -scaled : scaled
}

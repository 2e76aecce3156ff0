import { beforeEach, expect, test } from 'vitest'
import { createEngine, defaultBounds, type Engine, type FlagSpec, flag } from '../../src/index.ts'
import { refusal } from './refusal.ts'

// The check before delivery belongs to delivery, which this version does not have.

let crowd: Engine<{ vip: FlagSpec; old: FlagSpec }>

beforeEach(() => {
  crowd = createEngine({ schema: { vip: flag(), old: flag() } })
  crowd.putMany(Array.from({ length: 200 }, (_, i) => [i, { vip: i < 100, old: i >= 90 }]))
})

test('law 17: 100 to 100,000,000 people unless the audience says otherwise', () => {
  expect(defaultBounds).toEqual({ min: 100, max: 100_000_000 })
  expect(crowd.audiences.create({ name: 'exactly 100', rule: 'vip' }).bounds).toEqual(defaultBounds)
  crowd.put(0, { vip: false })
  expect(refusal(() => crowd.audiences.create({ name: '99', rule: 'vip' })).code).toBe('AUDIENCE_TOO_SMALL')
  const { bounds } = crowd.audiences.create({ name: 'one end', rule: 'vip', bounds: { min: 99 } })
  expect(bounds).toEqual({ min: 99, max: 100_000_000 })
})

test.each([
  [{ min: 100, max: 100 }, 'saved'],
  [{ min: 101, max: 200 }, 'AUDIENCE_TOO_SMALL'],
  [{ min: 0, max: 99 }, 'AUDIENCE_TOO_LARGE'],
  [{ min: 99, max: 101 }, 'saved'],
  [{ min: 100, max: 101 }, 'saved'],
  [{ min: 99, max: 100 }, 'saved'],
])('law 17: both ends are included: 100 people in %j: %s', (bounds, outcome) => {
  const rule = (): string => {
    crowd.audiences.create({ name: 'rule', rule: 'vip', bounds })
    return 'saved'
  }
  const list = (): string => {
    crowd.audiences.createList({ name: 'list', members: crowd.select('vip'), bounds })
    return 'saved'
  }
  for (const make of [rule, list]) {
    if (outcome === 'saved') expect(make()).toBe('saved')
    else expect(refusal(make).code).toBe(outcome)
  }
  expect(crowd.audiences.list()).toHaveLength(outcome === 'saved' ? 2 : 0)
})

test('law 17: checked on the exact count each time it is built', () => {
  const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds: { min: 100, max: 101 } })
  crowd.put(150, { vip: true })
  expect(pack.rebuild().size).toBe(101)
  crowd.put(151, { vip: true })
  expect(refusal(() => pack.rebuild()).facts).toMatchObject({ size: 102, min: 100, max: 101 })
  crowd.removeMany([0, 1, 150])
  expect(refusal(() => pack.rebuild()).facts).toMatchObject({ size: 99, min: 100, max: 101 })
  crowd.put(3_000, { vip: true })
  expect(pack.rebuild().size).toBe(100)
  expect(pack.versions.map(({ number }) => number)).toEqual([1, 2, 3])
})

test('law 17: outside nothing is saved, and the error carries size, bounds and what would help', () => {
  const error = refusal(() =>
    crowd.audiences.create({ name: 'few', rule: 'vip and old', bounds: { min: 50, max: 105 } }),
  )
  expect(error.message).toBe(
    'AUDIENCE_TOO_SMALL: audience "few" would have 10 people, which is fewer than its minimum of 50 people. ' +
      'Nothing was saved. It would fit without old (100 people).',
  )
  expect(error.facts).toEqual({
    name: 'few',
    size: 10,
    min: 50,
    max: 105,
    remedies: [{ without: 'old', size: 100 }],
  })
  expect(crowd.audiences.has('few')).toBe(false)
  expect(crowd.audiences.list()).toEqual([])

  const large = refusal(() => crowd.audiences.create({ name: 'all', rule: 'vip or old', bounds: { max: 105, min: 1 } }))
  expect(large.message).toBe(
    'AUDIENCE_TOO_LARGE: audience "all" would have 200 people, which is more than its maximum of 105 people. ' +
      'Nothing was saved. It would fit without old (100 people).',
  )
  expect(large.facts.remedies).toEqual([{ without: 'old', size: 100 }])
})

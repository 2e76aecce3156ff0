import { expect, test } from 'vitest'
import { category, createEngine, type Engine, flag } from '../../src/index.ts'

// The wiping of an id's bytes is seen in test/ids/id-dictionary.test.ts and test/ids/id-arena.test.ts.

const schema = { vip: flag(), tier: category(), likes: category({ many: true }) }

function population(): Engine<typeof schema> {
  const crowd = createEngine({ schema })
  crowd.putMany([
    ['u1', { vip: true, tier: 'T1', likes: ['a', 'b'] }],
    ['u2', { vip: true, tier: 'T1', likes: ['a'] }],
    ['u3', { tier: 'T2' }],
  ])
  return crowd
}

test('law 3: a removed person is in no column', () => {
  const crowd = population()
  expect(crowd.remove('u1')).toBe(true)
  expect(crowd.get('u1')).toBeUndefined()
  expect(crowd.has('u1')).toBe(false)
  expect(crowd.size).toBe(2)
  for (const rule of ['vip', 'tier = "T1"', 'likes has any ("a")', 'likes is set', 'vip is set']) {
    expect([...crowd.select(rule)], rule).toEqual(['u2'])
    expect(crowd.count(rule), rule).toBe(1)
  }
  expect(crowd.tags.likes.values()).toEqual([{ value: 'a', size: 1 }])
  expect(crowd.tags.vip.size).toBe(1)
})

test('law 3: many people at once leave columns in the same way', () => {
  const crowd = createEngine({ schema })
  const ids = Array.from({ length: 100 }, (_, i) => `u${i}`)
  crowd.putMany(ids.map((id, i) => [id, { vip: true, tier: `T${i % 3}`, likes: ['a', `b${i}`] }]))
  expect(crowd.removeMany([...ids.slice(1), 'stranger', 'u1'])).toEqual({ removed: 99, unknown: 1 })
  expect([...crowd.select('everyone')]).toEqual(['u0'])
  expect(crowd.get('u0')).toEqual({ vip: true, tier: 'T0', likes: ['a', 'b0'] })
  expect(crowd.tags.tier.values()).toEqual([{ value: 'T0', size: 1 }])
  expect(crowd.tags.likes.values()).toEqual([
    { value: 'a', size: 1 },
    { value: 'b0', size: 1 },
  ])
})

test('law 3: a removed person is in no list and no version of an audience, in any workspace', () => {
  const crowd = population()
  const bounds = { min: 0 }
  const list = crowd.audiences.createList({ name: 'list', members: ['u1', 'u3'], bounds })
  const pack = crowd.audiences.create({ name: 'pack', rule: 'vip', bounds })
  crowd.put('u3', { vip: true })
  pack.rebuild()
  const other = crowd.workspace('other').audiences.createList({ name: 'list', members: ['u1'], bounds })
  crowd.remove('u1')
  expect([...list.version.ids()]).toEqual(['u3'])
  expect(pack.versions.map((version) => [...version.ids()])).toEqual([['u2'], ['u2', 'u3']])
  expect(other.size).toBe(0)
  expect(crowd.count('audience pack version 1')).toBe(1)
  expect(crowd.count('audience list')).toBe(1)
  expect(pack.version.has('u1')).toBe(false)
})

test('law 3: the number of a removed person is not given to anybody else', () => {
  const crowd = population()
  crowd.remove('u1')
  crowd.put('u4', {})
  expect(crowd.denseOf('u4')).toBe(3)
  expect(crowd.idOf(0)).toBeUndefined()
  expect(crowd.denseOf('u1')).toBeUndefined()
})

test('law 3: an id that comes again is somebody new, who has nothing of the old', () => {
  const crowd = population()
  const list = crowd.audiences.createList({ name: 'list', members: ['u1'], bounds: { min: 0 } })
  crowd.remove('u1')
  crowd.put('u1', {})
  expect(crowd.denseOf('u1')).toBe(3)
  expect(crowd.get('u1')).toEqual({})
  expect(list.size).toBe(0)
  expect(crowd.matches('u1', 'vip')).toBe(false)
})

test('law 3: a user set that is still held shows no id of a removed person', () => {
  const crowd = population()
  const people = crowd.select('vip')
  crowd.remove('u1')
  expect([...people.ids()]).toEqual(['u2'])
  expect(people.page(null, 10)).toEqual({ ids: ['u2'], next: null })
  expect(people.sample(10)).toEqual(['u2'])
  expect(people.has('u1')).toBe(false)
})

test('law 3: a dense number of a removed person is refused', () => {
  const crowd = population()
  const people = crowd.select('vip')
  const bytes = people.portableBytes()
  crowd.remove('u1')
  for (const members of [people, people.dense(), bytes]) {
    expect(() => crowd.tags.vip.add(members)).toThrow('DENSE_UNKNOWN: 1 of 2 dense numbers')
  }
  expect(crowd.tags.vip.size).toBe(1)
})

test('law 3: removing whom nobody knows does nothing', () => {
  const crowd = population()
  expect(crowd.remove('stranger')).toBe(false)
  expect(crowd.removeMany(['stranger', 'x', 'stranger'])).toEqual({ removed: 0, unknown: 3 })
  expect(crowd.removeMany([])).toEqual({ removed: 0, unknown: 0 })
  expect(crowd.size).toBe(3)
})

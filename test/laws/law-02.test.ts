import { expect, test } from 'vitest'
import { category, createEngine, flag } from '../../src/index.ts'

test('law 2: everyone is the people seen by any write and not removed', () => {
  const crowd = createEngine({ schema: { vip: flag(), tier: category() } })
  crowd.put('row without values', {})
  crowd.put('row that clears', { vip: false, tier: null })
  crowd.putMany([['many', {}]])
  crowd.tags.vip.add(['added'])
  crowd.tags.vip.clear(['cleared'])
  crowd.tags.tier.clearAll(['cleared of all'])
  crowd.audiences.createList({ name: 'list', members: ['listed'], createUnknown: true, bounds: { min: 0 } })
  crowd.put('removed', { vip: true })
  crowd.remove('removed')
  const everyone = ['row without values', 'row that clears', 'many', 'added', 'cleared', 'cleared of all', 'listed']
  expect([...crowd.select('everyone')]).toEqual(everyone)
  expect(crowd.size).toBe(7)
  expect(crowd.count('everyone')).toBe(7)
  expect(crowd.explain('vip').universe).toBe(7)
})

test('law 2: asking sees nobody', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.put('u1', { vip: true })
  expect(crowd.has('u2')).toBe(false)
  expect(crowd.get('u2')).toBeUndefined()
  expect(crowd.matches('u2', 'not vip')).toBe(false)
  expect(crowd.select('vip').has('u2')).toBe(false)
  expect(crowd.remove('u2')).toBe(false)
  crowd.audiences.createList({ name: 'list', members: ['u1', 'u2'], bounds: { min: 0 } })
  expect(crowd.size).toBe(1)
})

test('law 2: every answer is a subset of everyone', () => {
  const crowd = createEngine({ schema: { vip: flag(), tier: category(), likes: category({ many: true }) } })
  crowd.putMany([
    ['u1', { vip: true, tier: 'T1', likes: ['a'] }],
    ['u2', { vip: true, tier: 'T2', likes: ['a', 'b'] }],
    ['u3', {}],
  ])
  crowd.audiences.create({ name: 'all', rule: 'everyone', bounds: { min: 0 } })
  crowd.remove('u2')
  const rules = [
    'everyone',
    'not nobody',
    'vip or not vip',
    'not tier = "T1"',
    'tier is not set',
    'likes has none ("z") or likes is not set',
    'at least 1 of (vip, not vip)',
    'not (vip xor vip)',
    'audience all',
    'audience all version 1',
    'not not everyone',
  ]
  for (const rule of rules) {
    const people = [...crowd.select(rule)]
    expect(people, rule).not.toContain('u2')
    expect(crowd.count(rule), rule).toBe(people.length)
    expect(
      people.every((id) => crowd.has(id)),
      rule,
    ).toBe(true)
  }
  expect(crowd.count('everyone')).toBe(2)
  expect(crowd.matches('u2', 'everyone')).toBe(false)
})

test('law 2: not x is everyone without x', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.putMany([
    ['u1', { vip: true }],
    ['u2', {}],
    ['u3', { vip: false }],
  ])
  expect([...crowd.select('not vip')]).toEqual(['u2', 'u3'])
  expect(crowd.count('not vip')).toBe(2)
  expect([...crowd.select('not not vip')]).toEqual(['u1'])
  expect([...crowd.select('everyone minus vip')]).toEqual(['u2', 'u3'])
})

test('law 2: the order of conditions never changes who everyone is', () => {
  const crowd = createEngine({ schema: { a: flag(), b: flag(), c: flag() } })
  for (let i = 0; i < 8; i++) crowd.put(i, { a: (i & 1) > 0, b: (i & 2) > 0, c: (i & 4) > 0 })
  const conditions = ['a', 'not b', 'not c']
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  for (const order of orders) {
    const parts = order.map((index) => conditions[index])
    expect([...crowd.select(parts.join(' and '))]).toEqual([1])
    expect([...crowd.select(parts.join(' or '))]).toEqual([0, 1, 2, 3, 4, 5, 7])
  }
})

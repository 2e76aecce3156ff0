import { expect, test } from 'vitest'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { Scratch } from '../../src/bitmap/scratch.ts'
import { NumberColumn } from '../../src/columns/number-column.ts'
import { category, createEngine, flag, number, timestamp } from '../../src/index.ts'

const schema = { vip: flag(), tier: category(), likes: category({ many: true }) }

const crowd = createEngine({ schema })
crowd.putMany([
  ['all', { vip: true, tier: 'T1', likes: ['a', 'b'] }],
  ['other', { tier: 'T2', likes: ['c'] }],
  ['empty text', { tier: '', likes: [''] }],
  ['absent', {}],
])
const people = (rule: string): unknown[] => [...crowd.select(rule)]

test.each([
  ['tier = "T1"', ['all']],
  ['tier != "T1"', ['other', 'empty text']],
  ['tier in ("T1", "T2")', ['all', 'other']],
  ['tier not in ("T1", "T2")', ['empty text']],
  ['tier not in ()', ['all', 'other', 'empty text']],
  ['tier starts with ""', ['all', 'other', 'empty text']],
  ['tier contains "T"', ['all', 'other']],
  ['tier matches "^"', ['all', 'other', 'empty text']],
  ['likes has any ("a", "c")', ['all', 'other']],
  ['likes has all ("a", "b")', ['all']],
  ['likes has none ("a")', ['other', 'empty text']],
])('law 7: a comparison with an absent value is false: %s', (rule, expected) => {
  expect(people(rule)).toEqual(expected)
  expect(crowd.matches('absent', rule)).toBe(false)
})

test.each([
  ['not tier = "T1"', ['other', 'empty text', 'absent']],
  ['not tier != "T1"', ['all', 'absent']],
  ['not tier not in ("T1")', ['all', 'absent']],
  ['not likes has none ("a")', ['all', 'absent']],
  ['not vip', ['other', 'empty text', 'absent']],
  ['everyone minus tier = "T1"', ['other', 'empty text', 'absent']],
])('law 7: not takes the absent in: %s', (rule, expected) => {
  expect(people(rule)).toEqual(expected)
  expect(crowd.matches('absent', rule)).toBe(true)
})

test('law 7: is set and is not set say which is meant', () => {
  expect(people('tier is set')).toEqual(['all', 'other', 'empty text'])
  expect(people('tier is not set')).toEqual(['absent'])
  expect(people('likes is set')).toEqual(['all', 'other', 'empty text'])
  expect(people('likes is not set')).toEqual(['absent'])
  expect(people('vip is set')).toEqual(['all'])
  expect(people('vip is not set')).toEqual(['other', 'empty text', 'absent'])
  for (const column of ['tier', 'likes', 'vip']) {
    expect(crowd.count(`${column} is set xor ${column} is not set`)).toBe(4)
  }
})

test('law 7: the empty string is a value', () => {
  expect(people('tier = ""')).toEqual(['empty text'])
  expect(people('likes has any ("")')).toEqual(['empty text'])
  expect(crowd.get('empty text')).toEqual({ tier: '', likes: [''] })
})

test.each([null, undefined])('law 7: writing %s clears a value', (nothing) => {
  const written = createEngine({ schema })
  written.put('u1', { vip: true, tier: 'T1', likes: ['a'] })
  written.put('u1', { vip: nothing, tier: nothing, likes: nothing })
  expect(written.get('u1')).toEqual({})
  expect(written.count('vip or tier is set or likes is set')).toBe(0)
  expect(written.count('everyone')).toBe(1)
})

test('law 7: false written to a flag clears it, an empty list a category of many values', () => {
  const written = createEngine({ schema })
  written.put('u1', { vip: true, likes: ['a', 'b'] })
  written.put('u1', { vip: false, likes: [] })
  expect(written.get('u1')).toEqual({})
  expect(written.count('likes is set')).toBe(0)
  written.put('u1', { likes: ['a'] })
  written.put('u1', { likes: { remove: ['a'] } })
  expect(written.count('likes is set')).toBe(0)
})

test('law 7: columns that a row does not name stay', () => {
  const written = createEngine({ schema })
  written.put('u1', { vip: true, tier: 'T1', likes: ['a'] })
  written.put('u1', { tier: 'T2' })
  expect(written.get('u1')).toEqual({ vip: true, tier: 'T2', likes: ['a'] })
})

test('law 7: a number and a timestamp are absent until written, and cleared by null and undefined', () => {
  const written = createEngine({ schema: { spend: number({ scale: 2 }), joinedAt: timestamp() } })
  written.put('u1', { spend: 0, joinedAt: 0 })
  written.put('u2', {})
  expect(written.get('u1')).toEqual({ spend: 0, joinedAt: new Date(0) })
  expect(written.get('u2')).toEqual({})
  // 0 is a value; absent is below no bound and above none.
  const column = new NumberColumn(number())
  column.set(1, 0)
  const scratch = new Scratch()
  for (const [from, to] of [
    [null, null],
    [0, 0],
    [null, 0],
    [-5, null],
  ] as const) {
    expect([...column.range(from, to, scratch, bitmapOf([1, 2]))]).toEqual([1])
    expect(column.countRange(from, to, scratch, bitmapOf([2]))).toBe(0)
  }
  scratch.dispose()
  for (const nothing of [null, undefined]) {
    written.put('u1', { spend: 5, joinedAt: 5 })
    written.put('u1', { spend: nothing, joinedAt: nothing })
    expect(written.get('u1')).toEqual({})
    expect([written.tags.spend.size, written.tags.joinedAt.size]).toEqual([0, 0])
  }
  // Columns that a row does not name stay.
  written.put('u1', { spend: 5 })
  written.put('u1', { joinedAt: 5 })
  expect(written.get('u1')).toEqual({ spend: 5, joinedAt: new Date(5) })
})

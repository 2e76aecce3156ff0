import { expect, test } from 'vitest'
import { xxhash32 } from '../../src/base/xxhash32.ts'
import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import { createEngine, flag } from '../../src/index.ts'
import { refusal } from './refusal.ts'

// More of law 1: test/ids/id-dictionary.test.ts.

test('law 1: an id is a string or an unsigned integer, and the two never mix', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.put('7', {})
  crowd.put(7, { vip: true })
  crowd.put(2n ** 64n - 1n, {})
  expect(crowd.size).toBe(3)
  expect([...crowd.select('everyone')]).toEqual(['7', 7, 18_446_744_073_709_551_615n])
  expect(crowd.get('7')).toEqual({})
  expect(crowd.get(7)).toEqual({ vip: true })
  expect(crowd.get(7n)).toEqual({ vip: true })
})

test.each([
  ['', 'ID_EMPTY'],
  [-1, 'ID_NOT_AN_INTEGER'],
  [1.5, 'ID_NOT_AN_INTEGER'],
  [Number.NaN, 'ID_NOT_AN_INTEGER'],
  [2 ** 53, 'ID_NOT_AN_INTEGER'],
  [-1n, 'ID_OUT_OF_RANGE'],
  [2n ** 64n, 'ID_OUT_OF_RANGE'],
  ['\ud800', 'ID_LONE_SURROGATE'],
  ['x'.repeat(65_536), 'ID_TOO_LONG'],
  [null as never, 'ID_WRONG_TYPE'],
  [{} as never, 'ID_WRONG_TYPE'],
])('law 1: what is neither is refused: %#, %s', (id, code) => {
  const crowd = createEngine({ schema: { vip: flag() } })
  expect(refusal(() => crowd.put(id, { vip: true })).code).toBe(code)
  expect(
    refusal(() =>
      crowd.putMany([
        ['good', {}],
        [id, {}],
      ]),
    ).code,
  ).toBe(code)
  expect(refusal(() => crowd.tags.vip.add(['good', id])).code).toBe(code)
  expect(refusal(() => crowd.remove(id)).code).toBe(code)
  expect(crowd.size).toBe(0)
})

test('law 1: dense numbers are given out in order of first sight', () => {
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.putMany([
    ['c', {}],
    ['a', {}],
    ['c', { vip: true }],
  ])
  crowd.tags.vip.add(['b', 'a'])
  expect(['c', 'a', 'b'].map((id) => crowd.denseOf(id))).toEqual([0, 1, 2])
  expect([0, 1, 2, 3].map((dense) => crowd.idOf(dense))).toEqual(['c', 'a', 'b', undefined])
  expect(crowd.denseOf('d')).toBeUndefined()
})

test('law 1: running out of numbers is an error, never a wrap', () => {
  const ids = new IdDictionary({ capacity: 2 })
  ids.addMany(['a', 'b'])
  expect(refusal(() => ids.add('c')).code).toBe('IDS_EXHAUSTED')
  expect(ids.find('a')).toBe(0)
  expect(ids.size).toBe(2)
})

test('law 1: hashing never replaces an id: two ids of one hash are two people', () => {
  const [first, second] = ['u13953', 'u222300']
  const hash = (id: string): number => xxhash32(new TextEncoder().encode(id), 0, id.length, 0)
  expect([hash(first), hash(second)]).toEqual([712_856_224, 712_856_224])
  const crowd = createEngine({ schema: { vip: flag() } })
  crowd.put(first, { vip: true })
  expect(crowd.has(second)).toBe(false)
  crowd.put(second, {})
  expect(crowd.size).toBe(2)
  expect([...crowd.select('vip')]).toEqual([first])
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExternalId } from '../../src/base/brand.ts'
import { EncodedIds } from '../../src/dataset/encoded-ids.ts'
import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import { campaign } from '../fast-check-config.ts'
import { codeOf } from '../ids/code-of.ts'

const anyId: fc.Arbitrary<ExternalId> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(300).map((i) => `user-${i}`) },
  { weight: 2, arbitrary: fc.nat(300) },
  { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(42n, 42, '42', '\0', '精致妈妈', '🎉', 'x'.repeat(65_535), '精'.repeat(21_845)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
)

/** As a log has them: texts as bytes among others. */
function encoded(ids: readonly ExternalId[], most = ids.length): EncodedIds {
  const list = new EncodedIds(most)
  for (const id of ids) {
    if (typeof id !== 'string') list.push(id)
    else {
      const text = Buffer.from(`[${id}]`)
      expect(list.pushText(text, 1, text.length - 1)).toBeUndefined()
    }
  }
  return list
}

describe('ids that are encoded', () => {
  it('get the numbers that the same ids get, known, new and repeated', () => {
    const lists = fc.array(fc.array(anyId, { maxLength: 300, size: 'max' }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(lists, fc.constantFrom(-1, 0xf000_0000, 0), (all, hashMask) => {
        const one = new IdDictionary({ hashMask })
        const other = new IdDictionary({ hashMask })
        for (const ids of all) {
          const { bytes, ends, length } = encoded(ids)
          expect([...other.addManyEncoded(bytes, ends, length)]).toEqual([...one.addMany(ids)])
          // What was asked alone may be asked again, and is another's in between.
          for (const id of ids.slice(0, 5)) {
            other.check(id)
            expect(other.find(id)).toBe(one.find(id))
            if (one.find(id) % 3 === 0) expect(other.remove(other.find(id))).toBe(one.remove(one.find(id)))
            expect(other.add(id)).toBe(one.add(id))
          }
        }
        expect([...other.entries()]).toEqual([...one.entries()])
      }),
      campaign(60),
    )
  })

  it('are added all or none', () => {
    const ids = new IdDictionary({ capacity: 3 })
    ids.add('a')
    const { bytes, ends, length } = encoded(['a', 'b', 'c', 'd'])
    expect(codeOf(() => ids.addManyEncoded(bytes, ends, length))).toBe('IDS_EXHAUSTED')
    expect([...ids.entries()]).toEqual([[0, 'a']])
    expect([...ids.addManyEncoded(bytes, ends, 3)]).toEqual([0, 1, 2])
  })

  it.each([
    ['nothing', [], 'an id of 0 bytes'],
    ['too much', new Array(65_536).fill(0x61), 'an id of 65536 bytes'],
    ['what is no UTF-8', [0x61, 0xc3], 'an id that is not UTF-8'],
    ['a surrogate', [0xed, 0xa0, 0x80], 'an id that is not UTF-8'],
    ['a longer form than needed', [0xc0, 0x80], 'an id that is not UTF-8'],
    ['the form of an integer', [0xff, 0x2a], 'an id that is not UTF-8'],
  ])('a text of %s is none', (_, bytes, fault) => {
    const list = encoded(['a'], 3)
    expect(list.pushText(Uint8Array.from(bytes), 0, bytes.length)).toBe(fault)
    list.push('b')
    expect([list.length, list.byteLength]).toEqual([2, 2])
  })

  it('law 3: are gone from memory when they are wiped, however long they were', () => {
    const list = encoded(['a', 42], 40)
    const { bytes } = list
    list.wipe()
    expect(bytes.every((byte) => byte === 0)).toBe(true)
    for (let i = 0; i < 40; i++) list.push('x'.repeat(60_000))
    const long = list.bytes
    list.wipe()
    expect(list.bytes.length).toBeLessThan(long.length)
    for (const each of [bytes, long, list.bytes]) expect(each.every((byte) => byte === 0)).toBe(true)
  })
})

it('an id that is asked alone again is itself, whatever came between', () => {
  const ids = new IdDictionary()
  ids.addMany(['a', 'b', 7])
  const between: readonly (() => unknown)[] = [
    () => ids.find('b'),
    () => codeOf(() => ids.find('a\ud800')),
    () => codeOf(() => ids.check(undefined)),
    () => codeOf(() => ids.check('')),
    () => ids.findMany(['b', 7]),
    () => ids.addMany(['c', 'd']),
    () => ids.remove(ids.find('d')),
    () => ids.find(7n),
    () => new IdDictionary().add('z'),
    () => IdDictionary.load(ids.sections()),
  ]
  for (const call of between) {
    expect(ids.find('a')).toBe(0)
    call()
    expect(ids.find('a')).toBe(0)
  }
  expect(codeOf(() => ids.check(undefined))).toBe('ID_WRONG_TYPE')
  expect(codeOf(() => ids.check(undefined))).toBe('ID_WRONG_TYPE')
  expect(codeOf(() => ids.find(Number.NaN))).toBe('ID_NOT_AN_INTEGER')
})

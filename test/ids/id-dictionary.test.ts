import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExternalId } from '../../src/base/brand.ts'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { xxhash32 } from '../../src/base/xxhash32.ts'
import { IdBatch } from '../../src/ids/id-batch.ts'
import { IdDictionary, unknownDense } from '../../src/ids/id-dictionary.ts'
import { codeOf, runs } from './code-of.ts'

const encoder = new TextEncoder()

describe('IdDictionary', () => {
  it('law 1: gives out 0, 1, 2… in order of first sight, and is a bijection', () => {
    const ids = new IdDictionary()
    const given: ExternalId[] = [
      'openid-1',
      42,
      '42',
      '精致妈咪',
      2n ** 64n - 1n,
      '😀',
      0,
      '0',
      '\u0000',
      '\u0000\u0000',
    ]
    for (const [i, id] of given.entries()) expect(ids.add(id)).toBe(i)
    for (const [i, id] of given.entries()) {
      expect(ids.add(id)).toBe(i)
      expect(ids.find(id)).toBe(i)
      expect(ids.idOf(i)).toBe(id)
    }
    expect(ids.size).toBe(given.length)
    expect([...ids.entries()]).toEqual(given.map((id, i) => [i, id]))
    expect(ids.idsOf([2, 0, 2])).toEqual(['42', 'openid-1', '42'])
    expect(ids.idsOf(Uint32Array.of(3))).toEqual(['精致妈咪'])
  })

  it('law 1: a string and an integer of the same digits are two ids; a number and a bigint of the same value are one', () => {
    const ids = new IdDictionary()
    expect(ids.add(42)).toBe(0)
    expect(ids.add(42n)).toBe(0)
    expect(ids.add('42')).toBe(1)
    expect(ids.add(-0)).toBe(2)
    expect(ids.add(0n)).toBe(2)
    expect(ids.add('0')).toBe(3)
    expect(ids.idOf(2)).toBe(0)
  })

  it('law 1: ids are compared exactly, without NFC', () => {
    const ids = new IdDictionary()
    expect(ids.add('\u00e9')).toBe(0)
    expect(ids.add('e\u0301')).toBe(1)
    expect(ids.add('\ufeffbom')).toBe(2)
    expect(ids.idsOf([0, 1, 2])).toEqual(['\u00e9', 'e\u0301', '\ufeffbom'])
  })

  it('law 1: integers come back as numbers up to 2^53 - 1, as bigints above', () => {
    const ids = new IdDictionary()
    const edges = [
      0n,
      1n,
      255n,
      256n,
      65_535n,
      65_536n,
      2n ** 24n,
      2n ** 31n,
      2n ** 32n - 1n,
      2n ** 32n,
      2n ** 40n,
      2n ** 48n - 1n,
    ]
    const large = [
      2n ** 53n - 2n,
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 56n,
      2n ** 63n,
      2n ** 64n - 2n,
      2n ** 64n - 1n,
    ]
    for (const [i, id] of [...edges, ...large].entries()) {
      expect(ids.add(id)).toBe(i)
      const back = ids.idOf(i)
      expect(back).toBe(id < 2n ** 53n ? Number(id) : id)
      expect(ids.find(back as ExternalId)).toBe(i)
    }
  })

  it('law 1: running out of numbers is an error, never a wrap', () => {
    const ids = new IdDictionary({ capacity: 3 })
    ids.addMany(['a', 'b'])
    expect(codeOf(() => ids.addMany(['c', 'd']))).toBe('IDS_EXHAUSTED')
    expect(ids.size).toBe(2)
    expect(ids.find('c')).toBe(-1)
    expect(ids.add('c')).toBe(2)
    expect(ids.remove(0)).toBe(true)
    expect(codeOf(() => ids.add('d'))).toBe('IDS_EXHAUSTED')
    expect([...ids.addMany(['b', 'c', 'b'])]).toEqual([1, 2, 1])
    expect(codeOf(() => new IdDictionary({ capacity: 0 }).add('a'))).toBe('IDS_EXHAUSTED')
  })

  it('law 1: nothing visible depends on the seed of the hash', () => {
    const given = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? i : `id ${i % 4000}`))
    const one = new IdDictionary({ seed: 1 })
    const other = new IdDictionary({ seed: Number.MAX_SAFE_INTEGER })
    expect(one.addMany(given)).toEqual(other.addMany(given))
    expect([...one.entries()]).toEqual([...other.entries()])
    expect(Buffer.concat([...one.sections()]).equals(Buffer.concat([...other.sections()]))).toBe(true)
  })

  it('law 2: the living are those that were given out and not removed', () => {
    const ids = new IdDictionary()
    ids.addMany(['a', 'b', 'c', 'd'])
    ids.remove(1)
    expect(ids.liveCount).toBe(3)
    expect(ids.size).toBe(4)
    expect([...ids.entries()].map(([dense]) => dense)).toEqual([0, 2, 3])
    expect([
      ids.isLive(1),
      ids.isLive(2),
      ids.isLive(4),
      ids.isLive(-1),
      ids.isLive(0.5),
      ids.isLive(Number.NaN),
    ]).toEqual([false, true, false, false, false, false])
  })

  it('law 3: a removed id is forgotten, its bytes are wiped, and its number is not given out again', () => {
    const ids = new IdDictionary()
    ids.addMany(['keep me', 'forget-this-person', 'keep me too'])
    expect(ids.remove(1)).toBe(true)
    expect(ids.remove(1)).toBe(false)
    expect(ids.remove(3)).toBe(false)
    expect(ids.remove(-1)).toBe(false)
    expect(ids.find('forget-this-person')).toBe(-1)
    expect(ids.idOf(1)).toBeUndefined()
    expect(codeOf(() => ids.idsOf([0, 1]))).toBe('DENSE_UNKNOWN')
    expect(codeOf(() => ids.hashOf(1, 0))).toBe('DENSE_UNKNOWN')
    expect(Buffer.concat([...ids.sections()]).includes('forget')).toBe(false)
    expect(ids.add('forget-this-person')).toBe(3)
    expect(ids.idsOf([0, 2, 3])).toEqual(['keep me', 'keep me too', 'forget-this-person'])
  })

  it('law 21: chance is drawn from the id and the seed alone', () => {
    const one = new IdDictionary()
    const other = new IdDictionary()
    one.addMany(['a', 'openid-精致', 7])
    other.addMany([7, 'x', 'openid-精致'])
    const bytes = encoder.encode('openid-精致')
    expect(one.hashOf(1, 99)).toBe(xxhash32(bytes, 0, bytes.length, 99))
    expect(one.hashOf(1, 99)).toBe(other.hashOf(2, 99))
    expect(one.hashOf(2, 5)).toBe(xxhash32(Uint8Array.of(0xff, 7), 0, 2, 5))
    expect(IdDictionary.load(one.sections()).hashOf(1, 99)).toBe(one.hashOf(1, 99))
    expect(codeOf(() => one.hashOf(3, 0))).toBe('DENSE_UNKNOWN')
  })

  it('refuses what is not an id, with a code and facts, and changes nothing', () => {
    const refused: [unknown, string][] = [
      ['', 'ID_EMPTY'],
      [undefined, 'ID_WRONG_TYPE'],
      [null, 'ID_WRONG_TYPE'],
      [true, 'ID_WRONG_TYPE'],
      [{ toString: () => 'a' }, 'ID_WRONG_TYPE'],
      [Symbol('a'), 'ID_WRONG_TYPE'],
      [() => 'a', 'ID_WRONG_TYPE'],
      [Number.NaN, 'ID_NOT_AN_INTEGER'],
      [1.5, 'ID_NOT_AN_INTEGER'],
      [-1, 'ID_NOT_AN_INTEGER'],
      [Number.POSITIVE_INFINITY, 'ID_NOT_AN_INTEGER'],
      [2 ** 53, 'ID_NOT_AN_INTEGER'],
      [-1n, 'ID_OUT_OF_RANGE'],
      [2n ** 64n, 'ID_OUT_OF_RANGE'],
      [2n ** 9000n, 'ID_OUT_OF_RANGE'],
      ['a\ud800', 'ID_LONE_SURROGATE'],
      ['\udc00a', 'ID_LONE_SURROGATE'],
      ['\ud83d\ud83d\ude00', 'ID_LONE_SURROGATE'],
      [`${'精'.repeat(21_844)}\ud800`, 'ID_LONE_SURROGATE'],
      ['x'.repeat(65_536), 'ID_TOO_LONG'],
      ['精'.repeat(21_846), 'ID_TOO_LONG'],
      [`${'x'.repeat(65_534)}é`, 'ID_TOO_LONG'],
      [`${'x'.repeat(65_532)}😀`, 'ID_TOO_LONG'],
    ]
    const ids = new IdDictionary()
    ids.add('here')
    for (const [id, code] of refused) {
      const wrong = id as ExternalId
      for (const call of [
        () => ids.find(wrong),
        () => ids.add(wrong),
        () => ids.check(wrong),
        () => ids.findMany(['here', wrong]),
        () => ids.addMany(['new', wrong]),
      ]) {
        expect(codeOf(call)).toBe(code)
      }
      expect(ids.size).toBe(1)
      expect(ids.find('new')).toBe(-1)
      try {
        ids.check(id)
      } catch (error) {
        expect(error).toBeInstanceOf(CrowdbitError)
        expect(() => JSON.stringify(error)).not.toThrow()
        expect((error as Error).message.length).toBeLessThan(400)
      }
    }
    ids.check('fine')
    expect(ids.find('fine')).toBe(-1)
  })

  it('takes ids of up to 65,535 bytes of UTF-8', () => {
    const longest = ['x'.repeat(65_535), '精'.repeat(21_845), `${'x'.repeat(65_531)}😀`, `${'x'.repeat(65_533)}é`]
    const ids = new IdDictionary()
    ids.addMany([...longest, ...longest.map((id) => id.slice(1)), 'short'])
    expect(ids.size).toBe(9)
    for (const [i, id] of longest.entries()) {
      expect(ids.find(id)).toBe(i)
      expect(ids.idOf(i) === id).toBe(true)
    }
  })

  it('addMany and findMany fill a given array, and refuse one that is too short', () => {
    const ids = new IdDictionary()
    const out = new Uint32Array(4)
    expect(ids.addMany(['a', 'b', 'a'], out)).toBe(out)
    expect([...out]).toEqual([0, 1, 0, 0])
    expect([...ids.findMany(['b', 'z'], out)].slice(0, 2)).toEqual([1, unknownDense])
    expect(codeOf(() => ids.findMany(['a', 'b'], new Uint32Array(1)))).toBe('OPTION_INVALID')
    expect(codeOf(() => ids.addMany(['a', 'c'], new Uint32Array(1)))).toBe('OPTION_INVALID')
    expect(ids.size).toBe(2)
    expect(ids.addMany([])).toHaveLength(0)
    expect(ids.idsOf([])).toEqual([])
  })

  it('refuses options out of range', () => {
    for (const options of [
      { capacity: -1 },
      { capacity: 2 ** 32 },
      { seed: 0.5 },
      { seed: -1 },
      { capacity: Number.NaN },
    ]) {
      expect(codeOf(() => new IdDictionary(options))).toBe('OPTION_INVALID')
    }
  })

  it('addMany is whole or nothing, over splits and chunks too', () => {
    const ids = new IdDictionary()
    const base = Array.from({ length: 3000 }, (_, i) => `base ${i}`)
    ids.addMany(base)
    const saved = Buffer.concat([...ids.sections()])
    const many: ExternalId[] = Array.from({ length: 60_000 }, (_, i) => `${'more of it '.repeat(i % 40)}${i % 50_000}`)
    for (const wrong of ['', '\ud800', -1]) {
      expect(() => ids.addMany([...many, ...base, wrong])).toThrow(CrowdbitError)
      expect(ids.size).toBe(3000)
      expect(ids.findMany(many).every((dense) => dense === unknownDense)).toBe(true)
      expect(Buffer.concat([...ids.sections()]).equals(saved)).toBe(true)
    }
    expect(ids.findMany(base)).toEqual(Uint32Array.from(base, (_, i) => i))
    const dense = ids.addMany(many)
    expect(dense[0]).toBe(3000)
    expect(ids.idsOf(dense)).toEqual(many)
  })

  it('leaves nothing of a refused addMany in memory', () => {
    const ids = new IdDictionary()
    ids.add('a')
    expect(() => ids.addMany(['secret person', ''])).toThrow(CrowdbitError)
    expect(ids.add('b')).toBe(1)
    expect(ids.idOf(1)).toBe('b')
  })

  it('any text that is well formed comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), { maxLength: 50 }),
        (texts) => {
          const ids = new IdDictionary({ seed: 3 })
          ids.addMany(texts)
          expect(ids.idsOf(Array.from(texts, (_, i) => i))).toEqual(texts)
          for (const [i, text] of texts.entries()) {
            const bytes = encoder.encode(text)
            expect(ids.hashOf(i, 1)).toBe(xxhash32(bytes, 0, bytes.length, 1))
          }
        },
      ),
      runs(100),
    )
  })
})

describe('law 3: what ids are worked on in', () => {
  it('has nothing of a removed id, nor of those that were asked for beside it', () => {
    const batch = new IdBatch()
    batch.fill(['a rather long id', 'secret-id'], 0)
    batch.setOne('short')
    batch.wipe()
    expect(batch.bytes.every((byte) => byte === 0)).toBe(true)
    batch.fillEncoded(Buffer.from('secretother'), Uint32Array.of(6, 11), 2, 0)
    batch.clear()
    batch.pushEncoded(Buffer.from('x'), 0, 1)
    batch.wipe()
    expect(batch.bytes.every((byte) => byte === 0)).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { IdDictionary, unknownDense } from '../../src/ids/id-dictionary.ts'

const named = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `person ${from + i}`)
const upTo = (n: number) => Uint32Array.from({ length: n }, (_, i) => i)

describe('IdDictionary grows', () => {
  it('law 1: over many splits, with at most 12 bytes an id beyond the ids', () => {
    const ids = new IdDictionary()
    let idBytes = 0
    for (let from = 0; from < 200_000; from += 10_000) {
      const more = named(from, from + 10_000)
      for (const id of more) idBytes += id.length
      expect(ids.addMany(more)[9999]).toBe(from + 9999)
    }
    expect(ids.findMany(named(0, 200_000))).toEqual(upTo(200_000))
    expect(ids.findMany(named(200_000, 220_000)).every((dense) => dense === unknownDense)).toBe(true)
    // Chunks that are begun: one of each kind.
    expect(ids.byteSize - idBytes).toBeLessThan(200_000 * 12 + 3 * 2 ** 20)
  })

  it('law 1: so far that tags are used up and made anew', () => {
    const ids = new IdDictionary({ seed: 2 })
    const part = (from: number) => Array.from({ length: 50_000 }, (_, i) => from + i)
    // The ninth split of a line comes at 256 * 3,024 ids.
    for (let from = 0; from < 850_000; from += 50_000) ids.addMany(part(from))
    for (let from = 0; from < 850_000; from += 50_000) {
      expect(ids.findMany(part(from)).every((dense, i) => dense === from + i)).toBe(true)
    }
    expect(ids.findMany(part(850_000)).every((dense) => dense === unknownDense)).toBe(true)
    expect(ids.remove(849_999)).toBe(true)
    expect(ids.find(849_999)).toBe(-1)
  })

  it('a small dictionary is small', () => {
    const ids = new IdDictionary()
    ids.addMany(named(0, 100))
    expect(ids.byteSize).toBeLessThan(8192)
  })

  for (const [name, hashMask, count] of [
    ['one hash for all', 0, 3150],
    ['two hashes', 0x8000_0000, 3500],
    ['the highest bits only', 0xff00_0000, 40_000],
    ['all but the highest bits', 0x007f_ffff, 12_000],
  ] as const) {
    it(`law 1: when hashes collide: ${name}`, () => {
      const ids = new IdDictionary({ seed: 1, hashMask })
      const given = named(0, count)
      expect(ids.addMany(given)).toEqual(upTo(count))
      // A search among ids of one hash reads them all, so only some are looked for.
      const some = (dense: number) => dense % 16 === 0
      const asked = given.filter((_, dense) => some(dense))
      expect(ids.findMany(asked)).toEqual(upTo(count).filter(some))
      expect(ids.find('nobody')).toBe(-1)
      for (let dense = 0; dense < count; dense += 48) ids.remove(dense)
      const left = upTo(count).filter(some)
      expect(ids.findMany(asked)).toEqual(left.map((dense) => (dense % 48 === 0 ? unknownDense : dense)))
      expect(ids.addMany(asked)[0]).toBe(count)
      expect(ids.liveCount).toBe(count)
      expect(ids.byteSize).toBeLessThan(count * 80 + 100_000)
    }, 30_000)
  }

  it('law 3: adding and removing without end takes no more of the table', () => {
    const living = 20_000
    const ids = new IdDictionary({ seed: 9 })
    ids.addMany(named(0, living))
    for (let dense = 0; dense < living; dense++) ids.remove(dense)
    // What grows is the arena, by some 14 + 2.3 bytes and one bit an id; the table would grow by 8 or more.
    const before = ids.byteSize
    let idBytes = 0
    for (let round = 1; round <= 20; round++) {
      const people = named(round * living, (round + 1) * living)
      for (const id of people) idBytes += id.length
      const dense = ids.addMany(people)
      for (const one of dense) ids.remove(one)
    }
    expect(ids.liveCount).toBe(0)
    expect(ids.byteSize - before - idBytes).toBeLessThan(20 * living * 2.5 + 4 * 2 ** 20)
    expect(ids.add('one more')).toBe(21 * living)
  })

  it('long ids among short ones, over chunks of the arena', () => {
    const ids = new IdDictionary()
    const given = Array.from({ length: 3000 }, (_, i) =>
      `${i}:`.padEnd(i % 7 === 0 ? (i * 37) % 65_535 : 20, 'é').slice(0, 30_000),
    )
    const dense = ids.addMany(given)
    expect(ids.idsOf(dense).every((id, i) => id === given[i])).toBe(true)
    expect(ids.findMany(given)).toEqual(dense)
    expect(() => ids.addMany([...given.map((id) => `${id}!`), ''])).toThrow()
    expect(ids.addMany(given.map((id) => `${id}?`))).toEqual(upTo(3000).map((i) => i + 3000))
    expect(ids.idOf(5999)).toBe(`${given[2999]}?`)
  })
})

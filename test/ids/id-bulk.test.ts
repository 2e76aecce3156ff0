import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExternalId } from '../../src/base/brand.ts'
import { IdDictionary, unknownDense } from '../../src/ids/id-dictionary.ts'
import { codeOf, runs } from './code-of.ts'

/** Texts as most ids are: ASCII, separators and controls among them. */
const plain = fc.oneof(
  { weight: 8, arbitrary: fc.nat(700).map((i) => `user-${i}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('a', 'ab', 'abc', 'abcd', 'abcde', '\0', '\0\0', '\n', 'a,b', 'a\nb', '\x7f'),
  },
  { weight: 1, arbitrary: fc.nat(3).map((i) => `${'long '.repeat(60 + i)}${i}`) },
)
/** What makes a batch be encoded one by one. */
const odd: fc.Arbitrary<ExternalId> = fc.oneof(
  fc.nat(50),
  fc.nat(50).map(BigInt),
  fc.constantFrom('精致', 'é', 'e\u0301', '\u0080', '😀', 'Ł', 'A', '\u{10ffff}'),
  fc.constantFrom(20_000, 40_000, 65_535).map((n) => 'x'.repeat(n)),
)
const invalid = fc.constantFrom<unknown>('', '\ud800', 'a\udc00', -1, 1.5, null, undefined, {}, 'x'.repeat(65_536))

/** Some hundred ids, most of them plain; an odd one now and then, among any number of plain ones. */
const bulk = fc
  .tuple(
    fc.array(plain, { maxLength: 400, size: 'max' }),
    fc.array(fc.tuple(fc.nat(400), odd), { maxLength: 4, size: 'max' }),
  )
  .map(([ids, others]) => {
    const all: ExternalId[] = [...ids]
    for (const [at, id] of others) all.splice(at % (all.length + 1), 0, id)
    return all
  })

/** Ids one by one: a second dictionary, to which nothing is ever given together. */
class OneByOne {
  readonly ids: IdDictionary

  constructor(seed: number) {
    this.ids = new IdDictionary({ seed })
  }

  add(ids: readonly ExternalId[]): number[] {
    return ids.map((id) => this.ids.add(id))
  }

  find(ids: readonly ExternalId[]): number[] {
    return ids.map((id) => {
      const found = this.ids.find(id)
      return found < 0 ? unknownDense : found
    })
  }
}

describe('ids in bulk', () => {
  it('law 1: are what they are one by one, repeated, removed and linked ones too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bulk, fc.array(fc.nat(2_000), { maxLength: 20 }), fc.boolean()), {
          minLength: 2,
          maxLength: 6,
        }),
        fc.nat(),
        (steps, seed) => {
          const slow = new OneByOne(seed)
          const fast = new IdDictionary({ seed: seed + 1 })
          for (const [ids, chosen, links] of steps) {
            expect([...fast.findMany(ids)]).toEqual(slow.find(ids))
            expect([...fast.addMany(ids)]).toEqual(slow.add(ids))
            expect([...fast.findMany(ids)]).toEqual(slow.find(ids))
            for (const dense of chosen) {
              if (links) {
                const other = dense + 1
                if (!fast.isLive(dense) || !fast.isLive(other)) continue
                fast.merge(other, dense)
                slow.ids.merge(other, dense)
              } else expect(fast.remove(dense)).toBe(slow.ids.remove(dense))
            }
          }
          expect(fast.size).toBe(slow.ids.size)
          expect([...fast.entries()]).toEqual([...slow.ids.entries()])
        },
      ),
      runs(60),
    )
  })

  it('law 6: one that is none refuses all, wherever it stands, and changes nothing', () => {
    fc.assert(
      fc.property(bulk, bulk, fc.nat(), invalid, (known, ids, at, wrong) => {
        const dictionary = new IdDictionary()
        dictionary.addMany(known)
        const before = [...dictionary.entries()]
        const spoilt: unknown[] = [...ids]
        spoilt.splice(at % (ids.length + 1), 0, wrong)
        const expected = codeOf(() => dictionary.check(wrong))
        expect(expected).toMatch(/^ID_/)
        expect(codeOf(() => dictionary.addMany(spoilt as ExternalId[]))).toBe(expected)
        expect(codeOf(() => dictionary.findMany(spoilt as ExternalId[]))).toBe(expected)
        expect(codeOf(() => dictionary.checkMany(spoilt))).toBe(expected)
        expect([...dictionary.entries()]).toEqual(before)
      }),
      runs(150),
    )
  })

  // All bits of the hash; one hash for every id.
  for (const hashMask of [-1, 0]) {
    it(`law 1: a text is not taken for another of the same length, or of the same low bytes (hash mask ${hashMask})`, () => {
      // Texts that differ in one place, wherever it is; and one with a character whose low byte is that of a letter.
      const alike = ['A', 'AB', 'ABC', 'ABCD', 'ABCDE', 'ABCDEFGHIJK', 'ABCDEFGHIJKLMNOP'].flatMap((text) => [
        text,
        ...Array.from(text, (_, i) => `${text.slice(0, i)}x${text.slice(i + 1)}`),
      ])
      const given = [...alike, ...alike, 'ŁBCDEFGHIJK', ...alike]
      const dictionary = new IdDictionary({ hashMask })
      expect(new Set(dictionary.addMany(given)).size).toBe(alike.length + 1)
      expect(dictionary.idsOf(dictionary.findMany(given))).toEqual(given)
    })
  }

  it('whatever an array gives when it is read is read once', () => {
    const dictionary = new IdDictionary()
    const ids = Array.from({ length: 50 }, (_, i) => `person ${i}`)
    let reads = 0
    Object.defineProperty(ids, 20, {
      get: () => {
        reads++
        return `read ${reads}`
      },
    })
    dictionary.addMany(ids)
    expect(reads).toBe(1)
    expect(dictionary.idOf(20)).toBe('read 1')
  })
})

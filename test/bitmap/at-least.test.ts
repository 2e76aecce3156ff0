import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atLeast } from '../../src/bitmap/at-least.ts'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { Scratch } from '../../src/bitmap/scratch.ts'
import { campaign } from '../fast-check-config.ts'

const values = fc.uniqueArray(fc.oneof(fc.nat(40), fc.integer({ min: 65_530, max: 65_545 })), { maxLength: 30 })

describe('atLeast', () => {
  it('law 5: the values in at least k of the sets, one that comes twice counting twice', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 12 }), fc.nat(), (sets, seed) => {
        const k = 1 + (seed % sets.length)
        const counts = new Map<number, number>()
        for (const set of sets) for (const value of set) counts.set(value, (counts.get(value) ?? 0) + 1)
        const expected = [...counts].filter(([, count]) => count >= k).map(([value]) => value)
        const scratch = new Scratch()
        const bitmaps = sets.map((set) => bitmapOf(set))
        const result = atLeast(k, bitmaps, scratch)
        expect([...result]).toEqual(expected.sort((a, b) => a - b))
        // The operands are as they were.
        bitmaps.forEach((bitmap, i) => {
          expect([...bitmap]).toEqual([...sets[i]!].sort((a, b) => a - b))
        })
        scratch.release(result)
        const [before, after] = [scratch.built, scratch.built]
        scratch.dispose()
        expect(after).toBe(before)
      }),
      campaign(500),
    )
  })

  it('also where k has a binary digit that no counter reaches', () => {
    const scratch = new Scratch()
    const two = [bitmapOf([1, 2]), bitmapOf([2, 3])]
    expect([...atLeast(4, two, scratch)]).toEqual([])
    expect([...atLeast(2, two, scratch)]).toEqual([2])
    scratch.dispose()
  })
})

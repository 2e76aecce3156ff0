import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { bitmapOfNumbers } from '../../src/dataset/bitmap-of-numbers.ts'
import { runs } from '../ids/code-of.ts'

/** Numbers by a seed, below a bound, in no order and some of them repeated. */
function numbers(length: number, bound: number, seed: number): Uint32Array {
  let state = seed | 1
  return Uint32Array.from({ length }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.floor(((state >>> 0) / 0x1_0000_0000) * bound)
  })
}

function expectSame(given: Uint32Array): void {
  const before = given.slice()
  const fast = bitmapOfNumbers(given)
  const slow = bitmapOf(given)
  expect(fast.isEqual(slow)).toBe(true)
  expect(given).toEqual(before)
  fast.dispose()
  slow.dispose()
}

describe('bitmapOfNumbers', () => {
  it('is the bitmap of the numbers, in whichever order they are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 4095, 4096, 5000, 40_000),
        fc.constantFrom(1, 33, 5000, 65_536, 300_000, 2 ** 24, 2 ** 32),
        fc.integer(),
        fc.boolean(),
        (length, bound, seed, isSorted) => {
          const given = numbers(length, bound, seed)
          expectSame(isSorted ? given.sort() : given)
        },
      ),
      runs(40),
    )
  })

  it('takes the lowest and the highest number', () => {
    const given = numbers(8192, 10_000, 3)
    given[17] = 0
    expectSame(given)
    given[4000] = 0xffff_ffff
    expectSame(given)
    expectSame(Uint32Array.from({ length: 100_000 }, (_, i) => 99_999 - i))
  })
})

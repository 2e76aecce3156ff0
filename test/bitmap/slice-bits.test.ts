import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Bits,
  bitsOf,
  type FixedBits,
  greatestUpTo,
  highestDifference,
  leastFrom,
  nextOf,
} from '../../src/bitmap/slice-bits.ts'
import { campaign } from '../fast-check-config.ts'

const numberOf = (bits: Bits): number => bits.reduce((sum, bit, i) => sum + bit * 2 ** i, 0)

describe('the bits of a number', () => {
  it('are those of two’s complement, as many as asked for', () => {
    expect([...bitsOf(6, 4)]).toEqual([0, 1, 1, 0])
    expect([...bitsOf(-2, 4)]).toEqual([0, 1, 1, 1])
    expect(bitsOf(5, 0).length).toBe(0)
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const bits = bitsOf(value, 53)
        expect(numberOf(bits)).toBe(value < 0 ? value + 2 ** 53 : value)
      }),
      campaign(300),
    )
  })

  it('have a next number, and a highest difference', () => {
    for (let value = 0; value < 31; value++) expect(numberOf(nextOf(bitsOf(value, 5)))).toBe(value + 1)
    expect(highestDifference(bitsOf(0b1011, 4), bitsOf(0b1001, 4))).toBe(1)
    expect(highestDifference(bitsOf(9, 4), bitsOf(9, 4))).toBe(-1)
  })
})

describe('the least and the greatest number with fixed bits', () => {
  it('are those that looking at all numbers finds', () => {
    const width = 7
    const fixedBits = fc.array(fc.constantFrom<0 | 1 | null>(0, 1, null), { minLength: width, maxLength: width })
    fc.assert(
      fc.property(fixedBits, fc.nat(2 ** width - 1), (fixed: FixedBits, bound) => {
        const fitting = Array.from({ length: 2 ** width }, (_, value) => bitsOf(value, width)).filter((bits) =>
          fixed.every((bit, i) => bit === null || bit === bits[i]),
        )
        // Without the fixed bits the order of those that have them stays.
        const short = (bits: Bits | undefined): number | null =>
          bits === undefined ? null : numberOf(bits.filter((_, i) => fixed[i] === null))
        const least = leastFrom(bitsOf(bound, width), fixed)
        expect(least === null ? null : numberOf(least)).toBe(short(fitting.find((bits) => numberOf(bits) >= bound)))
        const greatest = greatestUpTo(bitsOf(bound, width), fixed)
        expect(greatest === null ? null : numberOf(greatest)).toBe(
          short(fitting.findLast((bits) => numberOf(bits) <= bound)),
        )
      }),
      campaign(500),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type DecimalFault, decimalNumber, decimalText, parseScaled } from '../../src/base/decimal.ts'
import { campaign } from '../fast-check-config.ts'

const most = Number.MAX_SAFE_INTEGER
const scale = fc.integer({ min: 0, max: 15 })
const scaled = fc.oneof(
  fc.maxSafeInteger().filter((value) => value >= -most),
  fc.constantFrom(0, 1, -1, most, -most, 10 ** 15, -(10 ** 15)),
  fc.integer({ min: -10_000, max: 10_000 }),
)

/** The decimal without any arithmetic on doubles: digits moved about in a text. */
function plainText(value: number, digits: number): string {
  const sign = value < 0 ? '-' : ''
  const text = String(Math.abs(value)).padStart(digits + 1, '0')
  return `${sign}${text.slice(0, text.length - digits)}.${text.slice(text.length - digits)}`
}

describe('parseScaled', () => {
  it.each<[unknown, number, number | DecimalFault]>([
    ['129.90', 2, 12990],
    ['129.9', 2, 12990],
    ['129.900000', 2, 12990],
    ['129.901', 2, 'too-many-digits'],
    [129.9, 2, 12990],
    [0.1, 0, 'too-many-digits'],
    [0.1, 1, 1],
    [1e-7, 7, 1],
    [1.005, 3, 1005],
    [0.30000000000000004, 15, 'too-many-digits'],
    ['0.30000000000000004', 15, 'too-many-digits'],
    [5e-324, 15, 'too-many-digits'],
    ['1e3', 0, 1000],
    ['1.5E+2', 0, 150],
    ['15e-1', 1, 15],
    ['+7', 0, 7],
    ['-7', 0, -7],
    ['.5', 1, 5],
    ['5.', 0, 5],
    ['007', 0, 7],
    ['-0', 2, 0],
    [-0, 2, 0],
    ['-0.000', 0, 0],
    ['0e9999', 0, 0],
    [7n, 2, 700],
    [-7n, 0, -7],
    [2n ** 53n, 0, 'out-of-range'],
    [2 ** 53, 0, 'out-of-range'],
    [most, 0, most],
    [-most, 0, -most],
    [most, 1, 'out-of-range'],
    ['9007199254740991', 0, most],
    ['9007199254740992', 0, 'out-of-range'],
    ['900719925474099.1', 1, most],
    ['1e16', 0, 'out-of-range'],
    ['1e9999', 0, 'out-of-range'],
    ['1e-9999', 15, 'too-many-digits'],
    [1.7976931348623157e308, 0, 'out-of-range'],
    [Number.NaN, 0, 'not-a-number'],
    [Number.POSITIVE_INFINITY, 0, 'not-a-number'],
    ['', 0, 'not-a-number'],
    [' 1', 0, 'not-a-number'],
    ['1 ', 0, 'not-a-number'],
    ['.', 0, 'not-a-number'],
    ['1,5', 1, 'not-a-number'],
    ['1.2.3', 2, 'not-a-number'],
    ['0x10', 0, 'not-a-number'],
    ['１', 0, 'not-a-number'],
    ['1e99999', 0, 'not-a-number'],
    ['1'.repeat(401), 0, 'not-a-number'],
    [true, 0, 'not-a-number'],
    [null, 0, 'not-a-number'],
    [undefined, 0, 'not-a-number'],
    [[1], 0, 'not-a-number'],
    [{}, 0, 'not-a-number'],
  ])('%s at scale %i is %s', (value, digits, expected) => {
    expect(Object.is(parseScaled(value, digits), expected)).toBe(true)
  })

  it('reads the decimal text of any scaled integer, with zeros or without', () => {
    fc.assert(
      fc.property(scaled, scale, fc.nat(5), (value, digits, zeros) => {
        expect(parseScaled(decimalText(value, digits), digits)).toBe(value)
        const padded = digits === 0 ? String(value) : plainText(value, digits) + '0'.repeat(zeros)
        expect(parseScaled(padded, digits)).toBe(value)
      }),
      campaign(1_000),
    )
  })

  it('takes a double for the shortest decimal that gives it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), scale, (value, digits) => {
        expect(parseScaled(value, digits)).toBe(parseScaled(String(value), digits))
      }),
      campaign(2_000),
    )
  })

  it('gives back what decimalNumber gave, for decimals of up to 15 digits', () => {
    const short = fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 })
    fc.assert(
      fc.property(short, scale, (value, digits) => {
        expect(parseScaled(decimalNumber(value, digits), digits)).toBe(value)
      }),
      campaign(2_000),
    )
  })
})

test('decimalText has no zeros at the end, and no point before nothing', () => {
  expect(decimalText(12990, 2)).toBe('129.9')
  expect(decimalText(13000, 2)).toBe('130')
  expect(decimalText(-5, 2)).toBe('-0.05')
  expect(decimalText(0, 4)).toBe('0')
  expect(decimalText(most, 15)).toBe('9.007199254740991')
  expect(decimalText(-(10n ** 20n), 0)).toBe('-100000000000000000000')
})

test('decimalNumber is the double nearest to the decimal', () => {
  fc.assert(
    fc.property(scaled, scale, (value, digits) => {
      expect(decimalNumber(value, digits)).toBe(Number(plainText(value, digits)) + 0)
    }),
    campaign(2_000),
  )
})

import fc from 'fast-check'
import type { Decimal, NumberSpec } from '../index.ts'
import { makeNode as make, type NumberTest } from '../rules/index.ts'
import {
  compareDecimals,
  decimal,
  decimalNumber,
  decimalOf,
  decimalText,
  type ReferenceDecimal,
} from './reference-numbers.ts'
import { skewed } from './value-arbitrary.ts'

/** Law 9: values are held in 53 bits and a sign. */
const mostUnits = 2n ** 53n - 1n

/** Few values, so that many are equal and sums meet constants; powers of two, where a bit more is needed. */
const commonUnits = [0, 1, 5, -1, 2, 10, 100, -5, 3, 64, 63, 255, 256, -128, 1_000, 999, -1_000, 12_345].map(BigInt)
const rareUnits = [mostUnits, -mostUnits, mostUnits - 1n, 2n ** 31n, -(2n ** 31n), 2n ** 32n, 2n ** 52n, -(2n ** 52n)]

const anyUnits: fc.Arbitrary<bigint> = fc.oneof(
  { arbitrary: skewed(commonUnits), weight: 12 },
  { arbitrary: fc.integer({ min: -300, max: 300 }).map(BigInt), weight: 4 },
  { arbitrary: fc.constantFrom(...rareUnits), weight: 1 },
)

/** The lowest and the highest multiple of `10^-scale` that a column takes. */
export function boundsOf({ scale, min, max }: NumberSpec): readonly [least: bigint, most: bigint] {
  const unitsOf = (bound: string): bigint => {
    const { units, scale: digits } = decimalOf(bound)
    return units * 10n ** BigInt(scale - digits)
  }
  return [min === null ? -mostUnits : unitsOf(min), max === null ? mostUnits : unitsOf(max)]
}

/** Whether a column takes a decimal: no more digits than its scale, and in its range (law 9). */
export function takesDecimal(spec: NumberSpec, exact: ReferenceDecimal): boolean {
  if (exact.scale > spec.scale) return false
  const units = exact.units * 10n ** BigInt(spec.scale - exact.scale)
  const [least, most] = boundsOf(spec)
  return units >= least && units <= most
}

/** A decimal that the column takes: its bounds, zero and a few others far more often than the rest. */
function decimalIn(spec: NumberSpec): fc.Arbitrary<ReferenceDecimal> {
  const [least, most] = boundsOf(spec)
  const held = (units: bigint): bigint => [least, units, most].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[1]!
  return anyUnits.map((units) => decimal(held(units), spec.scale))
}

/** A decimal that the column takes, in any of the forms in which it is written. */
export function writtenDecimal(spec: NumberSpec): fc.Arbitrary<Decimal> {
  const form = fc.constantFrom<(exact: ReferenceDecimal) => Decimal>(
    asNumber,
    asNumber,
    decimalText,
    (exact) => `${decimalText(exact)}${exact.scale === 0 ? '.' : ''}00`,
    (exact) => `${exact.units}e-${exact.scale}`,
    (exact) => (exact.scale === 0 ? exact.units : decimalText(exact)),
  )
  return fc.tuple(decimalIn(spec), form).map(([exact, write]) => write(exact))
}

/** As a number where that stands for the very decimal, else as its text. */
function asNumber(exact: ReferenceDecimal): number | string {
  const number = decimalNumber(exact)
  return compareDecimals(decimalOf(number), exact) === 0 ? number : decimalText(exact)
}

/** A constant to compare decimals of at most `scale` digits with: one of theirs, or beyond any that can be stored. */
export function constantOf(scale: number): fc.Arbitrary<number | string> {
  const beyond = ['9007199254740992', '-9007199254740993', '99999999999999999999', 1e21, -1e25]
  return fc.oneof(
    { arbitrary: anyUnits.map((units) => asNumber(decimal(units, scale))), weight: 12 },
    { arbitrary: anyUnits.map((units) => `${decimalText(decimal(units, scale))}`), weight: 1 },
    { arbitrary: fc.constantFrom(...beyond), weight: 1 },
  )
}

/** Two constants in order. */
export function constantsOf(
  constant: fc.Arbitrary<number | string>,
): fc.Arbitrary<readonly [number | string, number | string]> {
  return fc
    .tuple(constant, constant)
    .map(([one, other]) => (compareDecimals(decimalOf(one), decimalOf(other)) <= 0 ? [one, other] : [other, one]))
}

/** A comparison with constants, of any kind. */
export function numberTestOf(constant: fc.Arbitrary<number | string>): fc.Arbitrary<NumberTest> {
  const op = fc.constantFrom(...(['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'gte'] as const))
  return fc
    .oneof(
      { arbitrary: fc.record({ op, value: constant }), weight: 6 },
      {
        arbitrary: constantsOf(constant).map(([from, to]) => ({ op: 'between' as const, from, to })),
        weight: 1,
      },
    )
    .map(make.numberTest)
}

import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { NumberColumn } from '../columns/number-column.ts'

/**
 * The sum of the values of some people, exact, as a scaled integer: each slice adds its power of two for everybody whose
 * bit is 1, and the sign takes the next power away. Who has no value adds nothing.
 * Cost: one intersection counted for each slice; nothing is built.
 */
export function sumOf(people: ReadonlyBitmap, column: NumberColumn): bigint {
  let sum = 0n
  column.slices.forEach((slice, bit) => {
    sum += BigInt(people.andCardinality(slice.bitmap)) << BigInt(bit)
  })
  return sum - (BigInt(people.andCardinality(column.negative.bitmap)) << BigInt(column.slices.length))
}

/** `sum / 10^scale / count` as the nearest double. */
export function averageOf(sum: bigint, count: number, scale: number): number {
  return quotient(sum, BigInt(count) * 10n ** BigInt(scale))
}

/** Digits of a quotient that are worked out before it is rounded to a double, which has seventeen. */
const quotientDigits = 40n

/** The double nearest to `dividend / divisor`, for a divisor above 0. */
function quotient(dividend: bigint, divisor: bigint): number {
  return Number(`${(dividend * 10n ** quotientDigits) / divisor}e-${quotientDigits}`)
}

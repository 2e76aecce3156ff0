import { andNot, bitmapShape, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { buildCost, countCost, resultOf } from '../bitmap/operation-cost.ts'
import type { NumberColumn } from '../columns/number-column.ts'

/**
 * The sum of the values of some people, who all have one, exact, as a scaled integer: each slice adds its power of two for everybody whose
 * bit is 1, and the sign takes the next power away.
 *
 * Cost: one intersection counted for each slice. Where the people are too few in each container for a bitset, and many, it is that of the
 * others instead, which is a tenth of the time: those are built once, as bitsets.
 */
export function sumOf(people: ReadonlyBitmap, column: NumberColumn): bigint {
  const parts = [...column.slices, column.negative]
  const [some, everybody] = [bitmapShape(people), column.present.shape]
  const rest = resultOf(everybody, some, true)
  const apart = parts.reduce((sum, { shape }) => sum + countCost(some, shape, false), 0)
  const byRest = parts.reduce((sum, { shape }) => sum + countCost(rest, shape, false), buildCost(everybody, some, true))
  const others = byRest < apart ? andNot(column.present.bitmap, people) : null
  let sum = 0n
  for (const [bit, { bitmap, size }] of parts.entries()) {
    const count = others === null ? people.andCardinality(bitmap) : size - others.andCardinality(bitmap)
    const weighed = BigInt(count) << BigInt(bit)
    sum += bit === column.slices.length ? -weighed : weighed
  }
  others?.dispose()
  return sum
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

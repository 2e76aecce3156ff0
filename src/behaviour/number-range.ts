import type { NumberTest } from '../rules/ast.ts'
import { ceilAt, exactDecimal, floorAt } from './exact-decimal.ts'

/** Whole numbers from one to another, both included (none where `from > to`), or those outside of them. */
export interface NumberRange {
  /** `null`: no bound. */
  readonly from: bigint | null
  /** `null`: no bound. */
  readonly to: bigint | null
  readonly outside: boolean
}

/** The scaled integers that pass a test, at this scale. Constants may have more digits, and any size. */
export function rangeOf(test: NumberTest, scale: number): NumberRange {
  if (test.op === 'between')
    return inside(ceilAt(exactDecimal(test.from), scale), floorAt(exactDecimal(test.to), scale))
  const constant = exactDecimal(test.value)
  switch (test.op) {
    case 'eq':
      return inside(ceilAt(constant, scale), floorAt(constant, scale))
    case 'ne':
      return { from: ceilAt(constant, scale), to: floorAt(constant, scale), outside: true }
    case 'lt':
      return inside(null, ceilAt(constant, scale) - 1n)
    case 'lte':
      return inside(null, floorAt(constant, scale))
    case 'gt':
      return inside(floorAt(constant, scale) + 1n, null)
    case 'gte':
      return inside(ceilAt(constant, scale), null)
  }
}

function inside(from: bigint | null, to: bigint | null): NumberRange {
  return { from, to, outside: false }
}

/** A range of numbers that doubles hold exactly: of those there can be, `lo <= x <= hi` finds the same. */
export interface DoubleRange {
  readonly lo: number
  readonly hi: number
  readonly outside: boolean
}

const highest = 2n ** 53n

/** The same range among whole numbers below 2^53 in size. */
export function doubleRange({ from, to, outside }: NumberRange): DoubleRange {
  return {
    lo:
      from === null || from <= -highest
        ? Number.NEGATIVE_INFINITY
        : from >= highest
          ? Number.POSITIVE_INFINITY
          : Number(from),
    hi:
      to === null || to >= highest ? Number.POSITIVE_INFINITY : to <= -highest ? Number.NEGATIVE_INFINITY : Number(to),
    outside,
  }
}

/** Whether a number passes. */
export function isInRange({ lo, hi, outside }: DoubleRange, value: number): boolean {
  return (value >= lo && value <= hi) !== outside
}

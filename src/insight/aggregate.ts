import { decimalNumber, decimalText } from '../base/decimal.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import { extremesOf } from '../bitmap/slice-extremes.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { averageOf, sumOf } from './number-sum.ts'
import { scaleOf } from './scale-of.ts'

/** What the values of some people in a number column come to (law 10). Over nobody with a value all but the counts are `null`. */
export interface Aggregate {
  /** People asked about. */
  readonly people: number
  /** Of them, people who have a value. */
  readonly count: number
  /** The sum as the nearest double. */
  readonly sum: number | null
  /** The sum as decimal text, exact. */
  readonly exactSum: string | null
  /** The sum divided by `count`, as the nearest double. */
  readonly average: number | null
  readonly min: number | null
  readonly max: number | null
}

/**
 * Count, sum, average, lowest and highest value.
 * Cost: for each slice of the column three passes over the people, or fewer.
 */
export function aggregate(people: ReadonlyBitmap, column: NumberColumn): Aggregate {
  const scratch = new Scratch()
  try {
    const present = column.present.bitmap
    const having = people.isSubset(present) ? people : scratch.and(people, present)
    const count = having.size
    const extremes = extremesOf(column, having)
    if (extremes === null) {
      return { people: people.size, count, sum: null, exactSum: null, average: null, min: null, max: null }
    }
    const scale = scaleOf(column)
    const sum = sumOf(having, column)
    return {
      people: people.size,
      count,
      sum: Number(decimalText(sum, scale)),
      exactSum: decimalText(sum, scale),
      average: averageOf(sum, count, scale),
      min: decimalNumber(extremes.min, scale),
      max: decimalNumber(extremes.max, scale),
    }
  } finally {
    scratch.dispose()
  }
}

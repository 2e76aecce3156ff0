import { decimalNumber, decimalText } from '../base/decimal.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { inStretches } from './in-stretches.ts'
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

/** What an aggregate is made of: that of people is made of those of parts of them. */
interface Parts {
  people: number
  count: number
  sum: bigint
  /** As scaled integers; of nobody, min is above max. */
  min: number
  max: number
}

/**
 * Count, sum, average, lowest and highest value.
 * Cost: for each slice of the column three passes over the people, or fewer.
 */
export function aggregate(people: ReadonlyBitmap, column: NumberColumn): Aggregate {
  const parts = noParts()
  add(parts, people, column, true)
  return aggregateOf(parts, column)
}

/** As `aggregate`, one stretch of the people after another. @throws what the signal gives */
export async function aggregateLater(
  people: ReadonlyBitmap,
  column: NumberColumn,
  signal: AbortSignal | undefined,
): Promise<Aggregate> {
  const parts = noParts()
  await inStretches(people, signal, (part) => add(parts, part, column, false))
  return aggregateOf(parts, column)
}

function noParts(): Parts {
  return { people: 0, count: 0, sum: 0n, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }
}

function add(parts: Parts, people: ReadonlyBitmap, column: NumberColumn, mayFindOut: boolean): void {
  const scratch = new Scratch()
  try {
    const present = column.present.bitmap
    const having = people.isSubset(present) ? people : scratch.and(people, present)
    parts.people += people.size
    if (having.isEmpty) return
    parts.count += having.size
    parts.sum += sumOf(having, column)
    parts.min = Math.min(parts.min, column.extremeOf(having, false, mayFindOut)!)
    parts.max = Math.max(parts.max, column.extremeOf(having, true, mayFindOut)!)
  } finally {
    scratch.dispose()
  }
}

function aggregateOf({ people, count, sum, min, max }: Parts, column: NumberColumn): Aggregate {
  if (count === 0) return { people, count, sum: null, exactSum: null, average: null, min: null, max: null }
  const scale = scaleOf(column)
  return {
    people,
    count,
    sum: Number(decimalText(sum, scale)),
    exactSum: decimalText(sum, scale),
    average: averageOf(sum, count, scale),
    min: decimalNumber(min, scale),
    max: decimalNumber(max, scale),
  }
}

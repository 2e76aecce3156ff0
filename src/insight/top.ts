import type { ExternalId } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalNumber } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { valueAt } from './number-order.ts'
import { scaleOf } from './scale-of.ts'

/** From which end. */
export interface TopOptions {
  /** `highest` values first, or `lowest`. @default 'highest' */
  readonly order?: 'highest' | 'lowest'
}

/** A person with the value that put them there. */
export interface RankedPerson {
  readonly id: ExternalId
  readonly value: number
}

/**
 * The `k` people with the highest (lowest) values, in that order, equal values by lower dense number (law 25); all who have
 * a value where they are fewer.
 * Cost: two passes over the people for each slice, and a sort of `k`.
 *
 * @throws OPTION_INVALID
 */
export function top(
  people: ReadonlyBitmap,
  column: NumberColumn,
  k: number,
  options: TopOptions,
  idOf: (person: number) => ExternalId,
): readonly RankedPerson[] {
  checkKeys(options, ['order'])
  const { order = 'highest' } = options
  if (order !== 'highest' && order !== 'lowest') {
    throw new CrowdbitError('OPTION_INVALID', `the order is ${show(order)}, where 'highest' or 'lowest' is expected`)
  }
  if (!Number.isSafeInteger(k) || k < 0) {
    throw new CrowdbitError('OPTION_INVALID', `the top ${show(k)} are asked for, where a whole number is expected`, {
      k,
    })
  }
  const scratch = new Scratch()
  try {
    const having = scratch.and(people, column.present.bitmap)
    const chosen = Math.min(k, having.size)
    if (chosen === 0) return []
    const highest = order === 'highest'
    const limit = valueAt(highest ? having.size - chosen : chosen - 1, having, column)
    const beyond = highest
      ? column.range(limit + 1, null, scratch, having)
      : column.range(null, limit - 1, scratch, having)
    const ties = column.range(limit, limit, scratch, having)
    const numbers = [...beyond, ...ties.rangeUint32Array(0, chosen - beyond.size)]
    const scale = scaleOf(column)
    return numbers
      .map((person) => ({ person, scaled: column.valueOf(person)! }))
      .sort((a, b) => (highest ? b.scaled - a.scaled : a.scaled - b.scaled) || a.person - b.person)
      .map(({ person, scaled }) => ({ id: idOf(person), value: decimalNumber(scaled, scale) }))
  } finally {
    scratch.dispose()
  }
}

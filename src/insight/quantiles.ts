import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalNumber } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { valueAt } from './number-order.ts'
import { scaleOf } from './scale-of.ts'

/** How a quantile between two values is taken. */
export interface QuantileOptions {
  /**
   * `linear`: between the two values next to it, in proportion, as R's type 7 and SQL's `percentile_cont`. `discrete`: the lowest
   * value that at least the share `p` of the values don't exceed, as R's type 1 and SQL's `percentile_disc`.
   * @default 'linear'
   */
  readonly method?: 'linear' | 'discrete'
}

/**
 * Quantiles of the values of some people, in the order in which they are asked for; `null` each where nobody has a value.
 * Cost: a pass over the people for each slice, once or twice for each quantile.
 * Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), definitions 7 and 1.
 *
 * @throws OPTION_INVALID for a share outside 0 to 1
 */
export function quantiles(
  people: ReadonlyBitmap,
  column: NumberColumn,
  shares: readonly number[],
  options: QuantileOptions = {},
): readonly (number | null)[] {
  checkKeys(options, ['method'])
  const { method = 'linear' } = options
  if (method !== 'linear' && method !== 'discrete') {
    throw new CrowdbitError('OPTION_INVALID', `the method is ${show(method)}, where 'linear' or 'discrete' is expected`)
  }
  if (!Array.isArray(shares)) {
    throw new CrowdbitError('OPTION_INVALID', `the shares are ${show(shares)}, where an array of numbers is expected`)
  }
  for (const share of shares) {
    if (typeof share !== 'number' || !(share >= 0 && share <= 1)) {
      throw new CrowdbitError('OPTION_INVALID', `a quantile of ${show(share)} is asked for, where 0 to 1 is expected`, {
        share,
      })
    }
  }
  const scratch = new Scratch()
  try {
    const having = scratch.and(people, column.present.bitmap)
    const count = having.size
    const scale = scaleOf(column)
    const known = new Map<number, number>()
    const at = (position: number): number => {
      const value = known.get(position) ?? valueAt(position, having, column)
      known.set(position, value)
      return value
    }
    return shares.map((share) => {
      if (count === 0) return null
      if (method === 'discrete') return decimalNumber(at(rankOf(share, count) - 1), scale)
      const place = share * (count - 1)
      const low = at(Math.floor(place))
      const high = at(Math.ceil(place))
      return decimalNumber(low + (place - Math.floor(place)) * (high - low), scale)
    })
  } finally {
    scratch.dispose()
  }
}

/**
 * The lowest rank from 1 on that is at least the share `p` of so many. The share is compared, since the product of the two is
 * rounded: 0.07 · 100 is above 7.
 */
function rankOf(share: number, count: number): number {
  const rank = Math.max(1, Math.ceil(share * count))
  if (rank > 1 && (rank - 1) / count >= share) return rank - 1
  return rank / count >= share ? rank : rank + 1
}

import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalNumber, parseScaled } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import type { Decimal } from '../schema/row.ts'
import { valueAt } from './number-order.ts'
import { scaleOf } from './scale-of.ts'

/** Either the edges between bins, or how many bins of as many people each. */
export type HistogramOptions =
  | {
      /** Ascending, at least two, with no more digits than the column: `[0, 100, 500]` are two bins. */
      readonly edges: readonly Decimal[]
    }
  | {
      /** How many bins, 1 to 10,000, with as equal numbers of people as equal values, which are never parted, allow. */
      readonly bins: number
    }

/** People with values from `from` on, included, to `to`, which is included in the last bin only. */
export interface Bin {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** How the values of some people are spread. */
export interface Histogram {
  /** Ascending. With `bins`, fewer than asked for where many have the same value; none where nobody has one. */
  readonly bins: readonly Bin[]
  /** People with a value below the first edge. */
  readonly below: number
  /** People with a value above the last edge. */
  readonly above: number
  /** People without a value. */
  readonly missing: number
}

const mostBins = 10_000

/**
 * How many people have values between given edges, or edges between which about equal numbers of people are.
 * Cost: a pass over the people for each slice and edge.
 *
 * @throws OPTION_INVALID
 */
export function histogram(people: ReadonlyBitmap, column: NumberColumn, options: HistogramOptions): Histogram {
  checkKeys(options, ['edges', 'bins'])
  const { edges: given, bins } = options as { readonly edges?: readonly Decimal[]; readonly bins?: number }
  if (given !== undefined && bins !== undefined) {
    throw new CrowdbitError('OPTION_INVALID', 'edges and bins are given, where one of the two is expected', { bins })
  }
  const scratch = new Scratch()
  try {
    const having = scratch.and(people, column.present.bitmap)
    const missing = people.size - having.size
    const edges = given === undefined ? equalEdges(checkBins(bins), having, column) : checkEdges(given, scaleOf(column))
    if (edges.length === 0) return { bins: [], below: 0, above: 0, missing }
    return { ...count(edges, having, column, scratch), missing }
  } finally {
    scratch.dispose()
  }
}

function count(
  edges: readonly number[],
  having: ReadonlyBitmap,
  column: NumberColumn,
  scratch: Scratch,
): Omit<Histogram, 'missing'> {
  const scale = scaleOf(column)
  const below = edges.map((edge) => column.countRange(null, edge - 1, scratch, having))
  const upTo = column.countRange(null, edges.at(-1)!, scratch, having)
  const bins = edges.slice(1).map((to, index) => ({
    from: decimalNumber(edges[index]!, scale),
    to: decimalNumber(to, scale),
    count: (index === edges.length - 2 ? upTo : below[index + 1]!) - below[index]!,
  }))
  return { bins, below: below[0]!, above: having.size - upTo }
}

/**
 * The lowest value and those at every n-th share of the people, each once, where a bin begins; and the highest, where the last
 * one ends. That is where it begins too when so many have it, and then they are the last bin.
 */
function equalEdges(bins: number, having: ReadonlyBitmap, column: NumberColumn): number[] {
  const { size } = having
  if (size === 0) return []
  const positions = Array.from({ length: bins }, (_, index) => Math.floor((index * size) / bins))
  const at = (position: number): number => valueAt(position, having, column)
  return [...new Set(positions.map(at)), at(size - 1)]
}

function checkEdges(edges: readonly Decimal[], scale: number): number[] {
  if (!Array.isArray(edges) || edges.length < 2 || edges.length > mostBins + 1) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `the edges are ${show(edges)}, where 2 to ${mostBins + 1} numbers are expected`,
    )
  }
  return edges.map((edge: Decimal, index) => {
    const scaled = parseScaled(edge, scale)
    if (typeof scaled === 'string') {
      throw new CrowdbitError(
        'OPTION_INVALID',
        `the edge ${show(edge)} is no number of at most ${scale} digits after the point`,
        { edge },
      )
    }
    if (index > 0 && !(scaled > (parseScaled(edges[index - 1], scale) as number))) {
      throw new CrowdbitError(
        'OPTION_INVALID',
        `the edge ${show(edge)} comes after ${show(edges[index - 1])}, where ascending edges are expected`,
        { edge },
      )
    }
    return scaled
  })
}

function checkBins(bins: number | undefined): number {
  if (bins !== undefined && Number.isSafeInteger(bins) && bins >= 1 && bins <= mostBins) return bins
  throw new CrowdbitError('OPTION_INVALID', `${show(bins)} bins are asked for, where 1 to ${mostBins} are expected`, {
    bins,
  })
}

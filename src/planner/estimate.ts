import { type Extent, unionCost } from '../bitmap/operation-cost.ts'
import { leafBitmaps } from './leaf-bitmaps.ts'
import { type LogicalNode, logicalChildren } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'
import { rangeOf } from './range-of.ts'

/** How large a part is thought to be, and what it costs to have it as one bitmap. */
export interface Estimate extends Extent {
  /** Microseconds; 0 for a bitmap that stands in a column. */
  readonly ownCost: number
}

/** A pass over the bitmaps of one container, in microseconds: what each part of a combination adds. */
const passCost = 0.6

/** Looking at one event that no remembered answer covers, in microseconds. */
const eventCost = 0.005

/**
 * An estimate for a node: the very size for a bitmap of a column, else as if its parts knew nothing of each other.
 * Only the order of work depends on it, never an answer.
 */
export function estimate(node: LogicalNode, source: PlanSource, known: Map<LogicalNode, Estimate>): Estimate {
  const found = known.get(node)
  if (found !== undefined) return found
  const made = make(node, source, known)
  known.set(node, made)
  return made
}

function make(node: LogicalNode, source: PlanSource, known: Map<LogicalNode, Estimate>): Estimate {
  const everyone = source.people.size
  const { containers } = source.people.shape
  switch (node.kind) {
    case 'everyone':
      return { size: everyone, containers, ownCost: 0 }
    case 'nobody':
      return { size: 0, containers: 0, ownCost: 0 }
    case 'range':
    case 'window': {
      const { column, from, to } = rangeOf(node, source)
      const shape = column.present.shape
      return {
        size: column.estimateRange(from, to),
        containers: shape.containers,
        ownCost: column.rangeSteps(from, to) * shape.containers * passCost,
      }
    }
    case 'behaviour': {
      const { size, events } = source.behaviours.estimate(node.question, source.asOf)
      return { size, containers: Math.min(containers, size), ownCost: events * eventCost }
    }
    case 'present':
    case 'values':
    case 'search':
    case 'audience': {
      const { bitmaps, extent } = leafBitmaps(node, source)
      const ownCost =
        bitmaps.length === 1
          ? 0
          : unionCost(
              bitmaps.map((bitmap) => ({ size: bitmap.size, containers: Math.min(extent.containers, bitmap.size) })),
            )
      return { size: extent.size, containers: extent.containers, ownCost }
    }
    default: {
      const parts = logicalChildren(node).map((part) => estimate(part, source, known))
      const shares = parts.map((part) => (everyone === 0 ? 0 : part.size / everyone))
      const size = everyone * share(node, shares)
      const ownCost = parts.reduce((sum, part) => sum + part.ownCost + part.containers * passCost, 0)
      return { size, containers, ownCost }
    }
  }
}

/** The share of people in a combination whose parts have these shares. */
function share(node: LogicalNode, shares: readonly number[]): number {
  switch (node.kind) {
    case 'not':
      return 1 - shares[0]!
    case 'and':
      return shares.reduce((product, p) => product * p, 1)
    case 'or':
      return 1 - shares.reduce((product, p) => product * (1 - p), 1)
    case 'xor':
      return (1 - shares.reduce((product, p) => product * (1 - 2 * p), 1)) / 2
    case 'atLeast':
      return atLeastShare(node.k, shares)
    default:
      return 0
  }
}

/** The chance of at least `k` successes in independent trials, by adding one trial at a time. */
function atLeastShare(k: number, shares: readonly number[]): number {
  if (shares.length > exactShares) return roughShare(k, shares)
  let chances = [1]
  for (const p of shares) {
    const next = [...chances.map((chance) => chance * (1 - p)), 0]
    chances.forEach((chance, successes) => {
      next[successes + 1]! += chance * p
    })
    chances = next
  }
  return chances.slice(k).reduce((sum, chance) => sum + chance, 0)
}

/** Up to this many trials the chance is worked out; above, it is read off the bell curve, since only order depends on it. */
const exactShares = 64

/** The normal approximation, its integral by the logistic curve. */
function roughShare(k: number, shares: readonly number[]): number {
  let mean = 0
  let variance = 0
  for (const p of shares) {
    mean += p
    variance += p * (1 - p)
  }
  if (variance === 0) return mean >= k ? 1 : 0
  return 1 / (1 + Math.exp((-1.702 * (mean - k + 0.5)) / Math.sqrt(variance)))
}

/**
 * What an operation on two bitmaps costs, by the sizes of its operands: what the planner orders its steps by.
 *
 * The constants are microseconds a container of 65,536 values, measured on one core of an AMD EPYC with CRoaring 4.5 at
 * 10 million values (bench/operation-cost.ts measures them again). Only their ratios matter: an intersection of two
 * bitsets whose result falls to 4,096 values or fewer is written out value by value, which costs up to thirty times as
 * much as one that stays a bitset.
 */
export interface Extent {
  /** Values, or an estimate of them. */
  readonly size: number
  /** Containers they are in. */
  readonly containers: number
}

/** Most values of an array container. */
const arrayLimit = 4096
const containerSpan = 65_536

/** Reading two bitsets and counting. */
const readBitsets = 0.19
/** Writing a bitset as the result. */
const writeBitset = 0.43
/** Writing one value of an array that two bitsets give. */
const extractValue = 0.0044
/** Looking one value of an array up in a bitset, and writing it. */
const probeValue = 0.0007
/** Looking one value up, for a count. */
const probeForCount = 0.000_45
/** Merging one value of two arrays. */
const mergeValue = 0.0002
/** Each container, whatever is in it. */
const perContainer = 0.05

/** An estimate of `a ∩ b`, or of `a \ b` when `negative`, for values that know nothing of each other. */
export function resultOf(a: Extent, b: Extent, negative: boolean): Extent {
  const share = density(b)
  const containers = negative ? a.containers : Math.min(a.containers, b.containers)
  if (containers === 0 || a.containers === 0) return { size: 0, containers: 0 }
  const size = negative
    ? a.size * (1 - share * Math.min(1, b.containers / a.containers))
    : (a.size / a.containers) * containers * share
  return { size, containers }
}

/** The cost of building `a ∩ b`, or `a \ b` when `negative`, in microseconds. */
export function buildCost(a: Extent, b: Extent, negative: boolean): number {
  const result = resultOf(a, b, negative)
  const mean = meanOf(result)
  const writing = writeCost(mean)
  if (isDense(a)) {
    if (isDense(b)) return result.containers * (readBitsets + writing)
    if (negative)
      return (
        result.containers *
        (perContainer + writeBitset + meanOf(b) * probeValue + (mean > arrayLimit ? 0 : mean * extractValue))
      )
    return result.containers * (perContainer + meanOf(b) * probeValue)
  }
  if (isDense(b)) return result.containers * (perContainer + meanOf(a) * probeValue)
  return result.containers * (perContainer + (meanOf(a) + meanOf(b)) * mergeValue)
}

/**
 * Writing what two bitsets give, of a mean size. Tags wax and wane over the people, so the sizes of the containers are
 * taken to lie anywhere from 0 to twice the mean: those at or below the limit of an array are written out value by value.
 */
function writeCost(mean: number): number {
  const below = Math.min(1, arrayLimit / (2 * mean + 1))
  const sizeBelow = Math.min(arrayLimit, 2 * mean) / 2
  return below * sizeBelow * extractValue + (1 - below) * writeBitset
}

/** The cost of counting `a ∩ b`, or `a \ b`, without building it, in microseconds. */
export function countCost(a: Extent, b: Extent, negative: boolean): number {
  const { containers } = resultOf(a, b, negative)
  if (isDense(a) && isDense(b)) return containers * readBitsets
  if (isDense(a)) return containers * (perContainer + meanOf(b) * probeForCount)
  if (isDense(b)) return containers * (perContainer + meanOf(a) * probeForCount)
  return containers * (perContainer + ((meanOf(a) + meanOf(b)) * mergeValue) / 2)
}

/** A value of an array that is put into a bitset. */
const setValue = 0.0019

/** The cost of a union of bitmaps, in microseconds. */
export function unionCost(extents: readonly Extent[]): number {
  let cost = 0
  let containers = 0
  for (const extent of extents) {
    cost += extent.containers * (isDense(extent) ? readBitsets + 0.1 : perContainer + meanOf(extent) * setValue)
    containers = Math.max(containers, extent.containers)
  }
  return cost + writeBitset * containers
}

function isDense(extent: Extent): boolean {
  return meanOf(extent) > arrayLimit
}

function meanOf(extent: Extent): number {
  return extent.containers === 0 ? 0 : extent.size / extent.containers
}

function density(extent: Extent): number {
  return Math.min(1, meanOf(extent) / containerSpan)
}

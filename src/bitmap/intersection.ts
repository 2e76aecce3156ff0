import type { Bitmap, ReadonlyBitmap } from './bitmap.ts'
import type { Scratch } from './scratch.ts'

/** A part of an intersection: a bitmap, or, where it is negated, all that is not in it. */
export interface Operand {
  readonly bitmap: ReadonlyBitmap
  readonly size: number
  readonly negated: boolean
  /** Whether it was built for this intersection, which may change and release it. */
  readonly owned: boolean
}

/** What everything lies in: operands are subsets of it, but for one that is the caller's affair. */
export interface Base {
  readonly bitmap: ReadonlyBitmap
  readonly size: number
  readonly containers: number
}

/** Values a container above which a result is thought to stay a bitset: somewhat above the 4,096 of an array. */
const denseMean = 6_000

/** The operand of a bitmap that was built for this. */
export function owning(bitmap: Bitmap): Operand {
  return { bitmap, size: bitmap.size, negated: false, owned: true }
}

/** The intersection of at least one operand: a bitmap of the scratch, or the only operand's. */
export function intersect(operands: readonly Operand[], base: Base, scratch: Scratch): ReadonlyBitmap {
  const { bitmap, negated, owned } = intersection(operands, base, scratch)
  if (!negated) return bitmap
  const rest = scratch.andNot(base.bitmap, bitmap)
  if (owned) scratch.release(bitmap)
  return rest
}

/** The intersection as an operand, which is negated where all operands are. */
export function intersection(operands: readonly Operand[], base: Base, scratch: Scratch): Operand {
  const [left, right] = reduce(operands, base, scratch)
  return right === null ? left : combine(left, right, base, scratch)
}

/** How many values the intersection has. The last step is only counted. */
export function countIntersection(operands: readonly Operand[], base: Base, scratch: Scratch): number {
  const [left, right] = reduce(operands, base, scratch)
  const count = right === null ? sizeOf(left, base) : countOf(left, right, base)
  for (const operand of [left, right]) if (operand?.owned) scratch.release(operand.bitmap)
  return count
}

/**
 * `(a ∩ b ∩ …) ∪ other` of positive operands. Where the intersection would be sparse and the union is not, each group is
 * united with `other` before they meet, so that all stays dense.
 */
export function intersectAndUnite(operands: readonly Operand[], other: Operand, base: Base, scratch: Scratch): Operand {
  const size = operands.reduce((left, operand) => left * (operand.size / base.size), base.size)
  const dense = denseMean * base.containers
  if (size > dense || other.size <= dense) return unite(intersection(operands, base, scratch), other, base, scratch)
  const groups = denseGroups(operands, base, scratch).map((group) => unite(group, other, base, scratch))
  return groups.reduce((left, group) => combine(left, group, base, scratch))
}

/** `a ∪ b` of positive operands. */
function unite(a: Operand, b: Operand, base: Base, scratch: Scratch): Operand {
  const { bitmap } = combine({ ...a, negated: true }, { ...b, negated: true }, base, scratch)
  return owning(bitmap as Bitmap)
}

/**
 * Takes all together but the last two.
 *
 * Writing a sparse result of two bitsets out, value by value, costs thirty times as much as an operation that stays a
 * bitset. So two groups are made, each for as long as it stays dense, and meet at once; whatever is left takes its part of
 * a few values then.
 */
function reduce(
  operands: readonly Operand[],
  base: Base,
  scratch: Scratch,
): readonly [left: Operand, right: Operand | null] {
  const smallest = operands.reduce((least, operand) => Math.min(least, sizeOf(operand, base)), base.size)
  const groups = denseGroups(operands, base, scratch, smallest > denseMean * base.containers ? 2 : 0)
  const [left, right, ...others] = groups as [Operand, Operand?, ...Operand[]]
  if (right === undefined) return [left, null]
  let result = left
  let next = right
  for (const other of others) {
    result = combine(result, next, base, scratch)
    next = other
  }
  return [result, next]
}

/**
 * The operands by size, neighbours taken together as long as the result is thought to stay dense.
 *
 * @param most groups of more than one operand
 */
function denseGroups(operands: readonly Operand[], base: Base, scratch: Scratch, most = operands.length): Operand[] {
  const order = [...operands].sort((a, b) => sizeOf(a, base) - sizeOf(b, base))
  const groups: Operand[] = []
  while (order.length > 0) {
    let group = order.shift()!
    // Of two operands that would be one group, the last step is left to the caller.
    while (groups.length < most && order.length > (groups.length === 0 ? 1 : 0) && staysDense(group, order[0]!, base)) {
      group = combine(group, order.shift()!, base, scratch)
    }
    groups.push(group)
  }
  return groups
}

function staysDense(a: Operand, b: Operand, base: Base): boolean {
  return sizeOf(a, base) * (sizeOf(b, base) / base.size) > denseMean * base.containers
}

function sizeOf({ size, negated }: Operand, base: Base): number {
  return negated ? base.size - size : size
}

/** The intersection of two: `a ∩ b`, `a \ b`, or, of two that are negated, what is in neither. */
function combine(a: Operand, b: Operand, base: Base, scratch: Scratch): Operand {
  if (a.negated && !b.negated) return combine(b, a, base, scratch)
  const result = build(a, b, base, scratch)
  for (const operand of [a, b]) if (operand.owned && operand.bitmap !== result) scratch.release(operand.bitmap)
  return { bitmap: result, size: result.size, negated: a.negated, owned: true }
}

function build(a: Operand, b: Operand, base: Base, scratch: Scratch): Bitmap {
  if (a.negated) {
    if (a.owned) return (a.bitmap as Bitmap).orInPlace(b.bitmap)
    return b.owned ? (b.bitmap as Bitmap).orInPlace(a.bitmap) : scratch.or(a.bitmap, b.bitmap)
  }
  if (b.negated) {
    // Taking one array from another in place is ten times slower than anew.
    const inPlace = a.owned && a.size > denseMean * base.containers
    return inPlace ? (a.bitmap as Bitmap).andNotInPlace(b.bitmap) : scratch.andNot(a.bitmap, b.bitmap)
  }
  if (a.owned) return (a.bitmap as Bitmap).andInPlace(b.bitmap)
  return b.owned ? (b.bitmap as Bitmap).andInPlace(a.bitmap) : scratch.and(a.bitmap, b.bitmap)
}

function countOf(a: Operand, b: Operand, base: Base): number {
  if (a.negated) return b.negated ? base.size - a.bitmap.orCardinality(b.bitmap) : countOf(b, a, base)
  return b.negated ? a.bitmap.andNotCardinality(b.bitmap) : a.bitmap.andCardinality(b.bitmap)
}

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

/** What everything lies in: each operand but one of the caller is a subset of it. */
export interface Base {
  readonly bitmap: ReadonlyBitmap
  readonly size: number
  readonly containers: number
}

/** Values a container above which a result is thought to stay a bitset: somewhat above the 4,096 of an array. */
const denseMean = 6_000

/** The operand of a bitmap that stands somewhere. */
export function borrowed(bitmap: ReadonlyBitmap, size: number, negated = false): Operand {
  return { bitmap, size, negated, owned: false }
}

/** The operand of a bitmap that was built for this. */
export function owning(bitmap: Bitmap, negated = false): Operand {
  return { bitmap, size: bitmap.size, negated, owned: true }
}

/**
 * The intersection of at least one operand, as a bitmap of the scratch, or as the only operand where there is one.
 *
 * Writing a sparse result of two bitsets out, value by value, costs thirty times as much as an operation that stays a
 * bitset. So the operands are taken by size in two groups, each for as long as it stays dense, and the two groups meet at
 * once; whatever is left takes its part of a few values then.
 */
export function intersect(operands: readonly Operand[], base: Base, scratch: Scratch): ReadonlyBitmap {
  return positive(intersection(operands, base, scratch), base, scratch)
}

/** The operand as one that is not negated. */
export function positive({ bitmap, negated, owned }: Operand, base: Base, scratch: Scratch): ReadonlyBitmap {
  if (!negated) return bitmap
  const rest = scratch.andNot(base.bitmap, bitmap)
  if (owned) scratch.release(bitmap)
  return rest
}

/** The intersection as an operand, negated where all operands are. */
export function intersection(operands: readonly Operand[], base: Base, scratch: Scratch): Operand {
  const [left, right] = reduce(operands, base, scratch)
  return right === null ? left : combine(left, right, scratch)
}

/** How many values the intersection has: the last step is only counted. */
export function countIntersection(operands: readonly Operand[], base: Base, scratch: Scratch): number {
  const [left, right] = reduce(operands, base, scratch)
  const count = right === null ? sizeOf(left, base) : countOf(left, right, base)
  for (const operand of [left, right]) if (operand?.owned) scratch.release(operand.bitmap)
  return count
}

/** Takes all together but the last two. */
function reduce(
  operands: readonly Operand[],
  base: Base,
  scratch: Scratch,
): readonly [left: Operand, right: Operand | null] {
  const order = [...operands].sort((a, b) => sizeOf(a, base) - sizeOf(b, base))
  const staysDense = (a: Operand, b: Operand): boolean =>
    sizeOf(a, base) * (sizeOf(b, base) / base.size) > denseMean * base.containers
  let left = order[0]!
  let next = 1
  if (order.length > 2 && sizeOf(left, base) > denseMean * base.containers) {
    while (next < order.length - 1 && staysDense(left, order[next]!)) left = combine(left, order[next++]!, scratch)
    let right = order[next++]!
    while (next < order.length && staysDense(right, order[next]!)) right = combine(right, order[next++]!, scratch)
    if (next === order.length) return [left, right]
    left = combine(left, right, scratch)
  }
  while (next < order.length - 1) left = combine(left, order[next++]!, scratch)
  return [left, order[next] ?? null]
}

function sizeOf({ size, negated }: Operand, base: Base): number {
  return negated ? base.size - size : size
}

/** The intersection of two: `a ∩ b`, `a \ b`, or, of two that are negated, what is in neither. */
function combine(a: Operand, b: Operand, scratch: Scratch): Operand {
  if (a.negated && !b.negated) return combine(b, a, scratch)
  const result = build(a, b, scratch)
  for (const operand of [a, b]) if (operand.owned && operand.bitmap !== result) scratch.release(operand.bitmap)
  return { bitmap: result, size: result.size, negated: a.negated, owned: true }
}

function build(a: Operand, b: Operand, scratch: Scratch): Bitmap {
  if (a.negated) {
    if (a.owned) return (a.bitmap as Bitmap).orInPlace(b.bitmap)
    return b.owned ? (b.bitmap as Bitmap).orInPlace(a.bitmap) : scratch.or(a.bitmap, b.bitmap)
  }
  if (b.negated) {
    return a.owned ? (a.bitmap as Bitmap).andNotInPlace(b.bitmap) : scratch.andNot(a.bitmap, b.bitmap)
  }
  if (a.owned) return (a.bitmap as Bitmap).andInPlace(b.bitmap)
  return b.owned ? (b.bitmap as Bitmap).andInPlace(a.bitmap) : scratch.and(a.bitmap, b.bitmap)
}

function countOf(a: Operand, b: Operand, base: Base): number {
  if (a.negated) return b.negated ? base.size - a.bitmap.orCardinality(b.bitmap) : countOf(b, a, base)
  return b.negated ? a.bitmap.andNotCardinality(b.bitmap) : a.bitmap.andCardinality(b.bitmap)
}

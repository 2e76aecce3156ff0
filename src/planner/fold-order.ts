import { buildCost, countCost, type Extent, resultOf } from '../bitmap/operation-cost.ts'

/** A part of an intersection: taken into it, or taken away from it. */
export interface FoldOperand extends Extent {
  readonly negative: boolean
  /** What it costs to have the operand at all, in microseconds: 0 for a bitmap of a column. */
  readonly ownCost: number
}

/** Up to this many operands every order is tried; above, one is built step by step. */
const tryAll = 5
/** Up to this many operands the next one is chosen step by step; above, they are taken by size. */
const stepwise = 100
/** How many starting operands are tried for a long intersection. */
const starts = 3

/**
 * The order in which an intersection takes its operands, as positions, the first being a positive one. What has to be
 * built on the way should stay dense or be tiny, and the last step of a count builds nothing: order alone makes a
 * difference of five times and more.
 *
 * @param counting whether the last step only counts.
 * Cost: microseconds up to 5 operands; in the square of their number above.
 */
export function foldOrder(operands: readonly FoldOperand[], counting: boolean): readonly number[] {
  const positives = operands.map((_, index) => index).filter((index) => !operands[index]!.negative)
  if (operands.length === 1) return [0]
  if (operands.length === 2) {
    const [first, second] = operands as [FoldOperand, FoldOperand]
    if (first.negative) return [1, 0]
    if (second.negative || first.size <= second.size) return [0, 1]
    return [1, 0]
  }
  if (operands.length > stepwise) return bySize(operands, positives)
  return operands.length <= tryAll
    ? bestOfAll(operands, positives, counting)
    : stepByStep(operands, positives, counting)
}

/** What it costs to take the operands in an order, in microseconds. */
export function foldCost(operands: readonly FoldOperand[], order: readonly number[], counting: boolean): number {
  let current: Extent = operands[order[0]!]!
  let cost = operands[order[0]!]!.ownCost
  for (let step = 1; step < order.length; step++) {
    const operand = operands[order[step]!]!
    cost += stepCost(current, operand, counting && step === order.length - 1)
    current = resultOf(current, operand, operand.negative)
  }
  return cost
}

function bestOfAll(
  operands: readonly FoldOperand[],
  positives: readonly number[],
  counting: boolean,
): readonly number[] {
  let best: readonly number[] = []
  let bestCost = Number.POSITIVE_INFINITY
  const order: number[] = []

  const extend = (current: Extent, cost: number, left: number): void => {
    if (cost >= bestCost) return
    if (left === 0) {
      best = [...order]
      bestCost = cost
      return
    }
    for (let index = 0; index < operands.length; index++) {
      if ((left & (1 << index)) === 0) continue
      const operand = operands[index]!
      const rest = left & ~(1 << index)
      order.push(index)
      extend(
        resultOf(current, operand, operand.negative),
        cost + stepCost(current, operand, counting && rest === 0),
        rest,
      )
      order.pop()
    }
  }

  const all = (1 << operands.length) - 1
  for (const start of positives) {
    order.push(start)
    extend(operands[start]!, operands[start]!.ownCost, all & ~(1 << start))
    order.pop()
  }
  return best
}

function stepByStep(
  operands: readonly FoldOperand[],
  positives: readonly number[],
  counting: boolean,
): readonly number[] {
  let best: readonly number[] = []
  let bestCost = Number.POSITIVE_INFINITY
  const smallest = [...positives].sort((a, b) => operands[a]!.size - operands[b]!.size).slice(0, starts)
  for (const start of smallest) {
    const order = [start]
    const left = new Set(operands.keys())
    left.delete(start)
    let current: Extent = operands[start]!
    let cost = operands[start]!.ownCost
    while (left.size > 0 && cost < bestCost) {
      let next = -1
      let nextScore = Number.POSITIVE_INFINITY
      for (const index of left) {
        const operand = operands[index]!
        // A step is worth what it costs, and what its result costs each step after it.
        const score =
          stepCost(current, operand, false) +
          (left.size - 1) * countCost(resultOf(current, operand, operand.negative), typical(current), false)
        if (score < nextScore) {
          next = index
          nextScore = score
        }
      }
      left.delete(next)
      const operand = operands[next]!
      cost += stepCost(current, operand, counting && left.size === 0)
      current = resultOf(current, operand, operand.negative)
      order.push(next)
    }
    if (left.size === 0 && cost < bestCost) {
      best = order
      bestCost = cost
    }
  }
  return best
}

function stepCost(current: Extent, operand: FoldOperand, counting: boolean): number {
  const own = operand.ownCost
  return (
    own + (counting ? countCost(current, operand, operand.negative) : buildCost(current, operand, operand.negative))
  )
}

/** An operand that later steps may meet: a tag of a tenth of the people. */
function typical(current: Extent): Extent {
  return { size: current.containers * 6554, containers: current.containers }
}

/** Small positives first, then what takes most away: good enough where looking for better would cost its square. */
function bySize(operands: readonly FoldOperand[], positives: readonly number[]): readonly number[] {
  const size = (index: number): number => operands[index]!.size
  const negatives = [...operands.keys()].filter((index) => operands[index]!.negative)
  return [...[...positives].sort((a, b) => size(a) - size(b)), ...negatives.sort((a, b) => size(b) - size(a))]
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildCost, countCost, type Extent, resultOf } from '../../src/bitmap/operation-cost.ts'
import { type FoldOperand, foldOrder } from '../../src/planner/fold-order.ts'
import { campaign } from '../fast-check-config.ts'

const containers = 1_526
const people = 100_000_000
const tag = (share: number, negative = false): FoldOperand => ({
  size: Math.round(people * share),
  containers,
  negative,
  ownCost: 0,
})

/** The cost of an order, step by step, by the same model. */
function costOf(operands: readonly FoldOperand[], order: readonly number[], counting: boolean): number {
  let current: Extent = operands[order[0]!]!
  let cost = operands[order[0]!]!.ownCost
  for (const [step, index] of order.entries()) {
    if (step === 0) continue
    const operand = operands[index]!
    const last = counting && step === order.length - 1
    cost += operand.ownCost + (last ? countCost : buildCost)(current, operand, operand.negative)
    current = resultOf(current, operand, operand.negative)
  }
  return cost
}

function permutations(items: readonly number[]): number[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item, i) =>
        permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
      )
}

const anyOperand = fc
  .record({
    share: fc.constantFrom(0, 0.0001, 0.001, 0.01, 0.06, 0.12, 0.3, 0.5, 0.99, 1),
    negative: fc.boolean(),
    own: fc.constantFrom(0, 0, 900),
  })
  .map(({ share, negative, own }) => ({ ...tag(share, negative), ownCost: own }))

describe('foldOrder', () => {
  it('keeps what it builds dense: A − C first, then the count with B', () => {
    const [a, b, c] = [tag(0.12), tag(0.3), tag(0.1, true)]
    const order = foldOrder([a, b, c], true)
    expect(order.indexOf(2)).toBe(1)
    const naive = costOf([a, b, c], [0, 1, 2], true)
    expect(naive / costOf([a, b, c], order, true)).toBeGreaterThan(3)
  })

  it('begins with what is sparse', () => {
    expect(foldOrder([tag(0.3), tag(0.2), tag(0.001)], true)).toContain(2)
    expect(foldOrder([tag(0.3), tag(0.2), tag(0.001)], true).indexOf(2)).toBeLessThan(2)
  })

  it('is a permutation that begins with a positive operand, and no order of up to five is cheaper', () => {
    fc.assert(
      fc.property(fc.array(anyOperand, { minLength: 1, maxLength: 5 }), fc.boolean(), (operands, counting) => {
        fc.pre(operands.some((operand) => !operand.negative))
        const order = foldOrder(operands, counting)
        expect([...order].sort()).toEqual([...operands.keys()])
        expect(operands[order[0]!]!.negative).toBe(false)
        if (operands.length < 3) return
        const cheapest = Math.min(
          ...permutations([...operands.keys()])
            .filter((other) => !operands[other[0]!]!.negative)
            .map((other) => costOf(operands, other, counting)),
        )
        expect(costOf(operands, order, counting)).toBeLessThanOrEqual(cheapest * 1.000_001)
      }),
      campaign(300),
    )
  })

  it('is a permutation of forty operands too', () => {
    fc.assert(
      fc.property(fc.array(anyOperand, { minLength: 6, maxLength: 40 }), (operands) => {
        fc.pre(operands.some((operand) => !operand.negative))
        const order = foldOrder(operands, true)
        expect([...order].sort((a, b) => a - b)).toEqual([...operands.keys()])
        expect(operands[order[0]!]!.negative).toBe(false)
      }),
      campaign(200),
    )
  })
})

import type { NumberTest } from '../rules/ast.ts'
import { type ExactDecimal, exactDecimal } from './exact-decimal.ts'
import { type DoubleRange, doubleRange, isInRange, type NumberRange, rangeOf } from './number-range.ts'

/** A test of what numbers add up to; sums are scaled integers. */
export interface TotalTest {
  /** Whether the number of values matters too. */
  readonly needsCount: boolean
  /** The sums below 2^53 in size that pass, where nothing else matters; else `null`. */
  readonly range: DoubleRange | null
  /** Whether a sum below 2^53 in size, of `count` values, passes; `count` is 1 or more. */
  passes(sum: number, count: number): boolean
  /** The same for a sum of any size. */
  passesExactly(sum: bigint, count: number): boolean
}

/** A test of sums at a scale. */
export function sumTest(test: NumberTest, scale: number): TotalTest {
  const range = rangeOf(test, scale)
  const doubles = doubleRange(range)
  return {
    needsCount: false,
    range: doubles,
    passes: (sum) => isInRange(doubles, sum),
    passesExactly: (sum) => contains(range, sum),
  }
}

function contains({ from, to, outside }: NumberRange, value: bigint): boolean {
  return ((from === null || value >= from) && (to === null || value <= to)) !== outside
}

/** A bound on an average. */
interface Bound {
  /** At the scale of the test. */
  readonly exact: bigint
  /** The same where a double holds it, else NaN. */
  readonly double: number
  /** Whether the bound itself passes. */
  readonly included: boolean
}

/**
 * A test of averages: `sum / count` against a constant is `sum` against `constant · count`, which is exact. A constant may
 * have more digits after the point than the values: then both are brought to its scale.
 */
export class AverageTest implements TotalTest {
  readonly needsCount: boolean = true
  readonly range: null = null
  readonly #low: Bound | null
  readonly #high: Bound | null
  readonly #outside: boolean
  /** What a sum is multiplied by to be at the scale of the constants. */
  readonly #factor: bigint
  readonly #doubleFactor: number

  /** @param scale of the sums */
  constructor(test: NumberTest, scale: number) {
    const decimals = (test.op === 'between' ? [test.from, test.to] : [test.value]).map(exactDecimal)
    const finest = Math.max(scale, ...decimals.map((decimal) => decimal.scale))
    const bound = (decimal: ExactDecimal, included: boolean): Bound => {
      const exact = decimal.digits * 10n ** BigInt(finest - decimal.scale)
      return { exact, double: exact > -limit && exact < limit ? Number(exact) : Number.NaN, included }
    }
    const { op } = test
    this.#low = op === 'lt' || op === 'lte' ? null : bound(decimals[0]!, op !== 'gt')
    this.#high = op === 'gt' || op === 'gte' ? null : bound(decimals[decimals.length - 1]!, op !== 'lt')
    this.#outside = op === 'ne'
    this.#factor = 10n ** BigInt(finest - scale)
    this.#doubleFactor = Number(this.#factor)
  }

  passes(sum: number, count: number): boolean {
    const scaled = sum * this.#doubleFactor
    const low = this.#low === null ? 0 : this.#low.double * count
    const high = this.#high === null ? 0 : this.#high.double * count
    // What isn't surely exact in doubles, NaN among it, is worked out with whole numbers of any size.
    if (!(Math.abs(scaled) < 2 ** 53 && Math.abs(low) < 2 ** 53 && Math.abs(high) < 2 ** 53)) {
      return this.passesExactly(BigInt(sum), count)
    }
    const inside =
      (this.#low === null || scaled > low || (scaled === low && this.#low.included)) &&
      (this.#high === null || scaled < high || (scaled === high && this.#high.included))
    return inside !== this.#outside
  }

  passesExactly(sum: bigint, count: number): boolean {
    const scaled = sum * this.#factor
    const times = BigInt(count)
    const inside =
      (this.#low === null || isAbove(scaled, this.#low.exact * times, this.#low.included)) &&
      (this.#high === null || isAbove(this.#high.exact * times, scaled, this.#high.included))
    return inside !== this.#outside
  }
}

const limit = 2n ** 53n

function isAbove(higher: bigint, lower: bigint, orEqual: boolean): boolean {
  return higher > lower || (orEqual && higher === lower)
}

import type { NumberTest } from '../rules/ast.ts'
import { type ExactDecimal, exactDecimal } from './exact-decimal.ts'

/** A bound on a sum, or on an average. */
interface Bound {
  /** At the scale of the test. */
  readonly exact: bigint
  /** The same where a double holds it, else NaN. */
  readonly double: number
  /** Whether the bound itself passes. */
  readonly included: boolean
}

/**
 * A test of sums, or of averages: `sum / count` against a constant is `sum` against `constant · count`, which is exact.
 *
 * Sums are scaled integers. A constant may have more digits after the point than they: then both are brought to its scale.
 */
export class TotalTest {
  readonly #low: Bound | null
  readonly #high: Bound | null
  readonly #outside: boolean
  readonly #average: boolean
  /** What a sum is multiplied by to be at the scale of the constants. */
  readonly #factor: bigint
  readonly #doubleFactor: number

  /** @param scale of the sums */
  constructor(test: NumberTest, scale: number, measured: 'sum' | 'avg') {
    const constants = test.op === 'between' ? [test.from, test.to] : [test.value]
    const decimals = constants.map(exactDecimal)
    const finest = Math.max(scale, ...decimals.map((decimal) => decimal.scale))
    const bound = (decimal: ExactDecimal, included: boolean): Bound => {
      const exact = decimal.digits * 10n ** BigInt(finest - decimal.scale)
      return { exact, double: exact > -exactly && exact < exactly ? Number(exact) : Number.NaN, included }
    }
    const { op } = test
    const first = decimals[0]!
    const last = decimals[decimals.length - 1]!
    this.#low = op === 'lt' || op === 'lte' ? null : bound(first, op !== 'gt')
    this.#high = op === 'gt' || op === 'gte' ? null : bound(last, op !== 'lt')
    this.#outside = op === 'ne'
    this.#average = measured === 'avg'
    this.#factor = 10n ** BigInt(finest - scale)
    this.#doubleFactor = Number(this.#factor)
  }

  /** Whether the sum, or the average, of `count` numbers passes; `count` is 1 or more. The sum is below 2^53 in size. */
  passes(sum: number, count: number): boolean {
    const times = this.#average ? count : 1
    const scaled = sum * this.#doubleFactor
    const low = this.#low === null ? 0 : this.#low.double * times
    const high = this.#high === null ? 0 : this.#high.double * times
    // What isn't surely exact in doubles, NaN among it, is worked out with whole numbers of any size.
    if (!(Math.abs(scaled) < 2 ** 53 && Math.abs(low) < 2 ** 53 && Math.abs(high) < 2 ** 53)) {
      return this.passesExactly(BigInt(sum), count)
    }
    const inside =
      (this.#low === null || scaled > low || (scaled === low && this.#low.included)) &&
      (this.#high === null || scaled < high || (scaled === high && this.#high.included))
    return inside !== this.#outside
  }

  /** The same for a sum of any size. */
  passesExactly(sum: bigint, count: number): boolean {
    const times = this.#average ? BigInt(count) : 1n
    const scaled = sum * this.#factor
    const inside =
      (this.#low === null || compares(scaled, this.#low.exact * times, this.#low.included)) &&
      (this.#high === null || compares(this.#high.exact * times, scaled, this.#high.included))
    return inside !== this.#outside
  }
}

const exactly = 2n ** 53n

function compares(higher: bigint, lower: bigint, orEqual: boolean): boolean {
  return higher > lower || (orEqual && higher === lower)
}

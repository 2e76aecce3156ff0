import type { PropertyValues } from '../events/event-day.ts'
import type { TotalTest } from './total-test.ts'

/** Sums of any size of the people of one container: slow, for the few that leave the doubles. */
export class ExactSums {
  readonly #sums = new Map<number, { sum: bigint; count: number }>()

  /** Adds `values · factor` of the rows, or, without rows, of all of `[lo, hi)`. */
  take(
    people: Uint32Array,
    { values, absent }: PropertyValues & { readonly kind: 'number' },
    factor: number,
    lo: number,
    hi: number,
    rows: Uint32Array | null,
    found: number,
  ): void {
    const times = BigInt(factor)
    const n = rows === null ? hi - lo : found
    for (let i = 0; i < n; i++) {
      const row = rows === null ? lo + i : rows[i]!
      const value = values[row]!
      if (Number.isNaN(value) || value === absent) continue
      const low = people[row]! & 0xffff
      const known = this.#sums.get(low)
      const added = BigInt(value) * times
      if (known === undefined) this.#sums.set(low, { sum: added, count: 1 })
      else {
        known.sum += added
        known.count++
      }
    }
  }

  emit(words: Int32Array, test: TotalTest): void {
    for (const [low, { sum, count }] of this.#sums) {
      if (test.passesExactly(sum, count)) words[low >>> 5] = words[low >>> 5]! | (1 << low)
    }
  }

  one(low: number, test: TotalTest): boolean {
    const known = this.#sums.get(low)
    return known !== undefined && test.passesExactly(known.sum, known.count)
  }
}

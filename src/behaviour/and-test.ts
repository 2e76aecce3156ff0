import type { EventDay } from '../events/event-day.ts'
import { CategoryTest } from './category-test.ts'
import { NumberRangeTest } from './number-row-test.ts'
import { blockRows, type RowTest } from './row-test.ts'
import type { RowTestSpec } from './row-test-spec.ts'
import { keepRows, selectRows } from './select-rows.ts'

/** Events that pass all of the parts: each part looks only at the rows that those before it have left. */
export class AndTest implements RowTest {
  readonly #parts: readonly RowTest[]
  readonly #rows: Uint32Array = new Uint32Array(blockRows)
  readonly #scratch: Uint8Array = new Uint8Array(blockRows)

  constructor(parts: readonly RowTest[]) {
    // Categories first: they are narrow, and looked at four rows at a time.
    const isCategory = (part: RowTest): number => Number(part instanceof CategoryTest)
    this.#parts = [...parts].sort((a, b) => isCategory(b) - isCategory(a))
  }

  get spec(): RowTestSpec {
    return { kind: 'and', parts: this.#parts.map(({ spec }) => spec) }
  }

  mask(day: EventDay, lo: number, hi: number, out: Uint8Array): void {
    const found = this.select(day, lo, hi, this.#rows)
    out.fill(0, 0, hi - lo)
    for (let i = 0; i < found; i++) out[this.#rows[i]! - lo] = 1
  }

  select(day: EventDay, lo: number, hi: number, rows: Uint32Array): number {
    const [first, second] = this.#parts
    const range = first instanceof CategoryTest && second instanceof NumberRangeTest ? second.intsIn(day) : null
    let found = range === null ? -1 : (first as CategoryTest).selectInRange(day, lo, hi, range, rows)
    let next = 2
    if (found === -1) {
      found = selectRows(first!, day, lo, hi, rows, this.#scratch)
      next = 1
    }
    for (let part = next; part < this.#parts.length; part++) {
      found = keepRows(this.#parts[part]!, day, lo, hi, rows, found, this.#scratch)
    }
    return found
  }
}

import type { MultiCategoryColumn } from '../columns/multi-category-column.ts'
import { type CheckedTexts, reserveNewValues } from './check-row.ts'
import { ColumnCells } from './column-cells.ts'
import { writeCell } from './write-rows.ts'

/** What the rows of a table give to a category of many values. */
export class ManyCategoryCells extends ColumnCells<MultiCategoryColumn> {
  readonly kind = 'multi-category'
  readonly #writes = new Map<number, CheckedTexts>()

  get isWritten(): boolean {
    return this.#writes.size > 0
  }

  put(row: number, value: unknown): void {
    const write = this.check(value)
    if ('add' in write) this.#writes.set(row, write)
  }

  checked(row: number): CheckedTexts | null {
    return this.#writes.get(row) ?? null
  }

  override reserve(): void {
    reserveNewValues([[...this.#writes.values()]])
  }

  write(people: Uint32Array): void {
    for (const [row, write] of this.#writes) writeCell(write, people[row]!)
  }
}

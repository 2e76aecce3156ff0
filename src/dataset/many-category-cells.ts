import type { MultiCategoryColumn } from '../columns/multi-category-column.ts'
import { type CheckedTexts, checkCell, reserveNewValues } from './check-row.ts'
import type { ColumnCells } from './column-cells.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { writeCell } from './write-rows.ts'

/** What the rows of a table give to a category of many values. */
export class ManyCategoryCells implements ColumnCells {
  readonly kind = 'multi-category'
  readonly name: string
  readonly column: MultiCategoryColumn
  readonly #parts: DatasetParts
  readonly #writes = new Map<number, CheckedTexts>()

  constructor(parts: DatasetParts, name: string, column: MultiCategoryColumn) {
    this.#parts = parts
    this.name = name
    this.column = column
  }

  get isWritten(): boolean {
    return this.#writes.size > 0
  }

  put(row: number, value: unknown): void {
    const write = checkCell(this.#parts, this.name, this.column, value)
    if ('add' in write) this.#writes.set(row, write)
  }

  checked(row: number): CheckedTexts | null {
    return this.#writes.get(row) ?? null
  }

  reserve(): void {
    reserveNewValues([[...this.#writes.values()]])
  }

  write(people: Uint32Array): void {
    for (const [row, write] of this.#writes) writeCell(write, people[row]!)
  }
}

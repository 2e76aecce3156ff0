import type { Column } from '../columns/column.ts'
import { type CheckedWrite, checkCell } from './check-row.ts'
import type { DatasetParts } from './dataset-parts.ts'

/** What the rows of a table give to one column, checked. A row that nothing is put for leaves the person's value as it is. */
export abstract class ColumnCells<C extends Column = Column> {
  /** Whether anything was put. */
  abstract readonly isWritten: boolean
  readonly name: string
  readonly column: C
  readonly #parts: DatasetParts

  constructor(parts: DatasetParts, name: string, column: C) {
    this.#parts = parts
    this.name = name
    this.column = column
  }

  /**
   * Puts what a row gives: anything that `put` takes for the column.
   *
   * @throws the VALUE_… codes, TIME_INVALID
   */
  abstract put(row: number, value: unknown): void
  /** The cell of a row as `checkRow` gives it; `null` where nothing was put. */
  abstract checked(row: number): CheckedWrite | null
  /** Refuses more new values than fit. @throws VALUES_EXHAUSTED */
  reserve(): void {}
  /**
   * Writes the cells: row `i` is of `people[i]`.
   *
   * @param isDistinct whether nobody has two rows; where they have, the later one counts
   */
  abstract write(people: Uint32Array, isDistinct: boolean): void

  /** A value for the column, as `checkRow` gives it. @throws as `put` */
  protected check(value: unknown): CheckedWrite {
    return checkCell(this.#parts, this.name, this.column, value)
  }
}

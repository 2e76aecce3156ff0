import type { CheckedWrite } from './check-row.ts'

/** What the rows of a table give to one column, checked. A row that nothing is put for leaves the person's value as it is. */
export interface ColumnCells {
  /** Whether anything was put. */
  readonly isWritten: boolean
  /**
   * Puts what a row gives: anything that `put` takes for the column.
   *
   * @throws the VALUE_… codes, TIME_INVALID
   */
  put(row: number, value: unknown): void
  /** The cell of a row as `checkRow` gives it; `null` where nothing was put. */
  checked(row: number): CheckedWrite | null
  /** Refuses more new values than fit. @throws VALUES_EXHAUSTED */
  reserve(): void
  /**
   * Writes the cells: row `i` is of `people[i]`.
   *
   * @param isDistinct whether nobody has two rows; where they have, the later one counts
   */
  write(people: Uint32Array, isDistinct: boolean): void
}

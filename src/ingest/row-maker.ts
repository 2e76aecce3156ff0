import type { ExternalId } from '../base/brand.ts'
import type { RowFault } from './row-fault.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** A row as the engine takes it. */
export type MadeRow = readonly [id: ExternalId, row: NewRow]

/** Makes rows for the engine of rows of a source. */
export interface RowMaker<Raw> {
  /** Columns of the source that nothing is made of, as far as they have been seen. */
  readonly ignored: Iterable<string>
  /** The row, or why there is none. */
  make(raw: Raw): MadeRow | RowFault
  /** What writes a column of the schema. */
  cellTo(column: string): ValueCell | undefined
}

/** Names of ignored columns that are told at most. */
export const maxIgnored = 1_000

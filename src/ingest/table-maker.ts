import type { Dataset } from '../dataset/dataset.ts'
import { EncodedIds } from '../dataset/encoded-ids.ts'
import type { PutTable } from '../dataset/put-table.ts'
import { CategoryCell } from './category-cell.ts'
import type { CellRowMaker } from './cell-row-maker.ts'
import type { CellRows } from './cell-rows.ts'
import { type CellWriter, TextWriter, unlessRefused } from './cell-writer.ts'
import { CodeWriter } from './code-writer.ts'
import { decimalInBytes } from './decimal-bytes.ts'
import { FlagCell } from './flag-cell.ts'
import type { IdCell } from './id-cell.ts'
import { IdWriter } from './id-writer.ts'
import { instantInBytes } from './instant-bytes.ts'
import { NumberCell } from './number-cell.ts'
import { NumberWriter } from './number-writer.ts'
import { RefusedRows } from './refused-rows.ts'
import { TimestampCell } from './timestamp-cell.ts'
import type { ValueCell } from './value-cell.ts'

/** Some rows of a block, from one to another (excluded). */
export interface Stretch {
  readonly rows: CellRows
  readonly from: number
  readonly to: number
}

/** Makes tables for the engine of rows of cells: the same as a row maker makes of each, column by column. */
export class TableMaker {
  readonly #dataset: Dataset
  readonly #id: IdWriter
  readonly #writers: readonly CellWriter[]
  readonly #names: readonly string[]
  /** Ids of the table that is being made. */
  #ids = new EncodedIds(0)

  constructor(dataset: Dataset, id: IdCell, { idAt, cells, places }: CellRowMaker) {
    this.#dataset = dataset
    this.#id = new IdWriter(id, idAt)
    this.#writers = cells.map((cell, i) => writerOf(cell, places[i]!, dataset))
    this.#names = cells.map((cell) => cell.to)
  }

  /**
   * The table of the rows, to be applied before the next is made, and which of them can't be written: it is of no use where there are any.
   *
   * @returns `null` where it doesn't come about: the columns aren't there any more as they were, or many rows are refused
   */
  make(stretches: readonly Stretch[]): { readonly table: PutTable; readonly refused: RefusedRows } | null {
    let rows = 0
    for (const { from, to } of stretches) rows += to - from
    const ids = this.#idsFor(rows)
    const refused = new RefusedRows(rows)
    const table = unlessRefused(() => this.#dataset.newTable(this.#names, ids))
    return table !== null && this.#fill(table, stretches, refused) ? { table, refused } : null
  }

  /** Forgets the ids of the last table. */
  wipe(): void {
    this.#ids.wipe()
  }

  #fill(table: PutTable, stretches: readonly Stretch[], refused: RefusedRows): boolean {
    let at = 0
    for (const { rows, from, to } of stretches) {
      this.#id.write(rows, from, to, at, table.ids, refused)
      at += to - from
    }
    return this.#writers.every((writer, i) => {
      if (!writer.begin(table.columns[i]!)) return false
      at = 0
      for (const { rows, from, to } of stretches) {
        writer.write(rows, from, to, at, refused)
        at += to - from
      }
      return !refused.areMany
    })
  }

  /** No ids yet, and room for so many. */
  #idsFor(rows: number): EncodedIds {
    this.#ids.wipe()
    if (this.#ids.ends.length < rows) this.#ids = new EncodedIds(rows)
    return this.#ids
  }
}

function writerOf(cell: ValueCell, column: number, { zone }: Dataset): CellWriter {
  if (cell instanceof FlagCell || cell instanceof CategoryCell) return new CodeWriter(cell, column)
  if (cell instanceof NumberCell) return new NumberWriter(cell, column, 'number', decimalInBytes)
  if (!(cell instanceof TimestampCell)) return new TextWriter(cell, column)
  const { scale } = cell
  return new NumberWriter(
    cell,
    column,
    'timestamp',
    scale === null
      ? (bytes, start, end) => instantInBytes(bytes, start, end, zone)
      : (bytes, start, end) => decimalInBytes(bytes, start, end, scale),
  )
}

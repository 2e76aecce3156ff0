import type { ExternalId } from '../base/brand.ts'
import type { Column } from '../columns/column.ts'
import { NumberColumn } from '../columns/number-column.ts'
import { decodeId } from '../ids/decode-id.ts'
import { CategoryCells } from './category-cells.ts'
import type { CheckedWrite } from './check-row.ts'
import { checkWritten } from './check-written.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { EncodedIds } from './encoded-ids.ts'
import { FlagCells } from './flag-cells.ts'
import { ManyCategoryCells } from './many-category-cells.ts'
import { NumberCells } from './number-cells.ts'
import { unknownColumn } from './unknown-event.ts'

/** Cells of a column of any kind. */
export type AnyColumnCells = FlagCells | CategoryCells | NumberCells | ManyCategoryCells

/**
 * Rows of values, column by column: what a `put` of many rows comes to, without an object for each row. Ids and cells are checked as they
 * are put there, against the schema of that moment, so that it is made and applied in one go.
 *
 * ```
 *   ids      u1      u2      u3
 *   vip      true            false       row 1 leaves u2's as it is
 *   spend    1250    300     null
 * ```
 */
export class PutTable {
  /** Of whom the rows are, in their order. */
  readonly ids: EncodedIds
  /** In the order of the names that were given. */
  readonly columns: readonly AnyColumnCells[]

  /**
   * @param names of the columns, in NFC
   * @param ids with room for the ids of all rows
   * @throws SCHEMA_COLUMN_UNKNOWN, TAG_DERIVED
   */
  constructor(parts: DatasetParts, names: readonly string[], ids: EncodedIds) {
    this.ids = ids
    const rows = ids.ends.length
    this.columns = names.map((name) => {
      const column = parts.columns.get(name)
      if (column === undefined) throw unknownColumn(parts, name)
      checkWritten(parts, name)
      return cellsOf(parts, name, column, rows)
    })
  }

  /** The ids as they were given. */
  externalIds(): ExternalId[] {
    const { bytes, ends, length } = this.ids
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return Array.from({ length }, (_, i) => decodeId(buffer, i === 0 ? 0 : ends[i - 1]!, ends[i]!))
  }

  /** The cells of each row, as `checkRow` gives them. */
  checkedRows(): CheckedWrite[][] {
    return Array.from({ length: this.ids.length }, (_, row) =>
      this.columns.map((cells) => cells.checked(row)).filter((write) => write !== null),
    )
  }
}

function cellsOf(parts: DatasetParts, name: string, column: Column, rows: number): AnyColumnCells {
  if (column instanceof NumberColumn) return new NumberCells(parts, name, column, rows)
  switch (column.kind) {
    case 'flag':
      return new FlagCells(parts, name, column, rows)
    case 'category':
      return new CategoryCells(parts, name, column, rows)
    case 'multi-category':
      return new ManyCategoryCells(parts, name, column)
  }
}

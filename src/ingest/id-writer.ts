import type { EncodedIds } from '../dataset/encoded-ids.ts'
import type { CellRows } from './cell-rows.ts'
import { isTaken } from './cell-writer.ts'
import type { IdCell } from './id-cell.ts'
import type { RefusedRows } from './refused-rows.ts'
import { RowFault } from './row-fault.ts'

/** Writes the ids of rows of cells: texts as the bytes that they are. */
export class IdWriter {
  readonly #cell: IdCell
  readonly #column: number

  constructor(cell: IdCell, column: number) {
    this.#cell = cell
    this.#column = column
  }

  /** As `CellWriter.write`. The ids of rows that are refused are left out. */
  write(rows: CellRows, from: number, to: number, at: number, ids: EncodedIds, refused: RefusedRows): void {
    const { bytes, places, width } = rows
    for (let row = from; row < to; row++) {
      const k = 2 * (row * width + this.#column)
      const isWritten = this.#cell.isInteger
        ? this.#writeInteger(rows.text(row, this.#column), ids)
        : ids.pushText(bytes, places[k]!, places[k + 1]!) === undefined
      if (!isWritten) refused.add(at + row - from)
    }
  }

  #writeInteger(text: string, ids: EncodedIds): boolean {
    const id = this.#cell.ofText(text)
    return !(id instanceof RowFault) && isTaken(() => ids.push(id))
  }
}

import type { NumberCells } from '../dataset/number-cells.ts'
import type { AnyColumnCells } from '../dataset/put-table.ts'
import type { CellRows } from './cell-rows.ts'
import { CellWriter, givenBy, isTaken } from './cell-writer.ts'
import type { RefusedRows } from './refused-rows.ts'
import type { ValueCell } from './value-cell.ts'

/** Reads a number as a column of the scale holds it; NaN for what isn't plain. */
export type NumberReader = (bytes: Uint8Array, start: number, end: number, scale: number) => number

/** Writes a number or timestamp: a plain one from its bytes, any other from its text. */
export class NumberWriter extends CellWriter {
  readonly #kind: 'number' | 'timestamp'
  readonly #read: NumberReader
  #cells: NumberCells | null = null

  /** @param read gives what the cell and a column of the kind make of the same text */
  constructor(cell: ValueCell, column: number, kind: 'number' | 'timestamp', read: NumberReader) {
    super(cell, column)
    this.#kind = kind
    this.#read = read
  }

  begin(cells: AnyColumnCells): boolean {
    this.#cells = cells.kind === 'number' && cells.column.kind === this.#kind ? cells : null
    return this.#cells !== null
  }

  write(rows: CellRows, from: number, to: number, at: number, refused: RefusedRows): void {
    const cells = this.#cells!
    const read = this.#read
    const { scale } = cells.column.limits
    const { bytes, places, width } = rows
    for (let row = from; row < to; row++) {
      const k = 2 * (row * width + this.column)
      const place = at + row - from
      if (cells.putHeld(place, read(bytes, places[k]!, places[k + 1]!, scale))) continue
      const given = givenBy(this.cell, rows.text(row, this.column))
      if (given === 'nothing') continue
      if (given === 'refused' || !isTaken(() => cells.put(place, given.value))) refused.add(place)
      if (refused.areMany) return
    }
  }
}

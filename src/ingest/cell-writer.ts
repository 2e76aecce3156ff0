import type { AnyColumnCells } from '../dataset/put-table.ts'
import type { CellRows } from './cell-rows.ts'
import type { RefusedRows } from './refused-rows.ts'
import { RowFault } from './row-fault.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** What a cell gives to its column, as a row has it. */
type Given = { readonly value: unknown } | 'nothing' | 'refused'

/** What the cell makes of a text. */
export function givenBy(cell: ValueCell, text: string): Given {
  const row: NewRow = {}
  if (cell.write(text, row) !== null) return 'refused'
  return Object.hasOwn(row, cell.to) ? { value: row[cell.to] } : 'nothing'
}

/** What an action gives; `null` where the engine refuses it. What is no fault of a row is thrown on. */
export function unlessRefused<T>(action: () => T): T | null {
  try {
    return action()
  } catch (error) {
    RowFault.from(error, null)
    return null
  }
}

/** Does something, unless the engine refuses it; gives whether it was done. What is no fault of a row is thrown on. */
export function isTaken(action: () => void): boolean {
  return (
    unlessRefused(() => {
      action()
      return true
    }) ?? false
  )
}

/** Writes a column of the source to a column of the schema, many rows at a time. */
export abstract class CellWriter {
  readonly cell: ValueCell
  /** Where the cells are in a row. */
  readonly column: number

  constructor(cell: ValueCell, column: number) {
    this.cell = cell
    this.column = column
  }

  /** Begins with the cells of another table; gives whether they are of the kind that this writes to. */
  abstract begin(cells: AnyColumnCells): boolean

  /**
   * Writes the cells of rows from one to another (excluded).
   *
   * @param at where the first of them is in the table
   * @param refused is given the places in the table of rows that can't be written; where they are many, the rest may be left out
   */
  abstract write(rows: CellRows, from: number, to: number, at: number, refused: RefusedRows): void
}

/** Writes any column, text by text. */
export class TextWriter extends CellWriter {
  #cells: AnyColumnCells | null = null

  begin(cells: AnyColumnCells): boolean {
    this.#cells = cells
    return true
  }

  write(rows: CellRows, from: number, to: number, at: number, refused: RefusedRows): void {
    const cells = this.#cells!
    for (let row = from; row < to; row++) {
      const place = at + row - from
      const given = givenBy(this.cell, rows.text(row, this.column))
      if (given === 'nothing') continue
      if (given === 'refused' || !isTaken(() => cells.put(place, given.value))) refused.add(place)
      if (refused.areMany) return
    }
  }
}

import type { CategoryCells } from '../dataset/category-cells.ts'
import type { FlagCells } from '../dataset/flag-cells.ts'
import type { AnyColumnCells } from '../dataset/put-table.ts'
import type { CellRows } from './cell-rows.ts'
import { CellWriter, givenBy, unlessRefused } from './cell-writer.ts'
import type { RefusedRows } from './refused-rows.ts'
import { TextNumbers } from './text-numbers.ts'

/** What is known of a text in this table; above them the code that is put for it. */
const [unknown, nothing, refusal] = [0, -1, -2]

/** Writes a flag or a category of one value, of which there are few: what each text means is asked once in a table. */
export class CodeWriter extends CellWriter {
  readonly #texts = new TextNumbers()
  /** By the numbers of texts. */
  readonly #codes = new Int32Array(TextNumbers.most)
  #cells: FlagCells | CategoryCells | null = null

  begin(cells: AnyColumnCells): boolean {
    this.#cells = cells.kind === 'flag' || cells.kind === 'category' ? cells : null
    this.#codes.fill(unknown)
    return this.#cells !== null
  }

  write(rows: CellRows, from: number, to: number, at: number, refused: RefusedRows): void {
    const cells = this.#cells!
    const codes = this.#codes
    const { bytes, places, width } = rows
    for (let row = from; row < to; row++) {
      const k = 2 * (row * width + this.column)
      const number = this.#texts.numberOf(bytes, places[k]!, places[k + 1]!)
      let code = number === -1 ? unknown : codes[number]!
      if (code === unknown) {
        code = this.#codeOf(cells, rows.text(row, this.column))
        if (number !== -1) codes[number] = code
      }
      if (code > 0) cells.putCode(at + row - from, code)
      else if (code === refusal) refused.add(at + row - from)
    }
  }

  #codeOf(cells: FlagCells | CategoryCells, text: string): number {
    const given = givenBy(this.cell, text)
    if (given === 'nothing') return nothing
    return given === 'refused' ? refusal : (unlessRefused(() => cells.codeOf(given.value)) ?? refusal)
  }
}

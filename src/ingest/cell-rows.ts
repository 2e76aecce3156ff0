import { isAscii } from 'node:buffer'
import type { Block } from './row-reader.ts'

/** Rows of equally many cells, as the bytes of their source: a cell becomes a text when somebody asks for it. */
export class CellRows implements Block<readonly string[]> {
  /** UTF-8 without faults. */
  readonly bytes: Buffer
  /** How many cells a row has. */
  readonly width: number
  readonly length: number
  /** The bytes of cell `c` of row `r` are those from `places[2k]` to `places[2k + 1]`, where `k` is `width · r + c`. */
  readonly places: Int32Array
  /** The line on which each row begins. */
  readonly lines: Int32Array
  #isAscii: boolean | null = null

  constructor(bytes: Buffer, width: number, places: Int32Array, lines: Int32Array) {
    this.bytes = bytes
    this.width = width
    this.length = lines.length
    this.places = places
    this.lines = lines
  }

  /** Rows of texts, all of one length. */
  static of(rows: readonly (readonly string[])[], lines: readonly number[]): CellRows {
    const width = rows[0]?.length ?? 0
    const places = new Int32Array(2 * width * rows.length)
    const parts = rows.flat()
    const bytes = Buffer.from(parts.join(''))
    let at = 0
    for (let k = 0; k < parts.length; k++) {
      places[2 * k] = at
      at += Buffer.byteLength(parts[k]!)
      places[2 * k + 1] = at
    }
    return new CellRows(bytes, width, places, Int32Array.from(lines))
  }

  row(row: number): readonly string[] {
    const texts: string[] = []
    for (let column = 0; column < this.width; column++) texts.push(this.text(row, column))
    return texts
  }

  line(row: number): number {
    return this.lines[row]!
  }

  from(row: number): CellRows {
    const { bytes, width, places, lines } = this
    return new CellRows(bytes, width, places.subarray(2 * width * row), lines.subarray(row))
  }

  /** The text of a cell, in memory of its own. */
  text(row: number, column: number): string {
    const k = 2 * (row * this.width + column)
    this.#isAscii ??= isAscii(this.bytes)
    const form = this.#isAscii ? 'latin1' : 'utf8'
    return this.bytes.toString(form, this.places[k]!, this.places[k + 1]!)
  }

  /** Some of the rows. Cost: their cells; the bytes are shared. */
  pick(rows: readonly number[]): CellRows {
    const each = 2 * this.width
    const places = new Int32Array(each * rows.length)
    rows.forEach((row, i) => {
      places.set(this.places.subarray(each * row, each * (row + 1)), each * i)
    })
    return new CellRows(
      this.bytes,
      this.width,
      places,
      Int32Array.from(rows, (row) => this.lines[row]!),
    )
  }
}

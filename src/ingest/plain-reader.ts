import { isUtf8 } from 'node:buffer'
import { CellRows } from './cell-rows.ts'
import type { CsvSettings } from './csv-options.ts'

const lf = 10
const cr = 13

/** What a byte may be; 0 for one of a cell. */
const [isDelimiter, isLf, isCr, isQuote] = [1, 2, 3, 4]

/** Places and lines of rows that are being read. They serve all readers, because nothing suspends while they are in use. */
let places: Int32Array = new Int32Array(0)
let lines: Int32Array = new Int32Array(0)

/**
 * Reads rows of CSV that are plain: UTF-8, in lines that end with LF or CRLF, of cells that are bare or inside quotes as a whole, with no
 * quote and no end of line in them. For these csv-parse gives the same; what anything else means is left to csv-parse.
 */
export class PlainReader {
  readonly #maxRowBytes: number
  /** What each byte is. */
  readonly #kinds = new Uint8Array(256)
  #bytes: Buffer = Buffer.alloc(0)
  /** Where the last whole line ends; 0 where not all is UTF-8. */
  #last = 0
  /** Where the reading is: behind the last row, and blank lines behind it. */
  end = 0
  /** The line there. */
  line = 1
  /** Twice the cells up to where the reading is. */
  #filled = 0

  constructor({ delimiter, quote, maxRowBytes }: CsvSettings) {
    this.#maxRowBytes = maxRowBytes
    this.#kinds[delimiter.charCodeAt(0)] = isDelimiter
    this.#kinds[lf] = isLf
    this.#kinds[cr] = isCr
    if (quote !== null) this.#kinds[quote.charCodeAt(0)] = isQuote
  }

  /** Begins with bytes that begin with a line. */
  begin(bytes: Buffer, line: number): void {
    const last = bytes.lastIndexOf(lf) + 1
    this.#bytes = bytes
    this.#last = isUtf8(bytes.subarray(0, last)) ? last : 0
    this.end = 0
    this.line = line
    reserve(this.#last)
  }

  /**
   * The next rows that are plain and have as many cells as the first of them; none where the next one isn't.
   * Cost: a nanosecond a byte.
   */
  read(): CellRows {
    const bytes = this.#bytes
    let width = 0
    let count = 0
    this.#filled = 0
    while (this.end < this.#last) {
      const after = this.#endOfRow(bytes, this.end)
      if (after === -1 || after - this.end > this.#maxRowBytes) break
      const cells = this.#filled / 2 - width * count
      if (cells > 0) {
        if (count > 0 && cells !== width) break
        width = cells
        lines[count++] = this.line
      }
      this.end = after
      this.line++
    }
    return new CellRows(bytes, width, places.slice(0, 2 * width * count), lines.slice(0, count))
  }

  /** Whether all whole lines were read. */
  get isDone(): boolean {
    return this.end === this.#bytes.lastIndexOf(lf) + 1
  }

  /** Reads the row of a line, no cells for a blank one. The place behind it; -1 where it isn't plain. */
  #endOfRow(bytes: Buffer, from: number): number {
    const kinds = this.#kinds
    let filled = this.#filled
    let at = from
    // There is an end of line ahead, at which everything stops.
    for (;;) {
      let start = at
      let kind = kinds[bytes[at]!]!
      if (kind === isQuote) {
        start = ++at
        for (kind = kinds[bytes[at]!]!; kind === 0 || kind === isDelimiter; ) kind = kinds[bytes[++at]!]!
        if (kind !== isQuote) return -1
        kind = kinds[bytes[++at]!]!
        places[filled + 1] = at - 1
        if (kind === 0) return -1
      } else {
        while (kind === 0) kind = kinds[bytes[++at]!]!
        places[filled + 1] = at
      }
      if (kind === isQuote) return -1
      if (kind === isCr && bytes[at + 1] !== lf) return -1
      places[filled] = start
      // Only a line of nothing at all is blank.
      if (kind === isDelimiter || at > from) filled += 2
      at++
      if (kind === isDelimiter) continue
      this.#filled = filled
      return kind === isCr ? at + 1 : at
    }
  }
}

/** Makes room for the cells of so many bytes: each takes one at least, for what comes behind it. */
function reserve(bytes: number): void {
  if (lines.length >= bytes) return
  places = new Int32Array(2 * bytes)
  lines = new Int32Array(bytes)
}

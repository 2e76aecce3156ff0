import { isUtf8 } from 'node:buffer'
import { BrokenRow } from './broken-row.ts'
import type { CsvSettings } from './csv-options.ts'
import { CsvRecordParser, type CsvRecords, reasonOf } from './csv-records.ts'
import { LineCounter } from './line-counter.ts'
import { RowFault } from './row-fault.ts'
import type { Block } from './row-reader.ts'

/**
 * Makes rows of pieces of CSV. A row that can't be read becomes a fault, and a new parser begins after it. The bytes
 * from the end of the last whole row on are held, to find where the next one begins and how to go on.
 *
 * ```
 *   piece     piece     piece
 * |---------|---------|---------|
 *       ^ end of the last whole row: held from here on, up to maxRowBytes
 * ```
 */
export class CsvRows {
  readonly #settings: CsvSettings
  readonly #lines = new LineCounter()
  #parser: CsvRecordParser
  /** Where the held bytes begin, in bytes from where the parser began. */
  #heldFrom = 0
  #held: Buffer[] = []
  #heldBytes = 0
  /** The row that is being passed over because it can't be read. */
  #broken: BrokenRow | null = null
  /** Whether the row that is being read may have bytes that are no UTF-8. */
  #suspect = false
  #rows: (readonly string[] | RowFault)[] = []
  #beginnings: number[] = []

  constructor(settings: CsvSettings) {
    this.#settings = settings
    this.#parser = this.#newParser()
  }

  /** The rows that end in the next piece; `null` ends the text. Pieces are cut between two characters. */
  async rowsOf(piece: Buffer | null): Promise<Block<readonly string[]>> {
    this.#rows = []
    this.#beginnings = []
    let rest = piece
    do rest = this.#broken === null ? await this.#parse(rest) : this.#passBroken(rest)
    while (rest !== null && rest.length > 0)
    // The text may end right after a row that was passed over, or in the middle of the parser's look-ahead.
    if (piece === null && this.#held.length > 0) return this.#parseLast()
    return { rows: this.#rows, lines: this.#beginnings }
  }
}

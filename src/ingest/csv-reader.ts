import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { CsvSettings } from './csv-options.ts'
import { CsvRows } from './csv-rows.ts'
import type { OpenBytes } from './open-bytes.ts'
import { PieceReader } from './piece-reader.ts'
import { RowFault } from './row-fault.ts'
import type { Block, CellReader } from './row-reader.ts'

/** Reads CSV: RFC 4180, and what is usual beyond it (any end of line, blank lines, another delimiter). */
export class CsvReader implements CellReader {
  readonly form = 'cells'
  readonly #bytes: OpenBytes
  readonly #pieces: PieceReader
  readonly #rows: CsvRows
  readonly #columns: readonly string[] | null
  #header: readonly string[] = []
  /** Rows that were read with the header. */
  #waiting: Block<readonly string[]> | null = null
  #ended = false

  constructor(bytes: OpenBytes, settings: CsvSettings) {
    this.#bytes = bytes
    this.#pieces = new PieceReader(bytes)
    this.#rows = new CsvRows(settings)
    this.#columns = settings.columns
  }

  get header(): readonly string[] {
    return this.#header
  }

  get totalBytes(): number | null {
    return this.#bytes.totalBytes
  }

  get bytesRead(): number {
    return this.#bytes.bytesRead
  }

  /** @throws INGEST_MAPPING without a readable header */
  async start(): Promise<void> {
    if (this.#columns === null) await this.#readHeader()
    else this.#header = this.#columns
  }

  async next(): Promise<Block<readonly string[]> | null> {
    const block = this.#waiting ?? (await this.#read())
    this.#waiting = null
    if (block === null) return null
    const width = this.#header.length
    const rows = block.rows.map((row) =>
      row instanceof RowFault || row.length === width ? row : misfit(row.length, width),
    )
    return { rows, lines: block.lines }
  }

  close(): Promise<void> {
    return this.#bytes.close()
  }

  async #read(): Promise<Block<readonly string[]> | null> {
    if (this.#ended) return null
    const piece = await this.#pieces.next()
    this.#ended = piece === null
    return this.#rows.rowsOf(piece)
  }

  async #readHeader(): Promise<void> {
    for (;;) {
      const block = await this.#read()
      if (block === null) {
        throw new CrowdbitError(
          'INGEST_MAPPING',
          'the source is empty, where a header row is expected; pass columns for a source without one',
        )
      }
      const [header] = block.rows
      if (header === undefined) continue
      if (header instanceof RowFault) {
        throw new CrowdbitError('INGEST_MAPPING', `the header row can't be read: ${header.reason}`)
      }
      this.#header = header
      this.#waiting = { rows: block.rows.slice(1), lines: block.lines!.slice(1) }
      return
    }
  }
}

function misfit(cells: number, columns: number): RowFault {
  return new RowFault(
    'INGEST_ROW_MALFORMED',
    `the row has ${cells} ${cells === 1 ? 'cell' : 'cells'}, where the header has ${columns}; quote cells that hold the delimiter`,
  )
}

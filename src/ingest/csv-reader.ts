import { CrowdbitError } from '../base/crowdbit-error.ts'
import { CellRows } from './cell-rows.ts'
import type { CsvSettings } from './csv-options.ts'
import { CsvRows } from './csv-rows.ts'
import type { OpenBytes } from './open-bytes.ts'
import { PieceReader } from './piece-reader.ts'
import { RowFault } from './row-fault.ts'
import { RowList } from './row-list.ts'
import type { Block, CellReader } from './row-reader.ts'

/** Reads CSV: RFC 4180, and what is usual beyond it (any end of line, blank lines, another delimiter). */
export class CsvReader implements CellReader {
  readonly form = 'cells'
  readonly #bytes: OpenBytes
  readonly #pieces: PieceReader
  readonly #rows: CsvRows
  readonly #columns: readonly string[] | null
  #header: readonly string[] = []
  /** Rows that were read, and not handed over yet. */
  #waiting: readonly Block<readonly string[]>[] = []
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
    if (this.#waiting.length === 0 && !(await this.#read())) return null
    const [block, ...waiting] = this.#waiting
    this.#waiting = waiting
    return block === undefined ? new RowList([], null) : this.#withoutMisfits(block)
  }

  close(): Promise<void> {
    return this.#bytes.close()
  }

  /** Reads more, perhaps no row; gives whether there was any. */
  async #read(): Promise<boolean> {
    if (this.#ended) return false
    const piece = await this.#pieces.next()
    this.#ended = piece === null
    this.#waiting = await this.#rows.rowsOf(piece)
    return true
  }

  async #readHeader(): Promise<void> {
    while (this.#waiting.length === 0) {
      if (await this.#read()) continue
      throw new CrowdbitError(
        'INGEST_MAPPING',
        'the source is empty, where a header row is expected; pass columns for a source without one',
      )
    }
    const [block, ...waiting] = this.#waiting
    const header = block!.row(0)
    if (header instanceof RowFault) {
      throw new CrowdbitError('INGEST_MAPPING', `the header row can't be read: ${header.reason}`)
    }
    this.#header = header
    this.#waiting = [block!.from(1), ...waiting]
  }

  /** The block with a fault in the place of each row that has more or fewer cells than the header. */
  #withoutMisfits(block: Block<readonly string[]>): Block<readonly string[]> {
    const width = this.#header.length
    if (block instanceof CellRows && block.width === width) return block
    const rows = Array.from({ length: block.length }, (_, i) => {
      const row = block.row(i)
      return row instanceof RowFault || row.length === width ? row : misfit(row.length, width)
    })
    return new RowList(
      rows,
      Array.from(rows, (_, i) => block.line(i)),
    )
  }
}

function misfit(cells: number, columns: number): RowFault {
  return new RowFault(
    'INGEST_ROW_MALFORMED',
    `the row has ${cells} ${cells === 1 ? 'cell' : 'cells'}, where the header has ${columns}; quote cells that hold the delimiter`,
  )
}

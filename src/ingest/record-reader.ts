import { show } from '../base/show.ts'
import { type AnyIterable, InputIterator } from './input-iterator.ts'
import { RowFault } from './row-fault.ts'
import { RowList } from './row-list.ts'
import type { Block, ObjectReader } from './row-reader.ts'

/** Rows handed over together: no more than this is read ahead. */
const blockRows = 256

/** Reads objects as they are. */
export class RecordReader implements ObjectReader {
  readonly form = 'objects'
  readonly totalBytes = null
  readonly bytesRead = 0
  readonly #rows: InputIterator<object>
  #ended = false

  constructor(rows: AnyIterable<object>) {
    this.#rows = new InputIterator(rows)
  }

  async start(): Promise<void> {}

  async next(): Promise<Block<object> | null> {
    if (this.#ended) return null
    const rows: (object | RowFault)[] = []
    while (rows.length < blockRows) {
      const step = this.#rows.next()
      const { done, value } = 'then' in step ? await step : step
      if (done === true) {
        this.#ended = true
        break
      }
      rows.push(checked(value))
    }
    return new RowList(rows, null)
  }

  close(): Promise<void> {
    return this.#rows.close()
  }
}

function checked(row: unknown): object | RowFault {
  if (typeof row === 'object' && row !== null && !Array.isArray(row) && !ArrayBuffer.isView(row)) return row
  const found = ArrayBuffer.isView(row) ? 'bytes' : show(row)
  return new RowFault(
    'INGEST_ROW_MALFORMED',
    `the row is ${found}, where an object is expected; csv() and ndjson() read bytes and text`,
  )
}

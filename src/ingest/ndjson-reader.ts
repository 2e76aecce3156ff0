import { isUtf8 } from 'node:buffer'
import { show } from '../base/show.ts'
import { notUtf8 } from './csv-rows.ts'
import type { OpenBytes } from './open-bytes.ts'
import { PieceReader } from './piece-reader.ts'
import { RowFault } from './row-fault.ts'
import { RowList } from './row-list.ts'
import type { Block, ObjectReader } from './row-reader.ts'

const lf = 10

/** Reads one JSON object a line. Blank lines are skipped. */
export class NdjsonReader implements ObjectReader {
  readonly form = 'objects'
  readonly #bytes: OpenBytes
  readonly #pieces: PieceReader
  readonly #maxLineBytes: number
  /** Bytes of the line that is being read. */
  #held: Buffer[] = []
  #heldBytes = 0
  /** Whether the line that is being read is too long, and passed over. */
  #passing = false
  #line = 1
  #ended = false

  constructor(bytes: OpenBytes, maxLineBytes: number) {
    this.#bytes = bytes
    this.#pieces = new PieceReader(bytes)
    this.#maxLineBytes = maxLineBytes
  }

  get totalBytes(): number | null {
    return this.#bytes.totalBytes
  }

  get bytesRead(): number {
    return this.#bytes.bytesRead
  }

  async start(): Promise<void> {}

  async next(): Promise<Block<object> | null> {
    if (this.#ended) return null
    const piece = await this.#pieces.next()
    this.#ended = piece === null
    return this.#rowsOf(piece)
  }

  close(): Promise<void> {
    return this.#bytes.close()
  }

  #rowsOf(piece: Buffer | null): Block<object> {
    const rows: (object | RowFault)[] = []
    const lines: number[] = []
    const add = (row: object | RowFault | undefined): void => {
      if (row === undefined) return
      rows.push(row)
      lines.push(this.#line)
    }
    const rest = piece === null ? null : this.#endPassing(piece)
    const end = rest === null ? -1 : rest.lastIndexOf(lf) + 1
    if (end !== 0) {
      for (const line of linesOf(this.#take(rest?.subarray(0, end)))) {
        add(line === null ? notUtf8 : this.#read(line))
        this.#line++
      }
    }
    const beginning = rest?.subarray(end)
    if (beginning !== undefined && beginning.length > 0 && !this.#passing) {
      this.#held.push(beginning)
      this.#heldBytes += beginning.length
      // One byte more may be the CR of its end.
      if (this.#heldBytes > this.#maxLineBytes + 1) {
        add(this.#tooLong())
        this.#take()
        this.#passing = true
      }
    }
    return new RowList(rows, lines)
  }

  /** What comes after the line that is passed over: nothing while it goes on. */
  #endPassing(piece: Buffer): Buffer {
    if (!this.#passing) return piece
    const end = piece.indexOf(lf)
    if (end === -1) return piece.subarray(piece.length)
    this.#passing = false
    this.#line++
    return piece.subarray(end + 1)
  }

  /** The held bytes and these, which are held no longer. */
  #take(more?: Buffer): Buffer {
    const parts = more === undefined ? this.#held : [...this.#held, more]
    this.#held = []
    this.#heldBytes = 0
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  }

  /** The object on a line, or why there is none; `undefined` for a blank line. */
  #read(line: string): object | RowFault | undefined {
    if (line.length * 3 > this.#maxLineBytes && Buffer.byteLength(line.replace(/\r$/, '')) > this.#maxLineBytes) {
      return this.#tooLong()
    }
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      if (line.trim() === '') return undefined
      const because = error instanceof Error ? error.message : String(error)
      return new RowFault('INGEST_ROW_MALFORMED', `the line is not JSON: ${because}`, null, line)
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    return new RowFault(
      'INGEST_ROW_MALFORMED',
      `the line holds ${show(value)}, where an object is expected`,
      null,
      line,
    )
  }

  #tooLong(): RowFault {
    return new RowFault(
      'INGEST_ROW_TOO_LONG',
      `the line has more than ${this.#maxLineBytes} bytes; is it one JSON document instead of one object a line? The option maxRowBytes allows more`,
    )
  }
}

/** The lines of bytes that end with a line, `null` for one that is not UTF-8. */
function* linesOf(bytes: Buffer): Generator<string | null> {
  if (bytes.length === 0) return
  if (!isUtf8(bytes)) {
    for (let begin = 0; begin < bytes.length; ) {
      const found = bytes.indexOf(lf, begin)
      const end = found === -1 ? bytes.length : found
      const line = bytes.subarray(begin, end)
      yield isUtf8(line) ? line.toString() : null
      begin = end + 1
    }
    return
  }
  const text = bytes.toString()
  for (let begin = 0; begin < text.length; ) {
    const found = text.indexOf('\n', begin)
    const end = found === -1 ? text.length : found
    yield text.slice(begin, end)
    begin = end + 1
  }
}

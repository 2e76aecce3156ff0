import { isUtf8 } from 'node:buffer'
import { BrokenRow } from './broken-row.ts'
import type { CsvSettings } from './csv-options.ts'
import { CsvRecordParser, type CsvRecords, reasonOf } from './csv-records.ts'
import { LineCounter } from './line-counter.ts'
import { pieceBytes } from './open-bytes.ts'
import { PlainReader } from './plain-reader.ts'
import { RowFault } from './row-fault.ts'
import { RowList } from './row-list.ts'
import type { Block } from './row-reader.ts'

const nothing = Buffer.alloc(0)
const lf = 10

/** Bytes that csv-parse gets at least, once it is needed: to begin anew costs as much as a hundred rows. */
const leastParsed = pieceBytes
/** Where more than this is left of the last row, csv-parse goes on with it. */
const mostReread = 4096

/**
 * Makes rows of pieces of CSV. Plain rows are read here; from one that isn't, csv-parse reads on for a while. A row that can't be read
 * becomes a fault, and a new parser begins after it. The bytes since the last whole row are held, to tell lines and to find where to go on.
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
  /** `null` where every row is csv-parse's. */
  readonly #plain: PlainReader | null
  /** What has been given all that is held; `null` where the held bytes are to be read as plain rows. */
  #parser: CsvRecordParser | null = null
  #parsedBytes = 0
  #held: Buffer[] = []
  #heldBytes = 0
  /** Where the held bytes begin, in bytes from where the parser began. */
  #heldFrom = 0
  /** The row that is being passed over because it can't be read. */
  #broken: BrokenRow | null = null
  #blocks: Block<readonly string[]>[] = []
  #rows: (readonly string[] | RowFault)[] = []
  #beginnings: number[] = []

  /** @param readsPlain whether plain rows are read without csv-parse: the rows are the same */
  constructor(settings: CsvSettings, readsPlain = true) {
    this.#settings = settings
    this.#plain = readsPlain ? new PlainReader(settings) : null
  }

  /** The rows that end in the next piece; `null` ends the text. */
  async rowsOf(piece: Buffer | null): Promise<readonly Block<readonly string[]>[]> {
    this.#blocks = []
    let left = piece
    do {
      while (left !== null && left.length > 0) left = await this.#take(left)
      // What is broken at the end may have rows after it, which have an end of their own.
      if (piece === null) left = await this.#take(null)
    } while (left !== null && left.length > 0)
    this.#endList()
    return this.#blocks
  }

  /** Takes a piece up to where a broken row ends in it, and gives what is left. */
  async #take(piece: Buffer | null): Promise<Buffer> {
    if (this.#broken !== null) return piece === null ? nothing : this.#passOver(this.#broken, piece)
    if (this.#parser !== null) return this.#parse(this.#parser, piece)
    return this.#takePlain(piece)
  }

  // ─── Plain rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Reads plain rows as long as there are. From one that isn't, csv-parse reads on. */
  async #takePlain(piece: Buffer | null): Promise<Buffer> {
    if (piece !== null) this.#holdMore(piece)
    const most = this.#plain === null ? 0 : Math.min(leastParsed, this.#settings.maxRowBytes)
    if (piece !== null && this.#heldBytes <= most && !piece.includes(lf)) return nothing
    const bytes = this.#heldOnes()
    const rest = this.#plain === null ? bytes : this.#readPlain(this.#plain, bytes)
    this.#hold(nothing)
    if (rest.length === 0) return nothing
    if (piece !== null && this.#plain?.isDone === true && rest.length <= most) {
      this.#hold(rest)
      return nothing
    }
    this.#parser = new CsvRecordParser(this.#settings.delimiter, this.#settings.quote)
    this.#parsedBytes = 0
    this.#heldFrom = 0
    const left = await this.#parse(this.#parser, rest)
    return piece === null && left.length === 0 ? this.#take(null) : left
  }

  /** Adds the plain rows that the bytes begin with, and gives what is left. */
  #readPlain(plain: PlainReader, bytes: Buffer): Buffer {
    const begin = this.#lines.passBlank(bytes, 0)
    plain.begin(bytes.subarray(begin), this.#lines.line)
    for (;;) {
      const { end } = plain
      const rows = plain.read()
      if (rows.length > 0) {
        this.#endList()
        this.#blocks.push(rows)
      }
      if (plain.end === end) break
    }
    this.#lines.passTo(plain.line)
    return bytes.subarray(begin + plain.end)
  }

  // ─── Rows of csv-parse ──────────────────────────────────────────────────────────────────────────────────────────────

  async #parse(parser: CsvRecordParser, piece: Buffer | null): Promise<Buffer> {
    const found = await parser.parse(piece)
    if (piece !== null) {
      this.#holdMore(piece)
      this.#parsedBytes += piece.length
    }
    if (found.records.length === 0 && found.fault === null && this.#heldBytes <= this.#settings.maxRowBytes) {
      return nothing
    }
    const bytes = this.#heldOnes()
    const end = this.#takeRecords(found, bytes)
    const begin = this.#lines.passBlank(bytes, end)
    const rest = bytes.subarray(begin)
    if (found.fault !== null) return this.#break(rest, new RowFault('INGEST_ROW_MALFORMED', reasonOf(found.fault)))
    if (rest.length > this.#settings.maxRowBytes + lookAhead) return this.#break(rest, this.#tooLong())
    this.#hold(rest)
    this.#heldFrom += begin
    if (this.#plain !== null && this.#parsedBytes >= leastParsed && rest.length <= mostReread) this.#parser = null
    return nothing
  }

  /** Adds the records of the held bytes as rows, and gives the place after the last. */
  #takeRecords({ records, ends }: CsvRecords, bytes: Buffer): number {
    const { maxRowBytes } = this.#settings
    const end = records.length === 0 ? 0 : ends[records.length - 1]! - this.#heldFrom
    const isSound = isUtf8(bytes.subarray(0, end))
    let at = 0
    for (let i = 0; i < records.length; i++) {
      const begin = this.#lines.passBlank(bytes, at)
      at = ends[i]! - this.#heldFrom
      this.#beginnings.push(this.#lines.line)
      this.#lines.pass(bytes, begin, at)
      let row: readonly string[] | RowFault = records[i]!
      if (at - begin > maxRowBytes && withoutLineEnd(bytes, at) - begin > maxRowBytes) row = this.#tooLong()
      else if (!isSound && !isUtf8(bytes.subarray(begin, at))) row = notUtf8
      this.#rows.push(row)
    }
    return at
  }

  /** Makes the rows of csv-parse so far a block. */
  #endList(): void {
    if (this.#rows.length === 0) return
    this.#blocks.push(new RowList(this.#rows, this.#beginnings))
    this.#rows = []
    this.#beginnings = []
  }

  // ─── Rows that can't be read ────────────────────────────────────────────────────────────────────────────────────────

  /** Begins to pass over the row that these bytes begin with, and gives what is left. */
  #break(bytes: Buffer, fault: RowFault): Buffer {
    this.#rows.push(fault)
    this.#beginnings.push(this.#lines.line)
    this.#hold(nothing)
    this.#broken = new BrokenRow(this.#settings.delimiter, this.#settings.quote)
    return this.#passOver(this.#broken, bytes)
  }

  #passOver(broken: BrokenRow, bytes: Buffer): Buffer {
    const end = broken.endIn(bytes)
    this.#lines.pass(bytes, 0, end === -1 ? bytes.length : end)
    if (end === -1) return nothing
    this.#broken = null
    this.#parser = null
    return bytes.subarray(end)
  }

  #tooLong(): RowFault {
    return new RowFault(
      'INGEST_ROW_TOO_LONG',
      `the row has more than ${this.#settings.maxRowBytes} bytes; is a quoted cell not closed? The option maxRowBytes allows more`,
    )
  }

  // ─── What is held ───────────────────────────────────────────────────────────────────────────────────────────────────

  #hold(bytes: Buffer): void {
    this.#held = bytes.length === 0 ? [] : [bytes]
    this.#heldBytes = bytes.length
  }

  #holdMore(bytes: Buffer): void {
    this.#held.push(bytes)
    this.#heldBytes += bytes.length
  }

  #heldOnes(): Buffer {
    return this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held)
  }
}

/** A row whose end the parser has not told yet may be held with its end of line, and some bytes more. */
const lookAhead = 8

/** Why a row is refused that no text can be made of. */
export const notUtf8: RowFault = new RowFault(
  'INGEST_ROW_MALFORMED',
  'the row has bytes that are not UTF-8; is the source in another encoding, such as GBK? Convert it to UTF-8',
)

function withoutLineEnd(bytes: Buffer, end: number): number {
  while (bytes[end - 1] === 10 || bytes[end - 1] === 13) end--
  return end
}

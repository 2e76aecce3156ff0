import { type CsvError, type Options, Parser } from 'csv-parse'

/** What a piece of CSV held. */
export interface CsvRecords {
  readonly records: readonly (readonly string[])[]
  /** For each record the place after it and its end of line, in bytes from where the parser began. */
  readonly ends: readonly number[]
  /** What ended the parsing: the parser can't be used again. */
  readonly fault: Error | null
}

/**
 * csv-parse, handing over the records of a piece at once. Its own stream of records would cost as much as the parsing,
 * so `push` is overridden, and the readable side stays empty.
 */
export class CsvRecordParser extends Parser {
  #records: (readonly string[])[] = []
  #ends: number[] = []

  constructor(delimiter: string, quote: string | null) {
    const options: Options = {
      delimiter,
      quote,
      escape: quote,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
    }
    super(options)
    // The fault is given by `parse`.
    this.on('error', () => {})
  }

  /** Called by csv-parse with each record, and with `null` at the end. */
  override push(record: unknown): boolean {
    if (record === null) return super.push(null)
    this.#records.push(record as readonly string[])
    this.#ends.push(this.info.bytes)
    return true
  }

  /** The records that end in the next piece; `null` ends the text. */
  async parse(piece: Buffer | null): Promise<CsvRecords> {
    const fault = await new Promise<Error | null>((resolve) => {
      const done = (error?: Error | null): void => resolve(error ?? null)
      if (piece === null) this.end(done)
      else this.write(piece, done)
    })
    const found = { records: this.#records, ends: this.#ends, fault }
    this.#records = []
    this.#ends = []
    return found
  }
}

/** What is wrong with a row that csv-parse refuses, and what to do about it. */
export function reasonOf(fault: Error): string {
  switch ((fault as Partial<CsvError>).code as string | undefined) {
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'something follows the quote that closes a cell; a quote inside a quoted cell is written twice. Reading goes on at the next line'
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands inside a cell that is not quoted; quote the cell and write the quote twice, or pass quote: null for a source without quoting. Reading goes on at the next line'
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quoted cell is not closed: all lines from here to the end belong to it'
    default:
      return fault.message
  }
}

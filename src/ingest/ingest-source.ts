import type { RowReader } from './row-reader.ts'

/**
 * Where the rows of an ingest come from. Made by `csvFile`, `csv`, `ndjsonFile`, `ndjson` and `records`; nothing is
 * opened before the ingest begins.
 */
export class IngestSource {
  /** What errors call the source: the path of a file, or what kind of thing it is. */
  readonly name: string
  readonly #open: () => RowReader

  /** Made by the functions above. */
  constructor(name: string, open: () => RowReader) {
    this.name = name
    this.#open = open
  }

  /**
   * A reader of the source, which nothing has been read of yet.
   *
   * @internal
   */
  open(): RowReader {
    return this.#open()
  }
}

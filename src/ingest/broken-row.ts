const lf = 10
const cr = 13

/** Where in a row the scan is: at the beginning of a cell, in a bare cell, in a quoted one, behind a quote in it, past what is wrong. */
type Place = 'begin' | 'bare' | 'quoted' | 'behindQuote' | 'broken'

/**
 * Finds the end of a CSV row that can't be read, piece by piece, without holding it: the end of the line where it goes
 * wrong. So no text inside a quoted cell is ever taken for rows, and only the lines that the row touches are lost.
 */
export class BrokenRow {
  readonly #delimiter: number
  readonly #quote: number
  #place: Place = 'begin'

  constructor(delimiter: string, quote: string | null) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.#quote = quote === null ? -1 : quote.charCodeAt(0)
  }

  /** The place after the end of line that ends the row; -1 when it isn't in these bytes. */
  endIn(bytes: Uint8Array): number {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!
      if (this.#place === 'quoted') {
        if (byte === this.#quote) this.#place = 'behindQuote'
      } else if (byte === lf || byte === cr) return i + 1
      else this.#place = this.#next(byte)
    }
    return -1
  }

  #next(byte: number): Place {
    switch (this.#place) {
      case 'begin':
        return byte === this.#quote ? 'quoted' : byte === this.#delimiter ? 'begin' : 'bare'
      case 'bare':
        return byte === this.#delimiter ? 'begin' : byte === this.#quote ? 'broken' : 'bare'
      case 'behindQuote':
        if (byte === this.#quote) return 'quoted'
        // csv-parse takes NUL for the end of the text there, and goes on as in a bare cell.
        return byte === this.#delimiter ? 'begin' : byte === 0 ? 'bare' : 'broken'
      default:
        return this.#place
    }
  }
}

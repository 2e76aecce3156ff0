const lf = 10
const cr = 13

/** Counts physical lines. A line ends with CRLF, LF or CR, also inside a quoted cell. */
export class LineCounter {
  /** The line of the next byte, counted from 1. */
  line = 1
  #afterCr = false

  /** Passes the bytes from `start` (included) to `end` (excluded). Cost: about a nanosecond a byte. */
  pass(bytes: Uint8Array, start: number, end: number): void {
    let afterCr = this.#afterCr
    let line = this.line
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte > cr) afterCr = false
      else if (byte === lf) {
        if (!afterCr) line++
        afterCr = false
      } else {
        afterCr = byte === cr
        if (afterCr) line++
      }
    }
    this.#afterCr = afterCr
    this.line = line
  }

  /** Passes whole lines up to one, the last of which ended with LF. */
  passTo(line: number): void {
    if (line === this.line) return
    this.line = line
    this.#afterCr = false
  }

  /** Passes the ends of lines from `start` on, and gives the place of the first other byte. */
  passBlank(bytes: Uint8Array, start: number): number {
    let end = start
    while (bytes[end] === lf || bytes[end] === cr) end++
    this.pass(bytes, start, end)
    return end
  }
}

import { type OpenBytes, pieceBytes } from './open-bytes.ts'

/** Cuts bytes into pieces of at most 64 KiB, and takes the byte order mark off. Nothing is read before it is needed. */
export class PieceReader {
  readonly #bytes: OpenBytes
  #rest: Buffer = Buffer.alloc(0)
  #began = false
  #ended = false

  constructor(bytes: OpenBytes) {
    this.#bytes = bytes
  }

  /** The next piece, not empty; `null` at the end. */
  async next(): Promise<Buffer | null> {
    if (!this.#began) {
      while (this.#rest.length < markBytes && (await this.#readMore()));
      this.#skipMark()
    }
    if (this.#rest.length === 0) await this.#readMore()
    if (this.#rest.length === 0) return null
    const piece = this.#rest.subarray(0, pieceBytes)
    this.#rest = this.#rest.subarray(piece.length)
    return piece
  }

  async #readMore(): Promise<boolean> {
    if (this.#ended) return false
    const part = await this.#bytes.read()
    this.#ended = part === null
    if (part !== null) this.#rest = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part])
    return part !== null
  }

  #skipMark(): void {
    this.#began = true
    const [a, b, c] = this.#rest
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
      throw new Error('the text is UTF-16, where UTF-8 is expected: save or convert it as UTF-8')
    }
    if (a === 0xef && b === 0xbb && c === 0xbf) this.#rest = this.#rest.subarray(3)
  }
}

/** The longest mark, of UTF-8. */
const markBytes = 3

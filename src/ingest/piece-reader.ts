import { type OpenBytes, pieceBytes } from './open-bytes.ts'

/**
 * Cuts bytes into pieces of at most 64 KiB that end between two characters of UTF-8, and takes the byte order mark off.
 * Nothing is read before it is needed.
 */
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
    while (this.#rest.length < longestCharacter && !this.#ended) {
      const part = await this.#bytes.read()
      if (part === null) this.#ended = true
      else this.#rest = this.#rest.length === 0 ? part : Buffer.concat([this.#rest, part])
    }
    if (!this.#began) this.#skipMark()
    const rest = this.#rest
    if (rest.length === 0) return null
    const isLast = this.#ended && rest.length <= pieceBytes
    const end = isLast ? rest.length : wholeCharacters(rest, Math.min(rest.length, pieceBytes))
    this.#rest = rest.subarray(end)
    return rest.subarray(0, end)
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

const longestCharacter = 4

/** The end, up to `end`, of the last character that is whole, whatever the bytes are: more than 0 for four bytes or more. */
function wholeCharacters(bytes: Buffer, end: number): number {
  for (let back = 1; back < longestCharacter && back < end; back++) {
    const byte = bytes[end - back]!
    if (byte < 0x80) return end
    if (byte >= 0xc0) {
      const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
      return length > back ? end - back : end
    }
  }
  return end
}

/** Bytes that come in pieces, cut anywhere, read in runs. */
export class ByteFeed {
  readonly #pieces: Iterator<Uint8Array>
  #piece: Uint8Array = new Uint8Array(0)
  #at = 0
  #taken = 0

  constructor(source: Uint8Array | Iterable<Uint8Array>) {
    this.#pieces = (source instanceof Uint8Array ? [source] : source)[Symbol.iterator]()
  }

  /** Bytes that were taken so far: the place of the next one. */
  get position(): number {
    return this.#taken
  }

  /** Whether nothing is left. */
  get isAtEnd(): boolean {
    while (this.#at === this.#piece.length) {
      const next = this.#pieces.next()
      if (next.done) return true
      this.#piece = next.value
      this.#at = 0
    }
    return false
  }

  /**
   * The next `length` bytes, or as many as there are: a view where they lie in one piece, else a copy. `length` must not
   * be a number that nobody checked.
   */
  take(length: number): Uint8Array {
    if (length === 0 || this.isAtEnd) return new Uint8Array(0)
    if (this.#piece.length - this.#at >= length) return this.#advance(length)
    const copy = new Uint8Array(length)
    let filled = 0
    while (filled < length && !this.isAtEnd) {
      const part = this.#advance(Math.min(length - filled, this.#piece.length - this.#at))
      copy.set(part, filled)
      filled += part.length
    }
    return copy.subarray(0, filled)
  }

  #advance(length: number): Uint8Array {
    const view = this.#piece.subarray(this.#at, this.#at + length)
    this.#at += length
    this.#taken += length
    return view
  }
}

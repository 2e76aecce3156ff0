const chunkBits = 16
const chunkMask = (1 << chunkBits) - 1

/**
 * A number of 32 bits for each dense number, 0 until it is set: in chunks that exist only where one was set. Copies share chunks
 * until they are written.
 */
export class NumberChunks {
  readonly #chunks: (Uint32Array | undefined)[]
  /** Chunks that no copy has. */
  #own = new Set<number>()
  #byteSize = 0

  constructor(chunks: (Uint32Array | undefined)[] = []) {
    this.#chunks = chunks
  }

  /** The numbers as they are now, to be read. Cost: the number of chunks; a write copies each that it is the first to touch. */
  copy(): NumberChunks {
    this.#own = new Set()
    return new NumberChunks([...this.#chunks])
  }

  /** Bytes of the chunks. */
  get byteSize(): number {
    return this.#byteSize
  }

  get(dense: number): number {
    const chunk = this.#chunks[dense >>> chunkBits]
    return chunk === undefined ? 0 : chunk[dense & chunkMask]!
  }

  set(dense: number, value: number): void {
    const index = dense >>> chunkBits
    let chunk = this.#chunks[index]
    if (chunk === undefined) {
      if (value === 0) return
      chunk = new Uint32Array(1 << chunkBits)
      while (this.#chunks.length < index) this.#chunks.push(undefined)
      this.#chunks[index] = chunk
      this.#own.add(index)
      this.#byteSize += chunk.byteLength
    } else if (!this.#own.has(index)) {
      chunk = chunk.slice()
      this.#chunks[index] = chunk
      this.#own.add(index)
    }
    chunk[dense & chunkMask] = value
  }

  /** The dense numbers that have another number than 0, ascending. */
  *places(): Generator<number, void, undefined> {
    for (let index = 0; index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index]
      if (chunk === undefined) continue
      for (let i = 0; i <= chunkMask; i++) if (chunk[i] !== 0) yield index * (chunkMask + 1) + i
    }
  }
}

const chunkBits = 16

/** Marks of dense numbers: one bit each, in chunks that exist only where one was marked. */
export class MarkedBits {
  readonly #chunks: (Uint32Array | undefined)[] = []
  #count = 0
  #byteSize = 0

  /** The same marks once more. Cost: the chunks. */
  copy(): MarkedBits {
    const copy = new MarkedBits()
    for (const chunk of this.#chunks) copy.#chunks.push(chunk?.slice())
    copy.#count = this.#count
    copy.#byteSize = this.#byteSize
    return copy
  }

  /** How many are marked. */
  get count(): number {
    return this.#count
  }

  get byteSize(): number {
    return this.#byteSize
  }

  has(dense: number): boolean {
    if (this.#count === 0) return false
    const chunk = this.#chunks[dense >>> chunkBits]
    return chunk !== undefined && ((chunk[(dense & 0xffff) >>> 5]! >>> (dense & 31)) & 1) === 1
  }

  /** Whether any of `[from, to)` may be marked: of at most 65,536, and exactly so but where the chunk has any. Cost: constant. */
  mayHave(from: number, to: number): boolean {
    if (this.#count === 0) return false
    return this.#chunks[from >>> chunkBits] !== undefined || this.#chunks[(to - 1) >>> chunkBits] !== undefined
  }

  /** All that are marked, ascending. Cost: the chunks that there are. */
  *values(): Generator<number, void, undefined> {
    for (const [index, chunk] of this.#chunks.entries()) {
      if (chunk === undefined) continue
      for (let i = 0; i < chunk.length; i++) {
        for (let word = chunk[i]!; word !== 0; word &= word - 1) {
          yield index * 0x1_0000 + i * 32 + (31 - Math.clz32(word & -word))
        }
      }
    }
  }

  /** Marks a number that isn't marked yet. */
  add(dense: number): void {
    const index = dense >>> chunkBits
    while (this.#chunks.length <= index) this.#chunks.push(undefined)
    let chunk = this.#chunks[index]
    if (chunk === undefined) {
      chunk = new Uint32Array(1 << (chunkBits - 5))
      this.#chunks[index] = chunk
      this.#byteSize += chunk.byteLength
    }
    chunk[(dense & 0xffff) >>> 5]! |= 1 << (dense & 31)
    this.#count++
  }

  /** Takes the mark from a number that has one. */
  delete(dense: number): void {
    this.#chunks[dense >>> chunkBits]![(dense & 0xffff) >>> 5]! &= ~(1 << (dense & 31))
    this.#count--
  }
}

import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'

const chunkBits = 16
const chunkSize = 1 << chunkBits
const chunkMask = chunkSize - 1

/**
 * From a person to the number of their value in a one-value category, for columns with so many values that asking each
 * value's bitmap would be slow. Chunks of 65,536 people, made when first written: two bytes a person while value
 * numbers are below 65,535, four above.
 *
 * Cells hold the value's number + 1; 0 means no value.
 */
export class ForwardIndex {
  readonly #chunks: (Uint16Array | Uint32Array | undefined)[] = []

  /** The number of the person's value, or -1. */
  get(person: number): number {
    const chunk = this.#chunks[person >>> chunkBits]
    return chunk === undefined ? -1 : chunk[person & chunkMask]! - 1
  }

  /** Sets the number of the person's value; -1 for none. */
  set(person: number, value: number): void {
    const index = person >>> chunkBits
    let chunk = this.#chunks[index]
    if (chunk === undefined) {
      if (value === -1) return
      chunk = value < 0xffff ? new Uint16Array(chunkSize) : new Uint32Array(chunkSize)
      this.#chunks[index] = chunk
    } else if (value >= 0xffff && chunk instanceof Uint16Array) {
      chunk = Uint32Array.from(chunk)
      this.#chunks[index] = chunk
    }
    chunk[person & chunkMask] = value + 1
  }

  /** Sets the value of many people. */
  setAll(people: ReadonlyBitmap, value: number): void {
    for (const person of people) this.set(person, value)
  }

  /** Bytes held. */
  get byteSize(): number {
    return this.#chunks.reduce((sum, chunk) => sum + (chunk?.byteLength ?? 0), 0)
  }
}

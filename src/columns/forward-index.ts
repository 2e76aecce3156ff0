import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Cells } from '../bitmap/count-cells.ts'
import { type PageCare, SharedPages } from './shared-pages.ts'

const chunkBits = 16
const chunkSize = 1 << chunkBits
const chunkMask = chunkSize - 1

type Chunk = Cells

const care: PageCare<Chunk> = { copy: (chunk) => chunk.slice(), free: () => {} }

/**
 * From a person to the number of their value in a one-value category, for columns with so many values that asking each
 * value's bitmap would be slow. Chunks of 65,536 people, made when first written: two bytes a person while value
 * numbers are below 65,535, four above. Forks share chunks until one is written.
 *
 * Cells hold the value's number + 1; 0 means no value.
 */
export class ForwardIndex {
  readonly #chunks: SharedPages<Chunk>
  /** The first chunk that is not known to be where other threads can read it. */
  #nextToShare = 0

  constructor(chunks: SharedPages<Chunk> = new SharedPages(care)) {
    this.#chunks = chunks
  }

  /** The number of the person's value, or -1. */
  get(person: number): number {
    const chunk = this.#chunks.at(person >>> chunkBits)
    return chunk === undefined ? -1 : chunk[person & chunkMask]! - 1
  }

  /** Sets the number of the person's value; -1 for none. */
  set(person: number, value: number): void {
    if (this.get(person) === value) return
    const index = person >>> chunkBits
    let chunk = this.#chunks.writable(index)
    if (chunk === undefined) {
      chunk = value < 0xffff ? new Uint16Array(chunkSize) : new Uint32Array(chunkSize)
      this.#chunks.set(index, chunk)
    } else if (value >= 0xffff && chunk instanceof Uint16Array) {
      chunk = Uint32Array.from(chunk)
      this.#chunks.set(index, chunk)
    }
    chunk[person & chunkMask] = value + 1
  }

  /** Sets the value of many people. */
  setAll(people: ReadonlyBitmap, value: number): void {
    for (const person of people) this.set(person, value)
  }

  /**
   * Counts people by the numbers of their values: adds 1 to `counts[value + 1]` for each, and to `counts[0]` for who has none.
   * Cost: 1 to 2 ns a person where they are many, and a list of 256 KB.
   */
  count(people: ReadonlyBitmap, counts: Uint32Array): void {
    const { size } = people
    for (let from = 0; from < size; from += chunkSize) {
      const block = people.rangeUint32Array(from, chunkSize)
      for (let i = 0; i < block.length; ) {
        const index = block[i]! >>> chunkBits
        const chunk = this.#chunks.at(index)
        const first = i
        if (chunk === undefined) {
          while (i < block.length && block[i]! >>> chunkBits === index) i++
          counts[0]! += i - first
        } else {
          const end = (index + 1) * chunkSize
          for (; i < block.length && block[i]! < end; i++) counts[chunk[block[i]! & chunkMask]!]!++
        }
      }
    }
  }

  /** Puts one more chunk where other threads can read it; `false` where all are. Cost: a copy of 128 KB. */
  shareOne(): boolean {
    for (; this.#nextToShare < this.#chunks.length; this.#nextToShare++) {
      const chunk = this.#chunks.at(this.#nextToShare)
      if (chunk === undefined || chunk.buffer instanceof SharedArrayBuffer) continue
      const copy = sharedCopy(chunk)
      this.#chunks.swap(this.#nextToShare, copy)
      return true
    }
    // What is written anew is elsewhere again.
    this.#nextToShare = 0
    return false
  }

  /** The cells of so many containers of people from one on, as they are now: see `count`. */
  cells(from: number, containers: number): readonly (Cells | undefined)[] {
    return Array.from({ length: containers }, (_, i) => this.#chunks.at(from + i))
  }

  /** Bytes held, those included that a fork has too. */
  get byteSize(): number {
    let bytes = 0
    for (const chunk of this.#chunks) bytes += chunk.byteLength
    return bytes
  }

  /** The same index for somebody else. Cost: nothing now; who writes copies the chunk. */
  fork(): ForwardIndex {
    return new ForwardIndex(this.#chunks.fork())
  }

  /** Lets go of the chunks. */
  dispose(): void {
    this.#chunks.dispose()
  }
}

function sharedCopy(chunk: Chunk): Chunk {
  const buffer = new SharedArrayBuffer(chunk.byteLength)
  const copy = chunk instanceof Uint16Array ? new Uint16Array(buffer) : new Uint32Array(buffer)
  copy.set(chunk)
  return copy
}

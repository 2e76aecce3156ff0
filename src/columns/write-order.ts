import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { MergePolicy } from '../schema/column-spec.ts'
import { chunkBits, OrderChunk } from './order-chunk.ts'
import { type PageCare, SharedPages } from './shared-pages.ts'

/** The order that a column keeps for what it does with two values; `null` where it doesn't ask for one. */
export function orderFor(merge: MergePolicy = 'latest'): WriteOrder | null {
  return merge === 'latest' || merge === 'first' ? new WriteOrder() : null
}

const care: PageCare<OrderChunk> = { copy: (chunk) => chunk.copy(), free: () => {} }

/**
 * For each person who has a value in a column, at which version of the data it was written: what tells the later of two values
 * when people are linked (law 4). Of people without a value it says anything.
 *
 * Memory: next to nothing where each write was of many people, or of new ones; else 4 bytes a person.
 */
export class WriteOrder {
  #chunks: SharedPages<OrderChunk>
  /** The order of values in chunks that aren't there; `null` where there are no values. */
  #rest: number | null
  /** The chunk written last, while nobody else may have it. */
  #recent: OrderChunk | null = null
  #recentIndex = -1

  constructor(rest: number | null = null, chunks: SharedPages<OrderChunk> = new SharedPages(care)) {
    this.#rest = rest
    this.#chunks = chunks
  }

  /** The same order for somebody else. Cost: nothing now; who writes copies the chunk. Dispose of it. */
  fork(): WriteOrder {
    this.#recentIndex = -1
    return new WriteOrder(this.#rest, this.#chunks.fork())
  }

  /** Lets go of the chunks. */
  dispose(): void {
    this.#recentIndex = -1
    this.#chunks.dispose()
  }

  /** Bytes held, those included that a fork has too. */
  get byteSize(): number {
    let bytes = 0
    for (const chunk of this.#chunks) bytes += chunk.byteSize
    return bytes
  }

  /** When the value of a person was written. */
  get(person: number): number {
    return this.#chunks.at(person >>> chunkBits)?.get(person & 0xffff) ?? this.#rest ?? 0
  }

  /** Told that a person's value was written. */
  set(person: number, order: number): void {
    const index = person >>> chunkBits
    if (index !== this.#recentIndex) {
      this.#recent = this.#writable(index, order)
      this.#recentIndex = index
    }
    this.#recent!.set(person & 0xffff, order)
  }

  /**
   * Told that the values of many were written.
   * Cost: nothing where they are all who have one; else some nanoseconds a person.
   *
   * @param present all who have a value
   */
  setAll(people: ReadonlyBitmap, order: number, present: ReadonlyBitmap): void {
    const { size } = people
    if (size > 0 && size === present.size) {
      this.replace(order)
      return
    }
    this.#recentIndex = -1
    for (let at = 0; at < size; ) {
      const block = people.rangeUint32Array(at, 2 ** chunkBits)
      let from = 0
      while (from < block.length) {
        const index = block[from]! >>> chunkBits
        const start = index * 2 ** chunkBits
        const to = endOf(block, from, start + 2 ** chunkBits)
        // What may go on in the next block is taken with it: a block has room for a chunk at least.
        if (to === block.length && from > 0 && at + to < size) break
        const isAll = to - from === present.rangeCardinality(start, start + 2 ** chunkBits)
        if (isAll) this.#chunks.set(index, new OrderChunk(order, 0xffff))
        else this.#writable(index, order).setMany(block.subarray(from, to), order)
        from = to
      }
      at += from
    }
  }

  /**
   * Told that all values of people from `first` to `last`, both included, were written at once; of nobody behind was told yet.
   * Cost: constant for each 65,536 numbers between them.
   */
  setStretch(first: number, last: number, order: number): void {
    this.#recentIndex = -1
    const [from, to] = [first >>> chunkBits, last >>> chunkBits]
    for (let index = from; index <= to; index++) {
      const start = index === from ? first & 0xffff : 0
      this.#writable(index, order).setStretch(start, index === to ? last & 0xffff : 0xffff, order)
    }
  }

  /** Told that all values that there are were written at once. */
  replace(order: number): void {
    this.dispose()
    this.#rest = order
  }

  #writable(index: number, order: number): OrderChunk {
    const known = this.#chunks.writable(index)
    if (known !== undefined) return known
    const chunk = this.#rest === null ? new OrderChunk(order, -1) : new OrderChunk(this.#rest, 0xffff)
    this.#chunks.set(index, chunk)
    return chunk
  }
}

/** Where the values of an ascending list that are below `end` end, from a place on. */
function endOf(list: Uint32Array, from: number, end: number): number {
  let low = from
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (list[middle]! < end) low = middle + 1
    else high = middle
  }
  return low
}

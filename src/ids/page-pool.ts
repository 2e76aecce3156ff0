import { newLines } from './cache-lines.ts'

/** Slots in a group. A group is 64 bytes, one cache line. */
export const slotsPerGroup = 9
export const groupsPerPage = 32
export const pageBytes: number = groupsPerPage * 64
/** Pages in a slab of 1 MB. */
export const pagesPerSlab = 512

/**
 * Pages of 32 groups, which sub-tables take and give back. One size for all, so that a page that one sub-table gives back
 * always fits the next. Slabs are 1 MB and are never moved, but for the first, which starts small and doubles.
 *
 * A group, seen through three views of its slab:
 * ```
 * bytes  0..35  words[16 g + i]        dense number of slot i
 * bytes 36..53  halves[32 g + 18 + i]  high 16 bits of its tag
 * bytes 54..62  bytes[64 g + 54 + i]   low 8 bits of its tag
 * byte  63      bytes[64 g + 63]       slots in use: always 0 .. count - 1
 * ```
 */
export class PagePool {
  readonly words: Uint32Array[] = []
  readonly halves: Uint16Array[] = []
  readonly bytes: Uint8Array[] = []
  readonly #free: number[] = []
  #used = 0
  #byteSize = 0

  get byteSize(): number {
    return this.#byteSize
  }

  /** Bytes of the pages that are in use. */
  get usedBytes(): number {
    return (this.#used - this.#free.length) * pageBytes
  }

  /** Makes sure that the next `count` calls of `take` don't allocate. */
  reserve(count: number): void {
    for (let missing = count - this.#free.length; missing > 0; missing--) this.#free.push(this.#fresh())
  }

  /** A page, with whatever was in it. */
  take(): number {
    return this.#free.pop() ?? this.#fresh()
  }

  /** Takes a page back. */
  give(page: number): void {
    this.#free.push(page)
  }

  /** Empties a page. */
  clear(page: number): void {
    const from = (page % pagesPerSlab) * pageBytes
    this.bytes[(page / pagesPerSlab) | 0]!.fill(0, from, from + pageBytes)
  }

  /** The bytes of a page. */
  read(page: number): Uint8Array {
    const from = (page % pagesPerSlab) * pageBytes
    return this.bytes[(page / pagesPerSlab) | 0]!.subarray(from, from + pageBytes)
  }

  /** Fills a page with these bytes. */
  write(page: number, bytes: Uint8Array): void {
    this.bytes[(page / pagesPerSlab) | 0]!.set(bytes, (page % pagesPerSlab) * pageBytes)
  }

  #fresh(): number {
    const page = this.#used
    const slab = (page / pagesPerSlab) | 0
    const needed = ((page % pagesPerSlab) + 1) * pageBytes
    const old = this.bytes[slab]
    if (old === undefined) this.#setSlab(slab, slab === 0 ? needed : pagesPerSlab * pageBytes)
    else if (old.length < needed) {
      this.#setSlab(slab, old.length * 2)
      this.bytes[slab]!.set(old)
      this.#byteSize -= old.length
    }
    this.#used = page + 1
    return page
  }

  #setSlab(slab: number, size: number): void {
    const words = newLines(size)
    this.words[slab] = words
    this.halves[slab] = new Uint16Array(words.buffer, words.byteOffset, size / 2)
    this.bytes[slab] = new Uint8Array(words.buffer, words.byteOffset, size)
    this.#byteSize += size
  }
}

/** 32-bit words that describe one sub-table: one cache line. */
export const subStride = 16
/** Most pages of one sub-table: 384 groups, 3,456 slots, 24 KB. */
export const maxPages = 12
/** Bits of a tag: the bits of the hash that come after those which choose the sub-table. */
export const tagBits = 24
/** Known bits of a tag below which it couldn't tell the ids of a group apart. */
export const leastKnown = 16

/**
 * What is known of each sub-table, 16 words each:
 * ```
 * word 0  depth | known << 8 | pages << 16
 *         depth: bits of the hash that all its ids share; known: leading bits of its tags that are known
 * word 1  the sub-table that goes on where this one is full and can't be split; 0 for none (0 is never one that goes on)
 * word 2  ids in it
 * word 4  the pages
 * ```
 */
export class SubTables {
  data: Uint32Array = new Uint32Array(subStride)
  #count = 0

  get byteSize(): number {
    return this.data.byteLength
  }

  /** Makes sure that the next call of `create` doesn't allocate. */
  reserve(): void {
    if ((this.#count + 1) * subStride <= this.data.length) return
    const larger = new Uint32Array(this.data.length * 2)
    larger.set(this.data)
    this.data = larger
  }

  /** A sub-table without pages; its index. */
  create(depth: number): number {
    this.reserve()
    this.data[this.#count * subStride] = depth | (tagBits << 8)
    return this.#count++
  }

  depth(sub: number): number {
    return this.data[sub * subStride]! & 0xff
  }

  known(sub: number): number {
    return (this.data[sub * subStride]! >>> 8) & 0xff
  }

  setDepth(sub: number, depth: number, known: number): void {
    const at = sub * subStride
    this.data[at] = (this.data[at]! & 0xff_0000) | (known << 8) | depth
  }

  pages(sub: number): number {
    return this.data[sub * subStride]! >>> 16
  }

  page(sub: number, index: number): number {
    return this.data[sub * subStride + 4 + index]!
  }

  addPage(sub: number, page: number): void {
    const at = sub * subStride
    this.data[at + 4 + this.pages(sub)] = page
    this.data[at]! += 1 << 16
  }

  /** Takes the last page off; its number. */
  dropPage(sub: number): number {
    const at = sub * subStride
    this.data[at]! -= 1 << 16
    return this.data[at + 4 + this.pages(sub)]!
  }

  count(sub: number): number {
    return this.data[sub * subStride + 2]!
  }

  setCount(sub: number, count: number): void {
    this.data[sub * subStride + 2] = count
  }

  next(sub: number): number {
    return this.data[sub * subStride + 1]!
  }

  setNext(sub: number, next: number): void {
    this.data[sub * subStride + 1] = next
  }
}

/**
 * The tag of a hash in a sub-table of this depth: the `known` bits after the first `depth` bits, then zeros. Its upper
 * 16 bits choose the group, in ascending order, so that a sub-table grows or splits without looking at its ids.
 */
export function tagOf(high: number, low: number, depth: number, known: number): number {
  return (((high << depth) | ((low >>> 1) >>> (31 - depth))) >>> 8) & (-1 << (tagBits - known))
}

/** The group where the search for a tag starts. */
export function homeGroup(tag: number, groups: number): number {
  return Math.imul(tag >>> 8, groups) >>> 16
}

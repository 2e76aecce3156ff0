import { groupsPerPage, type PagePool, pageBytes, pagesPerSlab, slotsPerGroup } from './page-pool.ts'
import { homeGroup, maxPages, type SubTables, tagBits } from './sub-tables.ts'

const mostIds = maxPages * groupsPerPage * slotsPerGroup

/**
 * A sub-table taken out of its pages, and laid out again elsewhere: what growing and splitting spend their time with.
 * The new pages are made in one piece of memory and then copied, which takes half the time of putting each id in place.
 */
export class SubTableImage {
  /** The ids taken: `tags[i]` belongs to `dense[i]`. */
  readonly tags: Uint32Array = new Uint32Array(mostIds)
  readonly dense: Uint32Array = new Uint32Array(mostIds)
  length = 0
  readonly #words = new Uint32Array((maxPages * pageBytes) / 4)
  readonly #halves = new Uint16Array(this.#words.buffer)
  readonly #bytes = new Uint8Array(this.#words.buffer)
  readonly #counts = new Uint8Array(maxPages * groupsPerPage)
  readonly #pages = Array.from({ length: maxPages }, (_, p) => this.#bytes.subarray(p * pageBytes, (p + 1) * pageBytes))

  /** Takes all ids of a sub-table, in the order of their groups. The pages stay as they are. */
  take(pool: PagePool, subs: SubTables, sub: number): void {
    const { tags, dense } = this
    let length = 0
    const pages = subs.pages(sub)
    for (let p = 0; p < pages; p++) {
      const page = subs.page(sub, p)
      const slab = (page / pagesPerSlab) | 0
      const words = pool.words[slab]!
      const halves = pool.halves[slab]!
      const bytes = pool.bytes[slab]!
      const first = (page % pagesPerSlab) * groupsPerPage
      for (let line = first; line < first + groupsPerPage; line++) {
        const count = bytes[line * 64 + 63]!
        for (let slot = 0; slot < count; slot++, length++) {
          dense[length] = words[line * 16 + slot]!
          tags[length] = (halves[line * 32 + 18 + slot]! << 8) | bytes[line * 64 + 54 + slot]!
        }
      }
    }
    this.length = length
  }

  /**
   * Lays the ids of a sub-table out again, in its pages and one more, which is empty as yet: as `take` and `lay`, in one go. Its tags and
   * so its order stay as they are.
   */
  widen(pool: PagePool, subs: SubTables, sub: number, more: number): void {
    const words = this.#words
    const halves = this.#halves
    const bytes = this.#bytes
    const counts = this.#counts
    const pages = subs.pages(sub)
    const groups = (pages + 1) * groupsPerPage
    bytes.fill(0, 0, (pages + 1) * pageBytes)
    counts.fill(0)
    for (let p = 0; p < pages; p++) {
      const page = subs.page(sub, p)
      const slab = (page / pagesPerSlab) | 0
      const oldWords = pool.words[slab]!
      const oldHalves = pool.halves[slab]!
      const oldBytes = pool.bytes[slab]!
      const first = (page % pagesPerSlab) * groupsPerPage
      for (let line = first; line < first + groupsPerPage; line++) {
        const used = oldBytes[line * 64 + 63]!
        for (let slot = 0; slot < used; slot++) {
          const tagHigh = oldHalves[line * 32 + 18 + slot]!
          let group = homeGroup(tagHigh << 8, groups)
          let count = counts[group]!
          while (count === slotsPerGroup) {
            if (++group === groups) group = 0
            count = counts[group]!
          }
          words[group * 16 + count] = oldWords[line * 16 + slot]!
          halves[group * 32 + 18 + count] = tagHigh
          bytes[group * 64 + 54 + count] = oldBytes[line * 64 + 54 + slot]!
          counts[group] = count + 1
        }
      }
    }
    for (let group = 0; group < groups; group++) bytes[group * 64 + 63] = counts[group]!
    subs.addPage(sub, more)
    for (let p = 0; p <= pages; p++) pool.write(subs.page(sub, p), this.#pages[p]!)
  }

  /** Lays the taken ids whose tag has `half` above its 24 bits out in the pages of a sub-table, over what was in them. */
  lay(half: number, pool: PagePool, subs: SubTables, sub: number): void {
    const pages = subs.pages(sub)
    this.layAside(half, pages)
    for (let p = 0; p < pages; p++) pool.write(subs.page(sub, p), this.#pages[p]!)
  }

  /** Drops the taken ids whose number is not below `end`. */
  dropFrom(end: number): void {
    const { tags, dense } = this
    let kept = 0
    for (let i = 0; i < this.length; i++) {
      if (dense[i]! >= end) continue
      tags[kept] = tags[i]!
      dense[kept++] = dense[i]!
    }
    this.length = kept
  }

  /** Lays the taken ids whose tag has `half` above its 24 bits out in so many pages, which the next call overwrites. */
  layAside(half: number, pages: number): Uint8Array {
    const { tags, dense, length } = this
    const words = this.#words
    const halves = this.#halves
    const bytes = this.#bytes
    const groups = pages * groupsPerPage
    bytes.fill(0, 0, pages * pageBytes)
    for (let i = 0; i < length; i++) {
      const tag = tags[i]! - (half << tagBits)
      // The other half is negative here, or above.
      if (tag >>> tagBits !== 0) continue
      let group = homeGroup(tag, groups)
      let count = bytes[group * 64 + 63]!
      while (count === slotsPerGroup) {
        if (++group === groups) group = 0
        count = bytes[group * 64 + 63]!
      }
      words[group * 16 + count] = dense[i]!
      halves[group * 32 + 18 + count] = tag >>> 8
      bytes[group * 64 + 54 + count] = tag
      bytes[group * 64 + 63] = count + 1
    }
    return bytes.subarray(0, pages * pageBytes)
  }
}

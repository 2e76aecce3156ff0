import { batchLength, type IdBatch } from './id-batch.ts'
import { groupsPerPage, type PagePool, pagesPerSlab, slotsPerGroup } from './page-pool.ts'
import { homeGroup, subStride, tagOf } from './sub-tables.ts'

/** What `guessAll` gives for an id that has to be looked for by itself. */
export const unsettled = -3

const groupsPerSlab = groupsPerPage * pagesPerSlab

/**
 * Looks for the ids of a batch in a table, all together: what is to be read for all of them is read in a loop that does nothing else, so
 * that the processor waits for many cache misses at once.
 */
export class BatchProbe {
  /** Where the words of the sub-table of id `i` begin, and the first of them. */
  readonly #ats = new Int32Array(batchLength)
  readonly #heads = new Uint32Array(batchLength)
  readonly #tags = new Int32Array(batchLength)
  /** The group where the search for id `i` is, in its sub-table, and in the pool. */
  readonly #groups = new Int32Array(batchLength)
  readonly #lines = new Int32Array(batchLength)
  /** The ids for which the search goes on. */
  readonly #searched = new Int32Array(batchLength)
  /** What was searched last, and for which ids. */
  #pool: PagePool | null = null
  #batch: IdBatch | null = null
  #round = 0
  #touched = 0

  /** Bytes that were read only to have them in the cache; to be there keeps the compiler from leaving that out. */
  get touched(): number {
    return this.#touched
  }

  /** To `batch.found` for each id: the number of one with the same tag, likely the same, -1 where there is none, or `unsettled`. */
  guessAll(batch: IdBatch, directory: Uint32Array, shift: number, data: Uint32Array, pool: PagePool): void {
    this.#pool = pool
    this.#batch = batch
    this.#round = batch.round
    this.#begin(batch, directory, shift, data)
    for (let left = batch.length; left > 0; ) {
      this.#touch(left, pool)
      left = this.#look(left, batch.found, data, pool)
    }
  }

  /** Finds the home group of each id. */
  #begin({ high, low, length }: IdBatch, directory: Uint32Array, shift: number, data: Uint32Array): void {
    const ats = this.#ats
    const heads = this.#heads
    const tags = this.#tags
    const groups = this.#groups
    const lines = this.#lines
    const searched = this.#searched
    for (let i = 0; i < length; i++) {
      const at = directory[high[i]! >>> shift]! * subStride
      const head = data[at]!
      const tag = tagOf(high[i]!, low[i]!, head & 0xff, (head >>> 8) & 0xff)
      const group = homeGroup(tag, (head >>> 16) * groupsPerPage)
      ats[i] = at
      heads[i] = head
      tags[i] = tag
      groups[i] = group
      lines[i] = lineOf(data, at, group)
      searched[i] = i
    }
  }

  /** Reads a byte of each group that is searched next. */
  #touch(left: number, { bytes }: PagePool): void {
    const lines = this.#lines
    const searched = this.#searched
    let touched = 0
    for (let k = 0; k < left; k++) {
      const line = lines[searched[k]!]!
      touched += bytes[(line / groupsPerSlab) | 0]![(line % groupsPerSlab) * 64 + 63]!
    }
    this.#touched = touched
  }

  /** Searches a group for each of the ids; for how many the search goes on in another. */
  #look(left: number, found: Float64Array, data: Uint32Array, pool: PagePool): number {
    const ats = this.#ats
    const tags = this.#tags
    const groups = this.#groups
    const lines = this.#lines
    const searched = this.#searched
    let still = 0
    for (let k = 0; k < left; k++) {
      const i = searched[k]!
      const line = lines[i]!
      const tag = tags[i]!
      const slab = (line / groupsPerSlab) | 0
      const inSlab = line % groupsPerSlab
      const words = pool.words[slab]!
      const bytes = pool.bytes[slab]!
      const count = bytes[inSlab * 64 + 63]!
      let slot = count
      if (mayHave(words, inSlab * 16 + 9, tag >>> 8)) {
        const halves = pool.halves[slab]!
        slot = 0
        while (
          slot < count &&
          (halves[inSlab * 32 + 18 + slot] !== tag >>> 8 || bytes[inSlab * 64 + 54 + slot] !== (tag & 0xff))
        ) {
          slot++
        }
      }
      const at = ats[i]!
      if (slot < count) {
        found[i] = words[inSlab * 16 + slot]!
      } else if (count < slotsPerGroup) {
        // A sub-table that goes on in another is searched one by one: there is none but by malice.
        found[i] = data[at + 1] === 0 ? -1 : unsettled
      } else {
        const all = (data[at]! >>> 16) * groupsPerPage
        const group = groups[i]! + 1 === all ? 0 : groups[i]! + 1
        if (group === homeGroup(tag, all)) {
          found[i] = unsettled
        } else {
          groups[i] = group
          lines[i] = lineOf(data, at, group)
          searched[still++] = i
        }
      }
    }
    return still
  }

  /**
   * Puts id `i` of a batch into the group where its search ended, if it was searched last, nothing was removed since, and there is still room.
   * Gives whether it did.
   */
  put(batch: IdBatch, i: number, dense: number, sub: number, data: Uint32Array, pool: PagePool): boolean {
    if (this.#batch !== batch || this.#round !== batch.round || this.#pool !== pool) return false
    const at = sub * subStride
    // A sub-table that has got a page more, or less of the hash, has its groups elsewhere.
    if (this.#ats[i] !== at || this.#heads[i] !== data[at]) return false
    const line = this.#lines[i]!
    const tag = this.#tags[i]!
    const slab = (line / groupsPerSlab) | 0
    const inSlab = line % groupsPerSlab
    const bytes = pool.bytes[slab]!
    const count = bytes[inSlab * 64 + 63]!
    if (count === slotsPerGroup) return false
    pool.words[slab]![inSlab * 16 + count] = dense
    pool.halves[slab]![inSlab * 32 + 18 + count] = tag >>> 8
    bytes[inSlab * 64 + 54 + count] = tag
    bytes[inSlab * 64 + 63] = count + 1
    return true
  }
}

/** The place of a group of a sub-table among all groups of the pool. */
function lineOf(data: Uint32Array, at: number, group: number): number {
  return data[at + 4 + ((group / groupsPerPage) | 0)]! * groupsPerPage + (group % groupsPerPage)
}

/**
 * Whether any of the nine halves from word `from` on is this one; now and then where none is. Two at a time: a half is zero where taking 1
 * from it borrows (S. E. Anderson, "Bit Twiddling Hacks", "Determine if a word has a zero byte").
 */
function mayHave(words: Uint32Array, from: number, half: number): boolean {
  const both = Math.imul(half, 0x1_0001)
  const a = words[from]! ^ both
  const b = words[from + 1]! ^ both
  const c = words[from + 2]! ^ both
  const d = words[from + 3]! ^ both
  // The upper half holds what is no tag.
  const e = ((words[from + 4]! ^ both) & 0xffff) | 0x1_0000
  const zeros =
    ((a - 0x1_0001) & ~a) |
    ((b - 0x1_0001) & ~b) |
    ((c - 0x1_0001) & ~c) |
    ((d - 0x1_0001) & ~d) |
    ((e - 0x1_0001) & ~e)
  return (zeros & 0x8000_8000) !== 0
}

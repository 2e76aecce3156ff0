import { BatchProbe, unsettled } from './batch-probe.ts'
import { type IdArena, otherId } from './id-arena.ts'
import type { IdBatch } from './id-batch.ts'
import type { IdHasher } from './id-hasher.ts'
import { groupsPerPage, PagePool, pagesPerSlab, slotsPerGroup } from './page-pool.ts'
import { SubTableImage } from './sub-table-image.ts'
import { putId, removeSlot } from './sub-table-slots.ts'
import { homeGroup, leastKnown, maxPages, SubTables, subStride, tagBits, tagOf } from './sub-tables.ts'

/**
 * Most ids in a page on average: 87.5 % of its slots. Higher, searches for unknown ids get long; lower costs memory.
 * With steps of one page in 6 to 12, a table is between 75 and 87 % full.
 */
const idsPerPage = Math.floor(groupsPerPage * slotsPerGroup * 0.875)
/**
 * Depth beyond which nothing is split in a table of `count` ids: a few bits more than a hash that spreads needs, so that one that does not
 * can't fill memory with a directory.
 */
export function deepestOf(count: number): number {
  return Math.min(27, 4 + 32 - Math.clz32(count >>> 11))
}
/** One of each serves all tables of a thread. */
const image = new SubTableImage()
const probe = new BatchProbe()

/** Search for any id with this tag: the likely one, without a look at its bytes. */
const anyWithTag = -2
/** Search for the id with these bytes. */
const sameBytes = -1

/**
 * Finds the dense number of an encoded id: extendible hashing. The first bits of an id's hash choose an entry of the
 * directory and so a sub-table of at most 3,024 ids; the next 24 bits are kept with the id as its tag, and choose a
 * group of 9 slots, from which the search goes on to the next groups while they are full.
 *
 * A full sub-table gets one page more, or, at 12 pages, is split in two. Either moves at most some 3,000 ids (about a
 * tenth of a millisecond) and nothing else, whatever the size of the whole. Moving needs no hashes: the tag has 8 bits
 * more than it needs to choose a group, and loses one with each split; only when they are used up, at every ninth split
 * of the same line, ids are read and hashed again. That is what the third byte of a tag is for. Whole hashes would cost
 * 1.2 bytes an id more; two-byte tags 0.9 bytes less, but each split would have to read and hash its ids.
 *
 * Memory: 64 bytes for 9 slots, so 8.1 to 9.5 bytes an id.
 */
export class IdTable {
  readonly #arena: IdArena
  readonly #hasher: IdHasher
  /** To be read, and written by who puts a saved table back. */
  readonly pool: PagePool = new PagePool()
  readonly subs: SubTables = new SubTables()
  /** 2^n sub-tables, by the first n bits of the hash. A sub-table of a smaller depth has several entries. */
  #directory = new Uint32Array(2)
  /** 32 - n. */
  #shift = 31
  #count = 0
  #foundSub = 0
  #foundGroup = 0
  #foundSlot = 0

  constructor(arena: IdArena, hasher: IdHasher) {
    this.#arena = arena
    this.#hasher = hasher
    this.subs.addPage(this.subs.create(0), this.pool.take())
  }

  /** Bytes held, used or not. Cost: constant. */
  get byteSize(): number {
    return this.pool.byteSize + this.subs.byteSize + this.#directory.byteLength
  }

  /** The dense number of id `i` of the batch, or -1. Cost: constant, some three cache misses. */
  find(batch: IdBatch, i: number): number {
    return this.#search(batch, i, sameBytes)
  }

  /** `find` for the whole batch, to `batch.found`: in stages, so that the processor waits for many cache misses at once. */
  findAll(batch: IdBatch): void {
    const { found, length } = batch
    probe.guessAll(batch, this.#directory, this.#shift, this.subs.data, this.pool)
    for (let i = 0; i < length; i++) if (found[i] === unsettled) found[i] = this.#search(batch, i, anyWithTag)
    this.#arena.confirmAll(batch)
    for (let i = 0; i < length; i++) if (found[i] === otherId) found[i] = this.#search(batch, i, sameBytes)
  }

  /**
   * Makes room for id `i` of the batch, so that `insert` can't fail. Nothing has changed when memory runs out.
   * Cost: constant on average, at most some 3,000 ids moved (with a hash that spreads).
   */
  reserve(batch: IdBatch, i: number): number {
    const high = batch.high[i]!
    const subs = this.subs
    for (;;) {
      const head = this.#directory[high >>> this.#shift]!
      let sub = head
      for (;;) {
        const pages = subs.pages(sub)
        if (subs.count(sub) < pages * idsPerPage) return sub
        if (pages < maxPages) {
          this.#grow(sub)
          return sub
        }
        const next = subs.next(sub)
        if (next === 0) break
        sub = next
      }
      if (sub === head && subs.depth(sub) < deepestOf(this.#count)) this.#split(sub, high)
      else this.#goOn(sub)
    }
  }

  /** Enters id `i` of the batch, which must not be in the table, into the sub-table that `reserve` gave. */
  insert(batch: IdBatch, i: number, sub: number, dense: number): void {
    const subs = this.subs
    if (!probe.put(batch, i, dense, sub, subs.data, this.pool)) {
      const tag = tagOf(batch.high[i]!, batch.low[i]!, subs.depth(sub), subs.known(sub))
      putId(this.pool, subs.data, sub, tag, dense)
    }
    subs.setCount(sub, subs.count(sub) + 1)
    this.#count++
  }

  /** Removes id `i` of the batch, if it is there with this dense number. Cost: constant on average. */
  remove(batch: IdBatch, i: number, dense: number): boolean {
    if (this.#search(batch, i, dense) < 0) return false
    const sub = this.#foundSub
    removeSlot(this.pool, this.subs.data, sub, this.#foundGroup, this.#foundSlot)
    this.subs.setCount(sub, this.subs.count(sub) - 1)
    this.#count--
    return true
  }

  /** Looks for a slot with the tag of id `i` and: any number, the same bytes, or the number `wanted`. */
  #search(batch: IdBatch, i: number, wanted: number): number {
    const high = batch.high[i]!
    const low = batch.low[i]!
    const data = this.subs.data
    const pool = this.pool
    let sub = this.#directory[high >>> this.#shift]!
    do {
      const at = sub * subStride
      const word = data[at]!
      const tag = tagOf(high, low, word & 0xff, (word >>> 8) & 0xff)
      const tagHigh = tag >>> 8
      const tagLow = tag & 0xff
      const groups = (word >>> 16) * groupsPerPage
      const home = homeGroup(tag, groups)
      let group = home
      do {
        const page = data[at + 4 + ((group / groupsPerPage) | 0)]!
        const slab = (page / pagesPerSlab) | 0
        const line = (page % pagesPerSlab) * groupsPerPage + (group % groupsPerPage)
        const bytes = pool.bytes[slab]!
        const halves = pool.halves[slab]!
        const count = bytes[line * 64 + 63]!
        for (let slot = 0; slot < count; slot++) {
          if (halves[line * 32 + 18 + slot] !== tagHigh || bytes[line * 64 + 54 + slot] !== tagLow) continue
          const dense = pool.words[slab]![line * 16 + slot]!
          if (
            wanted === anyWithTag ||
            wanted === dense ||
            (wanted === sameBytes && this.#arena.equals(dense, batch, i))
          ) {
            this.#foundSub = sub
            this.#foundGroup = group
            this.#foundSlot = slot
            return dense
          }
        }
        if (count < slotsPerGroup) break
        if (++group === groups) group = 0
      } while (group !== home)
      sub = data[at + 1]!
    } while (sub !== 0)
    return -1
  }

  /** The sub-table of the ids whose hash begins with the word `high`; it may go on in others. */
  subAt(high: number): number {
    return this.#directory[high >>> this.#shift]!
  }

  /** The least depth of all sub-tables. Cost: the directory. */
  leastDepth(): number {
    let least = 32 - this.#shift
    for (const sub of this.#directory) least = Math.min(least, this.subs.depth(sub))
    return least
  }

  /** Counts ids that were put into pages. */
  entered(count: number): void {
    this.#count += count
  }

  /** Makes a sub-table that was put into pages the one of all ids whose hash begins with the first `depth` bits of `high`. */
  restore(sub: number, high: number): void {
    const depth = this.subs.depth(sub)
    while (depth > 32 - this.#shift) this.#doubleDirectory()
    const width = 1 << (32 - this.#shift - depth)
    const first = depth === 0 ? 0 : (high >>> (32 - depth)) * width
    this.#directory.fill(sub, first, first + width)
  }

  /** Comes when sub-tables for all ids were restored: gives back what an empty table has. */
  restored(): void {
    this.pool.give(this.subs.dropPage(0))
  }

  /** One page more. */
  #grow(sub: number): void {
    this.pool.reserve(1)
    image.widen(this.pool, this.subs, sub, this.pool.take())
  }

  /** Splits a sub-table by the next bit of the hash. `high` is the hash of one of its ids. */
  #split(left: number, high: number): void {
    const pool = this.pool
    const subs = this.subs
    const depth = subs.depth(left)
    pool.reserve(2)
    subs.reserve()
    if (depth === 32 - this.#shift) this.#doubleDirectory()
    image.take(pool, subs, left)
    const known = this.#halve(depth, subs.known(left))
    const { tags, length } = image
    let rightCount = 0
    for (let i = 0; i < length; i++) rightCount += tags[i]! >>> tagBits
    const right = subs.create(depth + 1)
    for (let p = subs.pages(left); p > 0; p--) pool.give(subs.dropPage(left))
    this.#furnish(left, depth + 1, known, length - rightCount)
    this.#furnish(right, depth + 1, known, rightCount)
    image.lay(0, pool, subs, left)
    image.lay(1, pool, subs, right)
    const width = 1 << (32 - this.#shift - depth)
    const first = depth === 0 ? 0 : (high >>> (32 - depth)) * width
    this.#directory.fill(right, first + width / 2, first + width)
  }

  /** Gives a sub-table its depth, its count and the pages for it. */
  #furnish(sub: number, depth: number, known: number, count: number): void {
    const pages = Math.min(maxPages, Math.floor(count / idsPerPage) + 1)
    for (let p = 0; p < pages; p++) this.subs.addPage(sub, this.pool.take())
    this.subs.setDepth(sub, depth, known)
    this.subs.setCount(sub, count)
  }

  /** Makes of the taken tags those of one depth more, with the bit that chooses the half above. Gives how many bits are known. */
  #halve(depth: number, known: number): number {
    const { tags, dense, length } = image
    if (known > leastKnown) {
      for (let i = 0; i < length; i++) tags[i] = tags[i]! << 1
      return known - 1
    }
    const arena = this.#arena
    const { high, low } = this.#hasher
    for (let i = 0; i < length; i++) {
      arena.locate(dense[i]!)
      this.#hasher.hashOne(arena.foundIn.view, arena.foundStart, arena.foundEnd)
      const half = (high[0]! >>> (31 - depth)) & 1
      tags[i] = (half << tagBits) | tagOf(high[0]!, low[0]!, depth + 1, tagBits)
    }
    return tagBits
  }

  #doubleDirectory(): void {
    const old = this.#directory
    const larger = new Uint32Array(old.length * 2)
    for (let i = 0; i < old.length; i++) {
      larger[2 * i] = old[i]!
      larger[2 * i + 1] = old[i]!
    }
    this.#directory = larger
    this.#shift--
  }

  /**
   * Lets a full sub-table that must not be split go on in a new one. That happens only if thousands of ids have the same
   * first bits of a keyed hash: never by chance. Such a chain is never split again.
   */
  #goOn(sub: number): void {
    const subs = this.subs
    this.pool.reserve(1)
    const next = subs.create(subs.depth(sub))
    const page = this.pool.take()
    this.pool.clear(page)
    subs.addPage(next, page)
    subs.setNext(sub, next)
  }
}

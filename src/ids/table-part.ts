import type { EnteredIds } from './entered-ids.ts'
import type { IdTable } from './id-table.ts'
import { groupsPerPage, type PagePool, pageBytes, pagesPerSlab, slotsPerGroup } from './page-pool.ts'
import { corruptTable } from './read-id-sections.ts'
import { SubTableImage } from './sub-table-image.ts'
import { homeGroup, leastKnown, maxPages, type SubTables, tagBits } from './sub-tables.ts'

/**
 * A part of a saved table: all sub-tables whose ids have hashes that begin with the `bits` bits of its number, in ascending order of
 * the hash, one behind the other until the part is full (all numbers little-endian):
 * ```
 * sub-table   u8 depth | u8 known | u8 pages, 1 to 12 | u8 1 where the next one is of the same ids | u32 ids in it
 *             pages x 2,048 bytes, as a PagePool has them
 * ```
 */
const headerBytes = 8
const pieceBytes = 1 << 20
const mostGroups = maxPages * groupsPerPage
/** One serves all tables of a thread. */
const image = new SubTableImage()

/**
 * The bytes of a part, of the ids below `end`, in pieces of about 1 MB. The table may change meanwhile: ids that are added aren't in
 * it, of those that are removed what is left is in it.
 *
 * Cost: the bytes; of sub-tables with newer ids, laying out the others.
 */
export function* writeTablePart(
  table: IdTable,
  bits: number,
  part: number,
  end: number,
): Generator<Uint8Array, void, undefined> {
  const { pool, subs } = table
  let piece = new Uint8Array(pieceBytes)
  let used = 0
  const width = 2 ** (32 - bits)
  for (let high = part * width; high < (part + 1) * width; ) {
    const head = table.subAt(high)
    const size = bytesFrom(subs, head)
    if (used > 0 && used + size > piece.length) {
      yield piece.subarray(0, used)
      piece = new Uint8Array(Math.max(pieceBytes, size))
      used = 0
      // The table may have changed since: this sub-table has grown, or is two.
      continue
    }
    if (size > piece.length) piece = new Uint8Array(size)
    for (let sub = head, more = true; more; sub = subs.next(sub)) {
      more = subs.next(sub) !== 0
      used = writeSub(pool, subs, sub, end, piece, used)
    }
    high += 2 ** (32 - subs.depth(head))
  }
  yield piece.subarray(0, used)
}

/** Bytes of a sub-table and those that go on behind it. */
function bytesFrom(subs: SubTables, head: number): number {
  let size = 0
  let sub = head
  do {
    size += headerBytes + subs.pages(sub) * pageBytes
    sub = subs.next(sub)
  } while (sub !== 0)
  return size
}

/** Writes one sub-table to `into` from `at` on; the end of it, excluded. */
function writeSub(pool: PagePool, subs: SubTables, sub: number, end: number, into: Uint8Array, at: number): number {
  const pages = subs.pages(sub)
  let count = subs.count(sub)
  const from = at + headerBytes
  if (hasNumbersFrom(pool, subs, sub, end)) {
    image.take(pool, subs, sub)
    image.dropFrom(end)
    count = image.length
    into.set(image.layAside(0, pages), from)
  } else {
    for (let p = 0; p < pages; p++) into.set(pool.read(subs.page(sub, p)), from + p * pageBytes)
  }
  into[at] = subs.depth(sub)
  into[at + 1] = subs.known(sub)
  into[at + 2] = pages
  into[at + 3] = subs.next(sub) === 0 ? 0 : 1
  new DataView(into.buffer, into.byteOffset).setUint32(at + 4, count, true)
  return from + pages * pageBytes
}

function hasNumbersFrom(pool: PagePool, subs: SubTables, sub: number, end: number): boolean {
  const pages = subs.pages(sub)
  for (let p = 0; p < pages; p++) {
    const page = subs.page(sub, p)
    const slab = (page / pagesPerSlab) | 0
    const words = pool.words[slab]!
    const bytes = pool.bytes[slab]!
    const first = (page % pagesPerSlab) * groupsPerPage
    for (let line = first; line < first + groupsPerPage; line++) {
      const count = bytes[line * 64 + 63]!
      for (let slot = 0; slot < count; slot++) if (words[line * 16 + slot]! >= end) return true
    }
  }
  return false
}

/**
 * Puts a part that was saved into a table, which has nothing of it yet. Everything is checked but the hashes: whether each id can be
 * found depends on those, and on the checksum of the section.
 *
 * Cost: the bytes, copied, and a look at each id.
 * @param of `deepest`: no sub-table can be, of so many ids as there are; a directory grows with the deepest one
 * @throws STORE_CORRUPT
 */
export function readTablePart(
  bytes: Uint8Array,
  table: IdTable,
  { bits, part, deepest }: { readonly bits: number; readonly part: number; readonly deepest: number },
  ids: EnteredIds,
): void {
  const { pool, subs } = table
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const width = 2 ** (32 - bits)
  const last = (part + 1) * width
  let at = 0
  for (let high = part * width; high < last; ) {
    let head = 0
    let depth = 0
    for (let more = true, before = 0; more; ) {
      if (at + headerBytes > bytes.length) throw corruptTable('the bytes end inside a sub-table', part, at)
      const ofThis = bytes[at]!
      const known = bytes[at + 1]!
      const pages = bytes[at + 2]!
      const count = view.getUint32(at + 4, true)
      // What goes on is of the same ids, so that its depth is the same.
      if (before !== 0 && ofThis !== depth) throw corruptTable(`a depth of ${ofThis}`, part, at)
      depth = ofThis
      const range = 2 ** (32 - depth)
      if (depth < bits || depth > deepest || high % range !== 0 || high + range > last) {
        throw corruptTable(`a depth of ${depth}`, part, at)
      }
      if (known < leastKnown || known > tagBits) throw corruptTable(`${known} known bits`, part, at)
      if (pages < 1 || pages > maxPages) throw corruptTable(`a sub-table of ${pages} pages`, part, at)
      if (bytes[at + 3]! > 1) throw corruptTable(`a flag of ${bytes[at + 3]}`, part, at)
      if (at + headerBytes + pages * pageBytes > bytes.length) {
        throw corruptTable('the bytes end inside a sub-table', part, at)
      }
      more = bytes[at + 3] === 1
      const sub = subs.create(depth)
      subs.setDepth(sub, depth, known)
      subs.setCount(sub, count)
      for (let p = 0; p < pages; p++) {
        const from = at + headerBytes + p * pageBytes
        const page = pool.take()
        pool.write(page, bytes.subarray(from, from + pageBytes))
        subs.addPage(sub, page)
      }
      const fault = faultIn(pool, subs, sub, ids)
      if (fault !== null) throw corruptTable(fault, part, at)
      if (before === 0) head = sub
      else subs.setNext(before, sub)
      before = sub
      table.entered(count)
      at += headerBytes + pages * pageBytes
    }
    table.restore(head, high)
    high += 2 ** (32 - depth)
  }
  if (at !== bytes.length) throw corruptTable('there are bytes after the last sub-table', part, at)
}

const used = new Uint8Array(mostGroups)
/** How many groups right before each are full. */
const fullBefore = new Uint16Array(mostGroups)

/** What is wrong with a sub-table, `null` where nothing is: each id is where a search for its tag comes by. */
function faultIn(pool: PagePool, subs: SubTables, sub: number, ids: EnteredIds): string | null {
  const pages = subs.pages(sub)
  const groups = pages * groupsPerPage
  let sum = 0
  for (let group = 0; group < groups; group++) {
    const page = subs.page(sub, (group / groupsPerPage) | 0)
    const line = (page % pagesPerSlab) * groupsPerPage + (group % groupsPerPage)
    used[group] = pool.bytes[(page / pagesPerSlab) | 0]![line * 64 + 63]!
    if (used[group]! > slotsPerGroup) return `a group of ${used[group]} ids`
    sum += used[group]!
  }
  if (sum !== subs.count(sub)) return `${sum} ids, where ${subs.count(sub)} are announced`
  // Twice round: a run of full groups may begin at the end.
  for (let step = 0, run = 0; step < 2 * groups; step++) {
    const group = step % groups
    fullBefore[group] = run
    run = used[group] === slotsPerGroup ? Math.min(run + 1, groups) : 0
  }
  const unknown = (1 << (tagBits - subs.known(sub))) - 1
  for (let group = 0; group < groups; group++) {
    const page = subs.page(sub, (group / groupsPerPage) | 0)
    const slab = (page / pagesPerSlab) | 0
    const line = (page % pagesPerSlab) * groupsPerPage + (group % groupsPerPage)
    const words = pool.words[slab]!
    const halves = pool.halves[slab]!
    const bytes = pool.bytes[slab]!
    for (let slot = 0; slot < used[group]!; slot++) {
      const tag = (halves[line * 32 + 18 + slot]! << 8) | bytes[line * 64 + 54 + slot]!
      if ((tag & unknown) !== 0) return 'a tag with more bits than are known'
      const distance = group - homeGroup(tag, groups)
      if ((distance < 0 ? distance + groups : distance) > fullBefore[group]!) return 'an id that no search comes by'
      if (!ids.enter(words[line * 16 + slot]!)) return `the number ${words[line * 16 + slot]}, unknown or a second time`
    }
  }
  return null
}

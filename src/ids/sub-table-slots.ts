import { groupsPerPage, type PagePool, pagesPerSlab, slotsPerGroup } from './page-pool.ts'
import { homeGroup, subStride } from './sub-tables.ts'

/** The index of a group of a page in its slab. */
function lineOf(page: number, group: number): number {
  return (page % pagesPerSlab) * groupsPerPage + (group % groupsPerPage)
}

/** Puts an id into the first group with a free slot from its home on. There must be one. The count isn't changed. */
export function putId(pool: PagePool, data: Uint32Array, sub: number, tag: number, dense: number): void {
  const at = sub * subStride
  const groups = (data[at]! >>> 16) * groupsPerPage
  let group = homeGroup(tag, groups)
  for (;;) {
    const page = data[at + 4 + ((group / groupsPerPage) | 0)]!
    const slab = (page / pagesPerSlab) | 0
    const line = lineOf(page, group)
    const bytes = pool.bytes[slab]!
    const count = bytes[line * 64 + 63]!
    if (count < slotsPerGroup) {
      pool.words[slab]![line * 16 + count] = dense
      pool.halves[slab]![line * 32 + 18 + count] = tag >>> 8
      bytes[line * 64 + 54 + count] = tag
      bytes[line * 64 + 63] = count + 1
      return
    }
    if (++group === groups) group = 0
  }
}

/**
 * Takes the id in a slot out. The search for an id ends at the first group that isn't full, so a group that was full is
 * filled again from those behind it, as far as they hold an id that was only put there because this one was full.
 */
export function removeSlot(pool: PagePool, data: Uint32Array, sub: number, group: number, slot: number): void {
  const at = sub * subStride
  const groups = (data[at]! >>> 16) * groupsPerPage
  let hole = group
  let wasFull = takeOut(pool, data, at, hole, slot)
  for (let from = (hole + 1) % groups; wasFull && from !== hole; from = (from + 1) % groups) {
    const page = data[at + 4 + ((from / groupsPerPage) | 0)]!
    const slab = (page / pagesPerSlab) | 0
    const line = lineOf(page, from)
    const count = pool.bytes[slab]![line * 64 + 63]!
    const distance = (from - hole + groups) % groups
    let candidate = 0
    let tag = 0
    for (; candidate < count; candidate++) {
      const high = pool.halves[slab]![line * 32 + 18 + candidate]!
      tag = (high << 8) | pool.bytes[slab]![line * 64 + 54 + candidate]!
      if ((from - homeGroup(tag, groups) + groups) % groups >= distance) break
    }
    if (candidate < count) {
      // All groups from its home to the hole are full, so that it lands in the hole.
      const dense = pool.words[slab]![line * 16 + candidate]!
      wasFull = takeOut(pool, data, at, from, candidate)
      putId(pool, data, sub, tag, dense)
      hole = from
    } else if (count < slotsPerGroup) {
      return
    }
  }
}

/** Closes the gap of a slot in its group. Gives whether the group was full. */
function takeOut(pool: PagePool, data: Uint32Array, at: number, group: number, slot: number): boolean {
  const page = data[at + 4 + ((group / groupsPerPage) | 0)]!
  const slab = (page / pagesPerSlab) | 0
  const line = lineOf(page, group)
  const words = pool.words[slab]!
  const halves = pool.halves[slab]!
  const bytes = pool.bytes[slab]!
  const last = bytes[line * 64 + 63]! - 1
  words[line * 16 + slot] = words[line * 16 + last]!
  halves[line * 32 + 18 + slot] = halves[line * 32 + 18 + last]!
  bytes[line * 64 + 54 + slot] = bytes[line * 64 + 54 + last]!
  // Nothing of an id that is removed stays behind, here or in a save.
  words[line * 16 + last] = 0
  halves[line * 32 + 18 + last] = 0
  bytes[line * 64 + 54 + last] = 0
  bytes[line * 64 + 63] = last
  return last === slotsPerGroup - 1
}

import { bitsetBytes, largestArray, type PortableContainer, portableContainers } from './portable-format.ts'

/** A number for each person of a container. */
export type Cells = Uint16Array | Uint32Array

/**
 * Counts people by their cells: adds 1 to `counts[cell]` for each, and to `counts[0]` for each of a container without cells. People of other containers than those that
 * `cells` has are left out.
 * Cost: 1 to 2 ns a person.
 *
 * @param bytes portable Roaring bytes that are known to be right
 * @param cells by container, from container `from` on
 */
export function countCells(
  bytes: Uint8Array,
  cells: readonly (Cells | undefined)[],
  from: number,
  counts: Uint32Array,
): void {
  for (const container of portableContainers(bytes)) {
    const { key } = container
    if (key < from) continue
    if (key >= from + cells.length) break
    const own = cells[key - from]
    if (own === undefined) counts[0]! += container.size
    else countContainer(bytes, container, own, counts)
  }
}

function countContainer(
  bytes: Uint8Array,
  { size, at, runs }: PortableContainer,
  cells: Cells,
  counts: Uint32Array,
): void {
  if (runs >= 0) countRuns(bytes, at, runs, cells, counts)
  else if (size > largestArray) countBits(bytes, at, cells, counts)
  else {
    const end = at + 2 * size
    for (let i = at; i < end; i += 2) counts[cells[bytes[i]! | (bytes[i + 1]! << 8)]!]!++
  }
}

function countRuns(bytes: Uint8Array, at: number, runs: number, cells: Cells, counts: Uint32Array): void {
  for (let run = 0, i = at; run < runs; run++, i += 4) {
    const first = bytes[i]! | (bytes[i + 1]! << 8)
    const last = first + (bytes[i + 2]! | (bytes[i + 3]! << 8))
    for (let value = first; value <= last; value++) counts[cells[value]!]!++
  }
}

function countBits(bytes: Uint8Array, at: number, cells: Cells, counts: Uint32Array): void {
  // 32 bits at a time: the bytes need not begin where a word would.
  for (let i = 0; i < bitsetBytes; i += 4) {
    const start = at + i
    let word = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
    for (; word !== 0; word &= word - 1) counts[cells[8 * i + 31 - Math.clz32(word & -word)]!]!++
  }
}

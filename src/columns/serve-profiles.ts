import { bitsetBytes, largestArray, type PortableContainer, portableContainers } from '../bitmap/portable-format.ts'
import type { Server } from '../threads/serve.ts'
import type { ProfileOrder } from './profile-order.ts'

/** Counts people by their values in a thread. */
export class ProfileServer implements Server {
  serve(message: unknown, isCancelled: () => boolean): Uint32Array {
    const { bytes, chunks, from, length } = message as ProfileOrder
    const counts = new Uint32Array(length)
    for (const container of portableContainers(bytes)) {
      const { key } = container
      if (key < from) continue
      if (key >= from + chunks.length || isCancelled()) break
      const chunk = chunks[key - from]
      if (chunk === undefined) counts[0]! += container.size
      else countContainer(bytes, container, chunk, counts)
    }
    return counts
  }
}

function countContainer(
  bytes: Uint8Array,
  { size, at, runs }: PortableContainer,
  chunk: Uint16Array | Uint32Array,
  counts: Uint32Array,
): void {
  if (runs >= 0) countRuns(bytes, at, runs, chunk, counts)
  else if (size > largestArray) countBits(bytes, at, chunk, counts)
  else {
    const end = at + 2 * size
    for (let i = at; i < end; i += 2) counts[chunk[bytes[i]! | (bytes[i + 1]! << 8)]!]!++
  }
}

function countRuns(
  bytes: Uint8Array,
  at: number,
  runs: number,
  chunk: Uint16Array | Uint32Array,
  counts: Uint32Array,
): void {
  for (let run = 0, i = at; run < runs; run++, i += 4) {
    const first = bytes[i]! | (bytes[i + 1]! << 8)
    const last = first + (bytes[i + 2]! | (bytes[i + 3]! << 8))
    for (let value = first; value <= last; value++) counts[chunk[value]!]!++
  }
}

function countBits(bytes: Uint8Array, at: number, chunk: Uint16Array | Uint32Array, counts: Uint32Array): void {
  // 32 bits at a time: the bytes need not begin where a word would.
  for (let i = 0; i < bitsetBytes; i += 4) {
    const start = at + i
    let word = bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24)
    for (; word !== 0; word &= word - 1) counts[chunk[8 * i + 31 - Math.clz32(word & -word)]!]!++
  }
}

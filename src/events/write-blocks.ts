import type { BatchSource } from './batch-source.ts'
import type { DayPartition } from './day-partition.ts'

/** Events of a batch that are looked at together, so that what is read of them stays in the cache. */
const blockLength = 1 << 14

/**
 * Appends each event to the partition of its slot: event `i` to `partitions[slots[i] - 1]`, those with slot 0 to none.
 * There must be room.
 */
export function writeBlocks(
  source: BatchSource,
  slots: Uint32Array,
  partitions: readonly DayPartition[],
  version: number,
): void {
  const order = new Uint32Array(Math.min(blockLength, slots.length))
  const places = new Uint32Array(partitions.length + 1)
  const present: number[] = []
  for (let from = 0; from < slots.length; from += blockLength) {
    const to = Math.min(slots.length, from + blockLength)
    sortBySlot(slots, from, to, order, places, present)
    let begin = 0
    for (const slot of present) {
      const end = places[slot]!
      if (slot > 0) partitions[slot - 1]!.append(source, order, begin, end, version)
      places[slot] = 0
      begin = end
    }
  }
}

/**
 * A counting sort of the events `[from, to)` by slot, into `order`. Only slots that occur are touched: `present` has them
 * afterwards, and `places`, all zeros before, the end of each.
 */
function sortBySlot(
  slots: Uint32Array,
  from: number,
  to: number,
  order: Uint32Array,
  places: Uint32Array,
  present: number[],
): void {
  present.length = 0
  for (let i = from; i < to; i++) if (places[slots[i]!]!++ === 0) present.push(slots[i]!)
  let sum = 0
  for (const slot of present) {
    const count = places[slot]!
    places[slot] = sum
    sum += count
  }
  for (let i = from; i < to; i++) order[places[slots[i]!]!++] = i
}

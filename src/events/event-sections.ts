import { uint32Bytes } from '../base/byte-reader.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import type { CellArray } from './cell-array.ts'
import { littleEndianBytes } from './cell-bytes.ts'
import type { EventColumn } from './event-column.ts'
import type { EventDay, PropertyValues } from './event-day.ts'

/** Version of the layout that `eventSections` writes. */
export const eventSectionVersion = 1

/** Bytes, and what they are of: two with the same stamp are the same. */
export interface StampedChunks {
  readonly stamp: string
  readonly chunks: Iterable<Uint8Array>
}

/** Events as bytes. */
export interface EventSections {
  readonly head: StampedChunks
  /** Dictionaries of event ids, as `IdDictionary` writes them. */
  readonly ids: readonly StampedChunks[]
  readonly days: readonly StampedChunks[]
  /** Called when all is written, or given up. */
  release(): void
}

/**
 * The events of one kind as bytes. They must not be written to before the last of these is read: writers keep to a fork, which
 * is made in the same turn of the event loop, since the ids of events are the column's own.
 *
 * ```
 * head  uint32  1 where the clock was ever told, else 0
 *       int32   the latest local day that it showed
 *       for each category property, in the order of the schema:
 *         uint32   number of different texts; for each: uint32 bytes, and the text, UTF-8 in NFC
 *       uint32  number of dictionaries of event ids; for each: int32 its key, ascending
 *       uint32  number of days that have events; for each, ascending:
 *         int32    days since 1970-01-01 of the local date
 *         uint32   number of events
 *         uint32   0 where no event has an id, else the place of their dictionary and 1
 *         for each property: uint32 bytes of one value: 1, 2 or 4 of a category, 4 or 8 of a number, 1 of a flag
 * day   one array behind the other, a value for each event in the order of person, time and arrival:
 *         uint32   dense numbers of the people
 *         uint32   milliseconds since the beginning of the day
 *         for each property: codes of a category, 0 for none, else the place of the text and 1; scaled integers, int32
 *           with -2^31 for none, or doubles with NaN for none; bits of a flag, 0 or 1
 *         uint32   numbers of the event ids in their dictionary, 0xffffffff for none, where there is a dictionary
 * ```
 */
export function eventSections(column: EventColumn): EventSections {
  const { today } = column
  const texts = Object.keys(column.spec.properties).flatMap((name) => {
    const dictionary = column.category(name)
    return dictionary === null ? [] : [{ all: dictionary.texts, size: dictionary.size }]
  })
  const partitions = column.partitions()
  // A day whose only ids were seen before has a dictionary in mind, and no event with an id.
  const used = new Set(partitions.flatMap(({ epoch, eventIds }) => (eventIds === null ? [] : [epoch])))
  const epochs = [...column.eventIds.epochs].filter((epoch) => used.has(epoch)).sort((a, b) => a.key - b.key)
  const keys = epochs.map(({ key }) => key)
  const snapshots = epochs.map(({ ids }) => ids.snapshot())
  const days = partitions.map((partition) => ({
    day: partition.view(),
    eventIds: partition.eventIds,
    place: partition.epoch === null || partition.eventIds === null ? 0 : epochs.indexOf(partition.epoch) + 1,
  }))
  return {
    head: { stamp: `${column.identity}@${column.writtenAt}`, chunks: writeHead({ today, texts, keys, days }) },
    ids: snapshots.map((snapshot, place) => ({
      stamp: stampOf(epochs[place]!.ids),
      chunks: snapshot.sections(),
    })),
    days: days.map(({ day, eventIds, place }) => ({
      stamp: `${column.identity}/${day.day}@${day.version}`,
      chunks: writeDay(day, place === 0 ? null : eventIds),
    })),
    release() {
      for (const snapshot of snapshots) snapshot.release()
    },
  }
}

/** Ids only come and are removed, each of which counts up. */
function stampOf(ids: IdDictionary): string {
  let number = numbered.get(ids)
  if (number === undefined) {
    number = ++dictionaries
    numbered.set(ids, number)
  }
  return `${number}@${ids.size},${ids.liveCount}`
}

const numbered = new WeakMap<IdDictionary, number>()
let dictionaries = 0

interface Head {
  readonly today: number | null
  /** Texts come to a dictionary and never go: `size` of them were there. */
  readonly texts: readonly { readonly all: readonly string[]; readonly size: number }[]
  readonly keys: readonly number[]
  readonly days: readonly { readonly day: EventDay; readonly place: number }[]
}

function* writeHead({ today, texts, keys, days }: Head): Generator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  yield words(today === null ? 0 : 1, today ?? 0)
  for (const { all, size } of texts) {
    yield words(size)
    for (let i = 0; i < size; i++) {
      const bytes = encoder.encode(all[i])
      yield words(bytes.length)
      if (bytes.length > 0) yield bytes
    }
  }
  yield words(keys.length, ...keys)
  yield words(days.length)
  for (const { day, place } of days) {
    const widths = [...day.properties.values()].map((values) => cellsOf(values).BYTES_PER_ELEMENT)
    yield words(day.day, day.size, place, ...widths)
  }
}

function* writeDay(
  { people, times, properties, size }: EventDay,
  eventIds: Uint32Array | null,
): Generator<Uint8Array, void, undefined> {
  yield littleEndianBytes(people.subarray(0, size))
  yield littleEndianBytes(times.subarray(0, size))
  for (const values of properties.values()) yield littleEndianBytes(cellsOf(values).subarray(0, size))
  if (eventIds !== null) yield littleEndianBytes(eventIds.subarray(0, size))
}

function cellsOf(values: PropertyValues): CellArray {
  switch (values.kind) {
    case 'category':
      return values.codes
    case 'number':
      return values.values
    case 'flag':
      return values.bits
  }
}

/** Numbers of 32 bits, one behind the other. */
function words(...values: readonly number[]): Uint8Array {
  if (values.length === 1) return uint32Bytes(values[0]!)
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setInt32(4 * i, value, true)
  })
  return bytes
}

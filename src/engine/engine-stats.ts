import type { BehaviourStats } from '../behaviour/behaviours.ts'
import { nativeBitmapMemory } from '../bitmap/bitmap.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { EventColumn } from '../events/event-column.ts'
import type { LastCheckpoint, StoreHealth } from '../store/store-health.ts'
import type { ChangeFeedStats } from './changes/change-feed.ts'

/** Sizes of an engine, all of one moment. */
export interface EngineStats {
  /** Living people. */
  readonly people: number
  /** Ids beside those that name their people: so many were linked to another. */
  readonly linkedIds: number
  /** Bytes of the id dictionary; 0 until it is loaded. */
  readonly idBytes: number
  /** Whether all is loaded. Only in an engine of `loadEngine` with `lazy` it may not be, and only until its first write. */
  readonly isLoaded: boolean
  /** Writes of people, tags, events and columns that were applied since the engine was made. */
  readonly dataVersion: number
  /** Of the last mutation: as `dataVersion`, and those of audiences. */
  readonly sequence: number
  readonly columns: readonly {
    readonly name: string
    /** Whether the column is loaded: until then all of its sizes are 0, since they aren't known. */
    readonly isLoaded: boolean
    /** People who have a value. */
    readonly people: number
    /** Distinct values of a category; 1 for any other column. */
    readonly values: number
    /** Bytes of the column's bitmaps and index. */
    readonly bytes: number
  }[]
  readonly events: readonly {
    readonly name: string
    /** Whether the events are loaded: until then all of their sizes are 0, since they aren't known. */
    readonly isLoaded: boolean
    /** Events that are kept. */
    readonly events: number
    /** Local days that have any. */
    readonly days: number
    /** Events with an `eventId`. */
    readonly eventIds: number
    /** Bytes of the arrays and of the dictionary of event ids. */
    readonly bytes: number
  }[]
  /** Bytes that Roaring bitmaps of the whole process hold outside the JavaScript heap. */
  readonly nativeBitmapBytes: number
  /** The remembered answers of questions about events; those of views aren't counted. */
  readonly cache: {
    /** Bytes of what is remembered. */
    readonly bytes: number
    /** Questions whose answer was remembered, since the engine was made. */
    readonly hits: number
    /** Questions that had to be worked out. */
    readonly misses: number
    /** Events that were looked at to work answers out. */
    readonly eventsRead: number
  }
  /** Copies of bitmaps, on which long rules are answered in one pass: bytes of them, `imageBytes` at most, and how many there are. */
  readonly images: { readonly bytes: number; readonly count: number }
  /** Worker threads: how many there may be, how many run, and how many died although nobody ended them: their work was done by another. */
  readonly threads: { readonly size: number; readonly running: number; readonly deaths: number }
  /** What is held for the readers of `changes`. */
  readonly changes: ChangeFeedStats
  /** The log; `null` for an engine in memory. */
  readonly log: {
    /** Bytes of the log behind the last checkpoint: what an opening would read. */
    readonly bytes: number
    /** Files of the log. */
    readonly segments: number
    /** Every mutation up to this one survives a loss of power. */
    readonly durableSequence: number
    /** The last checkpoint that succeeded since the engine was opened; `null` for none. */
    readonly lastCheckpoint: LastCheckpoint | null
  } | null
}

/** What the sizes of an engine are taken from. */
export interface Measurable {
  readonly dataset: Dataset
  readonly sequence: number
  /** `null` for an engine in memory. */
  readonly store: StoreHealth | null
  readonly answers: BehaviourStats
  readonly changes: ChangeFeedStats
  readonly images: EngineStats['images']
  readonly threads: EngineStats['threads']
  /** How many people a column has that holds none itself, since it is a live derived tag; `null` for others. */
  liveSize(column: string): number | null
}

/** The sizes of an engine, of which nothing is loaded. Cost: a pass over the headers of all bitmaps. */
export function engineStats({
  dataset,
  sequence,
  store,
  answers,
  changes,
  images,
  threads,
  liveSize,
}: Measurable): EngineStats {
  const { bytes, hits, misses, eventsRead } = answers
  return {
    people: dataset.people.size,
    linkedIds: dataset.linkedIds,
    idBytes: dataset.ids.byteSize,
    isLoaded: dataset.isLoaded,
    dataVersion: dataset.version,
    sequence,
    columns: Array.from(dataset.columnNames(), (name) => columnStats(dataset, name, liveSize)),
    events: Array.from(dataset.eventNames(), (name) => eventStats(name, dataset.loadedEvent(name))),
    nativeBitmapBytes: nativeBitmapMemory().bytes,
    cache: { bytes, hits, misses, eventsRead },
    images,
    threads,
    changes,
    log: store === null ? null : logStats(store),
  }
}

function columnStats(dataset: Dataset, name: string, liveSize: Measurable['liveSize']): EngineStats['columns'][number] {
  const column = dataset.loadedColumn(name)
  // A live tag is asked for by its rules, which name columns that may not be loaded.
  const isUnknown = !dataset.isLoaded && dataset.derivedTag(name)?.mode === 'live'
  if (column === null || isUnknown) return { name, isLoaded: false, people: 0, values: 0, bytes: 0 }
  return {
    name,
    isLoaded: true,
    people: liveSize(name) ?? column.present.size,
    values: 'values' in column ? column.values.size : 1,
    bytes: [...column.postings()].reduce((sum, posting) => sum + posting.shape.byteSize, column.indexByteSize),
  }
}

function eventStats(name: string, column: EventColumn | null): EngineStats['events'][number] {
  if (column === null) return { name, isLoaded: false, events: 0, days: 0, eventIds: 0, bytes: 0 }
  const { size: events, dayCount: days, eventIdCount: eventIds, byteSize: bytes } = column
  return { name, isLoaded: true, events, days, eventIds, bytes }
}

function logStats({ logBytes, segments, durableSequence, lastCheckpoint }: StoreHealth): EngineStats['log'] {
  return { bytes: logBytes, segments, durableSequence, lastCheckpoint }
}

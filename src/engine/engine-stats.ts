import { nativeBitmapMemory } from '../bitmap/bitmap.ts'
import type { Dataset } from '../dataset/dataset.ts'

/** Sizes of an engine. */
export interface EngineStats {
  /** Living people. */
  readonly people: number
  /** Bytes of the id dictionary. */
  readonly idBytes: number
  /** Writes applied since the engine was made. */
  readonly dataVersion: number
  readonly columns: readonly {
    readonly name: string
    /** People who have a value. */
    readonly people: number
    /** Distinct values of a category; 1 for any other column. */
    readonly values: number
    /** Bytes of the column's bitmaps and index. */
    readonly bytes: number
  }[]
  readonly events: readonly {
    readonly name: string
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
}

/**
 * The sizes of a dataset. Cost: a pass over the headers of all bitmaps.
 *
 * @param liveSize how many people a column has that holds none itself, since it is a live derived tag; `null` for others.
 */
export function engineStats(dataset: Dataset, liveSize: (column: string) => number | null): EngineStats {
  return {
    people: dataset.people.size,
    idBytes: dataset.ids.byteSize,
    dataVersion: dataset.version,
    columns: [...dataset.columns()].map(([name, column]) => ({
      name,
      people: liveSize(name) ?? column.present.size,
      values: 'values' in column ? column.values.size : 1,
      bytes: [...column.postings()].reduce((sum, posting) => sum + posting.shape.byteSize, column.indexByteSize),
    })),
    events: [...dataset.eventNames()].map((name) => {
      const { size: events, dayCount: days, eventIdCount: eventIds, byteSize: bytes } = dataset.event(name)!
      return { name, events, days, eventIds, bytes }
    }),
    nativeBitmapBytes: nativeBitmapMemory().bytes,
  }
}

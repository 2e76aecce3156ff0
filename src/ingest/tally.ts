import { show } from '../base/show.ts'
import { type Bitmap, bitmapOf } from '../bitmap/bitmap.ts'
import type { EventIngestReport, IngestProgress, IngestReport, RejectedRow } from './ingest-report.ts'
import type { RowFault } from './row-fault.ts'

/** A fault with its place. */
export interface PlacedFault {
  readonly row: number
  readonly line: number | null
  readonly fault: RowFault
}

/** Counts what an ingest does. */
export class Tally {
  /** How many rejected rows are listed at most. */
  readonly keep: number
  rows = 0
  applied = 0
  created = 0
  rejected = 0
  duplicates = 0
  expired = 0
  bytes = 0
  totalBytes: number | null = null
  ignored: Iterable<string> = []
  createdTags: readonly string[] = []
  readonly #isOfEvents: boolean
  readonly #began = performance.now()
  readonly #rejects: RejectedRow[] = []
  readonly #people: Bitmap = bitmapOf()
  #peopleSize: number | null = null

  /** @param isOfEvents whether the report says what only events have */
  constructor(keepRejects: number, isOfEvents: boolean) {
    this.keep = keepRejects
    this.#isOfEvents = isOfEvents
  }

  /** Milliseconds since the ingest began. */
  get elapsed(): number {
    return performance.now() - this.#began
  }

  /** Lists rejected rows, as many as are kept. They are counted by whoever rejects them. */
  list(faults: readonly PlacedFault[]): void {
    for (const { row, line, fault } of faults) {
      if (this.#rejects.length >= this.keep) return
      const { code, reason, column } = fault
      this.#rejects.push(Object.freeze({ row, line, column, code, reason, value: excerpt(fault.value) }))
    }
  }

  /** Counts rows that were applied, and the people that they were written to, by their dense numbers. */
  countApplied(applied: number, people: Uint32Array, created: number): void {
    this.applied += applied
    this.created += created
    this.#people.addMany(people)
  }

  progress(): IngestProgress {
    const { rows, applied, rejected, bytes, totalBytes, elapsed: milliseconds } = this
    const seconds = Math.max(milliseconds, 0.001) / 1_000
    return Object.freeze({
      rows,
      applied,
      rejected,
      bytes,
      totalBytes,
      milliseconds,
      rowsPerSecond: rows / seconds,
      bytesPerSecond: bytes / seconds,
    })
  }

  report(ended: boolean): IngestReport | EventIngestReport {
    const { rows, applied, rejected, created, duplicates, expired, bytes, elapsed: milliseconds } = this
    return Object.freeze({
      rows,
      applied,
      rejected,
      ...(this.#isOfEvents ? { duplicates, expired } : {}),
      people: this.#peopleSize ?? this.#people.size,
      created,
      createdTags: Object.freeze([...this.createdTags]),
      bytes,
      milliseconds,
      rejects: Object.freeze([...this.#rejects]),
      ignored: Object.freeze([...this.ignored]),
      ended,
    })
  }

  /** Frees the bitmap of people; their number stays. */
  release(): void {
    this.#peopleSize ??= this.#people.size
    this.#people.dispose()
  }
}

const maxExcerpt = 200

/** A value as a report shows it, in memory of its own. */
function excerpt(value: unknown): string | null {
  if (value === undefined) return null
  if (typeof value !== 'string') return show(value)
  // A slice would keep the whole text alive.
  return value.length <= maxExcerpt ? Buffer.from(value).toString() : `${Buffer.from(value.slice(0, maxExcerpt))}…`
}

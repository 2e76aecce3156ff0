import type { ErrorCode } from '../base/error-codes.ts'

/** A row that was not applied. */
export interface RejectedRow {
  /** Which row of data: the first after the header is 1. */
  readonly row: number
  /** The physical line on which it begins, counted from 1, header and blank lines included; `null` where there are no lines. */
  readonly line: number | null
  /** The column of the source that is at fault; `null` where it is the row as a whole. */
  readonly column: string | null
  readonly code: ErrorCode
  /** What was found, what was expected and what to do. */
  readonly reason: string
  /** What the source has there, cut after 200 characters; `null` where it has nothing. */
  readonly value: string | null
}

/** What an ingest did. */
export interface IngestReport {
  /** Rows of data read: those applied and rejected, and, where the ingest was stopped, those of the batch that was given up. */
  readonly rows: number
  /** Rows applied. */
  readonly applied: number
  /** Rows rejected. */
  readonly rejected: number
  /** Different people written. */
  readonly people: number
  /** Of them, people whom the engine had not seen before. */
  readonly created: number
  /** Columns that `createTags` added. */
  readonly createdTags: readonly string[]
  /** Bytes read from the source, before decompression; 0 for records. */
  readonly bytes: number
  readonly milliseconds: number
  /** The first rejected rows, in order, as many as `keepRejects` says. */
  readonly rejects: readonly RejectedRow[]
  /** Columns of the source that nothing was made of, up to 1,000 names. */
  readonly ignored: readonly string[]
  /** Whether the source was read to its end: `false` in the report of an error. */
  readonly ended: boolean
}

/** What an ingest of events did. `applied` counts the events that were stored. */
export interface EventIngestReport extends IngestReport {
  /** Rows of events whose id was seen before: not counted again (law 13). */
  readonly duplicates: number
  /** Rows of events of days that retention has dropped: not stored. */
  readonly expired: number
}

/** How far an ingest is. */
export interface IngestProgress {
  /** Rows of data read. */
  readonly rows: number
  readonly applied: number
  readonly rejected: number
  /** Bytes read from the source, before decompression; 0 for records. */
  readonly bytes: number
  /** The size of the source in bytes, before decompression; `null` where it isn't known. */
  readonly totalBytes: number | null
  /** Since the ingest began. */
  readonly milliseconds: number
  /** Rows read a second, on average. */
  readonly rowsPerSecond: number
  /** Bytes read a second, on average. */
  readonly bytesPerSecond: number
}

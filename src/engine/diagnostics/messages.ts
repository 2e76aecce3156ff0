import type { AudienceRecord } from '../../audiences/audience-record.ts'
import type { ErrorCode } from '../../base/error-codes.ts'
import type { MutationKind } from '../../dataset/mutation-kind.ts'

// What the channels of node:diagnostics_channel carry. No message has an id of a person, a value, a name or a path.

/** What was asked. */
export type QuestionKind =
  | 'count'
  | 'select'
  | 'matches'
  | 'explain'
  | 'explainMatch'
  | 'preview'
  | 'prepare'
  | 'aggregate'
  | 'quantiles'
  | 'top'
  | 'histogram'
  | 'cube'

/**
 * Channel `crowdbit:query`: a question of an engine, workspace, view or prepared rule that took `slowQueryMs` or longer, after it was
 * answered. The building of audiences and derived tags is not told.
 */
export interface QueryMessage {
  readonly kind: QuestionKind
  /** The canonical hash of the rule, as `hash` gives it; `null` for a user set, whose rule isn't known. */
  readonly hash: string | null
  /** People of the answer; `null` where it has no such number. */
  readonly people: number | null
  readonly milliseconds: number
}

/**
 * Channels `tracing:crowdbit:query:start`, `…:end` and `…:error`: every question, however quick. One object goes through all of
 * them, so that it can be the key of a span; it is filled in on the way: after `start` everything but the kind is `null`.
 * A question that is refused goes through `error`, then `end`.
 *
 * Cost: while anybody listens, some 50 µs a question for the hash.
 */
export interface QueryTrace {
  readonly kind: QuestionKind
  /** From `end` on. */
  readonly hash: string | null
  readonly people: number | null
  readonly milliseconds: number | null
  /** Why it was refused. */
  readonly code: ErrorCode | null
}

/** Channel `crowdbit:checkpoint`: a checkpoint begins, and ends or fails. */
export type CheckpointMessage =
  | {
      readonly phase: 'start'
      /** Counts the checkpoints of this process that were listened to: the same in all messages of one. */
      readonly run: number
      /** The last mutation when it was asked for. */
      readonly sequence: number
    }
  | {
      readonly phase: 'end'
      readonly run: number
      /** It holds every mutation up to this one. */
      readonly sequence: number
      readonly bytesWritten: number
      /** Bytes that were as before, and so were not written. */
      readonly bytesKept: number
      readonly files: number
      readonly milliseconds: number
    }
  | { readonly phase: 'error'; readonly run: number; readonly code: ErrorCode; readonly milliseconds: number }

/** Channel `crowdbit:recovery`: `openEngine` begins to read a folder, and has read it or failed. */
export type RecoveryMessage =
  | { readonly phase: 'start'; readonly run: number }
  | {
      readonly phase: 'end'
      readonly run: number
      /** The last mutation that the checkpoint held; 0 for a new folder. */
      readonly checkpoint: number
      /** Mutations of the log that were done again. */
      readonly replayed: number
      /** Bytes at the end of the log that a crash had torn, and that were cut off. */
      readonly cutBytes: number
      readonly milliseconds: number
    }
  | { readonly phase: 'error'; readonly run: number; readonly code: ErrorCode; readonly milliseconds: number }

/** Which write: `put`, `remove`, `members` and `numbers` (the writers of `tags`), `track`, `ingest`, `addColumn`, `createAudience` … */
export type WriteKind = MutationKind | AudienceRecord['kind'] | 'ingest' | 'removeWorkspace'

/**
 * Channel `crowdbit:rejected-write`: a write that was refused whole. Of people, tags and events for any reason; of columns, derived
 * tags, audiences and workspaces when the disk refused it. Rows that an ingest rejects stand in its report.
 */
export interface RejectedWriteMessage {
  readonly kind: WriteKind
  readonly code: ErrorCode
}

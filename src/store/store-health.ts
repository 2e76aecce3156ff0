import type { ErrorCode } from '../base/error-codes.ts'

/** What hinders a store. */
export interface StoreProblem {
  readonly code: ErrorCode
  readonly message: string
  /** Milliseconds since 1970. */
  readonly since: number
}

/** How a store is. */
export interface StoreHealth {
  /** Whether a write would be tried. */
  readonly writable: boolean
  /** Why not; or, in a store that is writable, why the last write was refused. */
  readonly problem: StoreProblem | null
  readonly sequence: number
  /** Every mutation up to this one is on the medium. */
  readonly durableSequence: number
  readonly logBytes: number
  readonly segments: number
  readonly lastCheckpoint: LastCheckpoint | null
  /** Of the last checkpoint, when it failed. */
  readonly lastCheckpointFailure: StoreProblem | null
}

/** The last checkpoint that succeeded since the store was opened. */
export interface LastCheckpoint {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number
  readonly sequence: number
  readonly bytesWritten: number
  readonly milliseconds: number
}

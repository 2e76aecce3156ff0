import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { ErrorCode } from '../base/error-codes.ts'

/** Why a row is rejected. */
export class RowFault {
  readonly code: ErrorCode
  /** What was found, what was expected and what to do. */
  readonly reason: string
  /** The column of the source; `null` where the row as a whole is at fault. */
  readonly column: string | null
  /** What the source has there; `undefined` where nothing is. */
  readonly value: unknown

  constructor(code: ErrorCode, reason: string, column: string | null = null, value?: unknown) {
    this.code = code
    this.reason = reason
    this.column = column
    this.value = value
  }

  /** The fault that the engine's own error tells. What is none of the row's is thrown on. */
  static from(error: unknown, column: string | null, value?: unknown): RowFault {
    if (!(error instanceof CrowdbitError) || error.code === 'INTERNAL') throw error
    return new RowFault(error.code, error.message.slice(error.code.length + 2), column, value)
  }
}

import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { rejectedWriteChannel } from './channels.ts'
import type { RejectedWriteMessage, WriteKind } from './messages.ts'

/** Errors that were told: one may pass several places that tell. */
const told = new WeakSet<CrowdbitError>()

/** Does a write, and tells of it if it is refused. */
export function telling<Result>(kind: WriteKind, write: () => Result): Result {
  try {
    return write()
  } catch (error) {
    throw toldRejection(kind, error)
  }
}

/** Tells of a write that was refused, where anybody listens, and gives the error back, to be thrown. */
export function toldRejection(kind: WriteKind, error: unknown): unknown {
  if (rejectedWriteChannel.hasSubscribers && error instanceof CrowdbitError && !told.has(error)) {
    told.add(error)
    const message: RejectedWriteMessage = { kind, code: error.code }
    rejectedWriteChannel.publish(message)
  }
  return error
}

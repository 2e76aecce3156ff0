import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { MessagePackFault } from '../journal/message-pack-reader.ts'

/** The error for a record whose checksum is right, and that can't be done: what doing it threw, in its words. */
export function doesNotFit(sequence: number, error: unknown): unknown {
  if (!(error instanceof MessagePackFault || error instanceof CrowdbitError)) return error
  return new CrowdbitError(
    'STORE_LOG_DAMAGED',
    `mutation ${sequence} of the log does not fit the data before it: ${error.message}. The log was written by another program, or is not the one of this checkpoint. Restore the folder from a backup`,
    { sequence, found: error.message },
    { cause: error },
  )
}

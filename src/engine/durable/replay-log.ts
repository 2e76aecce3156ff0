import { CrowdbitError } from '../../base/crowdbit-error.ts'
import type { DurableStore } from '../../store/durable-store.ts'
import { MessagePackFault } from '../journal/message-pack-reader.ts'
import { JournalReplay, type ReplayTarget } from '../journal/replay-journal.ts'
import type { RecoveryReport } from './recovery-report.ts'

/**
 * Does again what the log of a store has.
 *
 * @throws STORE_LOG_DAMAGED, STORE_IO
 */
export async function replayLog(
  store: DurableStore,
  target: ReplayTarget,
): Promise<Omit<RecoveryReport, 'milliseconds'>> {
  const checkpoint = store.sequence
  const replay = new JournalReplay(target)
  let at = checkpoint
  let replayed = 0
  const { cut } = await store.replay((sequence, payload) => {
    at = sequence
    replayed++
    try {
      replay.record(payload)
    } catch (error) {
      throw doesNotFit(at, error)
    }
  })
  try {
    replay.finish()
  } catch (error) {
    throw doesNotFit(at, error)
  }
  return { checkpoint, replayed, cut }
}

/** A record whose checksum is right, and that can't be done. */
function doesNotFit(sequence: number, error: unknown): unknown {
  if (!(error instanceof MessagePackFault || error instanceof CrowdbitError)) return error
  return new CrowdbitError(
    'STORE_LOG_DAMAGED',
    `mutation ${sequence} of the log does not fit the data before it: ${error.message}. The log was written by another program, or is not the one of this checkpoint. Restore the folder from a backup`,
    { sequence, found: error.message },
    { cause: error },
  )
}

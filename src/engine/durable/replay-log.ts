import type { DurableStore } from '../../store/durable-store.ts'
import { JournalReplay, type ReplayTarget } from '../journal/replay-journal.ts'
import { doesNotFit } from './does-not-fit.ts'
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

import type { DurableStore } from '../../store/durable-store.ts'
import type { RecordVisitor } from '../../store/read-log.ts'
import { JournalReplay } from '../journal/replay-journal.ts'
import type { ReplayTarget } from '../journal/replay-target.ts'
import { doesNotFit } from './does-not-fit.ts'
import type { RecoveryReport } from './recovery-report.ts'

/** Hands over each record of a log, in order. */
type ReadRecords<Report> = (visit: RecordVisitor) => Promise<Report>

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
  const { records, cut } = await replayRecords(target, (visit) => store.replay(visit))
  return { checkpoint, replayed: records, cut }
}

/**
 * Does again the records that are read.
 *
 * @throws STORE_LOG_DAMAGED for one that can't be done; what `read` throws
 */
export async function replayRecords<Report>(target: ReplayTarget, read: ReadRecords<Report>): Promise<Report> {
  const replay = new JournalReplay(target)
  let at = 0
  const report = await read((sequence, bytes, start, end) => {
    at = sequence
    try {
      replay.record(bytes, start, end)
    } catch (error) {
      throw doesNotFit(at, error)
    }
  })
  try {
    replay.finish()
  } catch (error) {
    throw doesNotFit(at, error)
  }
  return report
}

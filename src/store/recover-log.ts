import { randomBytes } from 'node:crypto'
import type { FileSystem } from './file-system.ts'
import { logDamaged } from './log-damaged.ts'
import { logSource } from './log-source.ts'
import { type LogFault, type RecordVisitor, readLog } from './read-log.ts'
import { settleLog } from './settle-log.ts'
import type { StoreReader } from './store-reader.ts'

/** What was at the end of a log that is cut off. */
export interface LogCut {
  readonly path: string
  /** The first byte that is cut off. */
  readonly offset: number
  /** Bytes that are cut off, those of later segments included. */
  readonly bytes: number
  /** The first mutation that is missing. */
  readonly fromSequence: number
  readonly found: string
  /** `damage`: it had been safe. Only where the folder was opened for repair. */
  readonly kind: LogFault['kind']
}

/** What the log behind a snapshot was. */
export interface ReplayReport {
  /** The last mutation of snapshot and log. */
  readonly sequence: number
  /** Records handed over. */
  readonly records: number
  /** Bytes of the log that were read. */
  readonly bytes: number
  readonly cut: LogCut | null
}

/** A log that was read and made to go on. */
export interface RecoveredLog {
  readonly report: ReplayReport
  readonly storeId: string
  /** The segments that stay. */
  readonly segments: readonly { readonly ordinal: number; readonly bytes: number }[]
  /** Ordinal of the next segment. */
  readonly nextOrdinal: number
}

/** How a log is recovered. */
export interface RecoverOptions {
  /** Whether damage is cut off instead of being refused. */
  readonly repair: boolean
  /** Called between reading and the first change. What it throws ends the recovery. */
  mayChange(): Promise<void>
}

/**
 * Reads the log of a folder behind its snapshot, cuts off what isn't to stand, and makes the rest durable.
 *
 * @throws STORE_LOG_DAMAGED, STORE_IO, STORE_VERSION_UNSUPPORTED; what `visit` and `mayChange` throw
 */
export async function recoverLog(
  fs: FileSystem,
  directory: string,
  snapshot: StoreReader | null,
  visit: RecordVisitor,
  { repair, mayChange }: RecoverOptions,
): Promise<RecoveredLog> {
  const source = await logSource(fs, directory, snapshot)
  const { ordinals, log } = source
  const content = await readLog(fs, source, visit)
  const { fault, segments, sequence, records } = content
  if (fault?.kind === 'damage' && !repair) throw logDamaged(fault)
  await mayChange()
  const kept = await settleLog(fs, directory, content, log)
  const bytes = segments.reduce((sum, { size }) => sum + size, 0)
  // The segment that the manifest names has to be there: one that was lost is made again.
  const isNamed = log === null || kept.some(({ ordinal }) => ordinal === log)
  return {
    report: { sequence, records, bytes, cut: fault === null ? null : cutOf(fault) },
    storeId: content.storeId ?? randomBytes(16).toString('hex'),
    segments: kept.map(({ ordinal, goodBytes }) => ({ ordinal, bytes: goodBytes })),
    nextOrdinal: isNamed ? Math.max(0, ...ordinals) + 1 : log,
  }
}

function cutOf({ path, offset, bytes, sequence, found, kind }: LogFault): LogCut {
  return { path, offset, bytes, fromSequence: sequence, found, kind }
}

import type { AudienceRecord } from '../audiences/audience-record.ts'
import type { AudienceRegistry } from '../audiences/audience-registry.ts'
import { checkKeys } from '../base/check-keys.ts'
import { refuseLocked } from '../store/directory-lock.ts'
import type { FileSystem } from '../store/file-system.ts'
import { logSource } from '../store/log-source.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import { openStore } from '../store/open-store.ts'
import { type LockFacts, processFacts } from '../store/process-facts.ts'
import { readLog } from '../store/read-log.ts'
import { checkDirectory } from './check-directory.ts'
import { replayRecords } from './durable/replay-log.ts'
import { insideOf } from './engine.ts'
import { readStoredEngine, type SavedLoss } from './read-engine.ts'
import { restoreEngine } from './restore-engine.ts'
import { saveEngine } from './save-engine.ts'

/** What `repairEngine` takes. */
export interface RepairOptions {
  /** The damaged folder. It is only read. */
  readonly from: string
  /** A new or empty folder for what is saved of it. */
  readonly to: string
}

/** Something that could not be saved. */
export type RepairLoss =
  | SavedLoss
  | {
      /** The log from a mutation on. */
      readonly kind: 'log'
      /** The file and the byte at which the damage is. */
      readonly path: string
      readonly offset: number
      /** The first mutation that is lost, with all after it. */
      readonly fromSequence: number
      readonly found: string
    }

/** What became of a damaged folder. */
export interface RepairReport {
  /** Empty where nothing was lost. */
  readonly lost: readonly RepairLoss[]
  /** People in the new folder. */
  readonly people: number
  /** The last mutation that the new folder holds. */
  readonly sequence: number
  /** Mutations of the log among them. */
  readonly replayed: number
}

/**
 * Saves of a damaged folder what is provably right into another one, and says what is lost: a column whose bytes are damaged is there without values, a
 * day of events is left out, and of the log everything up to the damage counts. The damaged folder stays as it is. Ids and the
 * description have to be whole: without them nothing else means anything.
 * Cost: that of opening the folder, and of a save.
 *
 * @example
 * ```ts
 * await crowd.save('./data')
 * const { lost, people } = await repairEngine({ from: './data', to: './repaired' })
 * lost // []
 * people // 1000
 * ```
 * @throws STORE_CORRUPT where ids or the description are damaged; STORE_LOCKED, STORE_NOT_FOUND, STORE_VERSION_UNSUPPORTED, STORE_IO, OPTION_INVALID
 */
export async function repairEngine(options: RepairOptions): Promise<RepairReport> {
  checkKeys(options, ['from', 'to'])
  checkDirectory(options.from)
  checkDirectory(options.to)
  return repairEngineOn(nodeFileSystem, options)
}

/** As `repairEngine`, on any file system. */
export async function repairEngineOn(
  fs: FileSystem,
  { from, to }: RepairOptions,
  facts: LockFacts = processFacts,
): Promise<RepairReport> {
  await refuseLocked(fs, from, facts)
  const lost: RepairLoss[] = []
  const store = await openStore(fs, from)
  try {
    const engine = restoreEngine(await readStoredEngine(store, (loss) => lost.push(loss)), {})
    const inside = insideOf(engine)
    const target = { ...inside, registry: (workspace: string) => tolerant(inside.registry(workspace)) }
    const source = await logSource(fs, from, store)
    const { fault, sequence, records } = await replayRecords(target, (visit) => readLog(fs, source, visit))
    if (fault !== null) {
      const { path, offset, found } = fault
      lost.push({ kind: 'log', path, offset, fromSequence: fault.sequence, found })
    }
    await saveEngine(fs, to, { ...inside.savable(), sequence })
    return { lost, people: engine.size, sequence, replayed: records }
  } finally {
    await store.close()
  }
}

/** Takes changes of audiences that were lost as if they made them: a change says all of an audience, but for its older versions. */
function tolerant(registry: AudienceRegistry): Pick<AudienceRegistry, 'replay'> {
  return {
    replay(record) {
      const about = record.kind === 'renameAudience' ? record.from : nameIn(record)
      if (record.kind === 'createAudience' || registry.has(about)) registry.replay(record)
      else if (record.kind === 'changeAudience' && record.version !== null) {
        registry.replay({ kind: 'createAudience', audience: record.audience, version: record.version })
      }
    },
  }
}

function nameIn(record: Exclude<AudienceRecord, { readonly kind: 'renameAudience' }>): string {
  return record.kind === 'removeAudience' ? record.name : record.audience.name
}

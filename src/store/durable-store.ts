import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import { DirectoryLock } from './directory-lock.ts'
import type { Durability } from './durability.ts'
import type { FileSystem } from './file-system.ts'
import { LogWriter, readOnly } from './log-writer.ts'
import { openStore } from './open-store.ts'
import type { PlainData } from './plain-data.ts'
import { type LockFacts, processFacts } from './process-facts.ts'
import type { RecordVisitor } from './read-log.ts'
import { type ReplayReport, recoverLog } from './recover-log.ts'
import { makeSavePlace, refuseOtherFolder } from './save-place.ts'
import { type SaveReport, saveStore } from './save-store.ts'
import type { SectionSource } from './section.ts'
import type { LastCheckpoint, StoreHealth, StoreProblem } from './store-health.ts'
import type { StoreReader } from './store-reader.ts'

/** How a store is opened. */
export interface DurableStoreOptions {
  readonly durability: Durability
  /**
   * What the lock knows of processes, and the time.
   * @default this process's
   */
  readonly lock?: LockFacts
  /**
   * Whether a damaged log is cut off before the damage, with everything behind it, instead of being refused.
   * @default false
   */
  readonly repair?: boolean
  /**
   * How sections are spread over files, as `saveStore` takes it.
   * @default that of `saveStore`
   */
  readonly layout?: { readonly fileBytes: number; readonly aloneBytes: number }
}

/** What a checkpoint holds, as of one moment. */
export interface Frozen {
  readonly sections: Iterable<SectionSource>
  readonly meta: PlainData
  /** Called once, when nothing of it is needed any more. */
  release(): void
}

/** What a checkpoint did. */
export interface CheckpointReport extends SaveReport {
  /** It holds every mutation up to this one. */
  readonly sequence: number
  readonly milliseconds: number
}

/**
 * A folder that holds a snapshot and the log of every mutation since. It knows nothing of either: sections and payloads
 * are bytes. One at a time may have the folder open.
 */
export class DurableStore {
  /** What the folder held; `null` where nothing was saved. Closed when it has been replayed, or with the store. */
  readonly snapshot: StoreReader | null
  readonly #fs: FileSystem
  readonly #directory: string
  readonly #options: DurableStoreOptions
  readonly #facts: LockFacts
  readonly #lock: DirectoryLock
  #state: 'opened' | 'replaying' | 'open' | 'closed' = 'opened'
  #storeId = ''
  #log: LogWriter | null = null
  /** Of a lock that was lost before there was a log. */
  #lost: CrowdbitError | null = null
  #checkpoints: Promise<unknown> = Promise.resolve()
  #lastCheckpoint: LastCheckpoint | null = null
  #lastCheckpointFailure: StoreProblem | null = null

  private constructor(
    fs: FileSystem,
    directory: string,
    options: DurableStoreOptions,
    lock: DirectoryLock,
    snapshot: StoreReader | null,
  ) {
    this.#fs = fs
    this.#directory = directory
    this.#options = options
    this.#facts = options.lock ?? processFacts
    this.#lock = lock
    this.snapshot = snapshot
  }

  /**
   * Takes the folder, made where it is missing, and looks at the snapshot in it. Nothing is replayed yet. Who gets a store
   * closes it.
   *
   * @throws STORE_LOCKED; STORE_CORRUPT, STORE_VERSION_UNSUPPORTED; STORE_IO, also when the folder holds something else
   */
  static async open(fs: FileSystem, directory: string, options: DurableStoreOptions): Promise<DurableStore> {
    const place = await makeSavePlace(fs, directory)
    await refuseOtherFolder(fs, place)
    let store: DurableStore | null = null
    let lost: CrowdbitError | null = null
    const lock = await DirectoryLock.acquire(fs, place, options.lock ?? processFacts, (error) => {
      lost = error
      if (store !== null) store.#lose(error)
    })
    try {
      const snapshot = await openStore(fs, place).catch((error: unknown) => {
        if (error instanceof CrowdbitError && error.code === 'STORE_NOT_FOUND') return null
        throw error
      })
      store = new DurableStore(fs, place, options, lock, snapshot)
      if (lost !== null) store.#lose(lost)
      return store
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /** The last mutation that was appended, or that the folder held. */
  get sequence(): number {
    return this.#log?.sequence ?? this.snapshot?.sequence ?? 0
  }

  /** Every mutation up to this one is on the medium. */
  get durableSequence(): number {
    return this.#log?.durable ?? this.snapshot?.sequence ?? 0
  }

  /** Bytes of the log, from the snapshot on; 0 before it was replayed. */
  get logBytes(): number {
    return this.#log?.bytes ?? 0
  }

  /**
   * Hands over every mutation behind the snapshot, in order; then cuts off a torn tail, and the store can be written to.
   * Called once. The event loop turns between pieces of the log; a payload is only good during `visit`.
   *
   * Cost: O(log); some million short records a second beside `visit`.
   *
   * @throws STORE_LOG_DAMAGED, STORE_IO, STORE_VERSION_UNSUPPORTED, STORE_LOCK_LOST; what `visit` throws. The store is
   *   of no more use then, and to be closed
   */
  async replay(visit: RecordVisitor): Promise<ReplayReport> {
    invariant(this.#state === 'opened', 'a store is replayed once, before it is closed')
    this.#state = 'replaying'
    const fs = this.#fs
    const directory = this.#directory
    const { durability, repair = false } = this.#options
    const log = await recoverLog(fs, directory, this.snapshot, visit, { repair, mayChange: () => this.#lock.check() })
    await this.snapshot?.close()
    this.#storeId = log.storeId
    const { sequence } = log.report
    this.#log = await LogWriter.begin(
      fs,
      directory,
      { ...log, sequence },
      { durability, confirm: () => this.#lock.checkWhenLate(), now: () => this.#facts.now() },
    )
    if (this.#lost !== null) this.#lose(this.#lost)
    this.#state = 'open'
    return log.report
  }

  /**
   * Puts a record of 1 byte to 1 GiB into the log, and gives its sequence number. It survives the process from then on, and
   * a loss of power from the next sync on.
   *
   * Cost: one call of the operating system; nothing allocated for payloads of up to 1,000 bytes.
   *
   * @throws STORE_READ_ONLY after a sync that failed, when the lock was lost, and when the store is not open; STORE_IO when
   *   this write failed: nothing of it counts, and the next may succeed
   */
  append(payload: Uint8Array): number {
    if (this.#state !== 'open') throw readOnly(this.#directory, null)
    return this.#log!.append(payload)
  }

  /**
   * Resolves when everything that was appended before the call is on the medium. Callers at the same time share a sync.
   *
   * @throws STORE_IO when a sync failed, now or since the last checkpoint that succeeded; STORE_LOCK_LOST; STORE_READ_ONLY
   *   when the store is not open
   */
  async flushed(): Promise<void> {
    if (this.#log === null) throw readOnly(this.#directory, null)
    await this.#log.flushed()
  }

  /**
   * Saves everything up to one moment as the new snapshot, and lets the log begin anew behind it:
   *
   * 1. a new segment is made and synced;
   * 2. at one moment, appends go there from now on, and `freeze` gives the sections as of now;
   * 3. they are saved, while appends go on;
   * 4. older segments are removed.
   *
   * One at a time: a second call waits for the first, and does another. One that succeeds heals a store that a failed sync
   * had made read-only, because all that was appended is in the snapshot.
   *
   * Cost: writing the sections that aren't unchanged.
   *
   * @throws STORE_IO, STORE_LOCK_LOST; STORE_READ_ONLY when the store is not open; what `freeze` and the sections throw.
   *   The snapshot before stays then, and so does the log
   */
  checkpoint(freeze: (sequence: number) => Frozen): Promise<CheckpointReport> {
    const result = this.#checkpoints.then(() => this.#checkpointNow(freeze))
    this.#checkpoints = result.catch(() => {})
    return result
  }

  /** How the store is. */
  health(): StoreHealth {
    const log = this.#log
    const problem = log?.problem ?? log?.refusal ?? null
    const { code, message } = problem?.error ?? {}
    return {
      writable: this.#state === 'open' && log!.problem === null,
      problem: problem === null ? null : { code: code!, message: message!, since: problem.since },
      sequence: this.sequence,
      durableSequence: this.durableSequence,
      logBytes: this.logBytes,
      segments: log?.segments ?? 0,
      lastCheckpoint: this.#lastCheckpoint,
      lastCheckpointFailure: this.#lastCheckpointFailure,
    }
  }

  /**
   * Waits for the checkpoints that are under way, syncs what was appended, and gives the folder back, in any case. Does
   * nothing the second time.
   *
   * @throws STORE_IO, STORE_LOCK_LOST when not everything that was appended is on the medium
   */
  async close(): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    await this.#checkpoints
    try {
      await this.#log?.close()
    } finally {
      await this.snapshot?.close()
      await this.#lock.release()
    }
  }

  #lose(error: CrowdbitError): void {
    this.#lost = error
    this.#log?.fail(error, Number.POSITIVE_INFINITY)
  }

  async #checkpointNow(freeze: (sequence: number) => Frozen): Promise<CheckpointReport> {
    const began = performance.now()
    try {
      const report = await this.#saveSnapshot(freeze)
      const milliseconds = performance.now() - began
      const { sequence, bytesWritten } = report
      this.#lastCheckpoint = Object.freeze({ at: this.#facts.now(), sequence, bytesWritten, milliseconds })
      this.#lastCheckpointFailure = null
      return { ...report, milliseconds }
    } catch (error) {
      const code = error instanceof CrowdbitError ? error.code : 'INTERNAL'
      if (code === 'STORE_LOCK_LOST') this.#lose(error as CrowdbitError)
      const message = error instanceof Error ? error.message : String(error)
      this.#lastCheckpointFailure = Object.freeze({ code, message, since: this.#facts.now() })
      throw error
    }
  }

  async #saveSnapshot(freeze: (sequence: number) => Frozen): Promise<SaveReport & { readonly sequence: number }> {
    const log = this.#log
    if (log === null || this.#state === 'closed') throw readOnly(this.#directory, null)
    await this.#lock.check()
    const segment = await log.prepare()
    let sequence: number
    let frozen: Frozen
    try {
      // Nothing may come between these two.
      sequence = log.goOnIn(segment)
      frozen = freeze(sequence)
    } catch (error) {
      await log.abandon(segment)
      throw error
    }
    let report: SaveReport
    try {
      report = await saveStore(this.#fs, this.#directory, frozen.sections, frozen.meta, {
        sequence,
        storeId: this.#storeId,
        owner: { log: segment.ordinal, mayCommit: () => this.#lock.check() },
        ...this.#options.layout,
      })
    } finally {
      frozen.release()
    }
    await log.covered(sequence, segment)
    return { ...report, sequence }
  }
}

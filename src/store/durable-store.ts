import { randomBytes } from 'node:crypto'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import { DirectoryLock } from './directory-lock.ts'
import type { Durability } from './durability.ts'
import { lastGeneration, logOrdinalOf, logSegmentName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { GroupSync } from './group-sync.ts'
import { logDamaged } from './log-damaged.ts'
import { LogSegment } from './log-segment.ts'
import { openStore } from './open-store.ts'
import type { PlainData } from './plain-data.ts'
import { type LockFacts, processFacts } from './process-facts.ts'
import { readLog } from './read-log.ts'
import { lookAtSavePlace, makeSavePlace } from './save-place.ts'
import { type SaveReport, saveStore } from './save-store.ts'
import type { SectionSource } from './section.ts'
import { settleLog } from './settle-log.ts'
import { ioFault } from './store-fault.ts'
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

interface Problem extends StoreProblem {
  readonly error: CrowdbitError
  /** A checkpoint into a segment above this one heals it; infinite where nothing does. */
  readonly healsAbove: number
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
  readonly #facts: LockFacts
  readonly #durability: Durability
  readonly #repair: boolean
  readonly #lock: DirectoryLock
  readonly #group = new GroupSync(() => this.#sync())
  #storeId: string
  #state: 'opened' | 'replaying' | 'open' | 'closed' = 'opened'
  #sequence = 0
  #durable = 0
  #current: LogSegment | null = null
  /** Segments before the current one, which a checkpoint removes: those that this store wrote, with their file. */
  #older: { readonly ordinal: number; readonly bytes: number; readonly segment: LogSegment | null }[] = []
  readonly #dirty = new Set<LogSegment>()
  /** Segments below this are covered by a snapshot. */
  #base = 0
  #nextOrdinal = 1
  #problem: Problem | null = null
  #refusedWrite: StoreProblem | null = null
  #scheduled = false
  #timer: ReturnType<typeof setTimeout> | null = null
  #checkpoints: Promise<unknown> = Promise.resolve()
  #lastCheckpoint: LastCheckpoint | null = null
  #lastCheckpointFailure: StoreProblem | null = null

  private constructor(
    fs: FileSystem,
    directory: string,
    options: DurableStoreOptions,
    takeLock: (lost: (error: CrowdbitError) => void) => DirectoryLock,
    snapshot: StoreReader | null,
  ) {
    this.#fs = fs
    this.#directory = directory
    this.#facts = options.lock ?? processFacts
    this.#durability = options.durability
    this.#repair = options.repair ?? false
    this.snapshot = snapshot
    this.#storeId = snapshot?.storeId ?? ''
    this.#sequence = snapshot?.sequence ?? 0
    this.#durable = this.#sequence
    this.#lock = takeLock((error) => this.#fail(error, Number.POSITIVE_INFINITY))
  }

  /**
   * Takes the folder, made where it is missing, and looks at the snapshot in it. Nothing is replayed yet. Who gets a store
   * closes it.
   *
   * @throws STORE_LOCKED; STORE_CORRUPT, STORE_VERSION_UNSUPPORTED; STORE_IO, also when the folder holds something else
   */
  static async open(fs: FileSystem, directory: string, options: DurableStoreOptions): Promise<DurableStore> {
    const place = await makeSavePlace(fs, directory)
    await lookAtSavePlace(fs, place)
    let lost: (error: CrowdbitError) => void = () => {}
    const lock = await DirectoryLock.acquire(fs, place, options.lock ?? processFacts, (error) => lost(error))
    try {
      const snapshot = await openStore(fs, place).catch((error: unknown) => {
        if (error instanceof CrowdbitError && error.code === 'STORE_NOT_FOUND') return null
        throw error
      })
      const takeLock = (told: typeof lost): DirectoryLock => {
        lost = told
        return lock
      }
      return new DurableStore(fs, place, options, takeLock, snapshot)
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /** The last mutation that was appended, or that the folder held. */
  get sequence(): number {
    return this.#sequence
  }

  /** Every mutation up to this one is on the medium. */
  get durableSequence(): number {
    return this.#durable
  }

  /** Bytes of the log, from the snapshot on. */
  get logBytes(): number {
    return this.#older.reduce((sum, { bytes }) => sum + bytes, this.#current?.bytes ?? 0)
  }

  /**
   * Hands over every mutation behind the snapshot, in order; then cuts off a torn tail, and the store can be written to.
   * Called once. The event loop turns between pieces of the log; a payload is only good during `visit`.
   *
   * Cost: O(log); a few million short records a second beside `visit`.
   *
   * @throws STORE_LOG_DAMAGED, STORE_IO, STORE_VERSION_UNSUPPORTED, STORE_LOCK_LOST; what `visit` throws. The store is
   *   of no more use then, and to be closed
   */
  async replay(visit: (sequence: number, payload: Uint8Array) => void): Promise<ReplayReport> {
    invariant(this.#state === 'opened', 'a store is replayed once')
    this.#state = 'replaying'
    const { report, storeId, segments, nextOrdinal } = await recoverLog(
      this.#fs,
      this.#directory,
      this.snapshot,
      visit,
      { repair: this.#repair, mayChange: () => this.#lock.check() },
    )
    await this.snapshot?.close()
    this.#storeId = storeId
    this.#sequence = report.sequence
    this.#durable = report.sequence
    this.#older = segments.map((segment) => ({ ...segment, open: null }))
    this.#nextOrdinal = nextOrdinal
    this.#current = await this.#beginSegment()
    this.#current.mark(this.#sequence, this.#durable)
    this.#dirty.add(this.#current)
    this.#state = 'open'
    return report
  }

  /**
   * Puts a record into the log and gives its sequence number. It survives the process from then on, and the power from the
   * next sync on.
   *
   * Cost: one system call.
   *
   * @throws STORE_READ_ONLY after a sync that failed, when the lock was lost, and when the store is closed; STORE_IO when
   *   this write failed: nothing of it counts, and the next may succeed
   */
  append(payload: Uint8Array): number {
    if (this.#state !== 'open' || this.#problem !== null) throw this.#readOnly()
    const current = this.#current!
    const sequence = this.#sequence + 1
    try {
      current.append(sequence, this.#durable, payload)
    } catch (error) {
      throw this.#refuseWrite(current, error)
    }
    this.#sequence = sequence
    this.#refusedWrite = null
    if (this.#dirty.size === 0 || !this.#dirty.has(current)) this.#dirty.add(current)
    if (!this.#scheduled && this.#durability !== 'none') this.#schedule(this.#durability)
    return sequence
  }

  /**
   * Resolves when everything that was appended before the call is on the medium. Callers at the same time share a sync.
   *
   * @throws STORE_IO when a sync failed, now or since the last checkpoint that succeeded; STORE_LOCK_LOST; STORE_READ_ONLY
   *   when the store was closed before it was
   */
  async flushed(): Promise<void> {
    const target = this.#sequence
    while (this.#durable < target) {
      if (this.#problem !== null) throw this.#problem.error
      if (this.#state !== 'open') throw this.#readOnly()
      const { running } = this.#group
      await (running !== null && this.#syncing >= target ? running : this.#group.request())
    }
    if (this.#problem?.error.code === 'STORE_LOCK_LOST') throw this.#problem.error
  }

  /**
   * Saves everything up to this moment as the new snapshot, and begins the log anew behind it:
   *
   * 1. a new segment is made and synced;
   * 2. at one moment, appends go there from now on, and `freeze` gives the sections as of now;
   * 3. they are saved, while appends go on;
   * 4. older segments are removed.
   *
   * One at a time: a second call waits for the first, and does another. One that succeeds heals a store that a failed sync
   * had made read-only, because all that was appended is in the snapshot.
   *
   * @throws STORE_IO, STORE_LOCK_LOST; STORE_READ_ONLY when closed; what `freeze` and the sections throw
   */
  checkpoint(freeze: (sequence: number) => Frozen): Promise<CheckpointReport> {
    const result = this.#checkpoints.then(() => this.#checkpointNow(freeze))
    this.#checkpoints = result.catch(() => {})
    return result
  }

  /** How the store is. */
  health(): StoreHealth {
    const problem = this.#problem ?? this.#refusedWrite
    return {
      writable: this.#state === 'open' && this.#problem === null,
      problem: problem === null ? null : { code: problem.code, message: problem.message, since: problem.since },
      sequence: this.#sequence,
      durableSequence: this.#durable,
      logBytes: this.logBytes,
      segments: this.#older.length + (this.#current === null ? 0 : 1),
      lastCheckpoint: this.#lastCheckpoint,
      lastCheckpointFailure: this.#lastCheckpointFailure,
    }
  }

  /**
   * Waits for the checkpoint that is under way, syncs what was appended, and gives the folder back, in any case. Does
   * nothing the second time.
   *
   * @throws STORE_IO, STORE_LOCK_LOST when not everything that was appended is on the medium
   */
  async close(): Promise<void> {
    if (this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#state = 'closing'
    await this.#checkpoints
    if (this.#timer !== null) clearTimeout(this.#timer)
    try {
      if (wasOpen && this.#problem === null) await this.#closeLog()
      if (this.#durable < this.#sequence && this.#problem !== null) throw this.#problem.error
    } finally {
      this.#state = 'closed'
      await this.#group.idle()
      for (const { open } of this.#older) await open?.close()
      await this.#current?.close()
      await this.snapshot?.close()
      await this.#lock.release()
    }
  }

  /** Syncs, and says in the log that all of it was: from then on, whatever is missing is damage. */
  async #closeLog(): Promise<void> {
    const current = this.#current!
    await this.#group.request()
    if (current.marked >= this.#durable) return
    this.#mark(current)
    this.#dirty.add(current)
    await this.#group.request()
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
      const { code, message } = asCrowdbitError(error)
      this.#lastCheckpointFailure = Object.freeze({ code, message, since: this.#facts.now() })
      throw error
    }
  }

  async #saveSnapshot(freeze: (sequence: number) => Frozen): Promise<SaveReport & { readonly sequence: number }> {
    if (this.#state !== 'open') throw this.#readOnly()
    await this.#lock.check()
    const before = this.#current!
    // An empty segment that nothing is wrong with goes on.
    const isFresh = before.isEmpty && !before.isBroken && !(this.#problem !== null && this.#problem.healsAbove >= before.ordinal)
    const fresh = isFresh ? before : await this.#beginSegment()
    // From here to the freeze nothing may come between.
    const sequence = this.#sequence
    if (fresh !== before) await this.#goOnIn(fresh, before)
    const frozen = freeze(sequence)
    let report: SaveReport
    try {
      const owner = { log: fresh.ordinal, mayCommit: () => this.#lock.check() }
      const options = { sequence, storeId: this.#storeId, owner, ...this.#layout }
      report = await saveStore(this.#fs, this.#directory, frozen.sections, frozen.meta, options)
    } finally {
      frozen.release()
    }
    this.#base = fresh.ordinal
    if (sequence > this.#durable) this.#durable = sequence
    if (this.#problem !== null && this.#problem.healsAbove < fresh.ordinal) this.#problem = null
    await this.#removeOlder(fresh)
    return { ...report, sequence }
  }
}

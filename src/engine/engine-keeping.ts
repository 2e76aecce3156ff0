import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { CheckpointReport } from '../store/durable-store.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import type { ThreadPool } from '../threads/thread-pool.ts'
import type { ChangeFeed } from './changes/change-feed.ts'
import { EngineChanges } from './changes/engine-changes.ts'
import { checkDirectory } from './check-directory.ts'
import type { EngineLog } from './durable/engine-log.ts'
import type { RecoveryReport } from './durable/recovery-report.ts'
import type { Savable } from './engine-sections.ts'
import { type EngineHealth, healthOf } from './health.ts'
import { type BackupReport, saveEngine } from './save-engine.ts'

/** What keeps an engine. */
export interface Keeping {
  /** `null` for an engine that is in memory only. */
  readonly log: EngineLog | null
  readonly recovery: RecoveryReport | null
  readonly feed: ChangeFeed
  /** `null` for none. */
  readonly threads: ThreadPool | null
  readonly savable: () => Savable
}

// The door for the engine: the public type shows nothing of the store.
let connect: (engine: object, keeping: Keeping) => void

/** Gives an engine what it is kept by. */
export function connectKeeping(engine: object, keeping: Keeping): void {
  connect(engine, keeping)
}

/** How an engine is kept: saves, and, where it was opened by `openEngine`, the log and its checkpoints. */
export abstract class EngineKeeping<S extends SchemaSpec> extends EngineChanges<S> {
  #keeping: Keeping | null = null
  #closed: Promise<void> | null = null

  static {
    connect = (engine, keeping) => {
      ;(engine as EngineKeeping<SchemaSpec>).#keeping = keeping
    }
  }

  /**
   * Saves everything into a folder, which is made if need be and must otherwise be empty or hold a saved engine. What is
   * saved is the engine at the moment of the call; writes may go on meanwhile. When the promise resolves the save
   * survives a loss of power; a crash before leaves the save that was there. The folder of an engine that is open is
   * refused: `checkpoint` writes there.
   * Cost: the bytes of ids and bitmaps, written once.
   *
   * @throws STORE_IO; STORE_LOCKED for the folder of an engine that is open
   */
  async save(directory: string): Promise<void> {
    checkDirectory(directory)
    await saveEngine(nodeFileSystem, directory, this.#keeping!.savable())
  }

  /**
   * Saves everything into another folder, as `save` does, and says up to which mutation the copy holds all. `openEngine` with the copy
   * as its folder is the restore: the engine goes on from there. The copy has no log of its own, so that nothing of the original's
   * folder is needed.
   * Cost: the bytes of the whole engine, written once; while it is written, what writes touch is copied.
   *
   * @example
   * ```ts
   * const { sequence } = await crowd.backup('./backup')
   * const restored = await openEngine({ dir: './backup' })
   * restored.sequence === sequence // true
   * await restored.close()
   * ```
   * @throws STORE_IO; STORE_LOCKED for the folder of an engine that is open, its own included
   */
  async backup(directory: string): Promise<BackupReport> {
    checkDirectory(directory)
    return saveEngine(nodeFileSystem, directory, this.#keeping!.savable())
  }

  /**
   * Resolves when everything written before the call is on the medium: it survives a loss of power. Callers of one moment share
   * one sync. A write that has returned survives the end of the process in any case: it is in the hands of the operating system.
   * Cost: a sync of the disk, some tenths of a millisecond to some milliseconds.
   *
   * @example
   * ```ts
   * const shop = await openEngine({ dir: './data', schema })
   * shop.put('u1', { 精致妈妈: true })
   * await shop.flushed()
   * await shop.close()
   * ```
   * @throws ENGINE_NOT_DURABLE; STORE_IO when a sync failed, STORE_LOCK_LOST: what was written since the last one may be lost with the power
   */
  async flushed(): Promise<void> {
    await this.#log.flushed()
  }

  /**
   * Writes what changed since the last checkpoint into the folder and drops the log behind it, so that the next opening has less to do,
   * and bytes of people who were removed are gone from the disk (law 3). Reads and writes go on meanwhile. Made without
   * being asked when the log has grown long (`checkpointLogBytes`), and by `close`.
   * Cost: the bytes of the columns that changed.
   *
   * @throws ENGINE_NOT_DURABLE, STORE_IO, STORE_LOCK_LOST
   */
  async checkpoint(): Promise<CheckpointReport> {
    return this.#log.checkpoint()
  }

  /**
   * Ends the engine's life on the disk: a last checkpoint where anything was written, and the folder is given back. From then on writes are
   * refused with STORE_READ_ONLY; questions are still answered. An engine in memory goes on taking writes. Iterations of `changes` end
   * behind the last change. Worker threads end: what they are at fails with THREADS_CLOSED, and what is awaited later is answered by the thread that asks.
   *
   * @throws STORE_IO when what was written could not be made durable
   */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /**
   * Whether writes are taken, and what is known of the disk. Cost: nothing to speak of.
   *
   * @example
   * ```ts
   * const shop = await openEngine({ dir: './data' })
   * shop.health().writable // true
   * await shop.close()
   * shop.health().writable // false
   * ```
   */
  health(): EngineHealth {
    return healthOf(this.#keeping!.log)
  }

  /** What opening found in the log; `null` for an engine that wasn't opened by `openEngine`. */
  get recovery(): RecoveryReport | null {
    return this.#keeping!.recovery
  }

  async #close(): Promise<void> {
    const { log, feed, threads } = this.#keeping!
    try {
      await Promise.all([log?.close(), threads?.close()])
    } finally {
      feed.close()
    }
  }

  get #log(): EngineLog {
    const { log } = this.#keeping!
    if (log !== null) return log
    throw new CrowdbitError(
      'ENGINE_NOT_DURABLE',
      'this engine is in memory only, so that nothing of it is on a disk. Open one with openEngine({ dir }), or save it with save(directory)',
    )
  }
}

import type { AudienceJournal } from '../../audiences/audience-record.ts'
import type { ExternalId } from '../../base/brand.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { ShortTurns } from '../../base/short-turns.ts'
import type { Dataset } from '../../dataset/dataset.ts'
import { idsWipedBy, type Journal, type MutationRecord } from '../../dataset/journal.ts'
import type { CheckpointReport, DurableStore } from '../../store/durable-store.ts'
import type { StoreHealth } from '../../store/store-health.ts'
import type { ChangeFeed } from '../changes/change-feed.ts'
import type { Recorder } from '../changes/recorder.ts'
import { checkpointChannel } from '../diagnostics/channels.ts'
import type { WriteKind } from '../diagnostics/messages.ts'
import { toldRejection } from '../diagnostics/told-rejection.ts'
import { toldRun } from '../diagnostics/told-run.ts'
import { engineSections, type Savable } from '../engine-sections.ts'
import { encodeAudienceRecord, encodeWorkspaceRemoval } from '../journal/encode-audience.ts'
import { encodeMutation } from '../journal/encode-mutation.ts'
import { MessagePackWriter } from '../journal/message-pack-writer.ts'
import type { CheckpointPolicy } from './checkpoint-policy.ts'

/**
 * What an engine is kept by: every write goes into the log before it is done, and checkpoints take what there is to a folder.
 */
export class EngineLog implements Journal, Recorder {
  readonly #store: DurableStore
  readonly #policy: CheckpointPolicy
  readonly #savable: () => Savable
  readonly #feed: ChangeFeed
  readonly #record = new MessagePackWriter()
  /** What each section of the last checkpoint holds. */
  #stamps: ReadonlyMap<string, string>
  /** The last mutation that the checkpoint holds. */
  #checkpointed: number
  /** The one that was asked for, and has not begun. */
  #nextCheckpoint: Promise<CheckpointReport> | null = null
  /** Settled with the last one that was asked for; `null` where none is under way. */
  #lastCheckpoint: Promise<void> | null = null
  #due = false
  /** Whether a write is in the log, and not yet done in memory. */
  #pending = false

  /**
   * @param stamps what each section of the present checkpoint holds
   * @param checkpointed the last mutation that it holds
   */
  constructor(
    store: DurableStore,
    policy: CheckpointPolicy,
    savable: () => Savable,
    feed: ChangeFeed,
    stamps: ReadonlyMap<string, string>,
    checkpointed: number,
  ) {
    this.#checkpointed = checkpointed
    this.#store = store
    this.#policy = policy
    this.#savable = savable
    this.#feed = feed
    this.#stamps = stamps
  }

  get sequence(): number {
    return this.#store.sequence
  }

  /** @throws STORE_READ_ONLY, STORE_IO, STORE_LOCK_LOST; nothing is written then */
  write(record: MutationRecord): void {
    if (this.#pending) throw halfDone()
    const out = this.#record
    out.clear()
    encodeMutation(record, out)
    this.#append(record.kind, this.#feed.isOn ? idsWipedBy(record) : null)
    this.#pending = true
  }

  done(): void {
    this.#pending = false
  }

  /** The journal of a workspace's audiences. */
  audiences(workspace: string): AudienceJournal {
    return {
      write: (record) => {
        this.#record.clear()
        encodeAudienceRecord(workspace, record, this.#record)
        this.#append(record.kind)
      },
    }
  }

  /** Told that a workspace is about to be removed. */
  removeWorkspace(name: string): void {
    this.#record.clear()
    encodeWorkspaceRemoval(name, this.#record)
    this.#append('removeWorkspace')
  }

  /** Resolves when all that was written up to now is on the medium. @throws STORE_IO */
  flushed(): Promise<void> {
    return this.#store.flushed()
  }

  /** Writes what changed since the last checkpoint, as of a moment behind the call. @throws STORE_IO */
  checkpoint(): Promise<CheckpointReport> {
    // One that is under way may be of a moment before the call.
    if (this.#nextCheckpoint !== null) return this.#nextCheckpoint
    const before = this.#lastCheckpoint
    const next = (async () => {
      await before
      this.#nextCheckpoint = null
      return this.#checkpoint()
    })()
    this.#nextCheckpoint = next
    const settled = next.then(nothing, nothing)
    this.#lastCheckpoint = settled
    settled.then(() => {
      if (this.#lastCheckpoint === settled) this.#lastCheckpoint = null
    })
    return next
  }

  health(): StoreHealth {
    return this.#store.health()
  }

  /** Writes a last checkpoint if there is anything to write, and gives the folder back. */
  async close(): Promise<void> {
    // Each opening leaves a segment behind, which the next checkpoint removes.
    const isDue = this.sequence > this.#checkpointed || this.#store.health().segments > mostSegments
    if (isDue) await this.checkpoint().catch(nothing)
    await this.#store.close()
  }

  /** @param removed the ids that the write makes unknown */
  #append(kind: WriteKind, removed: readonly ExternalId[] | null = null): void {
    const { bytes } = this.#record
    const feed = this.#feed
    try {
      this.#store.append(bytes)
      if (feed.isOn) {
        if (removed === null) feed.push(bytes)
        else feed.pushRemoval(removed, bytes)
      }
    } catch (error) {
      throw toldRejection(kind, error)
    } finally {
      // Its ids and values must not stay behind when a person is removed (law 3).
      this.#record.wipe()
    }
    if (!this.#due && this.#policy.isDue(this.#store.logBytes, present)) this.#checkpointSoon()
  }

  /** After the present turn of the event loop: the write that is under way has to be done first. */
  #checkpointSoon(): void {
    this.#due = true
    setImmediate(() => {
      this.#due = false
      // Told in health().
      if (this.#lastCheckpoint === null) this.checkpoint().catch(nothing)
    })
  }

  #checkpoint(): Promise<CheckpointReport> {
    return toldRun(
      checkpointChannel,
      () => ({ sequence: this.sequence }),
      () => this.#makeCheckpoint(),
      (report) => ({ ...report }),
    )
  }

  async #makeCheckpoint(): Promise<CheckpointReport> {
    let stamps = this.#stamps
    await sortEvents(this.#savable().dataset)
    try {
      const report = await this.#store.checkpoint(() => {
        if (this.#pending) throw halfDone()
        const frozen = engineSections(this.#savable(), this.#stamps)
        stamps = frozen.stamps
        return frozen
      })
      this.#stamps = stamps
      this.#checkpointed = report.sequence
      this.#policy.succeeded(report.bytesWritten)
      return report
    } catch (error) {
      this.#policy.failed(performance.now())
      throw error
    }
  }
}

/** Days are saved sorted: those that nobody read since they were written are sorted a few at a time, not all in the turn of the checkpoint. */
async function sortEvents(dataset: Dataset): Promise<void> {
  const turns = new ShortTurns()
  for (const name of dataset.schema.names) {
    while (dataset.event(name)?.sortOne() === true) await turns.mayEnd()
  }
}

/** Segments without anything new that are left where they are. */
const mostSegments = 4

function nothing(): void {}

function present(): number {
  return performance.now()
}

/** A bug: what is in memory is no longer what the log says. */
function halfDone(): CrowdbitError {
  return new CrowdbitError(
    'INTERNAL',
    'an earlier write is in the log and failed half way in memory: nothing more is written. Close the engine and open it again, which replays the log',
  )
}

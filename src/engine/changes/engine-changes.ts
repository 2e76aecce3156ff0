import { checkKeys } from '../../base/check-keys.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { show } from '../../base/show.ts'
import type { SchemaSpec } from '../../schema/column-spec.ts'
import { EngineWrites } from '../engine-writes.ts'
import { MessagePackFault } from '../journal/message-pack-reader.ts'
import type { ReplayTarget } from '../journal/replay-target.ts'
import { applyRecord } from './apply-record.ts'
import type { Change, ChangeRecord } from './change.ts'
import type { ChangeFeed } from './change-feed.ts'

/** Which changes are asked for. */
export interface ChangesOptions {
  /** The sequence number behind which to begin: that of an engine which has seen all up to it. @default the present one */
  readonly after?: number
  /** Ends the iteration: it throws the signal's reason. */
  readonly signal?: AbortSignal
}

/** What changes come from, and go to. */
export interface Changed {
  readonly feed: ChangeFeed
  readonly target: ReplayTarget
  sequence(): number
}

// The door for the engine: the public type shows nothing of the feed.
let connect: (engine: object, changed: Changed) => void

/** Gives an engine its changes. */
export function connectChanges(engine: object, changed: Changed): void {
  connect(engine, changed)
}

/** The mutations of an engine, one by one, for replicas and caches. */
export abstract class EngineChanges<S extends SchemaSpec> extends EngineWrites<S> {
  #changed: Changed | null = null

  static {
    connect = (engine, changed) => {
      ;(engine as EngineChanges<SchemaSpec>).#changed = changed
    }
  }

  /**
   * The sequence number of the last mutation: of people, tags, events, columns and audiences together, counted from 1. It is saved with
   * the engine, so that an engine which is loaded or opened goes on from it.
   *
   * @example
   * ```ts
   * const before = crowd.sequence
   * crowd.put('u1', { 老客: true })
   * crowd.sequence - before // 1
   * ```
   */
  get sequence(): number {
    return this.#changed!.sequence()
  }

  /**
   * Every mutation from now on, or behind `after`, in order and without a gap: for replicas, which do them again by `applyChange`,
   * and for caches, which look at what they were about by `describe`. A change is given when it was applied, which is
   * before it is durable. Any number of readers may listen, each at its own pace.
   *
   * The engine holds the newest changes, up to `changeBufferBytes`, from the first call on, of whatever reader. A reader that falls
   * further behind gets CHANGES_GONE, and starts again from a snapshot: an engine opened from `save` or `backup` says by its `sequence`
   * where to go on. For a first replica, listen before the backup is made.
   *
   * When a person is removed, all that is held up to the last change that names the person is wiped (law 3), and a reader that
   * had not read it gets CHANGES_GONE, too. The removal itself is wiped when everybody who listens has read it. What readers were
   * given is theirs to wipe.
   *
   * The iteration ends behind the last change when the engine is closed, and by `break`. One that isn't read to its end is to be ended by
   * `return()` or the signal: as long as it lags, the id in a removal is held for it.
   *
   * Cost: once anybody has listened, a copy of each record for every write, and a copy for each reader.
   *
   * @example
   * ```ts
   * const changes = crowd.changes()
   * crowd.put('u1', { 老客: true })
   * crowd.tags.精致妈妈.add(['u1', 'u2'])
   * const first = (await changes.next()).value
   * first?.kind // putOne
   * first?.describe() // { kind: 'putOne', rows: [ { id: 'u1', values: { '老客': true } } ] }
   * await changes.return?.()
   * ```
   * @throws OPTION_INVALID; while it is read CHANGES_GONE, with the facts `next` and `oldest`, and the reason of the signal
   */
  changes(options: ChangesOptions = {}): AsyncIterableIterator<Change> {
    checkKeys(options, ['after', 'signal'])
    const { after, signal } = options
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new CrowdbitError('OPTION_INVALID', `signal is ${show(signal)}, where an AbortSignal is expected`)
    }
    return this.#changed!.feed.listen(after, signal ?? null)
  }

  /**
   * Does a change of another engine here: whole or not at all. An engine that began as a copy of the other, and is given each of its changes in order and
   * nothing else, is equal to it, dense numbers included.
   *
   * @example
   * ```ts
   * await crowd.save('./copy')
   * const replica = await loadEngine('./copy')
   * const changes = crowd.changes({ after: replica.sequence })
   * crowd.put('u1', { 老客: true })
   * const { value: change } = await changes.next()
   * replica.applyChange(change)
   * replica.count('老客') // 101
   * ```
   * @throws CHANGE_OUT_OF_ORDER unless it is the next one, with the facts `found` and `expected`; CHANGE_INVALID for bytes that are no
   * record, or one that doesn't fit the data; STORE_READ_ONLY, STORE_IO; nothing is changed then
   */
  applyChange(change: ChangeRecord): void {
    const { sequence, record } = checkChange(change)
    const expected = this.sequence + 1
    if (sequence !== expected) {
      throw new CrowdbitError(
        'CHANGE_OUT_OF_ORDER',
        `the change has the number ${show(sequence)}, and the next of this engine is ${expected}: ${sequence < expected ? 'it was done already, or this engine was written to by itself' : 'those in between are missing'}`,
        { found: sequence, expected },
      )
    }
    try {
      applyRecord(this.#changed!.target, record)
    } catch (error) {
      throw doesNotFit(sequence, error)
    }
  }
}

/** @throws CHANGE_INVALID */
function checkChange(change: ChangeRecord): ChangeRecord {
  const given: unknown = change
  if (typeof given === 'object' && given !== null) {
    const { sequence, record } = given as ChangeRecord
    if (Number.isSafeInteger(sequence) && record instanceof Uint8Array) return { sequence, record }
  }
  throw new CrowdbitError(
    'CHANGE_INVALID',
    `the change is ${show(given)}, where { sequence, record } with a whole number and bytes is expected`,
  )
}

/** What the disk refuses, and our own faults, stay as they are. */
function doesNotFit(sequence: number, error: unknown): unknown {
  const isOfRecord =
    error instanceof MessagePackFault ||
    (error instanceof CrowdbitError && (!/^(STORE_|INTERNAL)/.test(error.code) || error.code === 'STORE_CORRUPT'))
  if (!isOfRecord) return error
  return new CrowdbitError(
    'CHANGE_INVALID',
    `change ${sequence} does not fit this engine: ${error.message}. It was damaged on its way, or this engine is no copy of the one that it comes from: start again from a snapshot`,
    { sequence, found: error.message },
    { cause: error },
  )
}

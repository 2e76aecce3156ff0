import type { ExternalId } from '../../base/brand.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import type { Schema } from '../../schema/schema.ts'
import { encodeId } from '../journal/encode-mutation.ts'
import { MessagePackWriter } from '../journal/message-pack-writer.ts'
import { type Change, makeChange } from './change.ts'
import { ChangeIteration, type ChangeSource } from './change-iteration.ts'
import { ChangeRing } from './change-ring.ts'

/** Most bytes that are looked through for the ids of a removal; beyond, every record before it leaves. */
const mostSearched = 256 * 1024 * 1024

/** What a feed knows of its engine. */
export interface FedEngine {
  readonly sequence: number
  readonly schema: Schema
  /** Called once, when somebody listens for the first time: from then on `push` is called. */
  begin(): void
}

/** What the change feed of an engine holds. */
export interface ChangeFeedStats {
  /** Bytes of the records that are held; 0 before anybody has listened. */
  readonly bytes: number
  /** The most that it may become: `changeBufferBytes`. */
  readonly budget: number
  /** The first change that can still be read; `null` before anybody has listened. */
  readonly oldest: number | null
  /** Iterations that have not ended. */
  readonly readers: number
}

/**
 * The newest changes of an engine, for any number of readers, each at its own pace. Nothing is held until somebody listens.
 *
 * The records hold ids. When a person is removed, every record up to the last that has the bytes of the id is wiped (law 3): so are
 * some that have not, since none may be missing in between. The removal itself, which names the id as well, is wiped when
 * everybody who listens has read it.
 */
export class ChangeFeed implements ChangeSource {
  readonly #engine: FedEngine
  readonly #budget: number
  readonly #readers = new Set<ChangeIteration>()
  /** The schema from a sequence number on, ascending. */
  #schemas: { readonly from: number; readonly schema: Schema }[] = []
  /** Sequence numbers of removals that are in the ring, ascending. */
  #removals: number[] = []
  #ring: ChangeRing | null = null
  #closed = false

  constructor(engine: FedEngine, budget: number) {
    this.#engine = engine
    this.#budget = budget
  }

  /** Whether anybody ever listened, so that `push` is to be called. */
  get isOn(): boolean {
    return this.#ring !== null && !this.#closed
  }

  get isOver(): boolean {
    return this.#closed
  }

  /**
   * A walk along the changes behind `after`.
   *
   * @param after @default the present
   * @throws OPTION_INVALID for a number that the engine has not come to
   */
  listen(after: number | undefined, signal: AbortSignal | null): ChangeIteration {
    const { sequence } = this.#engine
    const from = after ?? sequence
    if (!Number.isSafeInteger(from) || from < 0 || from > sequence) {
      throw new CrowdbitError(
        'OPTION_INVALID',
        `after is ${String(from)}, where a whole number from 0 to ${sequence}, the last change of this engine, is expected`,
        { option: 'after', found: from, last: sequence },
      )
    }
    if (this.#ring === null) {
      this.#ring = new ChangeRing(this.#budget, sequence + 1)
      this.#engine.begin()
    }
    const iteration = new ChangeIteration(this, from + 1, signal)
    if (!iteration.hasEnded) this.#readers.add(iteration)
    return iteration
  }

  /** Takes the record of the mutation that was just written. */
  push(record: Uint8Array): void {
    const ring = this.#ring!
    const { schema } = this.#engine
    if (this.#schemas.at(-1)?.schema !== schema) this.#schemas.push({ from: ring.next, schema })
    ring.push(record)
    while (this.#schemas.length > 1 && this.#schemas[1]!.from <= ring.oldest) this.#schemas.shift()
    for (const reader of this.#readers) reader.wake()
  }

  /** Takes the record of a mutation that makes these ids unknown, and wipes those that name them. */
  pushRemoval(ids: readonly ExternalId[], record: Uint8Array): void {
    const ring = this.#ring!
    ring.dropThrough(this.#lastThatNames(ids))
    this.#removals.push(ring.next)
    this.push(record)
    this.#wipeRemovals()
  }

  take(sequence: number): Change | null {
    const ring = this.#ring!
    if (sequence >= ring.next) return null
    if (sequence < ring.oldest) throw gone(sequence, ring.oldest)
    const { schema } = this.#schemas.findLast(({ from }) => from <= sequence)!
    return makeChange(sequence, ring.copy(sequence), schema)
  }

  moved(iteration: ChangeIteration): void {
    if (this.#removals.length > 0 && iteration.position > this.#removals[0]!) this.#wipeRemovals()
  }

  left(iteration: ChangeIteration): void {
    if (this.#readers.delete(iteration)) this.#wipeRemovals()
  }

  /** Ends every iteration behind the last change. */
  close(): void {
    this.#closed = true
    for (const reader of [...this.#readers]) reader.close()
  }

  stats(): ChangeFeedStats {
    const ring = this.#ring
    return {
      bytes: ring?.bytes ?? 0,
      budget: this.#budget,
      oldest: ring?.oldest ?? null,
      readers: this.#readers.size,
    }
  }

  /** The last record that may name one of these people; 0 for none. */
  #lastThatNames(ids: readonly ExternalId[]): number {
    const ring = this.#ring!
    if (ids.length * ring.bytes > mostSearched) return ring.next - 1
    const out = new MessagePackWriter()
    let last = 0
    for (const id of ids) {
      if (typeof id !== 'string') encodeId(id, out)
      const bytes = typeof id === 'string' ? Buffer.from(id) : out.bytes
      last = Math.max(last, ring.lastWith(bytes))
      bytes.fill(0)
      out.wipe()
    }
    return last
  }

  #wipeRemovals(): void {
    if (this.#removals.length === 0) return
    const { oldest, next } = this.#ring!
    let readUpTo = next - 1
    for (const { position } of this.#readers) {
      // Who has fallen behind the ring gets nothing more of it.
      if (position >= oldest) readUpTo = Math.min(readUpTo, position - 1)
    }
    const read = this.#removals.filter((sequence) => sequence <= readUpTo)
    if (read.length === 0) return
    this.#ring!.dropThrough(read.at(-1)!)
    this.#removals = this.#removals.slice(read.length)
  }
}

function gone(next: number, oldest: number): CrowdbitError {
  return new CrowdbitError(
    'CHANGES_GONE',
    `change ${next} is no longer held: the oldest that is there is ${oldest}. Start again from a snapshot: save(directory) or backup(directory), and changes({ after }) with the sequence of the engine that is opened from it`,
    { next, oldest },
  )
}

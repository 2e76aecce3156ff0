import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { ErrorCode } from '../base/error-codes.ts'
import type { Durability } from './durability.ts'
import { lastGeneration, logSegmentName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { GroupSync } from './group-sync.ts'
import { LogSegment } from './log-segment.ts'
import { ioFault } from './store-fault.ts'

/** What a log goes on from. */
export interface LogStart {
  readonly storeId: string
  /** The last mutation that there is; it and all before it are on the medium. */
  readonly sequence: number
  /** Segments that stay until a snapshot covers them. */
  readonly segments: readonly { readonly ordinal: number; readonly bytes: number }[]
  readonly nextOrdinal: number
}

/** How a log is written. */
export interface LogWriterOptions {
  readonly durability: Durability
  /** Called before anything is said to be durable. What it throws, who waits gets. */
  confirm(): Promise<void>
  /** Milliseconds since 1970. */
  now(): number
}

/** What keeps a log from being written. */
export interface LogProblem {
  readonly error: CrowdbitError
  /** Milliseconds since 1970. */
  readonly since: number
  /** A snapshot whose log begins above this segment heals it; infinite where nothing does. */
  readonly healsAbove: number
}

/** A segment that is written to no more, until it is removed. */
interface OlderSegment {
  readonly ordinal: number
  readonly bytes: number
  /** Where this process wrote it. */
  readonly open: LogSegment | null
}

/** Writes the log of an open store: appends, group syncs, segments that follow each other. */
export class LogWriter {
  readonly #fs: FileSystem
  readonly #directory: string
  readonly #storeId: string
  readonly #options: LogWriterOptions
  readonly #group = new GroupSync(() => this.#sync())
  /** Segments with bytes that no sync has covered. */
  readonly #dirty = new Set<LogSegment>()
  #current: LogSegment
  #older: readonly OlderSegment[] = []
  #olderBytes = 0
  #nextOrdinal: number
  #sequence: number
  #durable: number
  /** What the sync that is under way will make durable. */
  #syncing = 0
  #problem: LogProblem | null = null
  #refusal: LogProblem | null = null
  #closed = false
  #scheduled = false
  #timer: ReturnType<typeof setTimeout> | null = null

  private constructor(
    fs: FileSystem,
    directory: string,
    start: LogStart,
    options: LogWriterOptions,
    current: LogSegment,
  ) {
    this.#fs = fs
    this.#directory = directory
    this.#storeId = start.storeId
    this.#options = options
    this.#current = current
    this.#setOlder(start.segments.map((segment) => ({ ...segment, open: null })))
    this.#nextOrdinal = start.nextOrdinal + 1
    this.#sequence = start.sequence
    this.#durable = start.sequence
  }

  /** Begins a segment behind what there is. @throws STORE_IO */
  static async begin(
    fs: FileSystem,
    directory: string,
    start: LogStart,
    options: LogWriterOptions,
  ): Promise<LogWriter> {
    const current = await beginSegment(fs, directory, start.storeId, start.nextOrdinal)
    try {
      current.mark(start.sequence, start.sequence)
    } catch (error) {
      await abandon(fs, current)
      throw error
    }
    return new LogWriter(fs, directory, start, options, current)
  }

  get sequence(): number {
    return this.#sequence
  }

  get durable(): number {
    return this.#durable
  }

  get bytes(): number {
    return this.#olderBytes + this.#current.bytes
  }

  get segments(): number {
    return this.#older.length + 1
  }

  /** Why nothing can be written. */
  get problem(): LogProblem | null {
    return this.#problem
  }

  /** Why the last write was refused, though the next may succeed. */
  get refusal(): LogProblem | null {
    return this.#refusal
  }

  /** @throws STORE_READ_ONLY, STORE_IO */
  append(payload: Uint8Array): number {
    if (this.#problem !== null || this.#closed) throw this.#readOnly()
    const current = this.#current
    const sequence = this.#sequence + 1
    try {
      current.append(sequence, this.#durable, payload)
    } catch (error) {
      this.#refuse(current, error)
      throw error
    }
    this.#sequence = sequence
    if (this.#refusal !== null) this.#refusal = null
    this.#soil(current)
    return sequence
  }

  /** @throws STORE_IO, STORE_LOCK_LOST, STORE_READ_ONLY */
  async flushed(): Promise<void> {
    const target = this.#sequence
    while (this.#durable < target) {
      if (this.#problem !== null) throw this.#problem.error
      if (this.#closed) throw this.#readOnly()
      const { running } = this.#group
      await (running !== null && this.#syncing >= target ? running : this.#group.request())
    }
  }

  /** Lets no more be written. A snapshot whose log begins above the segment `healsAbove` ends that. */
  fail(error: CrowdbitError, healsAbove: number): void {
    if (this.#problem !== null && this.#problem.healsAbove >= healsAbove) return
    this.#problem = { error, since: this.#options.now(), healsAbove }
  }

  /**
   * A segment without records that a snapshot can go on in: the current one, or a new one, which is not yet in use.
   *
   * @throws STORE_IO
   */
  async prepare(): Promise<LogSegment> {
    const current = this.#current
    const failed = this.#problem !== null && this.#problem.healsAbove >= current.ordinal
    if (current.isEmpty && !current.isBroken && !failed) return current
    const fresh = await beginSegment(this.#fs, this.#directory, this.#storeId, this.#nextOrdinal)
    this.#nextOrdinal++
    return fresh
  }

  /** From now on appends go to a prepared segment. Gives the last sequence before it. @throws STORE_IO; then nothing has changed */
  goOnIn(fresh: LogSegment): number {
    const before = this.#current
    if (fresh !== before) {
      fresh.mark(this.#sequence, this.#durable)
      this.#setOlder([...this.#older, { ordinal: before.ordinal, bytes: before.bytes, open: before }])
      this.#current = fresh
    }
    return this.#sequence
  }

  /** Gives a prepared segment up that is not in use. */
  async abandon(fresh: LogSegment): Promise<void> {
    if (fresh !== this.#current) await abandon(this.#fs, fresh)
  }

  /**
   * A snapshot on the medium holds everything up to `sequence`, and names `first` as the segment that goes on behind it:
   * those before it are removed.
   */
  async covered(sequence: number, first: LogSegment): Promise<void> {
    if (sequence > this.#durable) this.#durable = sequence
    if (this.#problem !== null && this.#problem.healsAbove < first.ordinal) this.#problem = null
    const over = this.#older.filter(({ ordinal }) => ordinal < first.ordinal)
    for (const { open } of over) if (open !== null) this.#dirty.delete(open)
    this.#setOlder(this.#older.filter(({ ordinal }) => ordinal >= first.ordinal))
    const left: OlderSegment[] = []
    for (const { ordinal, open } of over) {
      await open?.close()
      const path = pathOf(this.#directory, logSegmentName(ordinal))
      // One that can't be removed does no harm: the manifest names a later one. The next snapshot tries again.
      await this.#fs.remove(path).catch(() => left.push({ ordinal, bytes: 0, open: null }))
    }
    this.#setOlder([...left, ...this.#older])
  }

  #setOlder(segments: readonly OlderSegment[]): void {
    this.#older = segments
    this.#olderBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /**
   * Makes all that was appended durable, and says so in the log: from then on, what is missing of it is damage.
   *
   * @throws STORE_IO, STORE_LOCK_LOST when not all of it could be
   */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    try {
      await this.flushed()
      if (this.#problem === null && !this.#current.isEmpty) await this.#seal()
    } finally {
      this.#closed = true
      await this.#group.idle()
      for (const { open } of this.#older) await open?.close()
      await this.#current.close()
    }
  }

  async #seal(): Promise<void> {
    await this.#group.idle()
    this.#mark()
    // Nothing that was promised hangs on it.
    await this.#current.sync().catch(() => {})
  }

  async #sync(): Promise<void> {
    if (this.#problem !== null) throw this.#problem.error
    const target = this.#sequence
    this.#syncing = target
    const segments = [...this.#dirty]
    this.#dirty.clear()
    try {
      for (const segment of segments) await this.#syncSegment(segment)
      await this.#options.confirm()
    } catch (error) {
      for (const segment of segments) this.#dirty.add(segment)
      throw error
    }
    if (target > this.#durable) this.#durable = target
    // Nothing came meanwhile: the next record, which would say how far all is durable, may be long in coming.
    if (this.#sequence === target && this.#problem === null && !this.#closed) this.#mark()
  }

  async #syncSegment(segment: LogSegment): Promise<void> {
    try {
      await segment.sync()
    } catch (error) {
      // A snapshot may have come to hold it meanwhile.
      if (segment !== this.#current && !this.#older.some(({ open }) => open === segment)) return
      // What the system had not written yet it may have thrown away: nothing can be said of this segment any more.
      this.fail(error as CrowdbitError, segment.ordinal)
      throw error
    }
  }

  #mark(): void {
    const current = this.#current
    if (current.marked >= this.#durable) return
    try {
      current.mark(this.#sequence, this.#durable)
    } catch (error) {
      if (current.isBroken) this.fail(error as CrowdbitError, current.ordinal)
    }
  }

  #soil(segment: LogSegment): void {
    if (!this.#dirty.has(segment)) this.#dirty.add(segment)
    const { durability } = this.#options
    if (this.#scheduled || durability === 'none') return
    this.#scheduled = true
    const run = (): void => {
      this.#scheduled = false
      // Who waits for it gets the error; otherwise `problem` has it.
      this.#group.request().catch(() => {})
    }
    if (durability === 'always') queueMicrotask(run)
    else this.#timer = setTimeout(run, durability.intervalMs).unref()
  }

  #refuse(segment: LogSegment, error: unknown): void {
    if (!(error instanceof CrowdbitError) || error.code !== 'STORE_IO') return
    if (segment.isBroken) this.fail(error, segment.ordinal)
    else this.#refusal = { error, since: this.#options.now(), healsAbove: 0 }
  }

  #readOnly(): CrowdbitError {
    return readOnly(this.#directory, this.#problem?.error ?? null)
  }
}

/** Nothing can be written at present, and why. */
export function readOnly(directory: string, cause: CrowdbitError | null): CrowdbitError {
  const reason: ErrorCode | null = cause?.code ?? null
  const because =
    cause === null
      ? 'it is not open. Open it again'
      : reason === 'STORE_LOCK_LOST'
        ? `${cause.messageAlone}`
        : `${cause.messageAlone}. What was written is in memory, and not sure to be on the disk: a checkpoint that succeeds saves it and takes writes again`
  return new CrowdbitError(
    'STORE_READ_ONLY',
    `the engine in ${directory} takes no writes: ${because}`,
    { path: directory, reason },
    cause === null ? undefined : { cause },
  )
}

async function beginSegment(fs: FileSystem, directory: string, storeId: string, ordinal: number): Promise<LogSegment> {
  if (ordinal > lastGeneration) {
    const path = pathOf(directory, logSegmentName(lastGeneration))
    throw ioFault('begin a segment behind', path, new Error('no name is left for one'))
  }
  return LogSegment.create(fs, directory, storeId, ordinal)
}

async function abandon(fs: FileSystem, segment: LogSegment): Promise<void> {
  await segment.close()
  await fs.remove(segment.path).catch(() => {})
}

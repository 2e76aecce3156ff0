import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import { logSegmentName, pathOf } from './file-names.ts'
import type { FileSystem, LogFile } from './file-system.ts'
import {
  encodeFrame,
  encodeSegmentHeader,
  frameHeaderBytes,
  frameSeed,
  longestPayload,
  segmentHeaderBytes,
} from './log-format.ts'
import { errnoOf, io, ioFault } from './store-fault.ts'

/** Payloads up to this many bytes are framed without room of their own. */
const frameRoom = 64 * 1024
/** Frames below this length are framed without allocating anything. */
const shortFrame = 1024

/** A segment of the log that is being written. */
export class LogSegment {
  readonly ordinal: number
  readonly path: string
  readonly #file: LogFile
  readonly #seed: number
  /** One frame; wiped after each, since a payload holds ids (law 3). */
  readonly #frame = new Uint8Array(frameRoom)
  readonly #frameView = new DataView(this.#frame.buffer)
  /** The beginnings of it, by length: lengths repeat. */
  readonly #beginnings: (Uint8Array | undefined)[] = new Array(shortFrame).fill(undefined)
  /** Where the next frame goes: all before it is good. */
  #end = segmentHeaderBytes
  #records = 0
  #marked = -1
  #broken = false

  private constructor(ordinal: number, path: string, file: LogFile, seed: number) {
    this.ordinal = ordinal
    this.path = path
    this.#file = file
    this.#seed = seed
  }

  /**
   * Makes an empty segment. Its header and its name are on the medium when it resolves: whatever is in a segment later
   * stands behind a good header.
   *
   * @throws STORE_IO, with nothing left behind as far as the disk allows
   */
  static async create(fs: FileSystem, directory: string, storeId: string, ordinal: number): Promise<LogSegment> {
    const path = pathOf(directory, logSegmentName(ordinal))
    const file = await io('create', path, () => fs.createLog(path))
    try {
      await io('write', path, async () => file.writeSync(0, encodeSegmentHeader(storeId, ordinal)))
      await io('sync', path, () => file.sync())
      await io('sync the folder', directory, () => fs.syncDirectory(directory))
    } catch (error) {
      await file.close().catch(() => {})
      await fs.remove(path).catch(() => {})
      throw error
    }
    return new LogSegment(ordinal, path, file, frameSeed(storeId))
  }

  /** Bytes of the segment. */
  get bytes(): number {
    return this.#end
  }

  /** Whether it has no record. */
  get isEmpty(): boolean {
    return this.#records === 0
  }

  /** Whether an end of it couldn't be cut off after a failure, so that nothing more may be written to it. */
  get isBroken(): boolean {
    return this.#broken
  }

  /** Highest sequence that a mark in it says to be durable; -1 for none. */
  get marked(): number {
    return this.#marked
  }

  /**
   * Hands a record to the operating system.
   * Cost: one system call; nothing allocated for payloads of up to 1,000 bytes.
   *
   * @throws STORE_IO; nothing of the record counts then
   */
  append(sequence: number, durable: number, payload: Uint8Array): void {
    const n = payload.length
    invariant(n >= 1 && n <= longestPayload, 'a record has 1 to 2^30 bytes')
    this.#write(n, sequence, durable, payload)
    this.#records++
  }

  /** Writes how far the log is durable. @throws STORE_IO */
  mark(sequence: number, durable: number): void {
    this.#write(0, sequence, durable, null)
    this.#marked = durable
  }

  /** Makes all that was written durable. @throws STORE_IO */
  sync(): Promise<void> {
    return io('sync', this.path, () => this.#file.sync())
  }

  /** Gives the file back, whatever comes of it. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => {})
  }

  #write(n: number, sequence: number, durable: number, payload: Uint8Array | null): void {
    const length = frameHeaderBytes + n
    const isLong = length > frameRoom
    const frame = isLong ? allocate(length, this.path) : this.#beginning(length)
    if (payload !== null) frame.set(payload, frameHeaderBytes)
    encodeFrame(isLong ? new DataView(frame.buffer) : this.#frameView, n, sequence, durable, this.#seed)
    try {
      this.#file.writeSync(this.#end, frame)
    } catch (error) {
      this.#cutBack()
      throw ioFault('write', this.path, error)
    } finally {
      frame.fill(0)
    }
    this.#end += length
  }

  /** The frame buffer as long as one frame. */
  #beginning(length: number): Uint8Array {
    if (length >= shortFrame) return this.#frame.subarray(0, length)
    const known = this.#beginnings[length]
    if (known !== undefined) return known
    const beginning = this.#frame.subarray(0, length)
    this.#beginnings[length] = beginning
    return beginning
  }

  #cutBack(): void {
    try {
      this.#file.truncateSync(this.#end)
    } catch {
      this.#broken = true
    }
  }
}

function allocate(length: number, path: string): Uint8Array {
  try {
    return new Uint8Array(length)
  } catch (cause) {
    throw new CrowdbitError(
      'STORE_IO',
      `there is no memory for a record of ${length} bytes of ${path}. Free memory, or write less at a time`,
      { path, errno: errnoOf(cause) ?? null, doing: 'write' },
      { cause },
    )
  }
}

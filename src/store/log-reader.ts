import type { FileSystem, ReadFile } from './file-system.ts'
import { frameChecksum, frameHeaderBytes, isFrameOrder, longAt, longestPayload, wordAt } from './log-format.ts'
import { readFully } from './read-fully.ts'
import { io } from './store-fault.ts'

/** Most bytes that are read in one go, beside the rest of a record. */
const pieceBytes = 4 * 1024 * 1024

/**
 * Takes one frame: a record, or a mark, which has no payload. A payload lies in `bytes` from `start` to `end` (excluded), and is
 * only good during the call. `false` refuses the frame and ends the walk before it.
 *
 * @param offset of the frame in the file
 */
export type FrameVisitor = (
  sequence: number,
  durable: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  offset: number,
) => boolean

/** Where a walk over frames ended. */
export interface WalkEnd {
  readonly offset: number
  /** What stands there instead of a frame; `null` at the end of the file, and where the visitor refused. */
  readonly bad: { readonly found: string; readonly expected: string } | null
  readonly refused: boolean
}

/** A good frame that was found by its checksum alone. */
export interface FoundFrame {
  readonly offset: number
  readonly sequence: number
  readonly durable: number
}

/** Reads one file of the log, in pieces, and never more memory than the file has bytes. */
export class LogReader {
  readonly path: string
  readonly #file: ReadFile
  /** Holds the bytes of the file from `#from` to `#from + #held`. */
  #buffer = new Uint8Array(0)
  #view = new DataView(this.#buffer.buffer)
  #from = 0
  #held = 0

  private constructor(path: string, file: ReadFile) {
    this.path = path
    this.#file = file
  }

  /** @throws STORE_IO */
  static async open(fs: FileSystem, path: string): Promise<LogReader> {
    return new LogReader(path, await io('open', path, () => fs.open(path)))
  }

  /** Length of the file in bytes when it was opened. */
  get size(): number {
    return this.#file.size
  }

  /** The first bytes of the file, `length` of them or all. @throws STORE_IO, STORE_CORRUPT */
  async beginning(length: number): Promise<Uint8Array> {
    const there = Math.min(length, this.size)
    await this.#hold(0, there)
    return this.#buffer.slice(0, there)
  }

  /**
   * Hands over frames one by one from an offset on.
   * Cost: O(bytes); the event loop turns between pieces of 4 MiB.
   *
   * @throws STORE_IO, STORE_CORRUPT; what `visit` throws
   */
  async walk(offset: number, seed: number, visit: FrameVisitor): Promise<WalkEnd> {
    for (;;) {
      const left = this.size - offset
      if (left === 0) return { offset, bad: null, refused: false }
      if (left < frameHeaderBytes) return ended(offset, `the end after ${left} bytes`, 'a frame of at least 24 bytes')
      let at = await this.#hold(offset, frameHeaderBytes)
      const n = wordAt(this.#view, at)
      if (n > longestPayload || n > left - frameHeaderBytes) {
        return ended(offset, `a length of ${n} bytes`, `at most the ${left - frameHeaderBytes} that are there`)
      }
      at = await this.#hold(offset, frameHeaderBytes + n)
      // Every frame that is whole in the buffer, without waiting.
      const buffer = this.#buffer
      const view = this.#view
      const end = this.#held
      while (at + frameHeaderBytes <= end) {
        const length = wordAt(view, at)
        if (length > end - at - frameHeaderBytes) break
        const actual = frameChecksum(view, at, length, seed)
        const stated = wordAt(view, at + 4)
        if (actual !== stated) return ended(this.#from + at, `the checksum ${stated}`, `${actual}, that of the bytes`)
        const sequence = longAt(view, at + 8)
        const durable = longAt(view, at + 16)
        if (!isFrameOrder(length, sequence, durable)) {
          return ended(this.#from + at, `sequence ${sequence}, durable ${durable}`, 'numbers that fit each other')
        }
        const start = at + frameHeaderBytes
        if (!visit(sequence, durable, buffer, start, start + length, this.#from + at)) {
          return { offset: this.#from + at, bad: null, refused: true }
        }
        at = start + length
      }
      offset = this.#from + at
    }
  }

  /**
   * The first frame from an offset on, at whatever byte it begins, that says `durable` or more is on the medium.
   * Cost: O(bytes) for all but bytes made to deceive; at most `budget` bytes are hashed, and `null` in place of a frame
   * says that they didn't do.
   *
   * @throws STORE_IO, STORE_CORRUPT
   */
  async find(offset: number, seed: number, durable: number, budget: number): Promise<FoundFrame | null | undefined> {
    let next = offset
    while (next + frameHeaderBytes <= this.size) {
      let at = await this.#hold(next, frameHeaderBytes)
      const last = this.#held - frameHeaderBytes
      for (; at <= last; at++) {
        // The highest byte is nearly always 0 in a frame, and seldom enough elsewhere.
        if (this.#buffer[at + 23] !== 0 || this.#buffer[at + 15] !== 0) continue
        const known = longAt(this.#view, at + 16)
        if (known < durable) continue
        const n = wordAt(this.#view, at)
        const sequence = longAt(this.#view, at + 8)
        const begin = this.#from + at
        if (n > longestPayload || n > this.size - begin - frameHeaderBytes || !isFrameOrder(n, sequence, known))
          continue
        budget -= n + 16
        if (budget < 0) return null
        at = await this.#hold(begin, frameHeaderBytes + n)
        if (frameChecksum(this.#view, at, n, seed) === wordAt(this.#view, at + 4)) {
          return { offset: begin, sequence, durable: known }
        }
        // Holding more may have moved the bytes.
        at++
        break
      }
      next = this.#from + at
    }
    return undefined
  }

  /** Wipes what was read, which holds ids (law 3), and gives the memory back. */
  rest(): void {
    this.#buffer.fill(0)
    this.#take(new Uint8Array(0))
    this.#held = 0
  }

  /** Gives the file back. */
  async close(): Promise<void> {
    this.rest()
    await this.#file.close().catch(() => {})
  }

  /** Sees that `length` bytes from an offset on are in the buffer, and gives where they begin there. */
  async #hold(offset: number, length: number): Promise<number> {
    if (offset >= this.#from && offset + length <= this.#from + this.#held) return offset - this.#from
    const kept = Math.max(0, this.#from + this.#held - offset)
    const begin = offset - this.#from
    const keeps = begin >= 0 && kept > 0
    const needed = Math.min(this.size - offset, Math.max(length, pieceBytes))
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(needed)
      if (keeps) larger.set(this.#buffer.subarray(begin, this.#held))
      this.#buffer.fill(0)
      this.#take(larger)
    } else if (keeps) {
      this.#buffer.copyWithin(0, begin, this.#held)
    }
    this.#from = offset
    const there = keeps ? Math.min(kept, needed) : 0
    this.#held = there
    if (needed > there) {
      await readFully(this.#file, this.path, offset + there, this.#buffer.subarray(there, needed))
      this.#held = needed
    }
    return 0
  }

  #take(buffer: Uint8Array<ArrayBuffer>): void {
    this.#buffer = buffer
    this.#view = new DataView(buffer.buffer)
  }
}

function ended(offset: number, found: string, expected: string): WalkEnd {
  return { offset, bad: { found, expected }, refused: false }
}

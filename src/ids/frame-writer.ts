import { xxhash32 } from '../base/xxhash32.ts'
import { type IdArena, idsPerRecord } from './id-arena.ts'
import { frameHeaderBytes, maxBytesPerFrame, maxIdsPerFrame } from './id-sections.ts'

/** The ids of one moment. */
export interface FrozenIds {
  readonly arena: IdArena
  /** Whether any of `[from, to)` may have been removed by now. */
  mayHaveRemoved(from: number, to: number): boolean
  /**
   * `undefined` for a living id, `null` for a removed one, else the bytes of one that is to be written although it has been
   * removed since.
   */
  bytesOfRemoved(dense: number): Uint8Array | null | undefined
}

/** Writes the frames of the ids `[first, end)`. */
export class FrameWriter {
  readonly #ids: FrozenIds
  readonly #end: number
  readonly #isChecked: boolean
  readonly #lengths = new Uint16Array(maxIdsPerFrame)
  readonly #bytes = new Uint8Array(maxBytesPerFrame)
  #next: number

  /** @param isChecked whether each frame has a checksum of its own */
  constructor(ids: FrozenIds, first: number, end: number, isChecked: boolean) {
    this.#ids = ids
    this.#next = first
    this.#end = end
    this.#isChecked = isChecked
  }

  /** The first id that no frame holds yet. */
  get next(): number {
    return this.#next
  }

  /** The next frame: as many ids as it holds, at least one. There must be any. */
  write(): Uint8Array {
    const first = this.#next
    const last = Math.min(this.#end, first + maxIdsPerFrame)
    let size = 0
    for (let dense = first; dense < last; ) {
      const copied = this.#copyRecord(dense, last, size, dense - first)
      if (copied >= 0) {
        dense += idsPerRecord
        size += copied
      } else {
        const length = this.#copyOne(dense, size)
        if (length < 0) break
        this.#lengths[dense - first] = length
        dense++
        size += length
      }
      this.#next = dense
    }
    return this.#frame(first, this.#next - first, size)
  }

  /** The ids of a whole record; how many bytes, or -1 where they have to be copied one by one. */
  #copyRecord(dense: number, last: number, at: number, place: number): number {
    const end = dense + idsPerRecord
    if (dense % idsPerRecord !== 0 || end > last || this.#ids.mayHaveRemoved(dense, end)) return -1
    return this.#ids.arena.copyRecord(dense, this.#bytes, at, this.#lengths, place)
  }

  /** One id; how many bytes, or -1 where there is no room. */
  #copyOne(dense: number, at: number): number {
    const { arena } = this.#ids
    const kept = this.#ids.bytesOfRemoved(dense)
    if (kept === null) return 0
    let source = kept
    let start = 0
    let length: number
    if (source === undefined) {
      arena.locate(dense)
      start = arena.foundStart
      length = arena.foundEnd - start
      source = arena.foundIn.bytes
    } else length = source.length
    if (at + length > maxBytesPerFrame) return -1
    const bytes = this.#bytes
    if (length < 100) for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!
    else bytes.set(source.subarray(start, start + length), at)
    return length
  }

  #frame(first: number, ids: number, size: number): Uint8Array {
    const headerBytes = frameHeaderBytes + (this.#isChecked ? 4 : 0)
    const frame = new Uint8Array(headerBytes + 2 * ids + size)
    const view = new DataView(frame.buffer)
    view.setUint32(0, ids, true)
    view.setUint32(4, size, true)
    for (let i = 0; i < ids; i++) {
      const length = this.#lengths[i]!
      frame[headerBytes + 2 * i] = length
      frame[headerBytes + 2 * i + 1] = length >>> 8
    }
    frame.set(this.#bytes.subarray(0, size), headerBytes + 2 * ids)
    if (this.#isChecked) view.setUint32(8, xxhash32(frame, headerBytes, 2 * ids + size, first), true)
    return frame
  }
}

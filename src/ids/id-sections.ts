import { xxhash32 } from '../base/xxhash32.ts'
import type { IdArena } from './id-arena.ts'

/**
 * A saved dictionary (all numbers little-endian):
 * ```
 * header   u32 "CBID" | u32 version 1 | u32 numbers given out | u32 XXH32 of the 12 bytes before
 * frame    u32 ids (1 to 16,384) | u32 n, their bytes (at most 2^20) | u32 XXH32 of what follows, its seed the dense
 *          number of the first id | ids x u16 length, 0 for a removed one | n bytes
 * …        frames until all numbers are there; nothing after
 * ```
 */
export const headerBytes = 16
export const frameHeaderBytes = 12
export const magic = 0x44494243
export const formatVersion = 1
export const maxIdsPerFrame = 16_384
export const maxBytesPerFrame: number = 1 << 20

/** The header of a dictionary of `count` numbers. */
export function writeHeader(count: number): Uint8Array {
  const header = new Uint8Array(headerBytes)
  const view = new DataView(header.buffer)
  view.setUint32(0, magic, true)
  view.setUint32(4, formatVersion, true)
  view.setUint32(8, count, true)
  view.setUint32(12, xxhash32(header, 0, 12, 0), true)
  return header
}

/** One frame, of the ids from `first` on and below `count`; its last id, excluded, is in `#next`. */
export class FrameWriter {
  readonly #lengths = new Uint8Array(2 * maxIdsPerFrame)
  readonly #bytes = new Uint8Array(maxBytesPerFrame)
  #next = 0

  /** The first id that no frame holds yet. */
  get next(): number {
    return this.#next
  }

  /**
   * The next frame: as many ids below `count` as it holds, at least one.
   *
   * @param bytesOfRemoved `undefined` for a living id, `null` for a removed one, else the bytes of one that is to be
   * written although it has been removed since.
   */
  write(arena: IdArena, bytesOfRemoved: (dense: number) => Uint8Array | null | undefined, count: number): Uint8Array {
    const first = this.#next
    const lengths = this.#lengths
    const bytes = this.#bytes
    const last = Math.min(count, first + maxIdsPerFrame)
    let end = 0
    let dense = first
    for (; dense < last; dense++) {
      let length = 0
      const kept = bytesOfRemoved(dense)
      if (kept !== null) {
        let source = kept
        let start = 0
        if (source === undefined) {
          arena.locate(dense)
          start = arena.foundStart
          length = arena.foundEnd - start
          source = arena.foundIn.bytes
        } else length = source.length
        if (end + length > maxBytesPerFrame) break
        if (length < 100) for (let i = 0; i < length; i++) bytes[end + i] = source[start + i]!
        else bytes.set(source.subarray(start, start + length), end)
        end += length
      }
      lengths[2 * (dense - first)] = length
      lengths[2 * (dense - first) + 1] = length >>> 8
    }
    this.#next = dense
    const ids = dense - first
    const frame = new Uint8Array(frameHeaderBytes + 2 * ids + end)
    frame.set(lengths.subarray(0, 2 * ids), frameHeaderBytes)
    frame.set(bytes.subarray(0, end), frameHeaderBytes + 2 * ids)
    const view = new DataView(frame.buffer)
    view.setUint32(0, ids, true)
    view.setUint32(4, end, true)
    view.setUint32(8, xxhash32(frame, frameHeaderBytes, 2 * ids + end, first), true)
    return frame
  }
}

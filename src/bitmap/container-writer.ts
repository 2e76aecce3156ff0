import { type Bitmap, bitmapFromCheckedBytes, bitmapOf } from './bitmap.ts'
import { type ContainerSink, headRoom, mostContainers, writeHeader } from './container-stage.ts'
import type { ContainerTaker } from './container-words.ts'
import { bitsetBytes, largestArray } from './portable-format.ts'

/** Bytes of containers after which they become a bitmap: those of 134 million people. */
const flushFrom = 1 << 24
/**
 * The memory that the last writer has left, for the next one: fresh memory costs ten times as much as writing to it.
 * It is as long as the longest bitmap was that was made.
 */
let spare: Uint8Array | null = null

/**
 * Makes a bitmap of containers as they are in portable Roaring bytes, in ascending order of their keys: the native reader takes them over
 * by copying.
 */
export class ContainerWriter implements ContainerSink, ContainerTaker {
  /** Room for a header, and containers behind it. */
  #bytes: Uint8Array
  /** The end of the room; of memory that is taken as it is needed, where it is enough. */
  readonly #most: number
  readonly #isOwn: boolean
  /** Added to each key. */
  readonly #firstKey: number
  #end: number = headRoom
  readonly #keys: number[] = []
  readonly #sizes: number[] = []
  #built: Bitmap | null = null

  /**
   * @param room where containers are put together, from `headRoom` on; else memory is taken as it is needed
   * @param firstKey added to each key
   */
  constructor(room: Uint8Array | null = null, firstKey = 0) {
    this.#isOwn = room === null
    this.#firstKey = firstKey
    this.#most = room === null ? headRoom + flushFrom + bitsetBytes : room.length
    if (room !== null) this.#bytes = room
    else {
      this.#bytes = spare ?? new Uint8Array(headRoom + bitsetBytes)
      spare = null
    }
  }

  reserve(bytes: number): number {
    if (this.#end + bytes > this.#most) this.#flush()
    const end = this.#end + bytes
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length))
      grown.set(this.#bytes.subarray(0, this.#end))
      this.#bytes = grown
    }
    return this.#end
  }

  placed(key: number, size: number): void {
    this.#keys.push(this.#firstKey + key)
    this.#sizes.push(size)
    this.#end += size > largestArray ? bitsetBytes : 2 * size
    if (this.#keys.length === mostContainers) this.#flush()
  }

  /** Adds a container of `size` values: up to 4,096 of them as u16, ascending; more as 65,536 bits. Nothing for none. */
  add(key: number, size: number, bytes: Uint8Array): void {
    if (size === 0) return
    const at = this.reserve(bytes.length)
    this.#bytes.set(bytes, at)
    this.placed(key, size)
  }

  /** The bitmap of all containers. The writer is not used any more. */
  finish(): Bitmap {
    this.#flush()
    if (this.#isOwn && (spare === null || spare.length < this.#bytes.length)) spare = this.#bytes
    this.#bytes = none
    return this.#built ?? bitmapOf()
  }

  /** Makes a bitmap of the containers so far, and unites it with those before. */
  #flush(): void {
    const count = this.#keys.length
    if (count === 0) return
    const start = writeHeader(this.#bytes, this.#keys, this.#sizes)
    const bitmap = bitmapFromCheckedBytes(this.#bytes.subarray(start, this.#end), false)
    this.#end = headRoom
    this.#keys.length = 0
    this.#sizes.length = 0
    if (this.#built === null) this.#built = bitmap
    else {
      this.#built.orInPlace(bitmap)
      bitmap.dispose()
    }
  }
}

const none = new Uint8Array(0)

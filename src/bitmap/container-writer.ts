import { type Bitmap, bitmapFromCheckedBytes, bitmapOf } from './bitmap.ts'
import { bitsetBytes, cookieWithoutRuns, largestArray } from './portable-format.ts'

/** Bytes of containers after which they become a bitmap, so that few bytes are held twice. */
const flushFrom = 1 << 21

/**
 * Makes a bitmap of containers as they are in portable Roaring bytes, in ascending order of their keys: the native reader takes them over
 * by copying.
 */
export class ContainerWriter {
  #payload: Uint8Array = new Uint8Array(1 << 8)
  #used = 0
  readonly #keys: number[] = []
  readonly #sizes: number[] = []
  #built: Bitmap | null = null

  /** Adds a container of `size` values: up to 4,096 of them as u16, ascending; more as 65,536 bits. Nothing for none. */
  add(key: number, size: number, bytes: Uint8Array): void {
    if (size === 0) return
    const needed = this.#used + bytes.length
    if (needed > this.#payload.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#payload.length))
      grown.set(this.#payload.subarray(0, this.#used))
      this.#payload = grown
    }
    this.#payload.set(bytes, this.#used)
    this.#used = needed
    this.#keys.push(key)
    this.#sizes.push(size)
    if (this.#used >= flushFrom) this.#flush()
  }

  /** The bitmap of all containers. The writer is empty afterwards. */
  finish(): Bitmap {
    this.#flush()
    const bitmap = this.#built ?? bitmapOf()
    this.#built = null
    return bitmap
  }

  /** Makes a bitmap of the containers so far, and unites it with those before. */
  #flush(): void {
    const count = this.#keys.length
    if (count === 0) return
    const header = 8 + 8 * count
    const bytes = new Uint8Array(header + this.#used)
    bytes.set(this.#payload.subarray(0, this.#used), header)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, cookieWithoutRuns, true)
    view.setUint32(4, count, true)
    let offset = header
    for (let i = 0; i < count; i++) {
      const size = this.#sizes[i]!
      view.setUint16(8 + 4 * i, this.#keys[i]!, true)
      view.setUint16(10 + 4 * i, size - 1, true)
      view.setUint32(8 + 4 * count + 4 * i, offset, true)
      offset += size > largestArray ? bitsetBytes : 2 * size
    }
    this.#used = 0
    this.#keys.length = 0
    this.#sizes.length = 0
    const bitmap = bitmapFromCheckedBytes(bytes, false)
    if (this.#built === null) this.#built = bitmap
    else {
      this.#built.orInPlace(bitmap)
      bitmap.dispose()
    }
  }
}

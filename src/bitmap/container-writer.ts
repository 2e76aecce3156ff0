import { type Bitmap, bitmapFromCheckedBytes, bitmapOf } from './bitmap.ts'

const largestArray = 4_096
const bitsetBytes = 8_192
/** Magic number of portable bytes without runs. */
const cookie = 12_346
const mostKeys = 65_536
/** Room before the containers for the longest header. */
const headerRoom = 8 + 8 * mostKeys

/** Makes a bitmap of containers as they are in portable bytes, in ascending order of their keys. */
export class ContainerWriter {
  #bytes: Uint8Array = new Uint8Array(headerRoom + (1 << 16))
  #end = headerRoom
  readonly #keys: number[] = []
  readonly #counts: number[] = []

  /** Adds a container of `count` values: up to 4,096 of them as u16, ascending; more as 65,536 bits. */
  add(key: number, count: number, bytes: Uint8Array): void {
    const end = this.#end + bytes.length
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#end)
    this.#end = end
    this.#keys.push(key)
    this.#counts.push(count)
  }

  /** The bitmap of all containers. */
  finish(): Bitmap {
    const containers = this.#keys.length
    if (containers === 0) return bitmapOf()
    const from = headerRoom - 8 - 8 * containers
    const view = new DataView(this.#bytes.buffer)
    view.setUint32(from, cookie, true)
    view.setUint32(from + 4, containers, true)
    let offset = headerRoom - from
    for (let i = 0; i < containers; i++) {
      const count = this.#counts[i]!
      view.setUint16(from + 8 + 4 * i, this.#keys[i]!, true)
      view.setUint16(from + 10 + 4 * i, count - 1, true)
      view.setUint32(from + 8 + 4 * containers + 4 * i, offset, true)
      offset += count > largestArray ? bitsetBytes : 2 * count
    }
    return bitmapFromCheckedBytes(this.#bytes.subarray(from, this.#end))
  }
}

import type { ExternalId } from '../base/brand.ts'
import { encodeId, integerMark, maxIdBytes } from '../ids/encode-id.ts'
import { faultInIdBytes } from '../ids/fault-in-id-bytes.ts'

/** Bytes that there is room for at first, and again after a list of very long ids. */
const firstRoom = 256 * 1024

/** A list of ids as the dictionary holds them, one behind the other: none of them becomes a string. Some may be there twice. */
export class EncodedIds {
  /** The ids: `ends[i - 1]` to `ends[i]` are the bytes of id `i`. */
  bytes: Uint8Array = new Uint8Array(firstRoom)
  readonly ends: Uint32Array
  /** How many ids there are. */
  length = 0
  #end = 0

  /** @param most ids that there is room for */
  constructor(most: number) {
    this.ends = new Uint32Array(most)
  }

  /** Bytes of all ids. */
  get byteLength(): number {
    return this.#end
  }

  /**
   * Adds an id, and gives its place.
   *
   * @throws the ID_… codes
   */
  push(id: ExternalId): number {
    this.#reserve()
    return this.#endAt(encodeId(id, this.bytes, this.#end))
  }

  /** Adds an id that is a text, of its UTF-8. Gives what is wrong with it, and doesn't add it then. Cost: bytes of the id. */
  pushText(source: Uint8Array, start: number, end: number): string | undefined {
    if (end - start > maxIdBytes || end === start) return `an id of ${end - start} bytes`
    this.#reserve()
    const { bytes } = this
    let at = this.#end
    let all = 0
    for (let i = start; i < end; i++) {
      const byte = source[i]!
      all |= byte
      bytes[at++] = byte
    }
    if (all >= 0x80) {
      const fault = source[start] === integerMark ? 'an id that is not UTF-8' : faultInIdBytes(source, start, end)
      if (fault !== undefined) return fault
    }
    this.#endAt(at)
    return undefined
  }

  /** Drops all ids, and overwrites their bytes with zeros (law 3). */
  wipe(): void {
    this.bytes.fill(0, 0, this.#end)
    if (this.bytes.length > 4 * firstRoom) this.bytes = new Uint8Array(firstRoom)
    this.length = 0
    this.#end = 0
  }

  #endAt(end: number): number {
    this.ends[this.length] = end
    this.#end = end
    return this.length++
  }

  /** Makes room for the longest id. */
  #reserve(): void {
    if (this.#end + maxIdBytes <= this.bytes.length) return
    const longer = new Uint8Array(2 * this.bytes.length)
    longer.set(this.bytes.subarray(0, this.#end))
    this.bytes.fill(0, 0, this.#end)
    this.bytes = longer
  }
}

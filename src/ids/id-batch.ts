import { encodeId, maxIdBytes } from './encode-id.ts'
import type { IdHasher } from './id-hasher.ts'

/** Ids in one batch at most. Enough to overlap the cache misses of many, few enough to stay in the first-level cache. */
export const batchLength = 256

/** Ids that are worth making bytes together, and most characters of all: three bytes of UTF-8 each have room. */
const leastTogether = 8
const mostTogether = 32_768

const seenBits = 8192

/** What is no id. */
const nothing: unique symbol = Symbol('nothing')

/**
 * Up to 256 ids, encoded and hashed one after another into one buffer: what the table and the arena work on.
 * One batch serves all dictionaries of a thread, because nothing suspends between filling and using it.
 */
export class IdBatch {
  /** The encoded ids. Room for two of the longest: whatever is there, one more fits until `isFull`. */
  readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(2 * maxIdBytes + 8)
  /** The same bytes. */
  readonly view: DataView = new DataView(this.bytes.buffer)
  /** `starts[i]` to `starts[i + 1]` (excluded) are the bytes of id `i`. */
  readonly starts: Int32Array = new Int32Array(batchLength + 1)
  /** First and second word of the hash of id `i`. */
  readonly high: Int32Array = new Int32Array(batchLength)
  readonly low: Int32Array = new Int32Array(batchLength)
  /** The dense number of each id, once the table was asked; -1 for none. */
  readonly found: Float64Array = new Float64Array(batchLength)
  readonly #text = Buffer.from(this.bytes.buffer)
  readonly #seen = new Uint8Array(seenBits >>> 3)
  /** The id that `setOne` made this the batch of, as it was given, as long as it is. */
  #one: unknown = nothing
  /** Bytes from here on are zeros. */
  #used = 0
  /** How many ids there are. */
  length = 0
  /** Grows with every `hash`, so that it is another one for other ids. */
  round = 0
  /** Where reads go that only warm the cache, so that the compiler keeps them. */
  touched = 0

  /** Whether there may be no room for one more id. */
  get isFull(): boolean {
    return this.length === batchLength || this.starts[this.length]! > maxIdBytes
  }

  /** Drops all ids. */
  clear(): void {
    this.#one = nothing
    this.length = 0
  }

  /** Drops all ids and overwrites their bytes with zeros, and those of ids that were here before. */
  wipe(): void {
    this.bytes.fill(0, 0, this.#used)
    this.#used = 0
    this.clear()
  }

  /**
   * Encodes ids from `from` on until the batch is full or the ids are at their end. Gives the index of the first id that
   * is not in the batch.
   *
   * @throws ID_WRONG_TYPE, ID_EMPTY, ID_TOO_LONG, ID_LONE_SURROGATE, ID_NOT_AN_INTEGER, ID_OUT_OF_RANGE
   */
  fill(ids: readonly unknown[], from: number): number {
    this.#one = nothing
    const { bytes, starts } = this
    const count = Math.min(batchLength, ids.length - from)
    // What is checked has to be what is encoded: whatever gives the ids may give something else the next time.
    const some = new Array<unknown>(count)
    for (let i = 0; i < count; i++) some[i] = ids[from + i]
    if (count >= leastTogether && this.#fillAscii(some)) return from + count
    let end = 0
    let i = 0
    while (i < count && end <= maxIdBytes) {
      end = encodeId(some[i], bytes, end)
      starts[++i] = end
      if (end > this.#used) this.#used = end
    }
    this.length = i
    return from + i
  }

  /**
   * Makes this the batch of these ids, if they are short texts of ASCII; gives whether they are. All are made bytes in one go, which takes
   * half the time that their characters take one by one, a quarter where the texts are spread over memory.
   */
  #fillAscii(ids: readonly unknown[]): boolean {
    const { starts } = this
    const count = ids.length
    let end = 0
    for (let i = 0; i < count; i++) {
      const id = ids[i]
      if (typeof id !== 'string' || id.length === 0) return false
      end += id.length
      starts[i + 1] = end
    }
    if (end > mostTogether) return false
    // Anything but ASCII takes more bytes than characters.
    const written = this.#text.write(ids.join(''), 0, 'utf8')
    if (written > this.#used) this.#used = written
    this.length = count
    return written === end
  }

  /**
   * As `fill`, of the first `count` of ids that are encoded and checked already: `ends[i - 1]` to `ends[i]` of `source` are the bytes
   * of id `i`.
   */
  fillEncoded(source: Uint8Array, ends: Uint32Array, count: number, from: number): number {
    this.#one = nothing
    const { starts } = this
    const begin = from === 0 ? 0 : ends[from - 1]!
    const most = Math.min(batchLength, count - from)
    let end = 0
    let i = 0
    while (i < most && end <= maxIdBytes) {
      end = ends[from + i]! - begin
      starts[++i] = end
    }
    this.bytes.set(source.subarray(begin, begin + end))
    this.#used = Math.max(this.#used, end)
    this.length = i
    return from + i
  }

  /**
   * Makes this a batch of one id. Cost: bytes of the id; nothing to speak of where it is that of the last call.
   *
   * @throws ID_WRONG_TYPE, ID_EMPTY, ID_TOO_LONG, ID_LONE_SURROGATE, ID_NOT_AN_INTEGER, ID_OUT_OF_RANGE
   */
  setOne(id: unknown): void {
    if (id === this.#one) return
    this.#one = nothing
    const end = encodeId(id, this.bytes, 0)
    this.starts[1] = end
    if (end > this.#used) this.#used = end
    this.length = 1
    this.#one = id
  }

  /** Adds one id that is encoded already. The batch must not be full. */
  pushEncoded(source: Uint8Array, start: number, end: number): void {
    this.#one = nothing
    const { bytes } = this
    const at = this.starts[this.length]!
    const length = end - start
    if (length < 100) for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]!
    else bytes.set(source.subarray(start, end), at)
    this.starts[++this.length] = at + length
    if (at + length > this.#used) this.#used = at + length
  }

  /** Whether an id before `i` for which this was asked may be the same one. Rarely true where none is. */
  mayBeRepeated(i: number): boolean {
    const bit = (this.high[i]! ^ (this.low[i]! >>> 7)) & (seenBits - 1)
    const byte = this.#seen[bit >>> 3]!
    const mask = 1 << (bit & 7)
    this.#seen[bit >>> 3] = byte | mask
    return (byte & mask) !== 0
  }

  /** Hashes all ids of the batch. */
  hash(hasher: IdHasher): void {
    this.round++
    // One alone is no repetition of another.
    if (this.length > 1) this.#seen.fill(0)
    hasher.hashMany(this.view, this.starts, this.length, this.high, this.low)
  }
}

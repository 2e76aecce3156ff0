import { hashId } from './hash-id.ts'

/** The keyed hash of one dictionary. */
export class IdHasher {
  readonly #key0: number
  readonly #key1: number
  readonly #mask: number
  /** The two words of the hash that `hashOne` made last. */
  readonly high: Int32Array = new Int32Array(1)
  readonly low: Int32Array = new Int32Array(1)

  /** `seed` is a safe integer. `mask` is laid over both words; -1 but in tests that want collisions. */
  constructor(seed: number, mask: number) {
    this.#key0 = seed | 0
    this.#key1 = Math.floor(seed / 0x1_0000_0000) ^ 0x5bd1e995
    this.#mask = mask | 0
  }

  /** Hashes `count` ids, which lie from `starts[i]` to `starts[i + 1]`. */
  hashMany(bytes: DataView, starts: Int32Array, count: number, high: Int32Array, low: Int32Array): void {
    const key0 = this.#key0
    const key1 = this.#key1
    const mask = this.#mask
    for (let i = 0; i < count; i++) hashId(bytes, starts[i]!, starts[i + 1]!, key0, key1, high, low, i)
    if (mask === -1) return
    for (let i = 0; i < count; i++) {
      high[i] = high[i]! & mask
      low[i] = low[i]! & mask
    }
  }

  /** Hashes the bytes `[start, end)` into `high[0]` and `low[0]`. */
  hashOne(bytes: DataView, start: number, end: number): void {
    hashId(bytes, start, end, this.#key0, this.#key1, this.high, this.low, 0)
    this.high[0] = this.high[0]! & this.#mask
    this.low[0] = this.low[0]! & this.#mask
  }
}

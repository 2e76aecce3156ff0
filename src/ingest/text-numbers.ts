/** A power of two, twice as many as texts, so that a search ends soon. */
const slots = 1024
const mostTexts = 512
/** Longer texts hardly come again. */
const longest = 64

/** Numbers texts by their bytes, 0, 1, 2… in order of first sight: the first 512 short ones. */
export class TextNumbers {
  readonly #numbers = new Int16Array(slots).fill(-1)
  /** The texts one behind the other: text `n` is in the bytes from `ends[n]` to `ends[n + 1]`. */
  readonly #bytes = new Uint8Array(mostTexts * longest)
  readonly #ends = new Int32Array(mostTexts + 1)
  #size = 0

  /** Numbers that there are at most. */
  static readonly most: number = mostTexts

  /** The number of a text; -1 for one that has none. Cost: a nanosecond or two a byte. */
  numberOf(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > longest) return -1
    let hash = 0x811c_9dc5
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193)
    for (let slot = (hash ^ (hash >>> 15)) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const number = this.#numbers[slot]!
      if (number === -1) return this.#size < mostTexts ? this.#add(slot, bytes, start, end) : -1
      if (this.#isText(number, bytes, start, end)) return number
    }
  }

  #isText(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#ends[number]!
    if (this.#ends[number + 1]! - from !== end - start) return false
    for (let at = start; at < end; at++) if (this.#bytes[from + at - start] !== bytes[at]) return false
    return true
  }

  #add(slot: number, bytes: Uint8Array, start: number, end: number): number {
    const number = this.#size++
    const from = this.#ends[number]!
    this.#bytes.set(bytes.subarray(start, end), from)
    this.#ends[number + 1] = from + end - start
    this.#numbers[slot] = number
    return number
  }
}

import type { MarkedBits } from './marked-bits.ts'

/** Which numbers are in a table that is being loaded. Memory: a bit for each number. */
export class EnteredIds {
  readonly #count: number
  readonly #removed: MarkedBits
  readonly #marks: Uint32Array

  constructor(count: number, removed: MarkedBits) {
    this.#count = count
    this.#removed = removed
    this.#marks = new Uint32Array(Math.ceil(count / 32))
  }

  /** Marks a number; `false` where it was never given out, its id was removed, or it is marked already. */
  enter(dense: number): boolean {
    if (dense >= this.#count || this.#removed.has(dense)) return false
    const mark = 1 << (dense & 31)
    const word = this.#marks[dense >>> 5]!
    this.#marks[dense >>> 5] = word | mark
    return (word & mark) === 0
  }

  /** The living that aren't marked, ascending. */
  *others(): Generator<number, void, undefined> {
    for (let i = 0; i < this.#marks.length; i++) {
      for (let word = ~this.#marks[i]!; word !== 0; word &= word - 1) {
        const dense = i * 32 + (31 - Math.clz32(word & -word))
        if (dense >= this.#count) return
        if (!this.#removed.has(dense)) yield dense
      }
    }
  }
}

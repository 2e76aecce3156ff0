import { testBytes } from './byte-counters.ts'
import { type DoubleRange, isInRange } from './number-range.ts'
import { allRows } from './row-selector.ts'

const container = 65_536

/** Counts of the people of one container that are kept: a byte each, or four where some are above 255. */
export type KeptCounts = Uint8Array | Uint32Array

/** Who has come to a count. */
export interface Reached {
  readonly least: number
  /** Room for everybody, and how many have. */
  readonly people: Uint16Array
  readonly length: number
}

/**
 * Counts of the people of one container while they are worked out, in bytes as long as they fit. Who adds must ask `overflowed`
 * before using them; after `widen` what was added is to be added once more.
 */
export class PersonCounters {
  readonly #bytes: Uint8Array = new Uint8Array(container)
  #wide: Uint32Array | null = null
  #isWide = false
  /** All counts that bytes were given, OR-ed: has bit 8 once one overflowed. */
  #seen = 0

  /** Whether a byte was given a count that it can't hold. */
  get overflowed(): boolean {
    return this.#seen >= 256
  }

  /** Begins with counts that were kept, or with none. */
  load(kept: KeptCounts | null): void {
    this.reset()
    if (kept === null) return
    if (kept instanceof Uint32Array) this.#useWide().set(kept)
    else this.#bytes.set(kept)
  }

  /** Begins with these counts anew, so that none can overflow. */
  widen(kept: KeptCounts | null = null): void {
    this.reset()
    const wide = this.#useWide()
    if (kept !== null) wide.set(kept)
  }

  /** One more for each person of the rows: the first `found`, or all of `[lo, hi)`. */
  add(people: Uint32Array, rows: Uint32Array, found: number, lo: number, hi: number): void {
    if (this.#isWide) {
      if (found === allRows) addRunWide(this.#wide!, people, lo, hi)
      else addRowsWide(this.#wide!, people, rows, found, 1)
    } else if (found === allRows) this.#seen |= addRun(this.#bytes, people, lo, hi)
    else this.#seen |= addRows(this.#bytes, people, rows, found)
  }

  /** Whether counts take four bytes: see `widen`. */
  get isWide(): boolean {
    return this.#isWide
  }

  /** As `add`, of bytes: who comes to a count is put to those who had come to it. Gives how many have. */
  addReaching(people: Uint32Array, rows: Uint32Array, found: number, lo: number, hi: number, reached: Reached): number {
    const bytes = this.#bytes
    const { least, people: those } = reached
    const isRun = found === allRows
    const n = isRun ? hi - lo : found
    let { length } = reached
    let seen = 0
    for (let i = 0; i < n; i++) {
      const low = people[isRun ? lo + i : rows[i]!]! & 0xffff
      const count = bytes[low]! + 1
      bytes[low] = count
      seen |= count
      if (count === least) those[length++] = low
    }
    this.#seen |= seen
    return length
  }

  /** The counts of these people, and there are no others, are 0. */
  resetOf(people: Uint16Array, length: number): void {
    const bytes = this.#bytes
    for (let i = 0; i < length; i++) bytes[people[i]!] = 0
    this.#seen = 0
  }

  /** One less for each person of the rows, which were added before. */
  subtract(people: Uint32Array, rows: Uint32Array, found: number, lo: number, hi: number): void {
    if (found === allRows) for (let i = lo; i < hi; i++) rows[i - lo] = i
    const n = found === allRows ? hi - lo : found
    if (this.#isWide) addRowsWide(this.#wide!, people, rows, n, -1)
    else subtractRows(this.#bytes, people, rows, n)
  }

  /** The counts, to be kept: in `kept`, if there is one and it is wide enough. */
  keep(kept: KeptCounts | null): KeptCounts {
    const counts = this.#isWide ? this.#wide! : this.#bytes
    if (kept === null || kept.BYTES_PER_ELEMENT !== counts.BYTES_PER_ELEMENT) return counts.slice()
    kept.set(counts)
    return kept
  }

  /** Sets the bits of people with a count of 1 or more that passes. */
  test(range: DoubleRange, words: Int32Array): void {
    if (!this.#isWide) {
      testBytes(this.#bytes, range, words)
      return
    }
    const wide = this.#wide!
    for (let low = 0; low < container; low++) {
      if (wide[low] !== 0 && isInRange(range, wide[low]!)) words[low >>> 5] = words[low >>> 5]! | (1 << low)
    }
  }

  /** As `test`, of all who have a count, each once or more; all counts are 0 then. Cost: 2 to 3 ns each. */
  testAndReset(people: Uint16Array, range: DoubleRange, words: Int32Array): void {
    if (this.#isWide) {
      this.test(range, words)
      this.reset()
      return
    }
    const bytes = this.#bytes
    for (let i = 0; i < people.length; i++) {
      const low = people[i]!
      const count = bytes[low]!
      // A person who comes again was looked at, and has 0.
      if (count === 0) continue
      bytes[low] = 0
      if (isInRange(range, count)) words[low >>> 5] = words[low >>> 5]! | (1 << low)
    }
    this.#seen = 0
  }

  /** The count of one person, which is 0 from now on; nobody else has one. */
  takeOne(low: number): number {
    const counts = this.#isWide ? this.#wide! : this.#bytes
    const count = counts[low]!
    counts[low] = 0
    this.#isWide = false
    this.#seen = 0
    return count
  }

  /** All counts are 0. */
  reset(): void {
    if (this.#isWide) this.#wide!.fill(0)
    else this.#bytes.fill(0)
    this.#isWide = false
    this.#seen = 0
  }

  #useWide(): Uint32Array {
    this.#wide ??= new Uint32Array(container)
    this.#isWide = true
    return this.#wide
  }
}

function addRun(counts: Uint8Array, people: Uint32Array, lo: number, hi: number): number {
  let seen = 0
  for (let i = lo; i < hi; i++) {
    const low = people[i]! & 0xffff
    const count = counts[low]! + 1
    counts[low] = count
    seen |= count
  }
  return seen
}

function addRows(counts: Uint8Array, people: Uint32Array, rows: Uint32Array, found: number): number {
  let seen = 0
  for (let i = 0; i < found; i++) {
    const low = people[rows[i]!]! & 0xffff
    const count = counts[low]! + 1
    counts[low] = count
    seen |= count
  }
  return seen
}

function subtractRows(counts: Uint8Array, people: Uint32Array, rows: Uint32Array, found: number): void {
  for (let i = 0; i < found; i++) {
    const low = people[rows[i]!]! & 0xffff
    counts[low] = counts[low]! - 1
  }
}

function addRunWide(counts: Uint32Array, people: Uint32Array, lo: number, hi: number): void {
  for (let i = lo; i < hi; i++) {
    const low = people[i]! & 0xffff
    counts[low] = counts[low]! + 1
  }
}

function addRowsWide(counts: Uint32Array, people: Uint32Array, rows: Uint32Array, found: number, more: 1 | -1): void {
  for (let i = 0; i < found; i++) {
    const low = people[rows[i]!]! & 0xffff
    counts[low] = counts[low]! + more
  }
}

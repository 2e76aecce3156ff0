import { allRows } from './row-selector.ts'

/** Keeps of the rows of a day one for each person. */
export class FirstOfDay {
  /**
   * Where several kinds of events have rows of the same day: by the lower half of a person's number the serial number of
   * the last day with a row. For one kind the rows of a person follow each other, so that the row before tells.
   */
  readonly #stamps: Int32Array | null
  #serial = 0
  #day: number | null = null
  /** The person of the row before. */
  #person = -1

  constructor(hasSeveralKinds: boolean) {
    this.#stamps = hasSeveralKinds ? new Int32Array(65_536) : null
  }

  /**
   * Keeps of the rows of a day (the first `found` of `rows`, or all of `[lo, hi)`) the first of each person who had none of
   * that day yet, and says how many.
   */
  keep(day: number, people: Uint32Array, rows: Uint32Array, found: number, lo: number, hi: number): number {
    if (day !== this.#day) this.#next(day)
    const n = found === allRows ? hi - lo : found
    if (found === allRows) for (let i = 0; i < n; i++) rows[i] = lo + i
    if (n === 0) return 0
    if (this.#stamps !== null) return keepByStamps(this.#stamps, this.#serial, people, rows, n)
    const before = this.#person
    this.#person = people[rows[n - 1]!]!
    return keepByNeighbour(before, people, rows, n)
  }

  /** Forgets all days: other people come. */
  reset(): void {
    this.#day = null
  }

  #next(day: number): void {
    this.#day = day
    this.#person = -1
    if (this.#stamps === null || ++this.#serial < 2 ** 31) return
    this.#stamps.fill(0)
    this.#serial = 1
  }
}

function keepByNeighbour(before: number, people: Uint32Array, rows: Uint32Array, n: number): number {
  let kept = 0
  let last = before
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const person = people[row]!
    rows[kept] = row
    kept += Number(person !== last)
    last = person
  }
  return kept
}

function keepByStamps(stamps: Int32Array, serial: number, people: Uint32Array, rows: Uint32Array, n: number): number {
  let kept = 0
  for (let i = 0; i < n; i++) {
    const row = rows[i]!
    const low = people[row]! & 0xffff
    rows[kept] = row
    kept += Number(stamps[low] !== serial)
    stamps[low] = serial
  }
  return kept
}

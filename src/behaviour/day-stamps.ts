import { allRows } from './row-selector.ts'

/** Keeps of the rows of a day one for each person, also where several terms have rows of the same day. */
export class DayStamps {
  /** By the lower half of a person's number: the serial number of the last day with a row. */
  readonly #stamps: Int32Array = new Int32Array(65_536)
  #serial = 0
  #day: number | null = null

  /** Keeps in `rows` the first row of each person who had none of this day yet; says how many. */
  keepFirst(day: number, people: Uint32Array, rows: Uint32Array, found: number, lo: number, hi: number): number {
    if (day !== this.#day) this.#next(day)
    return found === allRows
      ? firstOfRun(this.#stamps, this.#serial, people, rows, lo, hi)
      : firstOfRows(this.#stamps, this.#serial, people, rows, found)
  }

  /** Forgets all days: other people come. */
  reset(): void {
    this.#day = null
  }

  #next(day: number): void {
    this.#day = day
    this.#serial++
    if (this.#serial < 2 ** 31) return
    this.#stamps.fill(0)
    this.#serial = 1
  }
}

function firstOfRun(
  stamps: Int32Array,
  serial: number,
  people: Uint32Array,
  rows: Uint32Array,
  lo: number,
  hi: number,
): number {
  let n = 0
  for (let i = lo; i < hi; i++) {
    const low = people[i]! & 0xffff
    rows[n] = i
    n += Number(stamps[low] !== serial)
    stamps[low] = serial
  }
  return n
}

function firstOfRows(
  stamps: Int32Array,
  serial: number,
  people: Uint32Array,
  rows: Uint32Array,
  found: number,
): number {
  let n = 0
  for (let i = 0; i < found; i++) {
    const row = rows[i]!
    const low = people[row]! & 0xffff
    rows[n] = row
    n += Number(stamps[low] !== serial)
    stamps[low] = serial
  }
  return n
}

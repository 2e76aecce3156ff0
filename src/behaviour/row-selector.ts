import type { Piece } from './accumulator.ts'
import { blockRows, type RowTest } from './row-test.ts'
import { selectRows } from './select-rows.ts'

/** Every row of the block counts. */
export const allRows = -1

/** Finds the rows of a piece that count: those that lie between the cuts and pass the test. */
export class RowSelector {
  /** The rows found by the last `select`, ascending. */
  readonly rows: Uint32Array = new Uint32Array(blockRows)
  readonly #scratch: Uint8Array = new Uint8Array(blockRows)

  /** How many rows were found, or `allRows`, where `rows` isn't written. */
  select(piece: Piece, test: RowTest | null, lo: number, hi: number): number {
    const { day, from, to, ahead } = piece
    const isCut = from > 0 || to !== Number.POSITIVE_INFINITY
    if (test === null) return isCut ? selectTimes(day.times, lo, hi, from, to, this.rows) : allRows
    const found =
      ahead === undefined
        ? selectRows(test, day, lo, hi, this.rows, this.#scratch)
        : ahead.select(test, day, lo, hi, this.rows, this.#scratch)
    return isCut ? keepTimes(day.times, this.rows, found, from, to) : found
  }
}

// A row is written always and kept by moving on, so that there is no branch to be guessed.

function selectTimes(times: Uint32Array, lo: number, hi: number, from: number, to: number, rows: Uint32Array): number {
  let n = 0
  for (let i = lo; i < hi; i++) {
    const time = times[i]!
    rows[n] = i
    if (time >= from && time < to) n++
  }
  return n
}

function keepTimes(times: Uint32Array, rows: Uint32Array, found: number, from: number, to: number): number {
  let n = 0
  for (let i = 0; i < found; i++) {
    const row = rows[i]!
    const time = times[row]!
    rows[n] = row
    if (time >= from && time < to) n++
  }
  return n
}

import type { EventDay } from '../events/event-day.ts'
import type { RowTest } from './row-test.ts'

/**
 * Writes the rows of `[lo, hi)` that pass into `rows`, ascending, and says how many.
 *
 * @param scratch a mask that nobody else uses meanwhile: the test may be made of others, which need their own
 */
export function selectRows(
  test: RowTest,
  day: EventDay,
  lo: number,
  hi: number,
  rows: Uint32Array,
  scratch: Uint8Array,
): number {
  if (test.select !== undefined) return test.select(day, lo, hi, rows)
  test.mask(day, lo, hi, scratch)
  // A row is written always and kept by moving on, so that there is no branch to be guessed; four rows a turn, since each says
  // where the next one goes.
  let n = 0
  let i = lo
  for (; i + 4 <= hi; i += 4) {
    rows[n] = i
    n += scratch[i - lo]!
    rows[n] = i + 1
    n += scratch[i - lo + 1]!
    rows[n] = i + 2
    n += scratch[i - lo + 2]!
    rows[n] = i + 3
    n += scratch[i - lo + 3]!
  }
  for (; i < hi; i++) {
    rows[n] = i
    n += scratch[i - lo]!
  }
  return n
}

/** Keeps of the first `found` rows, which lie in `[lo, hi)`, those that pass, and says how many. */
export function keepRows(
  test: RowTest,
  day: EventDay,
  lo: number,
  hi: number,
  rows: Uint32Array,
  found: number,
  scratch: Uint8Array,
): number {
  if (found === 0) return 0
  if (test.keep !== undefined) return test.keep(day, rows, found)
  test.mask(day, lo, hi, scratch)
  let n = 0
  for (let i = 0; i < found; i++) {
    const row = rows[i]!
    rows[n] = row
    n += scratch[row - lo]!
  }
  return n
}

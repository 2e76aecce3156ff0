import type { Steps } from '../base/steps.ts'
import { type Bitmap, bitmapOf, orManySteps } from '../bitmap/bitmap.ts'
import type { EventDay } from '../events/event-day.ts'
import type { WalkLog } from './chunk-walk.ts'
import { blockRows, type RowTest } from './row-test.ts'
import { selectRows } from './select-rows.ts'

/** Rows by which it is guessed how many pass. */
const sampleRows = 4_096
/** Where fewer than one row of so many passes, a bitmap for each day is faster than bits for each container of people. */
const fewOf = 16

/** Whether few events of these days pass a test: told by some of the day in the middle. */
export function fewPass(test: RowTest, days: readonly EventDay[]): boolean {
  const day = days[days.length >> 1]!
  const lo = Math.max(0, (day.size - sampleRows) >> 1)
  const hi = Math.min(day.size, lo + sampleRows)
  const found = selectRows(test, day, lo, hi, new Uint32Array(blockRows), new Uint8Array(blockRows))
  return found * fewOf < hi - lo
}

/**
 * The people who have an event that passes a test, of which there are few: day by day, from the first row to the last, and a
 * bitmap of each day's. A walk container by container looks at the same rows in 150 turns of all days, and at 65,536 bits in
 * each: of 6.7 million rows, of which one in forty passes, that takes 20 ms, and this 13. A block of rows is a step.
 */
export function* fewPeople(test: RowTest, days: readonly EventDay[], log: WalkLog): Steps<Bitmap> {
  const rows = new Uint32Array(blockRows)
  const scratch = new Uint8Array(blockRows)
  let found = new Uint32Array(blockRows)
  const bitmaps: Bitmap[] = []
  try {
    for (const day of days) {
      const { people, size } = day
      log.events += size
      let length = 0
      for (let lo = 0; lo < size; lo += blockRows) {
        const n = selectRows(test, day, lo, Math.min(size, lo + blockRows), rows, scratch)
        if (length + n > found.length) {
          const longer = new Uint32Array(2 * (length + n))
          longer.set(found.subarray(0, length))
          found = longer
        }
        for (let i = 0; i < n; i++) found[length + i] = people[rows[i]!]!
        length += n
        yield
      }
      if (length > 0) bitmaps.push(bitmapOf(found.subarray(0, length)))
    }
    return yield* orManySteps(bitmaps)
  } finally {
    for (const bitmap of bitmaps) bitmap.dispose()
  }
}

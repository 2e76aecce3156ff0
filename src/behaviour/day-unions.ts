import { type Bitmap, or, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { EventDay } from '../events/event-day.ts'
import type { Piece } from './accumulator.ts'
import { peopleOf, type WalkLog } from './chunk-walk.ts'
import { firstFrom } from './day-places.ts'
import { type DaySlice, isWhole } from './day-slice.ts'
import { DayState, latestVersion } from './day-state.ts'
import { bytesOf, type Derived, type DerivedCache } from './derived-cache.ts'
import { DidAccumulator } from './did-accumulator.ts'
import type { Term } from './event-term.ts'
import { fewPass, fewPeople } from './few-people.ts'

/** The longest run of days that is kept: 2^10 of them. */
const highestLevel = 10

/** The people of a run of days. */
class UnionOfDays implements Derived {
  readonly bitmap: Bitmap
  readonly bytes: number
  readonly state: DayState

  constructor(bitmap: Bitmap, state: DayState) {
    this.bitmap = bitmap
    this.bytes = bytesOf(bitmap)
    this.state = state
  }

  dispose(): void {
    this.bitmap.dispose()
  }
}

/**
 * The people who have an event of a term, kept for runs of whole days: 1, 2, 4, 8 … days, each run beginning at a multiple
 * of its length. Any window is made of few of them, and another window of mostly the same:
 *
 *   level 2     |       4       |       8       |
 *   level 1     |   4   |   6   |   8   |  10   |
 *   level 0     | 4 | 5 | 6 | 7 | 8 | 9 |10 |11 |
 *   days 5 to 10    =0= ==1==== ==1==== =0=
 *
 * A run is put together from its halves where one of them is kept, or where it was kept itself until a day of it changed:
 * then it will be again, and only the half with that day, and its half, and so on, is to be worked out. Else its rows are looked at, all days at once.
 */
export class DayUnions {
  readonly #cache: DerivedCache
  readonly #log: WalkLog

  constructor(cache: DerivedCache, log: WalkLog) {
    this.#cache = cache
    this.#log = log
  }

  /** Bitmaps whose union is the people of the whole days of a slice. They belong to the cache. */
  of(term: Term, slice: DaySlice): readonly ReadonlyBitmap[] {
    const { days, end } = slice
    const first = isWhole(slice, slice.first) ? slice.first : slice.first + 1
    const last = isWhole(slice, end - 1) ? end - 1 : end - 2
    if (first > last) return []
    const unions: ReadonlyBitmap[] = []
    const to = days[last]!.day
    for (let day = days[first]!.day; day <= to; ) {
      let level = 0
      while (level < highestLevel && day % 2 ** (level + 1) === 0 && day + 2 ** (level + 1) - 1 <= to) level++
      const union = this.#run(term, days, level, day)
      if (union !== null) unions.push(union)
      day += 2 ** level
    }
    return unions
  }

  /**
   * The people of the run of `2^level` days from `day` on.
   *
   * @param changedSince the latest version of the run that this one is a half of, when it was kept; `null` if it wasn't
   */
  #run(
    term: Term,
    days: readonly EventDay[],
    level: number,
    day: number,
    changedSince: number | null = null,
  ): ReadonlyBitmap | null {
    const first = firstFrom(days, day)
    const end = firstFrom(days, day + 2 ** level)
    if (first === end) return null
    const key = keyOf(term, level, day)
    const known = this.#cache.get(key) as UnionOfDays | undefined
    if (known?.state.isCurrent()) return known.bitmap
    const half = 2 ** (level - 1)
    const since = known?.state.version ?? changedSince
    const inHalves =
      end - first > 1 &&
      (known !== undefined ||
        (since !== null && latestVersion(days, first, end) > since) ||
        this.#cache.has(keyOf(term, level - 1, day)) ||
        this.#cache.has(keyOf(term, level - 1, day + half)))
    let bitmap: Bitmap
    if (inHalves) {
      const earlier = this.#run(term, days, level - 1, day, since)
      const later = this.#run(term, days, level - 1, day + half, since)
      if (earlier === null || later === null) {
        this.#cache.delete(key)
        return earlier ?? later
      }
      bitmap = or(earlier, later)
    } else bitmap = this.#peopleOf(term, days.slice(first, end))
    this.#cache.set(key, new UnionOfDays(bitmap, new DayState(term.events, day, day + 2 ** level - 1)))
    return bitmap
  }

  #peopleOf(term: Term, days: readonly EventDay[]): Bitmap {
    const { test } = term
    return test !== null && fewPass(test, days)
      ? fewPeople(test, days, this.#log)
      : peopleOf(wholeDays(days), new DidAccumulator([term]), this.#log)
  }
}

function keyOf(term: Term, level: number, day: number): string {
  return `days ${term.id} ${level} ${day}`
}

function wholeDays(days: readonly EventDay[]): Piece[] {
  return days.map((day) => ({ term: 0, day, from: 0, to: Number.POSITIVE_INFINITY }))
}

import type { Steps } from '../base/steps.ts'
import { type Bitmap, or, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { firstFrom } from './day-places.ts'
import { DayState, latestVersion } from './day-state.ts'
import { bytesOf, type Derived, type DerivedCache } from './derived-cache.ts'
import type { EventsOfKind } from './event-source.ts'

/** The longest run of days that is kept: 2^10 of them. */
const highestLevel = 10

/** People who are found in runs of whole days, so that those of a long run are the union of those of its parts. */
export interface PeopleOfDays {
  /** Tells what is looked for in the days. */
  readonly id: string
  /** The kinds of events that are looked at. */
  readonly events: readonly EventsOfKind[]
  /** The shortest runs are of `2^leastLevel` days. */
  readonly leastLevel: number
  /** The first of the days that matter to a run which begins on a day: that day, or one before it. */
  firstDay(day: number): number
  /** The people of the days `[day, end)`; the caller's bitmap. */
  people(day: number, end: number): Steps<Bitmap>
}

/** The people of a run of days. */
class UnionOfDays implements Derived {
  readonly bitmap: Bitmap
  readonly bytes: number
  /** For each kind of events. */
  readonly #states: readonly DayState[]

  constructor(bitmap: Bitmap, states: readonly DayState[]) {
    this.bitmap = bitmap
    this.bytes = bytesOf(bitmap)
    this.#states = states
  }

  get versions(): readonly number[] {
    return this.#states.map(({ version }) => version)
  }

  isCurrent(): boolean {
    for (const state of this.#states) if (!state.isCurrent()) return false
    return true
  }

  dispose(): void {
    this.bitmap.dispose()
  }
}

/**
 * People who are found in runs of whole days, 1, 2, 4, 8 … days, each run beginning at a multiple of its length. Any window is
 * made of few of them, and another window of mostly the same:
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

  constructor(cache: DerivedCache) {
    this.#cache = cache
  }

  /**
   * Bitmaps whose union is the people of the days `[from, end)`. They belong to the cache.
   *
   * @param from a multiple of the shortest run, as `end`
   */
  *of(source: PeopleOfDays, from: number, end: number): Steps<readonly ReadonlyBitmap[]> {
    const unions: ReadonlyBitmap[] = []
    for (let day = from; day < end; ) {
      let level = source.leastLevel
      while (level < highestLevel && day % 2 ** (level + 1) === 0 && day + 2 ** (level + 1) <= end) level++
      const union = yield* this.#run(source, level, day, null)
      if (union !== null) unions.push(union)
      day += 2 ** level
    }
    return unions
  }

  /**
   * The people of the run of `2^level` days from `day` on; `null` where none of them has events.
   *
   * @param changedSince the latest versions of the run that this one is a half of, when it was kept; `null` if it wasn't
   */
  *#run(
    source: PeopleOfDays,
    level: number,
    day: number,
    changedSince: readonly number[] | null,
  ): Steps<ReadonlyBitmap | null> {
    const { events, leastLevel } = source
    const end = day + 2 ** level
    if (!hasDays(events, day, end)) return null
    const key = keyOf(source, level, day)
    const known = this.#cache.get(key) as UnionOfDays | undefined
    if (known?.isCurrent()) return known.bitmap
    const half = 2 ** (level - 1)
    const since = known?.versions ?? changedSince
    const inHalves =
      level > leastLevel &&
      (known !== undefined ||
        (since !== null && haveChanged(events, source.firstDay(day), end, since)) ||
        this.#cache.has(keyOf(source, level - 1, day)) ||
        this.#cache.has(keyOf(source, level - 1, day + half)))
    let bitmap: Bitmap
    if (inHalves) {
      const earlier = yield* this.#run(source, level - 1, day, since)
      const later = yield* this.#run(source, level - 1, day + half, since)
      if (earlier === null || later === null) {
        this.#cache.delete(key)
        return earlier ?? later
      }
      bitmap = or(earlier, later)
      yield
    } else bitmap = yield* source.people(day, end)
    const states = events.map((kind) => new DayState(kind, source.firstDay(day), end - 1))
    this.#cache.set(key, new UnionOfDays(bitmap, states))
    return bitmap
  }
}

function keyOf({ id }: PeopleOfDays, level: number, day: number): string {
  return `days ${id} ${level} ${day}`
}

/** Whether there are events in the days `[day, end)`. */
function hasDays(events: readonly EventsOfKind[], day: number, end: number): boolean {
  for (const kind of events) {
    const days = kind.days()
    const place = firstFrom(days, day)
    if (place < days.length && days[place]!.day < end) return true
  }
  return false
}

/** Whether one of the days `[day, end)` has changed since the kinds were at these versions. */
function haveChanged(events: readonly EventsOfKind[], day: number, end: number, versions: readonly number[]): boolean {
  return events.some((kind, place) => {
    const days = kind.days()
    return latestVersion(days, firstFrom(days, day), firstFrom(days, end)) > versions[place]!
  })
}

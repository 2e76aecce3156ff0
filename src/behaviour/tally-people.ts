import type { Steps } from '../base/steps.ts'
import type { Bitmap } from '../bitmap/bitmap.ts'
import { BitmapWriter } from '../bitmap/bitmap-writer.ts'
import { wordsOfContainer } from '../bitmap/container-words.ts'
import type { Piece } from './accumulator.ts'
import { ChunkWalk, type WalkLog } from './chunk-walk.ts'
import { firstFrom } from './day-places.ts'
import type { DerivedCache } from './derived-cache.ts'
import { peopleSteps } from './people-steps.ts'
import { piecesOf, type ResolvedLeaf } from './resolved.ts'
import { type DayUnit, Tally, unitsOf } from './tally.ts'
import type { TallyAccumulator, TallyPiece, TallyPlan, TallyRole } from './tally-accumulator.ts'

const container = 65_536
/** The part of the cache that a tally may take at most. */
const partOfCache = 4
/** A tally looks at three days where its window moves by one: counting few more anew is as fast. */
const leastDays = 10

/** Answers questions of how many events people have, on how many days, or what they add up to, from tallies that are kept. */
export class TallyPeople {
  readonly #cache: DerivedCache
  readonly #fewEvents: number
  readonly #log: WalkLog

  /** @param fewEvents so many, or fewer, are looked at anew each time */
  constructor(cache: DerivedCache, fewEvents: number, log: WalkLog) {
    this.#cache = cache
    this.#fewEvents = fewEvents
    this.#log = log
  }

  /** Whether there is a tally that has anything. */
  has({ key }: TallyPlan): boolean {
    const known = this.#cache.get(`tally ${key}`) as Tally | undefined
    return known !== undefined && !known.isBusy && known.containers.size > 0
  }

  /** The people; the caller's bitmap. */
  *people(leaf: ResolvedLeaf, plan: TallyPlan): Steps<Bitmap> {
    const pieces = piecesOf(leaf)
    const bitmap = yield* this.#fromTally(leaf, plan, pieces)
    return bitmap ?? (yield* peopleSteps(pieces, leaf.ask.accumulator(), this.#log))
  }

  /** The people, or `null` where a tally isn't worth it, or what people have doesn't fit. */
  *#fromTally({ slices }: ResolvedLeaf, plan: TallyPlan, pieces: readonly Piece[]): Steps<Bitmap | null> {
    const key = `tally ${plan.key}`
    const known = this.#cache.get(key) as Tally | undefined
    // Somebody is at it, and has let others have their turn.
    if (known?.isBusy) return null
    const tally = known ?? new Tally()
    const bytes = plan.bytesAPerson(tally.failures)
    if (bytes === null || !this.#isWorthATally(pieces, bytes)) return null
    const wholeDay = (day: number): DayUnit | null => {
      const whole = slices.flatMap(({ days }, term) => {
        const place = firstFrom(days, day)
        return days[place]?.day === day ? [{ term, day: days[place]!, from: 0, to: Number.POSITIVE_INFINITY }] : []
      })
      return unitsOf(whole)[0] ?? null
    }
    const { leaving, joining, passing } = tally.change(unitsOf(pieces), wholeDay)
    if (known === undefined) this.#cache.set(key, tally)
    // Of the first question the tally keeps nothing but which days it was about.
    if (joining.length === 0 && tally.containers.size === 0) return null
    const inRole = (units: readonly DayUnit[], role: TallyRole): TallyPiece[] =>
      units.flatMap((unit) => unit.pieces.map((piece) => ({ ...piece, role })))
    const all = [...inRole(leaving, 'leaving'), ...inRole(joining, 'joining'), ...inRole(passing, 'passing')]
    let isWhole = false
    tally.isBusy = true
    try {
      const bitmap = yield* this.#walk(tally, all, plan.accumulator(tally))
      if (bitmap === null) tally.fail()
      isWhole = true
      return bitmap
    } finally {
      tally.isBusy = false
      // Memory may run out halfway, or the question be left undone: then the tally is neither as it was nor as it should be.
      if (isWhole) this.#cache.measure(key)
      else this.#forget(key, tally)
    }
  }

  #forget(key: string, tally: Tally): void {
    tally.containers.clear()
    if (this.#cache.get(key) === tally) this.#cache.delete(key)
  }

  #isWorthATally(pieces: readonly Piece[], bytesAPerson: number): boolean {
    const days = new Set<number>()
    let rows = 0
    let highest = 0
    for (const { day } of pieces) {
      days.add(day.day)
      rows += day.size
      highest = Math.max(highest, day.people[day.size - 1]!)
    }
    const bytes = (highest + container) * bytesAPerson
    return days.size >= leastDays && rows > this.#fewEvents && bytes <= this.#cache.budget / partOfCache
  }

  /** Walks the containers of the tally and of the pieces; `null` where the tally failed. */
  *#walk(tally: Tally, pieces: readonly Piece[], accumulator: TallyAccumulator): Steps<Bitmap | null> {
    const chunks = new ChunkWalk(pieces, accumulator, this.#log)
    const writer = new BitmapWriter()
    const words = new Int32Array(wordsOfContainer)
    const kept = [...tally.containers.keys()].sort((a, b) => a - b)
    let next = 0
    for (;;) {
      if (accumulator.failed) return null
      const withRows = chunks.nextContainer()
      const withCounts = kept[next] ?? -1
      if (withRows === -1 && withCounts === -1) return writer.finish()
      if (withCounts === withRows) next++
      if (withRows !== -1 && (withCounts === -1 || withRows <= withCounts)) {
        accumulator.begin(withRows)
        writer.add(withRows, chunks.measure(withRows))
      } else {
        next++
        accumulator.begin(withCounts)
        accumulator.emit(words)
        writer.add(withCounts, words)
      }
      yield
    }
  }
}

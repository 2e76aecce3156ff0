import type { Bitmap } from '../bitmap/bitmap.ts'
import type { Piece } from './accumulator.ts'
import { BitmapWriter, wordsOfContainer } from './bitmap-writer.ts'
import { ChunkWalk, peopleOf, type WalkLog } from './chunk-walk.ts'
import { CountedRows } from './count-accumulator.ts'
import { firstFrom } from './day-places.ts'
import type { DerivedCache } from './derived-cache.ts'
import { piecesOf, type ResolvedLeaf } from './resolved.ts'
import { type DayUnit, Tally, unitsOf } from './tally.ts'
import { TallyAccumulator, type TallyPiece, type TallyRole } from './tally-accumulator.ts'

const container = 65_536
/** The part of the cache that a tally may take at most. */
const partOfCache = 4
/** A tally looks at three days where its window moves by one: counting few more anew is as fast. */
const leastDays = 10

/** Answers questions of how many events people have, or on how many days, from tallies that are kept. */
export class CountPeople {
  readonly #cache: DerivedCache
  readonly #fewEvents: number
  readonly #log: WalkLog

  /** @param fewEvents so many, or fewer, are counted anew each time */
  constructor(cache: DerivedCache, fewEvents: number, log: WalkLog) {
    this.#cache = cache
    this.#fewEvents = fewEvents
    this.#log = log
  }

  /** The people; the caller's bitmap. */
  people(leaf: ResolvedLeaf): Bitmap {
    const pieces = piecesOf(leaf)
    return this.#isWorthATally(pieces)
      ? this.#fromTally(leaf, pieces)
      : peopleOf(pieces, leaf.ask.accumulator(), this.#log)
  }

  #isWorthATally(pieces: readonly Piece[]): boolean {
    const days = new Set<number>()
    let rows = 0
    let highest = 0
    for (const { day } of pieces) {
      days.add(day.day)
      rows += day.size
      highest = Math.max(highest, day.people[day.size - 1]!)
    }
    return days.size >= leastDays && rows > this.#fewEvents && highest + container <= this.#cache.budget / partOfCache
  }

  #fromTally({ ask, slices }: ResolvedLeaf, pieces: readonly Piece[]): Bitmap {
    const { counted, range, tally: id } = ask.count!
    const key = `tally ${id}`
    const known = this.#cache.get(key) as Tally | undefined
    const tally = known ?? new Tally()
    const wholeDay = (day: number): DayUnit | null => {
      const whole = slices.flatMap(({ days }, term) => {
        const place = firstFrom(days, day)
        return days[place]?.day === day ? [{ term, day: days[place]!, from: 0, to: Number.POSITIVE_INFINITY }] : []
      })
      return unitsOf(whole)[0] ?? null
    }
    const { leaving, joining, passing } = tally.change(unitsOf(pieces), wholeDay)
    const inRole = (units: readonly DayUnit[], role: TallyRole): TallyPiece[] =>
      units.flatMap((unit) => unit.pieces.map((piece) => ({ ...piece, role })))
    const all = [...inRole(leaving, 'leaving'), ...inRole(joining, 'joining'), ...inRole(passing, 'passing')]
    try {
      const bitmap = this.#walk(tally, all, new TallyAccumulator(tally, new CountedRows(ask.terms, counted), range))
      if (known === undefined) this.#cache.set(key, tally)
      else this.#cache.measure(key)
      return bitmap
    } catch (error) {
      // Memory may run out halfway: then the tally is neither as it was nor as it should be.
      this.#cache.delete(key)
      throw error
    }
  }

  /** Walks the containers of the tally and of the pieces. */
  #walk(tally: Tally, pieces: readonly Piece[], accumulator: TallyAccumulator): Bitmap {
    const chunks = new ChunkWalk(pieces, accumulator, this.#log)
    const writer = new BitmapWriter()
    const words = new Int32Array(wordsOfContainer)
    const kept = [...tally.containers.keys()].sort((a, b) => a - b)
    let next = 0
    for (;;) {
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
    }
  }
}

import { invariant } from '../base/invariant.ts'
import { finish, type Steps } from '../base/steps.ts'
import type { TimeZone } from '../base/time-zone.ts'
import { andNot, type Bitmap, orManySteps, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Piece } from './accumulator.ts'
import type { AllDayFacts } from './all-day-facts.ts'
import { Answer } from './answer.ts'
import { ChainDays, type ChainParts } from './chain-days.ts'
import type { WalkLog } from './chunk-walk.ts'
import { type DaySlice, isWhole, rowsOfSlice } from './day-slice.ts'
import { DayUnions } from './day-unions.ts'
import type { DerivedCache } from './derived-cache.ts'
import { DidAccumulator } from './did-accumulator.ts'
import { DidDays } from './did-days.ts'
import type { Term } from './event-term.ts'
import { peopleSteps } from './people-steps.ts'
import { piecesOf, type Resolved, type ResolvedDifference, type ResolvedLeaf } from './resolved.ts'
import type { SequenceAccumulator } from './sequence-accumulator.ts'
import type { TallyPlan } from './tally-accumulator.ts'
import { TallyPeople } from './tally-people.ts'

/** Works answers out, and keeps them. */
export class Evaluator {
  readonly #cache: DerivedCache
  readonly #facts: AllDayFacts
  readonly #zone: TimeZone
  readonly #unions: DayUnions
  readonly #tallies: TallyPeople
  readonly #fewEvents: number
  /** What was looked at. */
  readonly log: WalkLog = { events: 0 }

  /** @param fewEvents so many, or fewer, are looked at anew each time: nothing is kept of their days */
  constructor(cache: DerivedCache, facts: AllDayFacts, fewEvents: number, zone: TimeZone) {
    this.#facts = facts
    this.#zone = zone
    this.#cache = cache
    this.#fewEvents = fewEvents
    this.#unions = new DayUnions(cache)
    this.#tallies = new TallyPeople(cache, fewEvents, this.log)
  }

  /** Whether there is a tally that a question only has to bring up to date. */
  hasTally(plan: TallyPlan): boolean {
    return this.#tallies.has(plan)
  }

  /** The answer that is kept under a key and still good, or `null`. */
  kept(key: string): Answer | null {
    const answer = this.#cache.get(answerKey(key)) as Answer | undefined
    return answer?.isCurrent() ? answer : null
  }

  /** The people of a question; the bitmap belongs to the cache. */
  answer(resolved: ResolvedLeaf | ResolvedDifference): { answer: ReadonlyBitmap; isNew: boolean } {
    const kept = this.kept(resolved.key)
    return kept === null ? { answer: finish(this.steps(resolved)), isNew: true } : { answer: kept.bitmap, isNew: false }
  }

  /** As `answer`, in steps: good only if no day of the question changes meanwhile, and nothing of the cache is freed. */
  *steps(resolved: ResolvedLeaf | ResolvedDifference): Steps<ReadonlyBitmap> {
    const kept = this.kept(resolved.key)
    if (kept !== null) return kept.bitmap
    return this.keep(resolved, yield* this.#workOut(resolved))
  }

  /** Takes an answer that was worked out; the bitmap belongs to the cache from now on. */
  keep(resolved: ResolvedLeaf | ResolvedDifference, bitmap: Bitmap): ReadonlyBitmap {
    this.#cache.set(answerKey(resolved.key), new Answer(bitmap, resolved))
    return bitmap
  }

  *#workOut(resolved: ResolvedLeaf | ResolvedDifference): Steps<Bitmap> {
    if (resolved.kind === 'difference') {
      const of = yield* this.#part(resolved.of)
      return andNot(of, yield* this.#part(resolved.without))
    }
    const { ask, slices } = resolved
    switch (ask.kind) {
      case 'did':
        return yield* this.#did(ask.terms, slices)
      case 'sequence':
        return yield* this.#sequence(resolved)
      default:
        return yield* ask.tally === null
          ? peopleSteps(piecesOf(resolved), ask.accumulator(), this.log)
          : this.#tallies.people(resolved, ask.tally)
    }
  }

  *#part(resolved: Resolved): Steps<ReadonlyBitmap> {
    invariant(resolved.kind !== 'nobody', 'what is nobody was left out when the question was resolved')
    return yield* this.steps(resolved)
  }

  /** The people who have an event of any of the terms; the caller's bitmap. */
  *#did(terms: readonly Term[], slices: readonly DaySlice[]): Steps<Bitmap> {
    const unions: ReadonlyBitmap[] = []
    const pieces: Piece[] = []
    for (const [place, term] of terms.entries()) {
      const slice = slices[place]!
      const isLarge = rowsOfSlice(slice) > this.#fewEvents
      if (isLarge) unions.push(...(yield* this.#wholeDays(term, slice)))
      pieces.push(...piecesOfDid(slice, place, isLarge))
    }
    if (pieces.length === 0) return yield* orManySteps(unions)
    const rest = yield* peopleSteps(
      pieces.sort((a, b) => a.day.day - b.day.day),
      new DidAccumulator(terms),
      this.log,
    )
    if (unions.length === 0) return rest
    const all = yield* orManySteps([...unions, rest])
    rest.dispose()
    return all
  }

  /** Bitmaps whose union is the people of the whole days of a slice. */
  *#wholeDays(term: Term, slice: DaySlice): Steps<readonly ReadonlyBitmap[]> {
    const { days, end } = slice
    const first = isWhole(slice, slice.first) ? slice.first : slice.first + 1
    const last = isWhole(slice, end - 1) ? end - 1 : end - 2
    if (first > last) return []
    return yield* this.#unions.of(new DidDays(term, this.log), days[first]!.day, days[last]!.day + 1)
  }

  *#sequence(leaf: ResolvedLeaf): Steps<Bitmap> {
    const { ask, slices, asOf, bounds } = leaf
    const rows = slices.reduce((sum, slice) => sum + rowsOfSlice(slice), 0)
    const isLarge = rows > this.#fewEvents
    if (isLarge && ChainDays.canDivide(ask.plan!)) {
      const days = new ChainDays(leaf, this.#zone, this.#facts, this.log)
      const parts = days.parts()
      if (parts !== null) return yield* this.#chains(days, parts)
    }
    const accumulator = ask.accumulator() as SequenceAccumulator
    accumulator.aim({ windowEnd: bounds.to, asOf, isLarge })
    return yield* peopleSteps(piecesOf(leaf), accumulator, this.log)
  }

  *#chains(days: ChainDays, { rest, from, end }: ChainParts): Steps<Bitmap> {
    const unions = yield* this.#unions.of(days, from, end)
    const others: Bitmap[] = []
    for (const part of rest) others.push(yield* days.peopleIn(part))
    const all = yield* orManySteps([...unions, ...others])
    for (const other of others) other.dispose()
    return all
  }
}

function answerKey(key: string): string {
  return `answer ${key}`
}

/** The pieces of a slice that no union of whole days has; all of them where unions aren't used. */
function piecesOfDid(slice: DaySlice, term: number, withoutWhole: boolean): Piece[] {
  const { days, first, end, from, to } = slice
  const pieces: Piece[] = []
  for (let place = first; place < end; place++) {
    if (withoutWhole && isWhole(slice, place)) continue
    pieces.push({
      term,
      day: days[place]!,
      from: place === first ? from : 0,
      to: place === end - 1 ? to : Number.POSITIVE_INFINITY,
    })
  }
  return pieces
}

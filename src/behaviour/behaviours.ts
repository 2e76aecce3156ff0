import type { ShortTurns } from '../base/short-turns.ts'
import type { Steps } from '../base/steps.ts'
import { type PlainWindow, resolveWindow, type WindowBounds } from '../base/window.ts'
import { type Bitmap, bitmapOf, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { type EventNode, eventTerms } from '../rules/ast.ts'
import type { ThreadPool } from '../threads/thread-pool.ts'
import { AllDayFacts } from './all-day-facts.ts'
import type { Answer } from './answer.ts'
import type { Ask } from './ask.ts'
import { AskCompiler, type BehaviourLeafNode } from './compile-ask.ts'
import { plain } from './compile-filter.ts'
import { rowsOfSlice } from './day-slice.ts'
import { DerivedCache } from './derived-cache.ts'
import { estimateOf } from './estimate.ts'
import { Evaluator } from './evaluator.ts'
import type { EventSource, EventsOfKind } from './event-source.ts'
import { Terms } from './event-term.ts'
import type { Measured } from './measured.ts'
import { PersonMeasures } from './person-measures.ts'
import { type PersonMatcher, personMatcher } from './person-test.ts'
import { type Resolved, type ResolvedDifference, type ResolvedLeaf, resolveAsk } from './resolved.ts'
import { walkOnThreads } from './walk-on-threads.ts'

export type { BehaviourLeafNode } from './compile-ask.ts'
export type { EventSource, EventsOfKind } from './event-source.ts'
export type { Measured, MeasuredChain, MeasuredCounts, MeasuredEvent, WindowRole } from './measured.ts'

/** What `new Behaviours` takes beside the events. */
export interface BehaviourOptions {
  /** Bytes that `trim` leaves at most of what is kept between questions. @default 268_435_456 */
  readonly cacheBytes?: number
  /** Threads that walk over events for answers that are awaited; `null` for none. @default null */
  readonly threads?: ThreadPool | null
  /** Windows with at most so many events are looked at anew each time: nothing is kept of their days. @default 30_000 */
  readonly fewEvents?: number
}

/** How the cache does. */
export interface BehaviourStats {
  /** Bytes of what is kept. */
  readonly bytes: number
  /** Questions whose answer was kept, and those that had to be worked out. */
  readonly hits: number
  readonly misses: number
  /** Events that were looked at to work answers out. */
  readonly eventsRead: number
}

/** How much a question is about. */
export interface BehaviourEstimate {
  /** People of the answer: exact where it is kept, else from above. */
  readonly size: number
  /** Events of the kinds concerned in the days of the window. */
  readonly events: number
}

/** How often an answer is begun anew since events came meanwhile: then it is worked out in one go. */
const mostRounds = 3

const defaults: Required<BehaviourOptions> = Object.freeze({
  cacheBytes: 256 * 2 ** 20,
  fewEvents: 30_000,
  threads: null,
})

/** What is remembered of a question from one time to the next. */
interface KnownAsk {
  readonly ask: Ask
  readonly kinds: readonly (readonly [name: string, events: EventsOfKind])[]
  /** The answer's key as of an instant, and at the revisions of the kinds. */
  asOf: number
  revisions: readonly number[]
  key: string | null
}

/**
 * Answers questions about events (laws 11 to 15). Answers are kept, and good as long as no day that they are about changes;
 * so are the people of runs of days, of which answers for other windows are made.
 */
export class Behaviours {
  readonly #source: EventSource
  readonly #cache: DerivedCache
  readonly #facts: AllDayFacts
  readonly #terms: Terms
  readonly #compiler: AskCompiler
  readonly #evaluator: Evaluator
  readonly #measures: PersonMeasures
  readonly #nobody: Bitmap = bitmapOf()
  readonly #fewEvents: number
  readonly #threads: ThreadPool | null
  #asks = new WeakMap<BehaviourLeafNode, KnownAsk>()
  #hits = 0
  #misses = 0

  constructor(source: EventSource, options: BehaviourOptions = {}) {
    const { cacheBytes, fewEvents, threads } = { ...defaults, ...options }
    this.#fewEvents = fewEvents
    this.#threads = threads
    this.#source = source
    this.#cache = new DerivedCache(cacheBytes)
    this.#facts = new AllDayFacts(this.#cache)
    this.#terms = new Terms(source)
    this.#compiler = new AskCompiler(this.#terms, source.zone)
    this.#evaluator = new Evaluator(this.#cache, this.#facts, fewEvents, source.zone)
    this.#measures = new PersonMeasures(this.#terms, this.#facts, source.zone)
  }

  /**
   * The people of a question. The bitmap belongs to the cache: it is good until the next write to events, or `trim`.
   *
   * Cost: a microsecond for an answer that is kept; else about two nanoseconds an event in the window, less where runs of
   * its days are kept. Memory for 65,536 people at a time.
   */
  people(node: BehaviourLeafNode, asOf: number): ReadonlyBitmap {
    const known = this.#askOf(node)
    const kept = this.#keptAnswer(known, asOf)
    if (kept !== null) {
      this.#hits++
      return kept.bitmap
    }
    const resolved = this.#resolve(known, asOf)
    if (resolved.kind === 'nobody') return this.#nobody
    const { answer, isNew } = this.#evaluator.answer(resolved)
    if (isNew) this.#misses++
    else this.#hits++
    return answer
  }

  /**
   * As `people`, in short turns, for a question that is asked at once afterwards: its answer is kept.
   *
   * @throws what the signal gives
   */
  async peopleLater(node: BehaviourLeafNode, asOf: number, turns: ShortTurns, signal?: AbortSignal): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      await turns.mayEnd()
      signal?.throwIfAborted()
      const known = this.#askOf(node)
      for (const [, events] of known.kinds) while (events.sortOne()) if (turns.isLong) await turns.mayEnd()
      if (this.#keptAnswer(known, asOf) !== null) return
      const resolved = this.#resolve(known, asOf)
      if (resolved.kind === 'nobody' || this.#evaluator.kept(resolved.key) !== null) return
      this.#cache.hold()
      try {
        const isDone = this.#isForThreads(resolved)
          ? await this.#byThreads(known, asOf, turns, signal)
          : await this.#inTurns(known, this.#evaluator.steps(resolved), turns, signal)
        if (!isDone) continue
        this.#misses++
        return
      } finally {
        this.#cache.release()
      }
    }
  }

  /** Whether other threads are to walk over the events: there are many, and no tally of them that only has to be brought up to date. */
  #isForThreads(resolved: ResolvedLeaf | ResolvedDifference): resolved is ResolvedLeaf {
    if (this.#threads === null || this.#threads.isClosed || resolved.kind !== 'leaf') return false
    const { ask, slices } = resolved
    if (ask.measure === null || (ask.tally !== null && this.#evaluator.hasTally(ask.tally))) return false
    return slices.reduce((sum, slice) => sum + rowsOfSlice(slice), 0) > this.#fewEvents
  }

  /** Has other threads walk over the events of a question. `false` as for `#inTurns`. */
  async #byThreads(
    known: KnownAsk,
    asOf: number,
    turns: ShortTurns,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const revisions = revisionsOf(known)
    const isSame = (): boolean => isAt(known, revisions) && this.#isCurrent(known)
    for (;;) {
      if (!isSame()) return false
      // The days are looked up anew: they lie elsewhere once they are shared.
      const resolved = this.#resolve(known, asOf)
      if (resolved.kind !== 'leaf') return false
      const hasShared = resolved.slices.some(({ events, days, first, end }) =>
        first < end ? events.shareOne(days[first]!.day, days[end - 1]!.day + 1) : false,
      )
      if (!hasShared) {
        const { bitmap, events } = await walkOnThreads(resolved, this.#threads!, signal)
        if (!isSame()) {
          bitmap.dispose()
          return false
        }
        this.#evaluator.log.events += events
        this.#evaluator.keep(resolved, bitmap)
        return true
      }
      if (turns.isLong) await turns.mayEnd()
      signal?.throwIfAborted()
    }
  }

  /** Does work in short turns. `false` where events were written meanwhile, so that it is worth nothing. */
  async #inTurns(
    known: KnownAsk,
    steps: Steps<unknown>,
    turns: ShortTurns,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const revisions = revisionsOf(known)
    try {
      while (!steps.next().done) {
        if (!turns.isLong) continue
        await turns.mayEnd()
        signal?.throwIfAborted()
        if (!isAt(known, revisions) || !this.#isCurrent(known)) return false
      }
      return true
    } finally {
      steps.return(undefined)
    }
  }

  /**
   * The question as a test of one person, which builds no set. It is good for as long as the kinds of events stay; events may
   * come meanwhile.
   *
   * Cost: a search in each day of the window, some 50 ns each; an index is made of each day that is searched for the first
   * time. The window is worked out anew whenever `asOf` or the events have changed.
   */
  matcher(node: BehaviourLeafNode): (person: number, asOf: number) => boolean {
    let matcher: PersonMatcher | null = null
    let known = this.#askOf(node)
    let at = Number.NaN
    let revisions: readonly number[] = []
    return (person, asOf) => {
      if (matcher === null || at !== asOf || !isAt(known, revisions) || !this.#isCurrent(known)) {
        known = this.#askOf(node)
        matcher = personMatcher(this.#resolve(known, asOf), this.#facts, matcher)
        at = asOf
        revisions = revisionsOf(known)
      }
      return matcher.has(person)
    }
  }

  /**
   * What the events of one person come to in a question: the number that is compared, the event or the chain that is looked
   * at, the counts of a life cycle. Life cycles need not be put in terms of other questions first.
   *
   * Cost: a search in each day of the window for each event that is named, and a look at the person's events there.
   */
  measured(node: EventNode, person: number, asOf: number): Measured {
    return node.kind === 'sequence'
      ? this.#measures.chain(this.#askOf(node).ask, person, asOf)
      : this.#measures.of(node, person, asOf)
  }

  /** The windows of a question as of an instant. */
  windows(node: BehaviourLeafNode, asOf: number): readonly WindowBounds[] {
    return [resolveWindow(node.window as PlainWindow, asOf, this.#source.zone)]
  }

  /** How many people and events a question is about, without answering it. Cost: microseconds, and a look at each day. */
  estimate(node: BehaviourLeafNode, asOf: number): BehaviourEstimate {
    const resolved = this.#resolve(this.#askOf(node), asOf)
    const { size, events } = estimateOf(resolved)
    const kept = resolved.kind === 'nobody' ? null : this.#evaluator.kept(resolved.key)
    return { size: kept === null ? size : kept.bitmap.size, events }
  }

  /** Drops what was used least recently until what is kept fits `cacheBytes`, and all of it if a kind of events has gone. */
  trim(): void {
    if (this.#terms.haveGone()) this.clear()
    this.#cache.trim()
  }

  /** Drops all that is kept. */
  clear(): void {
    this.#cache.clear()
    this.#terms.clear()
    this.#asks = new WeakMap()
  }

  stats(): BehaviourStats {
    return { bytes: this.#cache.bytes, hits: this.#hits, misses: this.#misses, eventsRead: this.#evaluator.log.events }
  }

  #askOf(node: BehaviourLeafNode): KnownAsk {
    const known = this.#asks.get(node)
    if (known !== undefined && this.#isCurrent(known)) return known
    const names = new Set(eventTerms(node).map(({ event }) => plain(event)))
    const kinds = [...names].map((name) => [name, this.#terms.events(name)] as const)
    const fresh: KnownAsk = { ask: this.#compiler.compile(node), kinds, asOf: Number.NaN, revisions: [], key: null }
    this.#asks.set(node, fresh)
    return fresh
  }

  /** Whether the kinds of events are still those of these names. */
  #isCurrent({ kinds }: KnownAsk): boolean {
    for (const [name, events] of kinds) if (this.#source.event(name) !== events) return false
    return true
  }

  /** The answer, where the question was asked as of this instant before and no event came since. */
  #keptAnswer(known: KnownAsk, asOf: number): Answer | null {
    return known.key !== null && known.asOf === asOf && isAt(known, known.revisions)
      ? this.#evaluator.kept(known.key)
      : null
  }

  #resolve(known: KnownAsk, asOf: number): Resolved {
    const resolved = resolveAsk(known.ask, asOf, this.#facts)
    known.asOf = asOf
    known.revisions = revisionsOf(known)
    known.key = resolved.kind === 'nobody' ? null : resolved.key
    return resolved
  }
}

function revisionsOf({ kinds }: KnownAsk): readonly number[] {
  return kinds.map(([, events]) => events.revision)
}

function isAt({ kinds }: KnownAsk, revisions: readonly number[]): boolean {
  for (let i = 0; i < kinds.length; i++) if (kinds[i]![1].revision !== revisions[i]) return false
  return true
}

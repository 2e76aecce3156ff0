import type { Steps } from '../base/steps.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { WindowBounds } from '../base/window.ts'
import type { Bitmap } from '../bitmap/bitmap.ts'
import type { AllDayFacts } from './all-day-facts.ts'
import type { WalkLog } from './chunk-walk.ts'
import { sliceOf } from './day-slice.ts'
import type { PeopleOfDays } from './day-unions.ts'
import type { EventsOfKind } from './event-source.ts'
import { peopleSteps } from './people-steps.ts'
import { piecesOf, type ResolvedLeaf } from './resolved.ts'
import type { SequenceAccumulator } from './sequence-accumulator.ts'
import type { SequencePlan } from './sequence-plan.ts'

/** A window is divided if it is so many times as long as the shortest runs at least: each run looks at more days than its own. */
const leastRuns = 8

/** How a window is divided: people who have a chain in one of the parts have one in the window, and the other way round. */
export interface ChainParts {
  /** Where no runs are: the beginning, and the end. */
  readonly rest: readonly WindowBounds[]
  /** The days of the runs, `[from, end)`. */
  readonly from: number
  readonly end: number
}

/**
 * The people who have a chain that ends in a run of days. Where each step follows the one before within some time, such a chain
 * begins at most the sum of these times before the run: so the days from there on are all that matters to it, whatever
 * the window is. Parts of a window that overlap by that much hold every chain of it:
 *
 *   window        [                         )
 *   rest          [     )               [   )
 *   runs            [   |   )
 *                       [   |       )
 *                               [   |   )
 *
 * Only chains without an absence: what is absent after a chain is asked of the days after the window too.
 */
export class ChainDays implements PeopleOfDays {
  readonly id: string
  readonly events: readonly EventsOfKind[]
  readonly leastLevel: number
  readonly #leaf: ResolvedLeaf
  readonly #within: number
  readonly #zone: TimeZone
  readonly #facts: AllDayFacts
  readonly #log: WalkLog
  readonly #accumulator: SequenceAccumulator

  constructor(leaf: ResolvedLeaf, zone: TimeZone, facts: AllDayFacts, log: WalkLog) {
    const { ask } = leaf
    this.id = ask.id
    this.events = ask.sources.map(({ events }) => events)
    this.#leaf = leaf
    this.#within = lengthOf(ask.plan!)
    this.#zone = zone
    this.#facts = facts
    this.#log = log
    this.#accumulator = ask.accumulator() as SequenceAccumulator
    // No run is shorter than what it looks at beside itself.
    this.leastLevel = Math.max(0, Math.ceil(Math.log2(this.#within / 86_400_000)))
  }

  /** Whether chains of a plan have a greatest length, and nothing else matters to them than their own days. */
  static canDivide(plan: SequencePlan): boolean {
    return plan.absence === null && lengthOf(plan) < Number.POSITIVE_INFINITY
  }

  /** The parts of the window, or `null` where it is too short to be divided. */
  parts(): ChainParts | null {
    const { slices, bounds } = this.#leaf
    const filled = slices.filter(({ first, end }) => first < end)
    const from = Math.max(bounds.from, Math.min(...filled.map(({ days, first }) => days[first]!.start)))
    const to = Math.min(bounds.to, Math.max(...filled.map(({ days, end }) => days[end - 1]!.end)))
    const step = 2 ** this.leastLevel
    if (this.#zone.dayOf(to - 1) - this.#zone.dayOf(from) < leastRuns * step) return null
    let first = Math.ceil(this.#zone.dayOf(from) / step) * step
    while (this.#zone.startOfDay(this.firstDay(first)) < from) first += step
    let end = Math.floor((this.#zone.dayOf(to - 1) + 1) / step) * step
    if (this.#zone.startOfDay(end) > to) end -= step
    if (end - first < leastRuns * step) return null
    const rest: WindowBounds[] = []
    const [begin, last] = [this.#zone.startOfDay(first), this.#zone.startOfDay(end)]
    if (from < begin) rest.push({ from, to: begin })
    if (last < to) rest.push({ from: this.#zone.startOfDay(this.firstDay(end)), to })
    return { rest, from: first, end }
  }

  firstDay(day: number): number {
    return this.#zone.dayOf(this.#zone.startOfDay(day) - this.#within)
  }

  people(day: number, end: number): Steps<Bitmap> {
    return this.peopleIn({ from: this.#zone.startOfDay(this.firstDay(day)), to: this.#zone.startOfDay(end) })
  }

  /** The people who have a chain in a part of the window; the caller's bitmap. */
  *peopleIn(part: WindowBounds): Steps<Bitmap> {
    const slices = this.events.map((events) => sliceOf(events, part, this.#facts))
    this.#accumulator.aim({ windowEnd: part.to, asOf: this.#leaf.asOf, isLarge: true })
    return yield* peopleSteps(piecesOf({ ...this.#leaf, slices }), this.#accumulator, this.#log)
  }
}

/** The longest time from the first step of a chain to the last one, in milliseconds; Infinity for any. */
function lengthOf({ steps }: SequencePlan): number {
  return steps.reduce((sum, { within }, step) => (step === 0 ? sum : sum + within), 0)
}

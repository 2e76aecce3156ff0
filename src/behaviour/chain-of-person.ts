import { wordsFor } from './bit-words.ts'
import { type ChainEvents, ChainFinder, type ChainSpan } from './chain-finder.ts'
import { piecesOf, type ResolvedLeaf } from './resolved.ts'
import type { RowsOfPerson } from './rows-of-person.ts'
import type { SequencePlan } from './sequence-plan.ts'
import { sortByLink } from './sort-places.ts'

/** Events of one person that are of some term of a sequence. */
interface OneEvent {
  readonly at: number
  readonly link: number
  /** Which terms it is of, word by word. */
  readonly bits: Uint32Array
}

/**
 * The chain by which a person matches a sequence: the instant of each step, or `null` where no chain fits. Of all chains that
 * fit it is the one whose first step is the earliest, of those the one whose second step is, and so on.
 *
 * That there is a chain is found by `ChainFinder`, as for sets. Which it is, is found by asking again with fewer events: step
 * by step, the earliest instant is looked for by halves such that a chain is left when the step may not happen later, and from
 * then on it may not. Taking events from a step only ever takes chains away, so that halving is right; what must not happen
 * between steps stays as it is.
 *
 * Cost: events × steps × the logarithm of the events.
 */
export function chainOfPerson(leaf: ResolvedLeaf, person: number, rows: RowsOfPerson): readonly number[] | null {
  const plan = apart(leaf.ask.plan!)
  const events = eventsOf(leaf, plan, person, rows)
  const times = Float64Array.from(events, ({ at }) => at)
  const links = Float64Array.from(events, ({ link }) => link)
  const order = Uint32Array.from(events.keys())
  sortByLink(order, 0, order.length, times, links)
  const finder = new ChainFinder(plan)
  const span = { windowEnd: leaf.bounds.to, asOf: leaf.asOf }
  let earliest: readonly number[] | null = null
  for (let begin = 0; begin < order.length; ) {
    const link = links[order[begin]!]
    let end = begin + 1
    while (end < order.length && links[order[end]!] === link) end++
    const linked = Array.from(order.subarray(begin, end), (place) => events[place]!)
    const chain = new ChainSearch(plan, finder, linked, span).earliest()
    if (chain !== null && (earliest === null || isEarlier(chain, earliest))) earliest = chain
    begin = end
  }
  return earliest
}

/** The plan with a term of its own for each step, behind those that it has. */
function apart(plan: SequencePlan): SequencePlan {
  const { terms, steps, kinds } = plan
  const ownPlaces = (place: number): number[] =>
    steps.flatMap(({ term }, step) => (term === place ? [terms.length + step] : []))
  return {
    ...plan,
    terms: [...terms, ...steps.map(({ term }) => terms[term]!)],
    kinds: kinds.map((kind) => ({ ...kind, terms: kind.terms.flatMap((place) => [place, ...ownPlaces(place)]) })),
    steps: steps.map((step, place) => ({ ...step, term: terms.length + place })),
  }
}

/** The events of the person that are of any term, and have a value where one links them. */
function eventsOf(leaf: ResolvedLeaf, plan: SequencePlan, person: number, rows: RowsOfPerson): OneEvent[] {
  const { kinds, terms, links } = plan
  const events: OneEvent[] = []
  for (const { term, day, from, to } of piecesOf(leaf)) {
    const kind = kinds[term]!
    for (const { lo, hi } of rows.blocks(kind.events, day, person)) {
      const found = Array.from({ length: hi - lo }, () => new Uint32Array(wordsFor(terms.length)))
      const mask = new Uint8Array(hi - lo)
      for (const place of kind.terms) {
        mask.fill(1)
        terms[place]!.test?.mask(day, lo, hi, mask)
        found.forEach((bits, i) => {
          if (mask[i] === 1) bits[place >>> 5] = bits[place >>> 5]! | (1 << place)
        })
      }
      const linked = new Float64Array(hi - lo)
      links?.read(term, day, null, hi - lo, lo, linked)
      found.forEach((bits, i) => {
        const time = day.times[lo + i]!
        const isInside = time >= from && time < to
        if (isInside && !Number.isNaN(linked[i]!) && bits.some((word) => word !== 0)) {
          events.push({ at: day.start + time, link: linked[i]!, bits })
        }
      })
    }
  }
  return events
}

function isEarlier(chain: readonly number[], other: readonly number[]): boolean {
  const step = chain.findIndex((at, i) => at !== other[i])
  return step !== -1 && chain[step]! < other[step]!
}

/** Looks for the earliest chain among events that are linked, in order of time. */
class ChainSearch {
  readonly #plan: SequencePlan
  readonly #finder: ChainFinder
  readonly #events: readonly OneEvent[]
  readonly #span: ChainSpan
  readonly #order: Uint32Array
  /** What the finder is given: the events with those bits that are left to them. */
  readonly #left: ChainEvents
  /** The last instant at which each step may happen. */
  readonly #latest: number[]

  constructor(plan: SequencePlan, finder: ChainFinder, events: readonly OneEvent[], span: ChainSpan) {
    this.#plan = plan
    this.#finder = finder
    this.#events = events
    this.#span = span
    this.#order = Uint32Array.from(events.keys())
    this.#left = {
      times: Float64Array.from(events, ({ at }) => at),
      bits: Array.from({ length: wordsFor(plan.terms.length) }, () => new Uint32Array(events.length)),
    }
    this.#latest = plan.steps.map(() => Number.POSITIVE_INFINITY)
  }

  earliest(): readonly number[] | null {
    if (!this.#isAnyLeft()) return null
    return this.#plan.steps.map((_, step) => this.#fix(step))
  }

  /** The earliest instant that can be the latest one of a step while a chain is left: each of those chains has it there. */
  #fix(step: number): number {
    const instants = this.#instantsOf(step)
    let lo = 0
    let hi = instants.length - 1
    while (lo < hi) {
      const middle = (lo + hi) >>> 1
      this.#latest[step] = instants[middle]!
      if (this.#isAnyLeft()) hi = middle
      else lo = middle + 1
    }
    this.#latest[step] = instants[lo]!
    return instants[lo]!
  }

  /** The different instants of the events that can be a step, ascending. */
  #instantsOf(step: number): readonly number[] {
    const { term } = this.#plan.steps[step]!
    const fitting = this.#events.filter(({ bits }) => (bits[term >>> 5]! & (1 << term)) !== 0)
    return [...new Set(fitting.map(({ at }) => at))]
  }

  #isAnyLeft(): boolean {
    const { steps } = this.#plan
    const { bits: left } = this.#left
    this.#events.forEach(({ at, bits }, place) => {
      for (let word = 0; word < left.length; word++) left[word]![place] = bits[word]!
      steps.forEach(({ term }, step) => {
        if (at <= this.#latest[step]!) return
        const word = left[term >>> 5]!
        word[place] = word[place]! & ~(1 << term)
      })
    })
    return this.#finder.find(this.#left, this.#order, 0, this.#events.length, this.#span)
  }
}

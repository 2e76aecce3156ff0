import type { EventDay } from '../events/event-day.ts'
import type { Accumulator, Piece } from './accumulator.ts'
import type { AllDayFacts } from './all-day-facts.ts'
import type { LeafAsk } from './ask.ts'
import type { DayFacts } from './day-facts.ts'
import { bitOf, daysOfMask, maskOf, placeInMask } from './day-masks.ts'
import { piecesOf, type Resolved, type ResolvedLeaf } from './resolved.ts'
import { blockRows } from './row-test.ts'
import type { SequenceAccumulator } from './sequence-accumulator.ts'

/** A question as a test of one person. */
export interface PersonMatcher {
  has(person: number): boolean
}

/**
 * The test of a question. Accumulators are large: those of the test of the same question at another instant are used again.
 */
export function personMatcher(resolved: Resolved, facts: AllDayFacts, before: PersonMatcher | null): PersonMatcher {
  return new PersonTests(resolved, facts, before instanceof PersonTests ? before.accumulators : new Map())
}

class PersonTests implements PersonMatcher {
  readonly accumulators: Map<LeafAsk, Accumulator>
  readonly #test: PersonMatcher

  constructor(resolved: Resolved, facts: AllDayFacts, accumulators: Map<LeafAsk, Accumulator>) {
    this.accumulators = accumulators
    this.#test = this.#testOf(resolved, facts)
  }

  has(person: number): boolean {
    return this.#test.has(person)
  }

  #testOf(resolved: Resolved, facts: AllDayFacts): PersonMatcher {
    switch (resolved.kind) {
      case 'nobody':
        return { has: () => false }
      case 'difference': {
        const of = this.#testOf(resolved.of, facts)
        const without = this.#testOf(resolved.without, facts)
        return { has: (person) => of.has(person) && !without.has(person) }
      }
      case 'leaf':
        return new LeafTest(resolved, this.#accumulatorOf(resolved), facts)
    }
  }

  #accumulatorOf({ ask, bounds, asOf }: ResolvedLeaf): Accumulator {
    const known = this.accumulators.get(ask)
    const accumulator = known ?? ask.accumulator()
    if (known === undefined) this.accumulators.set(ask, accumulator)
    if (ask.kind === 'sequence') {
      ;(accumulator as SequenceAccumulator).aim({ windowEnd: bounds.to, asOf, isLarge: false })
    }
    return accumulator
  }
}

/** The same accumulator as for many people, given the rows of one person alone. */
class LeafTest implements PersonMatcher {
  readonly #accumulator: Accumulator
  /** The pieces of each 32 days, and of each of the terms: ascending by day. */
  readonly #masks: readonly (readonly MaskedPieces[])[]
  /** Whether the first row that counts is enough. */
  readonly #isDid: boolean

  constructor(leaf: ResolvedLeaf, accumulator: Accumulator, facts: AllDayFacts) {
    this.#accumulator = accumulator
    this.#isDid = leaf.ask.kind === 'did'
    const masks = new Map<number, MaskedPieces[]>()
    for (const piece of piecesOf(leaf)) {
      const mask = maskOf(piece.day.day)
      const terms = masks.get(mask) ?? []
      masks.set(mask, terms)
      let pieces = terms.find(({ term }) => term === piece.term)
      if (pieces === undefined) {
        const { events, days } = leaf.slices[piece.term]!
        pieces = new MaskedPieces(piece.term, facts.masks(events, mask, days), (day) => facts.of(events, day))
        terms.push(pieces)
      }
      pieces.add(piece)
    }
    this.#masks = [...masks.values()]
  }

  has(person: number): boolean {
    const low = person & 0xffff
    for (;;) {
      const isAny = this.#take(person, low)
      if (this.#isDid || !isAny) return isAny
      const passes = this.#accumulator.one(low)
      if (passes !== null) return passes
    }
  }

  /** Gives the person's rows, and says whether there are any; for "did", whether any counts. */
  #take(person: number, low: number): boolean {
    let isAny = false
    for (const terms of this.#masks) {
      let days = 0
      for (let i = 0; i < terms.length; i++) days |= terms[i]!.look(person)
      for (; days !== 0; days &= days - 1) {
        const place = 31 - Math.clz32(days & -days)
        for (let i = 0; i < terms.length; i++) if (this.#takeDay(terms[i]!, place, person, low)) isAny = true
        if (isAny && this.#isDid) return true
      }
    }
    return isAny
  }

  #takeDay(pieces: MaskedPieces, place: number, person: number, low: number): boolean {
    if ((pieces.days & (1 << place)) === 0) return false
    const piece = pieces.pieces[place]!
    const { index } = pieces.facts[place]!
    const first = index.firstRow(person)
    if (first === -1) return false
    const end = index.endRow(person, first)
    for (let lo = first; lo < end; lo += blockRows) {
      this.#accumulator.take(piece, lo, Math.min(end, lo + blockRows))
      if (this.#isDid && this.#accumulator.one(low) === true) return true
    }
    return !this.#isDid
  }
}

/** The pieces of a term in 32 days. */
class MaskedPieces {
  readonly term: number
  readonly pieces: (Piece | null)[] = new Array<Piece | null>(daysOfMask).fill(null)
  readonly facts: (DayFacts | null)[] = new Array<DayFacts | null>(daysOfMask).fill(null)
  /** On which days the person of the last look may have rows. */
  days = 0
  readonly #masks: ReturnType<AllDayFacts['masks']>
  readonly #factsOf: (day: EventDay) => DayFacts
  /** Days that the masks say something of, and days that are to be searched anyway. */
  #known = 0
  #searched = 0

  constructor(term: number, masks: ReturnType<AllDayFacts['masks']>, factsOf: (day: EventDay) => DayFacts) {
    this.term = term
    this.#masks = masks
    this.#factsOf = factsOf
  }

  add(piece: Piece): void {
    const { day } = piece
    const place = placeInMask(day.day)
    this.pieces[place] = piece
    this.facts[place] = this.#factsOf(day)
    if (this.#masks.knows(day)) this.#known |= bitOf(day.day)
    else this.#searched |= bitOf(day.day)
  }

  /** On which days a person may have rows, as bits. */
  look(person: number): number {
    const { words, shift } = this.#masks
    const run = person >>> shift
    const known = run < words.length ? words[run]! & this.#known : words.length === 0 ? this.#known : 0
    this.days = known | this.#searched
    return this.days
  }
}

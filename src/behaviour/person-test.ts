import type { Accumulator, Piece } from './accumulator.ts'
import type { LeafAsk } from './ask.ts'
import type { AllDayFacts, RowIndex } from './day-facts.ts'
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
      ;(accumulator as SequenceAccumulator).aim({ windowEnd: bounds.to, asOf, candidates: null })
    }
    return accumulator
  }
}

/** The same accumulator as for many people, given the rows of one person alone. */
class LeafTest implements PersonMatcher {
  readonly #accumulator: Accumulator
  readonly #pieces: readonly Piece[]
  readonly #indexes: readonly RowIndex[]
  /** Whether the first row that counts is enough. */
  readonly #isDid: boolean

  constructor(leaf: ResolvedLeaf, accumulator: Accumulator, facts: AllDayFacts) {
    this.#accumulator = accumulator
    this.#pieces = piecesOf(leaf)
    this.#indexes = this.#pieces.map(({ term, day }) => facts.of(leaf.slices[term]!.events, day).index)
    this.#isDid = leaf.ask.kind === 'did'
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
    for (let i = 0; i < this.#pieces.length; i++) {
      const index = this.#indexes[i]!
      const first = index.firstRow(person)
      if (first === -1) continue
      const piece = this.#pieces[i]!
      const end = index.endRow(person, first)
      for (let lo = first; lo < end; lo += blockRows) {
        this.#accumulator.take(piece, lo, Math.min(end, lo + blockRows))
        if (!this.#isDid) isAny = true
        else if (this.#accumulator.one(low) === true) return true
      }
    }
    return isAny
  }
}

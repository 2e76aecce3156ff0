import { invariant } from '../base/invariant.ts'
import { anyNumberOfRows, type Piece } from './accumulator.ts'
import { KeptSums } from './kept-sums.ts'
import { allRows, RowSelector } from './row-selector.ts'
import type { SumTerm } from './sum-accumulator.ts'
import type { Tally } from './tally.ts'
import type { TallyAccumulator, TallyPiece, TallyPlan } from './tally-accumulator.ts'
import type { TotalTest } from './total-test.ts'

/**
 * What numbers of people's events add up to, from sums that are kept: whole numbers of 32 bits, or doubles where one didn't
 * fit; where one leaves 2^53 there is no tally, and every question adds up anew, with numbers of any size.
 */
export class SumTallyPlan implements TallyPlan {
  readonly key: string
  readonly #terms: readonly SumTerm[]
  readonly #test: TotalTest
  readonly #needsCount: boolean

  /** @param window tells the kind of window */
  constructor(terms: readonly SumTerm[], test: TotalTest, window: string) {
    // A sum of 0 is none to tell from no event at all where 0 doesn't pass either.
    this.#needsCount = test.needsCount || test.passes(0, 1)
    this.key = `sum${this.#needsCount ? ' and count' : ''} ${JSON.stringify(
      terms.map(({ term, property, factor }) => [term.id, property, factor]),
    )} ${window}`
    this.#terms = terms
    this.#test = test
  }

  bytesAPerson(failures: number): number | null {
    return failures > 1 ? null : KeptSums.bytesAPerson(failures === 0, this.#needsCount)
  }

  accumulator(tally: Tally): TallyAccumulator {
    return new SumTally(tally as Tally<KeptSums>, this.#terms, this.#test, this.#needsCount)
  }
}

/**
 * Sums are changed where they are kept: to copy those of ten million people twice takes longer than what is done to them. So
 * the days of this question alone are added for the test, and taken away after it.
 */
class SumTally implements TallyAccumulator {
  readonly maxRows: number = anyNumberOfRows
  readonly #tally: Tally<KeptSums>
  readonly #terms: readonly SumTerm[]
  readonly #test: TotalTest
  readonly #needsCount: boolean
  readonly #selector = new RowSelector()
  /** For containers of which nothing is kept. */
  readonly #scratch: KeptSums
  #sums: KeptSums
  #container = -1
  #passing: { readonly piece: Piece; readonly lo: number; readonly hi: number }[] = []
  #failed = false

  constructor(tally: Tally<KeptSums>, terms: readonly SumTerm[], test: TotalTest, needsCount: boolean) {
    this.#tally = tally
    this.#terms = terms
    this.#test = test
    this.#needsCount = needsCount
    this.#scratch = this.#empty()
    this.#sums = this.#scratch
  }

  get failed(): boolean {
    return this.#failed
  }

  begin(container: number): void {
    this.#container = container
    this.#sums = this.#tally.containers.get(container) ?? this.#scratch
  }

  take(piece: Piece, lo: number, hi: number): void {
    const { role } = piece as TallyPiece
    if (role === 'passing') this.#passing.push({ piece, lo, hi })
    else if (this.#sums === this.#scratch) {
      this.#sums = this.#empty()
      this.#tally.containers.set(this.#container, this.#sums)
    }
    this.#add(piece, lo, hi, role === 'leaving' ? -1 : 1)
  }

  emit(words: Int32Array): boolean {
    this.#sums.test(this.#test, words)
    if (this.#sums === this.#scratch) this.#scratch.clear()
    else for (const { piece, lo, hi } of this.#passing) this.#add(piece, lo, hi, -1)
    this.#passing = []
    return true
  }

  one(): boolean {
    invariant(false, 'one person is added up without a tally')
  }

  #empty(): KeptSums {
    return new KeptSums(this.#tally.failures === 0, this.#needsCount)
  }

  #add(piece: Piece, lo: number, hi: number, times: 1 | -1): void {
    const { term, property, factor } = this.#terms[piece.term]!
    const cells = piece.day.properties.get(property)
    if (cells?.kind !== 'number') return
    const found = this.#selector.select(piece, term.test, lo, hi)
    const { rows } = this.#selector
    if (found === allRows) for (let i = lo; i < hi; i++) rows[i - lo] = i
    const n = found === allRows ? hi - lo : found
    if (!this.#sums.add(piece.day.people, cells, factor, times, rows, n)) this.#failed = true
  }
}

import type { Accumulator, Piece } from './accumulator.ts'
import { wordsFor } from './bit-words.ts'
import { type ChainEvents, ChainFinder, type ChainSpan } from './chain-finder.ts'
import { ChainRows, type RowBlock } from './chain-rows.ts'
import { PersonGroups } from './group-by-person.ts'
import { GrowingColumn } from './growing-column.ts'
import { blockRows } from './row-test.ts'
import type { SequencePlan } from './sequence-plan.ts'
import { sortByLink, sortByTime } from './sort-places.ts'

/** What a sequence is looked for in. */
export interface SequenceAim extends ChainSpan {
  /** Whether there are so many events that it is worth to leave those out that can't belong to a chain. */
  readonly isLarge: boolean
}

/**
 * Measures whether a person has a chain of events: gathers the events of a container that can belong to one, and looks at them
 * person by person. The pieces' `term` is the place of their kind in the plan.
 */
export class SequenceAccumulator implements Accumulator {
  readonly maxRows: number = 1 << 20
  readonly #plan: SequencePlan
  #aim: SequenceAim = { windowEnd: 0, asOf: 0, isLarge: false }
  readonly #finder: ChainFinder
  #chainRows: ChainRows | null = null
  #blocks: RowBlock[] = []
  readonly #mask: Uint8Array = new Uint8Array(blockRows)
  readonly #found: readonly Uint32Array[]
  readonly #read: Float64Array = new Float64Array(blockRows)
  readonly #rows: Uint32Array = new Uint32Array(blockRows)
  /** Not for one person. */
  #groups: PersonGroups | null = null
  readonly #people = new GrowingColumn(Uint16Array)
  readonly #times = new GrowingColumn(Float64Array)
  readonly #links = new GrowingColumn(Float64Array)
  readonly #bits: readonly GrowingColumn<Uint32Array>[]

  constructor(plan: SequencePlan) {
    const words = wordsFor(plan.terms.length)
    this.#plan = plan
    this.#finder = new ChainFinder(plan)
    this.#found = Array.from({ length: words }, () => new Uint32Array(blockRows))
    this.#bits = Array.from({ length: words }, () => new GrowingColumn(Uint32Array))
  }

  /** Says what is looked for from now on. */
  aim(aim: SequenceAim): void {
    this.#aim = aim
  }

  /** Rows are gathered when all are there: which can belong to a chain hangs on days to come. */
  take(piece: Piece, lo: number, hi: number): void {
    this.#blocks.push({ piece, lo, hi })
  }

  emit(words: Int32Array): boolean {
    this.#gather()
    const { length } = this.#people
    if (length > 0) {
      this.#groups ??= new PersonGroups()
      const groups = this.#groups.group(this.#people.cells, length)
      const { starts, lows } = groups
      const order = this.#groups.places(this.#people.cells, length, groups)
      const events = this.#events()
      for (let group = 0; group < lows.length; group++) {
        const low = lows[group]!
        if (this.#hasChain(events, order, starts[group]!, starts[group + 1]!)) {
          words[low >>> 5] = words[low >>> 5]! | (1 << low)
        }
      }
    }
    this.#forget()
    return true
  }

  one(): boolean {
    this.#gatherAll()
    const { length } = this.#people
    const order = new Uint32Array(length)
    for (let i = 0; i < length; i++) order[i] = i
    const result = this.#hasChain(this.#events(), order, 0, length)
    this.#forget()
    return result
  }

  #gather(): void {
    const blocks = this.#blocks
    if (this.#aim.isLarge) this.#chainRows ??= new ChainRows(this.#plan)
    const left = this.#aim.isLarge ? this.#chainRows! : null
    if (left === null || !left.look(blocks)) {
      this.#gatherAll()
      return
    }
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i]!
      const n = left.read(i, block, this.#rows)
      if (n === 0) continue
      if (left.isOneStep(block.piece.term)) this.#setBit(block, n)
      else this.#findBits(block)
      this.#append(block, n)
    }
  }

  #gatherAll(): void {
    for (const block of this.#blocks) {
      const { lo, hi } = block
      for (let i = lo; i < hi; i++) this.#rows[i - lo] = i
      this.#findBits(block)
      this.#append(block, hi - lo)
    }
  }

  /** Says of the first `n` of `#rows` that they are of the one term of their kind. */
  #setBit({ piece, lo }: RowBlock, n: number): void {
    const [place] = this.#plan.kinds[piece.term]!.terms
    this.#found.forEach((found, word) => {
      const bits = word === place! >>> 5 ? 1 << place! : 0
      for (let i = 0; i < n; i++) found[this.#rows[i]! - lo] = bits
    })
  }

  /** Finds out which terms each row is of; none where its time is cut off. */
  #findBits({ piece, lo, hi }: RowBlock): void {
    const { kinds, terms } = this.#plan
    const n = hi - lo
    for (const found of this.#found) found.fill(0, 0, n)
    for (const place of kinds[piece.term]!.terms) {
      const found = this.#found[place >>> 5]!
      const bit = 1 << place
      const { test } = terms[place]!
      if (test === null) for (let i = 0; i < n; i++) found[i] = found[i]! | bit
      else {
        const mask = this.#mask
        test.mask(piece.day, lo, hi, mask)
        // A mask of 1 is all bits when it is negated.
        for (let i = 0; i < n; i++) found[i] = found[i]! | (-mask[i]! & bit)
      }
    }
    this.#cutTimes(piece, lo, hi)
  }

  /** Takes the bits away that a row can't have because of its time. */
  #cutTimes({ day, from, to }: Piece, lo: number, hi: number): void {
    if (from === 0 && to === Number.POSITIVE_INFINITY) return
    const { times } = day
    for (let i = lo; i < hi; i++) {
      if (times[i]! >= from && times[i]! < to) continue
      for (const found of this.#found) found[i - lo] = 0
    }
  }

  /** Keeps of the first `n` of `#rows` those that are of a term and have a value that links them. */
  #append({ piece, lo }: RowBlock, n: number): void {
    const { day, term: kind } = piece
    const { people, times, start } = day
    const rows = this.#rows
    const { links } = this.#plan
    const read = this.#read
    links?.read(kind, day, rows, n, lo, read)
    const lows = this.#people.reserve(n)
    const instants = this.#times.reserve(n)
    const linked = links === null ? null : this.#links.reserve(n)
    const bits = this.#bits.map((column) => column.reserve(n))
    let at = this.#people.length
    for (let i = 0; i < n; i++) {
      const row = rows[i]!
      let any = 0
      for (let word = 0; word < bits.length; word++) {
        const found = this.#found[word]![row - lo]!
        bits[word]![at] = found
        any |= found
      }
      lows[at] = people[row]! & 0xffff
      instants[at] = start + times[row]!
      if (linked === null) at += Number(any !== 0)
      else {
        linked[at] = read[i]!
        at += Number(any !== 0 && !Number.isNaN(read[i]!))
      }
    }
    this.#people.length = at
    this.#times.length = at
    if (linked !== null) this.#links.length = at
    for (const column of this.#bits) column.length = at
  }

  #events(): ChainEvents {
    return { times: this.#times.cells, bits: this.#bits.map((column) => column.cells) }
  }

  /** Whether the events `order[from]` to `order[to - 1]`, of one person, hold a chain. They are sorted on the way. */
  #hasChain(events: ChainEvents, order: Uint32Array, from: number, to: number): boolean {
    if (this.#plan.links === null) {
      sortByTime(order, from, to, events.times)
      return this.#finder.find(events, order, from, to, this.#aim)
    }
    const links = this.#links.cells
    sortByLink(order, from, to, events.times, links)
    for (let begin = from; begin < to; ) {
      const link = links[order[begin]!]!
      let end = begin + 1
      while (end < to && links[order[end]!] === link) end++
      if (this.#finder.find(events, order, begin, end, this.#aim)) return true
      begin = end
    }
    return false
  }

  #forget(): void {
    this.#blocks = []
    this.#people.clear()
    this.#times.clear()
    this.#links.clear()
    for (const column of this.#bits) column.clear()
  }
}

import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Accumulator, Piece } from './accumulator.ts'
import { wordsFor } from './bit-words.ts'
import { wordsOfContainer } from './bitmap-writer.ts'
import { type ChainEvents, ChainFinder, type ChainSpan } from './chain-finder.ts'
import { groupByPerson, placesByPerson } from './group-by-person.ts'
import { GrowingColumn } from './growing-column.ts'
import { blockRows } from './row-test.ts'
import type { SequencePlan } from './sequence-plan.ts'
import { sortByLink, sortByTime } from './sort-places.ts'

/** What a sequence is looked for in. */
export interface SequenceAim extends ChainSpan {
  /** People who can have a chain at all; `null` for anybody. */
  readonly candidates: ReadonlyBitmap | null
}

/**
 * Measures whether a person has a chain of events: gathers the events of a container that can belong to one, and looks at them
 * person by person. The pieces' `term` is the place of their kind in the plan.
 */
export class SequenceAccumulator implements Accumulator {
  readonly maxRows: number = 1 << 20
  readonly #plan: SequencePlan
  #aim: SequenceAim = { windowEnd: 0, asOf: 0, candidates: null }
  readonly #finder: ChainFinder
  /** The candidates of the container that is looked at. */
  readonly #wanted: Int32Array = new Int32Array(wordsOfContainer)
  #container = -1
  readonly #mask: Uint8Array = new Uint8Array(blockRows)
  readonly #found: readonly Uint32Array[]
  readonly #read: Float64Array = new Float64Array(blockRows)
  readonly #rows: Uint32Array = new Uint32Array(blockRows)
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
    this.#container = -1
  }

  take(piece: Piece, lo: number, hi: number): void {
    const { people } = piece.day
    const { candidates } = this.#aim
    if (candidates !== null && people[lo]! >>> 16 !== this.#container) {
      this.#container = people[lo]! >>> 16
      this.#wanted.fill(0)
      readContainer(candidates, this.#container, this.#wanted)
    }
    this.#findBits(piece, lo, hi)
    this.#cutTimes(piece, lo, hi)
    this.#append(piece, lo, hi)
  }

  emit(words: Int32Array): boolean {
    const { length } = this.#people
    if (length > 0) {
      const groups = groupByPerson(this.#people.cells, length)
      const { starts, lows } = groups
      const order = placesByPerson(groups, this.#people.cells, length)
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
    const { length } = this.#people
    const order = new Uint32Array(length)
    for (let i = 0; i < length; i++) order[i] = i
    const result = this.#hasChain(this.#events(), order, 0, length)
    this.#forget()
    return result
  }

  /** Which terms each row is of. */
  #findBits({ day, term: kind }: Piece, lo: number, hi: number): void {
    const { kinds, terms } = this.#plan
    const n = hi - lo
    for (const found of this.#found) found.fill(0, 0, n)
    for (const place of kinds[kind]!.terms) {
      const found = this.#found[place >>> 5]!
      const bit = 1 << place
      const { test } = terms[place]!
      if (test === null) for (let i = 0; i < n; i++) found[i] = found[i]! | bit
      else {
        const mask = this.#mask
        test.mask(day, lo, hi, mask)
        // A mask of 1 is all bits when it is negated.
        for (let i = 0; i < n; i++) found[i] = found[i]! | (-mask[i]! & bit)
      }
    }
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

  /** Keeps the rows that are of a term, of wanted people, and have a value that links them. */
  #append({ day, term: kind }: Piece, lo: number, hi: number): void {
    const { people, times, start } = day
    const n = this.#wantedRows(people, lo, hi)
    if (n === 0) return
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

  /** Writes the rows of people who are candidates into `#rows`, and says how many. */
  #wantedRows(people: Uint32Array, lo: number, hi: number): number {
    const rows = this.#rows
    if (this.#aim.candidates === null) {
      for (let i = lo; i < hi; i++) rows[i - lo] = i
      return hi - lo
    }
    const wanted = this.#wanted
    let n = 0
    for (let i = lo; i < hi; i++) {
      const person = people[i]!
      rows[n] = i
      n += (wanted[(person >>> 5) & (wordsOfContainer - 1)]! >>> (person & 31)) & 1
    }
    return n
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
    this.#people.clear()
    this.#times.clear()
    this.#links.clear()
    for (const column of this.#bits) column.clear()
  }
}

/** Sets the bits of the members of one container. */
function readContainer(bitmap: ReadonlyBitmap, key: number, words: Int32Array): void {
  const before = key === 0 ? 0 : bitmap.rank(key * 65_536 - 1)
  const members = bitmap.rangeUint32Array(before, bitmap.rank(key * 65_536 + 65_535) - before)
  for (let i = 0; i < members.length; i++) {
    const person = members[i]!
    words[(person >>> 5) & 2_047] = words[(person >>> 5) & 2_047]! | (1 << person)
  }
}

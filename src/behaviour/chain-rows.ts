import { wordsOfContainer } from '../bitmap/container-words.ts'
import type { Piece } from './accumulator.ts'
import { GrowingColumn } from './growing-column.ts'
import { allRows, RowSelector } from './row-selector.ts'
import { blockRows } from './row-test.ts'
import type { SequencePlan } from './sequence-plan.ts'

const container = 65_536
/** Of a person who has no event of a step on any day that was looked at. */
const never = 65_535
/** Of a block whose rows are left out with their person only. */
const notLeftOut = -1

/** Some rows of a piece, all of one container. */
export interface RowBlock {
  readonly piece: Piece
  readonly lo: number
  readonly hi: number
}

/**
 * Leaves rows out that can't belong to a chain, by the days of the other steps' events alone. From the last day to the first
 * one it keeps for each person and step the earliest day on which the person has an event from which the last step can be
 * reached; an event of the step before can reach the last step too if that day isn't too late for it:
 *
 *   cart, then purchase within 24 hours
 *
 *   day          3      4      5      6      7
 *   carts        x      x             x      x
 *   purchases           x                    x
 *   next day     4      4      7      7      7
 *   left         x      x             x      x      a cart on day 5, or on day 8, would be left out
 *
 * Of 20 million carts and 2 million purchases in 90 days one cart in seven is left, for three nanoseconds a row; which chains
 * there are is then found out by their times, which takes some twenty-five for each row that is left.
 */
export class ChainRows {
  readonly #plan: SequencePlan
  /** The kind of each step. */
  readonly #kinds: readonly number[]
  /** For each kind whether its events are nothing but one step, so that its rows can be left out one by one. */
  readonly #isOneStep: readonly boolean[]
  readonly #selector = new RowSelector()
  /** For each step but the first, by the lower half of a person's number, the place of that day among the days. */
  readonly #next: readonly (Uint16Array | null)[]
  /** People with an event from which all steps can be reached. */
  readonly #begun: Int32Array = new Int32Array(wordsOfContainer)
  readonly #rows = new GrowingColumn(Uint32Array)
  /** Where the rows of each block are in `#rows`, ascending, and how many, or `notLeftOut`. */
  #starts: number[] = []
  #counts: number[] = []

  constructor(plan: SequencePlan) {
    const { steps, kinds, absence } = plan
    const others = new Set([...steps.flatMap(({ without }) => without), ...(absence?.terms ?? [])])
    this.#plan = plan
    this.#kinds = steps.map(({ term }) => kinds.findIndex(({ terms }) => terms.includes(term)))
    this.#isOneStep = kinds.map(
      ({ terms }, kind) =>
        terms.length === 1 && !others.has(terms[0]!) && this.#kinds.filter((other) => other === kind).length === 1,
    )
    this.#next = steps.map((_, step) => (step === 0 ? null : new Uint16Array(container)))
  }

  /** Whether the events of a kind are nothing but one step: rows that are left of it are events of that step. */
  isOneStep(kind: number): boolean {
    return this.#isOneStep[kind]!
  }

  /** Looks at the blocks of a container, ascending by day. `false`: there are too many days. */
  look(blocks: readonly RowBlock[]): boolean {
    const days = daysOf(blocks)
    if (days.length >= never) return false
    const { steps } = this.#plan
    for (const next of this.#next) next?.fill(never)
    this.#begun.fill(0)
    this.#rows.clear()
    this.#starts = new Array<number>(blocks.length).fill(0)
    this.#counts = new Array<number>(blocks.length).fill(notLeftOut)
    /** For each step the place of the last day on which the next one can be. */
    const reach = new Array<number>(steps.length).fill(days.length - 1)
    for (let place = days.length - 1; place >= 0; place--) {
      const { first, end } = days[place]!
      const latest = blocks[first]!.piece.day.end - 1
      // From the last step down: an event of the next step on the same day may be the later one.
      for (let step = steps.length - 1; step >= 0; step--) {
        const within = steps[step + 1]?.within ?? 0
        while (reach[step]! > place && blocks[days[reach[step]!]!.first]!.piece.day.start - latest > within)
          reach[step]!--
        for (let block = first; block < end; block++) {
          if (blocks[block]!.piece.term === this.#kinds[step])
            this.#lookAt(blocks[block]!, block, step, reach[step]!, place)
        }
      }
    }
    return true
  }

  /** Writes the rows of a block, given by its place among those looked at, that are left; ascending; and says how many. */
  read(place: number, { piece, lo, hi }: RowBlock, rows: Uint32Array): number {
    const { people } = piece.day
    const count = this.#counts[place]!
    if (count === notLeftOut) return selectMembers(this.#begun, people, lo, hi, rows)
    const left = this.#rows.cells
    const start = this.#starts[place]!
    // What is left of the first step is of people who can have a chain.
    if (piece.term !== this.#kinds[0]) return keepMembers(this.#begun, people, left, start, start + count, rows)
    for (let i = 0; i < count; i++) rows[i] = left[start + i]!
    return count
  }

  #lookAt({ piece, lo, hi }: RowBlock, block: number, step: number, reach: number, place: number): void {
    const { people } = piece.day
    const { steps, terms } = this.#plan
    const { rows } = this.#selector
    let found = this.#selector.select(piece, terms[steps[step]!.term]!.test, lo, hi)
    const next = this.#next[step + 1]
    if (next === undefined || next === null) {
      if (found === allRows) found = fillRows(rows, lo, hi)
    } else {
      found =
        found === allRows
          ? selectReaching(next, reach, people, lo, hi, rows)
          : keepReaching(next, reach, people, rows, found)
    }
    const own = this.#next[step]!
    if (own === null) addMembers(this.#begun, people, rows, found)
    else stamp(own, place, people, rows, found)
    if (!this.#isOneStep[piece.term]) return
    const { length } = this.#rows
    const left = this.#rows.reserve(Math.max(found, blockRows))
    for (let i = 0; i < found; i++) left[length + i] = rows[i]!
    this.#rows.length = length + found
    this.#starts[block] = length
    this.#counts[block] = found
  }
}

/** The blocks `[first, end)` of each day. */
function daysOf(blocks: readonly RowBlock[]): { first: number; end: number }[] {
  const days: { first: number; end: number }[] = []
  for (let i = 0; i < blocks.length; i++) {
    const last = days[days.length - 1]
    if (last !== undefined && blocks[last.first]!.piece.day.day === blocks[i]!.piece.day.day) last.end = i + 1
    else days.push({ first: i, end: i + 1 })
  }
  return days
}

function fillRows(rows: Uint32Array, lo: number, hi: number): number {
  for (let i = lo; i < hi; i++) rows[i - lo] = i
  return hi - lo
}

// A row is written always and kept by moving on, so that there is no branch to be guessed.

function selectReaching(
  next: Uint16Array,
  reach: number,
  people: Uint32Array,
  lo: number,
  hi: number,
  rows: Uint32Array,
): number {
  let n = 0
  for (let i = lo; i < hi; i++) {
    rows[n] = i
    n += Number(next[people[i]! & 0xffff]! <= reach)
  }
  return n
}

function keepReaching(next: Uint16Array, reach: number, people: Uint32Array, rows: Uint32Array, found: number): number {
  let n = 0
  for (let i = 0; i < found; i++) {
    const row = rows[i]!
    rows[n] = row
    n += Number(next[people[row]! & 0xffff]! <= reach)
  }
  return n
}

function stamp(next: Uint16Array, place: number, people: Uint32Array, rows: Uint32Array, found: number): void {
  for (let i = 0; i < found; i++) next[people[rows[i]!]! & 0xffff] = place
}

function addMembers(members: Int32Array, people: Uint32Array, rows: Uint32Array, found: number): void {
  for (let i = 0; i < found; i++) {
    const person = people[rows[i]!]!
    const word = (person >>> 5) & (wordsOfContainer - 1)
    members[word] = members[word]! | (1 << person)
  }
}

function selectMembers(members: Int32Array, people: Uint32Array, lo: number, hi: number, rows: Uint32Array): number {
  let n = 0
  for (let i = lo; i < hi; i++) {
    const person = people[i]!
    rows[n] = i
    n += (members[(person >>> 5) & (wordsOfContainer - 1)]! >>> (person & 31)) & 1
  }
  return n
}

function keepMembers(
  members: Int32Array,
  people: Uint32Array,
  from: Uint32Array,
  start: number,
  end: number,
  rows: Uint32Array,
): number {
  let n = 0
  for (let i = start; i < end; i++) {
    const row = from[i]!
    const person = people[row]!
    rows[n] = row
    n += (members[(person >>> 5) & (wordsOfContainer - 1)]! >>> (person & 31)) & 1
  }
  return n
}

import type { WindowBounds } from '../base/window.ts'
import type { EventDay } from '../events/event-day.ts'
import type { Piece } from './accumulator.ts'
import type { AllDayFacts } from './all-day-facts.ts'
import { sliceOf } from './day-slice.ts'
import type { EventsOfKind } from './event-source.ts'
import type { Term } from './event-term.ts'
import { allRows, RowSelector } from './row-selector.ts'
import { blockRows } from './row-test.ts'

/** Rows of one person in one day that count, ascending: in order of time. At least one. */
export interface DayRows {
  readonly day: EventDay
  readonly rows: Uint32Array
}

/** Rows `[lo, hi)` of one person, at most `blockRows` of them. */
export interface Block {
  readonly lo: number
  readonly hi: number
}

/** Finds the events of one person. */
export class RowsOfPerson {
  readonly #facts: AllDayFacts
  readonly #selector = new RowSelector()

  constructor(facts: AllDayFacts) {
    this.#facts = facts
  }

  /** The events of a term in some bounds, by day, ascending. Cost: a search in each day. */
  of(term: Term, person: number, bounds: WindowBounds): DayRows[] {
    const { days, first, end, from, to } = sliceOf(term.events, bounds, this.#facts)
    const found: DayRows[] = []
    for (let place = first; place < end; place++) {
      const piece: Piece = {
        term: 0,
        day: days[place]!,
        from: place === first ? from : 0,
        to: place === end - 1 ? to : Number.POSITIVE_INFINITY,
      }
      const [rows, ...others] = this.blocks(term.events, piece.day, person)
        .map((block) => this.#select(piece, term, block))
        .filter(({ length }) => length > 0)
      if (rows !== undefined)
        found.push({ day: piece.day, rows: others.length === 0 ? rows : joined([rows, ...others]) })
    }
    return found
  }

  /** All rows of a person in a day, in order of time. */
  blocks(events: EventsOfKind, day: EventDay, person: number): Block[] {
    const { index } = this.#facts.of(events, day)
    const first = index.firstRow(person)
    if (first === -1) return []
    const end = index.endRow(person, first)
    const blocks: Block[] = []
    for (let lo = first; lo < end; lo += blockRows) blocks.push({ lo, hi: Math.min(end, lo + blockRows) })
    return blocks
  }

  #select(piece: Piece, { test }: Term, { lo, hi }: Block): Uint32Array {
    const count = this.#selector.select(piece, test, lo, hi)
    if (count !== allRows) return this.#selector.rows.slice(0, count)
    return Uint32Array.from({ length: hi - lo }, (_, i) => lo + i)
  }
}

function joined(blocks: readonly Uint32Array[]): Uint32Array {
  const rows = new Uint32Array(blocks.reduce((length, block) => length + block.length, 0))
  let length = 0
  for (const block of blocks) {
    rows.set(block, length)
    length += block.length
  }
  return rows
}

/** How many rows there are. */
export function countRows(days: readonly DayRows[]): number {
  return days.reduce((count, { rows }) => count + rows.length, 0)
}

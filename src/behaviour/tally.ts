import type { Piece } from './accumulator.ts'
import type { Derived } from './derived-cache.ts'

/** All terms' rows of one day: what is counted together. */
export interface DayUnit {
  readonly day: number
  readonly pieces: readonly Piece[]
  /** Whether nothing of the day is cut off. */
  readonly isWhole: boolean
  readonly rows: number
  /** Tells the state of the day: for each term its place and version. */
  readonly state: string
}

/** The pieces day by day; they are ascending by day. */
export function unitsOf(pieces: readonly Piece[]): DayUnit[] {
  const units: DayUnit[] = []
  for (let i = 0; i < pieces.length; ) {
    const { day } = pieces[i]!.day
    let end = i + 1
    while (end < pieces.length && pieces[end]!.day.day === day) end++
    const own = pieces.slice(i, end)
    units.push({
      day,
      pieces: own,
      isWhole: own.every(({ from, to }) => from === 0 && to === Number.POSITIVE_INFINITY),
      rows: own.reduce((sum, piece) => sum + piece.day.size, 0),
      state: own.map((piece) => `${piece.term}:${piece.day.version}`).join(' '),
    })
    i = end
  }
  return units
}

/** What is to be done to a tally for a question. */
export interface TallyChange {
  /** Days to be taken out of the tally, whose rows are as they were when they were counted. */
  readonly leaving: readonly DayUnit[]
  /** Days to be counted in. */
  readonly joining: readonly DayUnit[]
  /** Days that are counted for this question alone. */
  readonly passing: readonly DayUnit[]
}

/** Something that is kept of the people of one container. */
export interface KeptCells {
  readonly byteLength: number
}

/**
 * Counts of all people, or sums, over some whole days, kept from question to question: when the window moves on, only the days that leave
 * and join it are looked at. A day joins when it was the same at two questions: one that still changes is counted for each
 * question anew.
 */
export class Tally<Cells extends KeptCells = KeptCells> implements Derived {
  /** Counts or sums by container. */
  readonly containers: Map<number, Cells> = new Map()
  /** How many times what a person had didn't fit into the cells. */
  failures = 0
  /** Whether a question is at it that has let others have their turn. */
  isBusy = false
  /** The days that are counted, each with its state. */
  readonly #counted = new Map<number, string>()
  /** The days of the last question, each with its state. */
  #seen: ReadonlyMap<number, string> = new Map()

  get bytes(): number {
    let bytes = 0
    for (const { byteLength } of this.containers.values()) bytes += byteLength
    return bytes
  }

  dispose(): void {
    this.containers.clear()
  }

  /** Begins anew with wider cells. */
  fail(): void {
    this.containers.clear()
    this.#counted.clear()
    this.failures++
  }

  /**
   * What is to be done for a question about these days. Where a counted day has changed, or most days have, it begins anew.
   *
   * @param unitOf a day that isn't in the question, as it is now; `null` if it isn't there any more
   */
  change(units: readonly DayUnit[], unitOf: (day: number) => DayUnit | null): TallyChange {
    const wanted = new Map(units.filter(({ isWhole }) => isWhole).map((unit) => [unit.day, unit]))
    const isSettled = ({ day, state }: DayUnit): boolean => this.#seen.get(day) === state
    const leaving: DayUnit[] = []
    let isBroken = false
    for (const [day, state] of this.#counted) {
      const unit = wanted.get(day) ?? unitOf(day)
      if (unit?.state !== state) isBroken = true
      else if (!wanted.has(day)) leaving.push(unit)
    }
    let joining = [...wanted.values()].filter((unit) => !this.#counted.has(unit.day) && isSettled(unit))
    const kept = [...wanted.values()].filter(({ day }) => this.#counted.has(day))
    if (isBroken || rowsOf(leaving) > rowsOf(kept)) {
      this.containers.clear()
      this.#counted.clear()
      leaving.length = 0
      joining = [...wanted.values()].filter(isSettled)
    }
    this.#seen = new Map(units.map(({ day, state }) => [day, state]))
    for (const { day } of leaving) this.#counted.delete(day)
    for (const { day, state } of joining) this.#counted.set(day, state)
    const passing = units.filter(({ day, isWhole }) => !isWhole || !this.#counted.has(day))
    return { leaving, joining, passing }
  }
}

function rowsOf(units: readonly DayUnit[]): number {
  return units.reduce((sum, { rows }) => sum + rows, 0)
}

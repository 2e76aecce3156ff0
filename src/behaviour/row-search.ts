import type { EventDay } from '../events/event-day.ts'

/** Finds the rows of a person in a day. */
export class RowSearch {
  readonly #people: Uint32Array
  readonly #size: number

  constructor({ people, size }: EventDay) {
    this.#people = people
    this.#size = size
  }

  /** The first row of a person, or -1 where there is none. Cost: a search by halves. */
  firstRow(person: number): number {
    return this.firstBetween(person, 0, this.#size)
  }

  /** The row behind the last of the person's, the first of whose rows is given. */
  endRow(person: number, first: number): number {
    const people = this.#people
    const size = this.#size
    let step = 1
    let lo = first + 1
    let hi = lo
    while (hi < size && people[hi] === person) {
      lo = hi + 1
      hi += step
      step *= 2
    }
    hi = Math.min(hi, size)
    while (lo < hi) {
      const middle = (lo + hi) >>> 1
      if (people[middle] === person) lo = middle + 1
      else hi = middle
    }
    return lo
  }

  /** The same as `firstRow`, for a person whose first row is not before `lo`, and whose rows end at `hi` or before. */
  protected firstBetween(person: number, lo: number, hi: number): number {
    const people = this.#people
    while (lo < hi) {
      const middle = (lo + hi) >>> 1
      if (people[middle]! < person) lo = middle + 1
      else hi = middle
    }
    return lo < this.#size && people[lo] === person ? lo : -1
  }
}

/** About so many rows between two entries of an index. */
const rowsAnEntry = 16

/** Knows where the rows of each run of `2^shift` people begin. Cost: a pass over the day, and a quarter of a byte a row. */
export class RowIndex extends RowSearch {
  readonly #shift: number
  readonly #starts: Uint32Array

  constructor(day: EventDay) {
    super(day)
    const { people, size } = day
    const { shift, length } = shapeOf(day)
    const starts = new Uint32Array(length)
    let entry = 0
    for (let row = 0; row < size; row++) {
      const run = people[row]! >>> shift
      while (entry <= run) starts[entry++] = row
    }
    starts.fill(size, entry)
    this.#shift = shift
    this.#starts = starts
  }

  static bytesFor(day: EventDay): number {
    return 4 * shapeOf(day).length
  }

  get bytes(): number {
    return this.#starts.byteLength
  }

  override firstRow(person: number): number {
    const run = person >>> this.#shift
    const starts = this.#starts
    return run + 1 < starts.length ? this.firstBetween(person, starts[run]!, starts[run + 1]!) : -1
  }
}

function shapeOf({ people, size }: EventDay): { shift: number; length: number } {
  const highest = people[size - 1]!
  let shift = 0
  while (highest / 2 ** shift > size / rowsAnEntry && shift < 31) shift++
  return { shift, length: (highest >>> shift) + 2 }
}

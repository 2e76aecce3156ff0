import { wordsOfContainer } from '../bitmap/container-words.ts'
import type { Accumulator, Piece } from './accumulator.ts'
import { blockRows } from './row-test.ts'
import { RowsAhead } from './rows-ahead.ts'

/** What walks have done, which tests assert where a time would be noise. */
export interface WalkLog {
  /** Events of the pieces that were walked. */
  events: number
}

/** People of one container of a bitmap. */
const container = 65_536

/** One walk over pieces, container by container. */
export class ChunkWalk {
  readonly #pieces: readonly Piece[]
  readonly #accumulator: Accumulator
  /** For each piece the first row that was not taken yet, and its person; Infinity behind the last. */
  readonly #rows: Float64Array
  readonly #people: Float64Array
  readonly #ends: Float64Array
  /** How many rows were taken last: the next ones are about as many. */
  readonly #lengths: Float64Array
  readonly #words: Int32Array = new Int32Array(wordsOfContainer)

  /**
   * @param pieces ascending by day
   * @param first the container with which it begins
   */
  constructor(pieces: readonly Piece[], accumulator: Accumulator, log: WalkLog, first = 0) {
    for (const { day } of pieces) log.events += day.size
    this.#pieces = pieces.map((piece) => ({ ...piece, ahead: new RowsAhead() }))
    this.#accumulator = accumulator
    this.#rows = new Float64Array(pieces.length)
    this.#people = Float64Array.from(pieces, ({ day }) => (day.size > 0 ? day.people[0]! : Number.POSITIVE_INFINITY))
    this.#ends = new Float64Array(pieces.length)
    this.#lengths = new Float64Array(pieces.length)
    if (first === 0) return
    this.#findEnds(first * container)
    this.#advance()
    this.#lengths.fill(0)
  }

  /** The lowest container with rows that weren't taken yet, or -1. */
  nextContainer(): number {
    let lowest = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.#people.length; i++) if (this.#people[i]! < lowest) lowest = this.#people[i]!
    return lowest === Number.POSITIVE_INFINITY ? -1 : Math.floor(lowest / container)
  }

  /** The people of a container who pass, as bits: valid, and to be set back to 0, before the next call. */
  measure(key: number): Int32Array {
    this.#measure(key * container, (key + 1) * container)
    return this.#words
  }

  #measure(from: number, to: number): void {
    const rows = this.#findEnds(to)
    if (rows > this.#accumulator.maxRows && to - from > 1) {
      const middle = (from + to) / 2
      this.#measure(from, middle)
      this.#measure(middle, to)
      return
    }
    if (rows === 0) return
    do this.#take()
    while (!this.#accumulator.emit(this.#words))
    this.#advance()
  }

  /** Finds where the rows of people below a number end in each piece; how many there are in all. */
  #findEnds(to: number): number {
    let sum = 0
    for (let i = 0; i < this.#pieces.length; i++) {
      const row = this.#rows[i]!
      if (this.#people[i]! >= to) {
        this.#ends[i] = row
        continue
      }
      const { people, size } = this.#pieces[i]!.day
      const end = firstNotBelow(people, row, size, to, this.#lengths[i]!)
      this.#lengths[i] = end - row
      this.#ends[i] = end
      sum += end - row
    }
    return sum
  }

  #take(): void {
    for (let i = 0; i < this.#pieces.length; i++) {
      const end = this.#ends[i]!
      for (let lo = this.#rows[i]!; lo < end; lo += blockRows) {
        this.#accumulator.take(this.#pieces[i]!, lo, Math.min(end, lo + blockRows))
      }
    }
  }

  #advance(): void {
    for (let i = 0; i < this.#pieces.length; i++) {
      const end = this.#ends[i]!
      if (end === this.#rows[i]) continue
      const { people, size } = this.#pieces[i]!.day
      this.#rows[i] = end
      this.#people[i] = end < size ? people[end]! : Number.POSITIVE_INFINITY
    }
  }
}

/**
 * The first row from `row` on whose person isn't below a number. The search begins where it is guessed to be, and goes on by
 * steps that double, then by halves, since each row that is far from the others costs a look into memory.
 */
function firstNotBelow(people: Uint32Array, row: number, size: number, person: number, guess: number): number {
  let step = 32
  let lo = row
  let hi = Math.min(size, row + guess)
  if (hi === size || people[hi]! >= person) {
    // Behind the row looked for, or at it.
    for (let at = hi - step; at > lo; at -= step) {
      if (people[at]! < person) {
        lo = at + 1
        break
      }
      hi = at
      step *= 2
    }
  } else {
    while (hi < size && people[hi]! < person) {
      lo = hi + 1
      hi += step
      step *= 2
    }
    if (hi > size) hi = size
  }
  while (lo < hi) {
    const middle = (lo + hi) >>> 1
    if (people[middle]! < person) lo = middle + 1
    else hi = middle
  }
  return lo
}

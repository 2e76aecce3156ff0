import { dayOfDate, msPerDay } from './calendar.ts'

/**
 * A stretch of time in which a zone's clock runs evenly: local time = instant + `offset` in all of `[from, to)`. Local
 * times are milliseconds too: what the clock shows, read as if it were UTC.
 *
 * Every change of the offset ends a piece. A piece also ends where a block of the cache does.
 */
export interface OffsetPiece {
  /** Instant at which the piece begins. */
  readonly from: number
  /** Instant at which it ends, not included. */
  readonly to: number
  /** Local time minus UTC. */
  readonly offset: number
  /**
   * All local times below this one were shown, or skipped, before `from`. It is above `from + offset` where the clock was
   * put back, below it where it was put forward, and equal to it where the offset did not change.
   */
  readonly reached: number
}

/**
 * The offsets of one time zone, read from `Intl.DateTimeFormat`, the one source of time zones on every platform.
 *
 * Cost: a block of 256 days takes some 130 calls of `Intl`, half a millisecond, when it is first touched; nothing after
 * that. At most 512 blocks (359 years) are kept, whatever is asked.
 */
export class ZoneOffsets {
  readonly #format: Intl.DateTimeFormat
  readonly #blocks: (Block | undefined)[] = []
  readonly #before: OffsetPiece
  readonly #after: OffsetPiece

  /** @throws RangeError for a name that the platform doesn't know */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, ...fields })
    const [first, end] = [firstBlock * blockLength, (lastBlock + 1) * blockLength]
    const [early, late] = [this.#read(first), this.#read(end)]
    this.#before = { from: Number.NEGATIVE_INFINITY, to: first, offset: early, reached: Number.NEGATIVE_INFINITY }
    this.#after = { from: end, to: Number.POSITIVE_INFINITY, offset: late, reached: end + late }
  }

  /** The piece that an instant lies in. Beyond the instants of `Date` the offset stays what it is at their end. */
  pieceAt(at: number): OffsetPiece {
    const number = Math.floor(at / blockLength)
    if (number < firstBlock) return this.#before
    if (!(number <= lastBlock)) return this.#after
    const pieces = this.#block(number).pieces
    let i = pieces.length - 1
    while (i > 0 && at < pieces[i]!.from) i--
    return pieces[i]!
  }

  /** The piece in which local time first comes to `wall` or beyond it: `reached <= wall < to + offset`. */
  pieceReaching(wall: number): OffsetPiece {
    // A day earlier no clock has come to `wall`: offsets are shorter than a day.
    let piece = this.pieceAt(wall - msPerDay)
    while (piece.to + piece.offset <= wall && piece !== this.#after) piece = this.pieceAt(piece.to)
    return piece
  }

  #block(number: number): Block {
    const slot = number & (keptBlocks - 1)
    const kept = this.#blocks[slot]
    if (kept?.number === number) return kept
    const block = { number, pieces: this.#scan(number * blockLength, (number + 1) * blockLength) }
    this.#blocks[slot] = block
    return block
  }

  /** The pieces from `start` to `end`, which are whole steps apart. */
  #scan(start: number, end: number): OffsetPiece[] {
    const pieces: OffsetPiece[] = []
    // What the clock showed before `start` matters for as long as offsets can differ: less than a step.
    let from = start - step
    let offset = this.#read(from)
    let reached = from + offset
    const close = (to: number): void => {
      if (to > start) {
        if (from < start) pieces.push({ from: start, to, offset, reached: Math.max(reached, start + offset) })
        else if (from < to) pieces.push({ from, to, offset, reached })
      }
      reached = Math.max(reached, to + offset)
      from = to
    }
    for (let at = from; at < end; at += step) {
      const next = this.#read(at + step)
      if (next === offset) continue
      close(this.#change(at, at + step, offset))
      offset = next
    }
    close(end)
    return pieces
  }

  /** The first second after `low` at which the offset isn't `offset` any more, as it isn't at `high`. */
  #change(low: number, high: number, offset: number): number {
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000
      if (this.#read(middle) === offset) low = middle
      else high = middle
    }
    return high
  }

  /** The offset at a whole second, as the platform has it. */
  #read(at: number): number {
    const second = Math.min(Math.max(at, -lastInstant), lastInstant)
    let [year, month, day, millis, isBeforeChrist] = [0, 0, 0, 0, false]
    for (const { type, value } of this.#format.formatToParts(second)) {
      if (type === 'year') year = Number(value)
      else if (type === 'month') month = Number(value)
      else if (type === 'day') day = Number(value)
      else if (type === 'hour') millis += Number(value) * 3_600_000
      else if (type === 'minute') millis += Number(value) * 60_000
      else if (type === 'second') millis += Number(value) * 1000
      else if (type === 'era') isBeforeChrist = value.startsWith('B')
    }
    return dayOfDate(isBeforeChrist ? 1 - year : year, month, day) * msPerDay + millis - second
  }
}

interface Block {
  readonly number: number
  /** Ascending, without gaps. */
  readonly pieces: readonly OffsetPiece[]
}

/**
 * Offsets are looked at so far apart, and a change is sought between two that differ. Two changes that undo each other
 * inside a step would be missed: the nearest two of the tz database are 3.98 days apart (Africa/Freetown, 1939).
 */
const step = 2 * msPerDay
const blockLength = 256 * msPerDay
const keptBlocks = 512

/** The last instant of `Date`; the first one is its negative. */
export const lastInstant = 8.64e15
const firstBlock = Math.floor(-lastInstant / blockLength)
const lastBlock = Math.floor(lastInstant / blockLength)

const fields: Intl.DateTimeFormatOptions = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  era: 'short',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
}

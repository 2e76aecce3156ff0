import type { Millis } from './brand.ts'
import { addMonths, dateText, msPerDay, startOfMonth, startOfWeek, type Weekday } from './calendar.ts'
import { CrowdbitError } from './crowdbit-error.ts'
import { show } from './show.ts'
import { type OffsetPiece, ZoneOffsets } from './zone-offsets.ts'

/**
 * A time zone: which local day an instant lies in, and when local days begin (law 12).
 *
 * A local day is counted from 1970-01-01, day 0. It begins at the first instant at which the local clock shows its date or
 * a later one, and ends where the next day begins, so that days follow each other without gap or overlap:
 *
 * ```text
 * clock put forward at midnight    23:59 → 01:00     the day begins at 01:00 (America/Sao_Paulo before 2019), and has 23 hours
 * clock put back over midnight     00:01 → 23:01     the hour that comes again belongs to the day that had begun
 *                                                    (America/St_Johns before 2011): 23:30 there is the day after its date
 * a date left out                  29 → 31 December  30 December is an empty day: begins and ends at one instant (Pacific/Apia 2011)
 * clock put forward or back        02:00 ⇄ 03:00     a day of 23 or 25 hours, or 23.5 and 24.5 (Australia/Lord_Howe)
 * ```
 *
 * Instants are milliseconds since 1970 in UTC; they and days may be any number, and beyond the instants of `Date` the
 * offset stays what it is at their end. A change of the clock is found to the second, as time zones are given.
 * Cost: nanoseconds, once the 256 days around an instant have been looked at.
 */
export class TimeZone {
  /** The IANA name, as it was given. */
  readonly name: string
  readonly #offsets: ZoneOffsets
  /** The piece that was used last: most questions are about the same months. */
  #piece: OffsetPiece

  private constructor(name: string, offsets: ZoneOffsets) {
    this.name = name
    this.#offsets = offsets
    this.#piece = offsets.pieceAt(0)
  }

  /**
   * The zone of an IANA name (`Asia/Shanghai`, `UTC`).
   *
   * @throws OPTION_INVALID for a name that the platform doesn't know
   */
  static of(name: string): TimeZone {
    const known = zones.get(name)
    if (known !== undefined) return known
    const zone = new TimeZone(name, offsetsOf(name))
    // Names come from options, and differ in case at will.
    if (zones.size >= keptZones) zones.clear()
    zones.set(name, zone)
    return zone
  }

  /** The local day that an instant lies in. */
  dayOf(at: number): number {
    const { offset, reached } = this.#pieceAt(at)
    const wall = at + offset
    return Math.floor((wall < reached ? reached - 1 : wall) / msPerDay)
  }

  /** The first instant of a local day. */
  startOfDay(day: number): Millis {
    const wall = day * msPerDay
    const piece = this.#pieceReaching(wall)
    return Math.max(piece.from, wall - piece.offset) as Millis
  }

  /** Local time minus UTC at an instant, in milliseconds: 28,800,000 for `+08:00`. Before about 1900 with seconds. */
  offsetAt(at: number): number {
    return this.#pieceAt(at).offset
  }

  /**
   * The instant at which the local clock shows a time, given in milliseconds as if it were UTC. The earlier of two, where
   * the clock was put back; where it was put forward over that time, as much later as the clock was put forward. (Temporal
   * calls this `compatible`.)
   */
  instantOf(wall: number): Millis {
    const piece = this.#pieceReaching(wall)
    const isShown = wall >= piece.from + piece.offset
    return (wall - (isShown ? piece.offset : this.#offsets.pieceAt(piece.from - 1).offset)) as Millis
  }

  /** ISO 8601 text of a local day's date: `2026-11-20`. Years outside 0 to 9999 have a sign and six digits. */
  dateOf(day: number): string {
    return dateText(day)
  }

  /**
   * ISO 8601 text of an instant in whole milliseconds, in local time: `2026-11-20T09:00:00.000+08:00`. An offset of 0 is
   * `Z`; one with seconds has them. `parseInstant` reads it back.
   */
  format(at: number): string {
    const offset = this.offsetAt(at)
    const wall = at + offset
    const day = Math.floor(wall / msPerDay)
    return `${dateText(day)}T${clockText(wall - day * msPerDay)}${offsetText(offset)}`
  }

  /** The last day that isn't after `day` and is a `weekStart`. */
  startOfWeek(day: number, weekStart: Weekday): number {
    return startOfWeek(day, weekStart)
  }

  /** The first day of the month that `day` lies in. */
  startOfMonth(day: number): number {
    return startOfMonth(day)
  }

  /** The same day of the month `months` later (earlier if negative), or that month's last day where it has no such day. */
  addMonths(day: number, months: number): number {
    return addMonths(day, months)
  }

  #pieceAt(at: number): OffsetPiece {
    const last = this.#piece
    if (at >= last.from && at < last.to) return last
    this.#piece = this.#offsets.pieceAt(at)
    return this.#piece
  }

  #pieceReaching(wall: number): OffsetPiece {
    const last = this.#piece
    if (wall >= last.reached && wall < last.to + last.offset) return last
    this.#piece = this.#offsets.pieceReaching(wall)
    return this.#piece
  }
}

const zones = new Map<string, TimeZone>()
const keptZones = 1_000

function offsetsOf(name: unknown): ZoneOffsets {
  let cause: unknown
  // Some platforms take offsets (`+08:00`) for names, others don't: they are no zones anywhere.
  if (typeof name === 'string' && !/^[+-]/.test(name)) {
    try {
      return new ZoneOffsets(name)
    } catch (error) {
      cause = error
    }
  }
  throw new CrowdbitError(
    'OPTION_INVALID',
    `the time zone ${show(name)} is unknown: an IANA name such as "Asia/Shanghai" is expected`,
    { timeZone: name },
    { cause },
  )
}

function clockText(millis: number): string {
  const seconds = Math.floor(millis / 1000)
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${pad(millis % 1000, 3)}`
}

function offsetText(offset: number): string {
  if (offset === 0) return 'Z'
  const seconds = Math.abs(offset) / 1000
  const minutes = `${offset < 0 ? '-' : '+'}${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}`
  return seconds % 60 === 0 ? minutes : `${minutes}:${pad(seconds % 60)}`
}

function pad(number: number, digits = 2): string {
  return String(number).padStart(digits, '0')
}

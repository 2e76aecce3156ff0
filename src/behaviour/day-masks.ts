import type { EventDay } from '../events/event-day.ts'

/** Days that share a word. */
export const daysOfMask = 32
/** About so many days of a word are set. */
const daysSet = 4
/** So many days of a mask may have changed before it is made anew; meanwhile they are searched. */
const mostChanged = 4

/**
 * For runs of people on which of 32 days any of them has events: so that one person needs to be looked for in few days.
 *
 *   people    0..7       8..15      16..23
 *   word      0010 0…    0000 0…    1000 1…     a bit for each day
 *
 * Cost: a byte an event, and a pass over the events of those days.
 */
export class DayMasks {
  /** Says nothing of any day. */
  static readonly none: DayMasks = new DayMasks([])
  /** No words: nothing is known, and everybody may have events on any day. */
  words: Uint32Array
  /** Runs are of `2^shift` people. */
  readonly shift: number
  readonly #versions = new Map<number, number>()

  /** @param days of one run of 32 */
  constructor(days: readonly EventDay[]) {
    const { shift, length } = shapeOf(days)
    const words = new Uint32Array(length)
    for (const { day, people, size, version } of days) {
      setBit(words, shift, bitOf(day), people, size)
      this.#versions.set(day, version)
    }
    this.words = words
    this.shift = shift
  }

  static bytesFor(days: readonly EventDay[]): number {
    return 4 * shapeOf(days).length
  }

  get bytes(): number {
    return this.words.byteLength
  }

  /** Gives the words up. */
  drop(): void {
    this.words = new Uint32Array(0)
    this.#versions.clear()
  }

  /** Whether the mask knows the events of this day as it is now. */
  knows({ day, version }: EventDay): boolean {
    return this.#versions.get(day) === version
  }

  /** Whether most of these days are as they were. */
  isGoodFor(days: readonly EventDay[]): boolean {
    let changed = 0
    for (const day of days) if (!this.knows(day)) changed++
    return changed <= mostChanged && changed < days.length
  }
}

function shapeOf(days: readonly EventDay[]): { shift: number; length: number } {
  if (days.length === 0) return { shift: 0, length: 0 }
  let rows = 0
  let highest = 0
  for (const { people, size } of days) {
    rows += size
    highest = Math.max(highest, people[size - 1]!)
  }
  let shift = 0
  while (shift < 31 && highest / 2 ** shift > rows / daysSet) shift++
  return { shift, length: (highest >>> shift) + 1 }
}

/** The bit of a day in its word. */
export function bitOf(day: number): number {
  return 1 << placeInMask(day)
}

/** Which of the 32 days of its word a day is. */
export function placeInMask(day: number): number {
  return day - maskOf(day) * daysOfMask
}

/** Which 32 days a day belongs to. */
export function maskOf(day: number): number {
  return Math.floor(day / daysOfMask)
}

function setBit(words: Uint32Array, shift: number, bit: number, people: Uint32Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const run = people[row]! >>> shift
    words[run] = words[run]! | bit
  }
}

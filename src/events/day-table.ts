import type { DayPartition } from './day-partition.ts'

interface Held {
  readonly partition: DayPartition
  holders: number
}

interface Days {
  readonly byDay: Map<number, Held>
  holders: number
}

/**
 * The partitions of a kind of events by their days, which forks share. Who writes copies the table first, if others have it
 * too, and then the partition, whose rows stay shared until they change in place.
 */
export class DayTable {
  #days: Days

  constructor(days: Days = { byDay: new Map(), holders: 1 }) {
    this.#days = days
  }

  /** The same partitions for somebody else. Cost: nothing now. */
  fork(): DayTable {
    this.#days.holders++
    return new DayTable(this.#days)
  }

  /** How many days there are. */
  get size(): number {
    return this.#days.byDay.size
  }

  /** The partition of a day, to be read or sealed. */
  get(day: number): DayPartition | undefined {
    return this.#days.byDay.get(day)?.partition
  }

  /** The partitions there are, to be read or sealed. */
  *[Symbol.iterator](): IterableIterator<DayPartition> {
    for (const { partition } of this.#days.byDay.values()) yield partition
  }

  /** The partition of a day, to be written: nobody else has it. */
  writable(day: number): DayPartition | undefined {
    const byDay = this.#writable()
    const held = byDay.get(day)
    if (held === undefined || held.holders === 1) return held?.partition
    held.holders--
    const partition = held.partition.fork()
    byDay.set(day, { partition, holders: 1 })
    return partition
  }

  /** Puts a partition in the place of its day, where there is none. */
  add(partition: DayPartition): void {
    this.#writable().set(partition.span.day, { partition, holders: 1 })
  }

  /** Takes a day away, and says whether it was there. */
  delete(day: number): boolean {
    if (!this.#days.byDay.has(day)) return false
    const byDay = this.#writable()
    letGo(byDay.get(day)!)
    return byDay.delete(day)
  }

  /** Lets go of all days. */
  dispose(): void {
    const days = this.#days
    this.#days = { byDay: new Map(), holders: 1 }
    if (--days.holders === 0) for (const held of days.byDay.values()) letGo(held)
  }

  #writable(): Map<number, Held> {
    const days = this.#days
    if (days.holders === 1) return days.byDay
    for (const held of days.byDay.values()) held.holders++
    days.holders--
    this.#days = { byDay: new Map(days.byDay), holders: 1 }
    return this.#days.byDay
  }
}

function letGo(held: Held): void {
  if (--held.holders === 0) held.partition.dispose()
}

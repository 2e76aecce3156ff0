import type { ExternalId } from '../base/brand.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { ValueDictionary } from '../columns/value-dictionary.ts'
import type { EventSpec, PropertySpec } from '../schema/column-spec.ts'
import type { PartColumn } from './batch-source.ts'
import { DayPartition, noEventId } from './day-partition.ts'
import { DayTable } from './day-table.ts'
import type { AppendReport, EventBatch, SingleEvent } from './event-batch.ts'
import type { EventDay } from './event-day.ts'
import { EventIds, seen } from './event-ids.ts'
import { maxEventsOfDay, reserveTexts, tooManyEvents } from './event-room.ts'
import { type DaySpan, LocalDays } from './local-days.ts'
import { firstRowOf, rowsOfPeople } from './rows-of-people.ts'
import { writeBlocks } from './write-blocks.ts'

export type { AppendReport, EventBatch, PropertyColumn, SingleEvent } from './event-batch.ts'
export type { EventDay, PropertyValues } from './event-day.ts'

/** Partitions remembered by their day. A power of two. */
const remembered = 1 << 10
/** Columns made so far. */
let made = 0

/**
 * The events of one kind, in partitions by local day. A write appends to the tail of its day; a reader asks for `days()`,
 * which sorts what has come since. A day that has passed changes by late events and removals alone.
 *
 * Memory of a sealed day, an event: 8 bytes for person and time; 1, 2 or 4 for each category, by the number of different
 * texts that the day has (up to 255, up to 65,535, more); 4 for each number, 8 where one is beyond 32 bits; 1 for each
 * flag; for events with an id 4, and what the dictionary of ids takes. Today has room for up to half as many again. The
 * tail costs the same by the event, and twice while it is sorted.
 */
export class EventColumn {
  readonly spec: EventSpec
  readonly zone: TimeZone
  /** The version of the data that its last write led to. */
  writtenAt = 0
  /** Tells columns apart that had one name after one another. A fork has that of its origin. */
  readonly identity: number
  readonly #specs: readonly (readonly [string, PropertySpec])[]
  readonly #values: readonly (ValueDictionary | null)[]
  readonly #localDays: LocalDays
  readonly #eventIds: EventIds
  readonly #table: DayTable
  readonly #recent: (DayPartition | undefined)[] = new Array<DayPartition | undefined>(remembered).fill(undefined)
  readonly #dirty = new Set<DayPartition>()
  /** Of a fork, whether any partition may have a tail. */
  #sealDue = false
  /** The latest local day that the clock has shown; -Infinity before any. */
  #today = Number.NEGATIVE_INFINITY
  #trimDue = false
  #size = 0
  #revision = 0
  /** All partitions by day; `null` where it has to be made anew. */
  #ordered: readonly DayPartition[] | null = null
  #days: readonly EventDay[] | null = []

  /** @param forkOf has what the column begins with; `null` for nothing. */
  constructor(spec: EventSpec, zone: TimeZone, forkOf: EventColumn | null = null) {
    this.spec = spec
    this.zone = zone
    this.identity = forkOf?.identity ?? ++made
    this.#specs = Object.entries(spec.properties)
    this.#values = this.#specs.map(([, { kind }], p) => {
      if (forkOf !== null) return forkOf.#values[p]?.fork() ?? null
      return kind === 'category' ? new ValueDictionary() : null
    })
    this.#localDays = forkOf === null ? new LocalDays(zone) : forkOf.#localDays
    this.#eventIds = forkOf === null ? new EventIds(spec.retentionDays) : forkOf.#eventIds.fork()
    this.#table = forkOf === null ? new DayTable() : forkOf.#table.fork()
  }

  /**
   * The events as they are now, for somebody who keeps them: to be read alone. Cost: nothing now; a write copies the list of days, and
   * of a day whose rows change in place the rows. Dispose of it.
   */
  fork(): EventColumn {
    const fork = new EventColumn(this.spec, this.zone, this)
    fork.writtenAt = this.writtenAt
    fork.#today = this.#today
    fork.#size = this.#size
    fork.#revision = this.#revision
    fork.#ordered = this.#ordered
    fork.#days = this.#days
    fork.#sealDue = this.#sealDue || this.#dirty.size > 0
    // They are the fork's too now.
    this.#recent.fill(undefined)
    return fork
  }

  /** Ends a fork. */
  dispose(): void {
    this.#table.dispose()
    this.#eventIds.dispose()
  }

  /** How many events there are. */
  get size(): number {
    return this.#size
  }

  /** Grows with every change of the events. */
  get revision(): number {
    return this.#revision
  }

  /** The latest local day that the clock has shown; `null` before any. */
  get today(): number | null {
    return this.#today === Number.NEGATIVE_INFINITY ? null : this.#today
  }

  /** How many days have events. */
  get dayCount(): number {
    return this.#table.size
  }

  /** How many event ids are known: those of the events that are kept. */
  get eventIdCount(): number {
    return this.#eventIds.size
  }

  /** Bytes of all arrays, used or not, and of the event ids. Cost: the number of days. */
  get byteSize(): number {
    let bytes = this.#eventIds.byteSize
    for (const partition of this.#table) bytes += partition.byteSize
    return bytes
  }

  /** The different texts of a category property; `null` for any other name. They stay when their events go. */
  category(property: string): ValueDictionary | null {
    const p = this.#specs.findIndex(([name]) => name === property)
    return this.#values[p] ?? null
  }

  /**
   * Refuses events that there would be no room for, before anything changes.
   *
   * @throws EVENT_TOO_MANY, VALUES_EXHAUSTED
   */
  checkRoom({ times, properties }: Pick<EventBatch, 'times' | 'properties'>): void {
    this.#specs.forEach(([name], p) => {
      const dictionary = this.#values[p]!
      if (dictionary !== null) reserveTexts(dictionary, properties.get(name))
    })
    if (this.#size + times.length <= maxEventsOfDay) return
    const counts = new Map<number, number>()
    for (let i = 0; i < times.length; i++) {
      const { day } = this.#localDays.of(times[i]!)
      const count = (counts.get(day) ?? this.#table.get(day)?.length ?? 0) + 1
      if (count > maxEventsOfDay) throw tooManyEvents(this.zone.dateOf(day))
      counts.set(day, count)
    }
  }

  /**
   * As `checkRoom` for one event.
   *
   * @throws EVENT_TOO_MANY, VALUES_EXHAUSTED
   */
  checkRoomForOne({ at, values }: SingleEvent): void {
    if (this.#size >= maxEventsOfDay) {
      const { day } = this.#localDays.of(at)
      if ((this.#table.get(day)?.length ?? 0) >= maxEventsOfDay) throw tooManyEvents(this.zone.dateOf(day))
    }
    for (let p = 0; p < values.length; p++) {
      const dictionary = this.#values[p]!
      if (dictionary === null || dictionary.room > 0 || values[p] === null) continue
      if (dictionary.find(values[p] as string) === -1) dictionary.reserve(1)
    }
  }

  /**
   * Stores one event. Nothing may be wrong with it: see `checkRoomForOne`.
   *
   * Cost: under a microsecond, and about as much for an event id.
   *
   * @returns what became of it.
   * @throws IDS_EXHAUSTED, and nothing is stored
   */
  appendOne(person: number, event: SingleEvent, now: number): 'added' | 'duplicate' | 'expired' {
    this.#advance(this.#localDays.of(now).day)
    const { at, eventId } = event
    const span = this.#localDays.of(at)
    if (span.day < this.#oldestKept) return 'expired'
    const partition = this.#partitionOf(span)
    const eventNumber = eventId === null ? noEventId : this.#enterId(eventId, partition)
    if (eventNumber === -1) return 'duplicate'
    partition.reserve(1, span.day < this.#today)
    const values: number[] = []
    for (let p = 0; p < this.#specs.length; p++) values.push(this.#cellOf(p, event.values[p]!))
    this.#revision++
    this.#days = null
    this.#dirty.add(partition)
    partition.push(person, at, eventNumber, values, this.#revision)
    this.#size++
    return 'added'
  }

  /**
   * Stores the events of a batch, in order. Nothing may be wrong with it: see `checkRoom` and `EventBatch`.
   *
   * Cost: under 0.1 µs an event with three properties, and the sorting, which the next reader does; an event id costs about
   * half a microsecond, twice that where there is retention.
   *
   * @throws IDS_EXHAUSTED, and nothing is stored
   */
  append(batch: EventBatch): AppendReport {
    this.#advance(this.#localDays.of(batch.now).day)
    const { length } = batch.people
    const touched: DayPartition[] = []
    try {
      const slots = this.#slotsOf(batch, touched)
      const expired = this.#makeRoom(slots, touched)
      const eventIds = batch.eventIds === null ? null : this.#enterIds(batch.eventIds, slots, touched)
      const counts = countSlots(slots, touched.length)
      const added = length - counts[0]!
      if (added > 0) this.#write(batch, slots, counts, touched, eventIds)
      return { added, duplicates: length - added - expired, expired }
    } finally {
      for (const partition of touched) this.#dropIfEmpty(partition)
    }
  }

  /**
   * The days that have events, ascending, each sorted. Valid until the next write.
   *
   * Cost: nothing where nothing was written since the last call. After a few events a move of the rows behind them, about a
   * millisecond in a day of a million events; after many a sort of what is new, some 30 ns an event.
   */
  days(): readonly EventDay[] {
    if (this.#days !== null && !this.#trimDue) return this.#days
    this.#seal()
    if (this.#trimDue) {
      for (const partition of this.#inOrder()) if (partition.span.day < this.#today) partition.trim()
      this.#trimDue = false
    }
    this.#days = this.#inOrder().map((partition) => partition.view())
    return this.#days
  }

  /**
   * Drops the events of people, and forgets their event ids.
   *
   * Cost: a search for each person in each day; of the days in which there are events of them, the rows behind the first.
   */
  forget(people: ReadonlyBitmap): void {
    if (this.#size === 0 || people.isEmpty) return
    this.#seal()
    const gone = people.toUint32Array()
    const version = this.#revision + 1
    for (const read of [...this.#table]) {
      const { people: rows, size } = read.view()
      const ranges = rowsOfPeople(rows, size, gone)
      if (ranges.length === 0) continue
      this.#revision = version
      this.#days = null
      const partition = this.#writable(read.span.day)!
      this.#wipeIds(partition, ranges, false)
      partition.cut(ranges, version)
      this.#size -= size - partition.length
      this.#dropIfEmpty(partition)
    }
  }

  /**
   * Gives the events of people to others, as if those had done them: `to[i]` gets the events of `from[i]`. Of one instant come its own
   * first, then those of the others by their numbers.
   *
   * Cost: a search for each person in each day; of the days in which there are events of them, a move of the rows behind the first.
   *
   * @param from ascending; none of them in `to`
   * @returns whether there were any
   */
  give(from: Uint32Array, to: Uint32Array): boolean {
    if (this.#size === 0) return false
    this.#seal()
    const version = this.#revision + 1
    for (const read of [...this.#table]) {
      const { people: rows, size } = read.view()
      const ranges: number[] = []
      const owners: number[] = []
      let row = 0
      for (let i = 0; i < from.length && row < size; i++) {
        const begin = firstRowOf(rows, row, size, from[i]!)
        row = begin
        while (row < size && rows[row] === from[i]) row++
        if (row === begin) continue
        ranges.push(begin, row)
        owners.push(to[i]!)
      }
      if (ranges.length === 0) continue
      this.#revision = version
      this.#days = null
      const { day } = read.span
      this.#writable(day)!.give(ranges, owners, version, day < this.#today)
    }
    return this.#revision === version
  }

  /**
   * Drops the days that are older than retention, and forgets their event ids.
   *
   * @param today the local day of the clock; one before the latest that was told changes nothing.
   * @returns how many events were dropped.
   */
  retain(today: number): number {
    const before = this.#size
    this.#advance(today)
    return before - this.#size
  }

  /** Takes days back that were saved, checked and ascending, into a column without events. */
  restore(partitions: readonly DayPartition[], today: number | null): void {
    this.#today = today ?? Number.NEGATIVE_INFINITY
    for (const partition of partitions) {
      this.#table.add(partition)
      this.#size += partition.length
      if (partition.epoch !== null) partition.epoch.partitions++
    }
    this.#ordered = null
    this.#days = null
  }

  /** The ids of the events. */
  get eventIds(): EventIds {
    return this.#eventIds
  }

  /** The days, ascending and sealed, for who keeps them while writes go on. */
  partitions(): readonly DayPartition[] {
    this.days()
    return this.#inOrder()
  }

  /** The first local day whose events are kept. */
  get #oldestKept(): number {
    const { retentionDays } = this.spec
    return retentionDays === null ? Number.NEGATIVE_INFINITY : this.#today - retentionDays
  }

  /** Told the present local day. */
  #advance(today: number): void {
    if (today <= this.#today) return
    this.#today = today
    this.#trimDue = true
    const oldest = this.#oldestKept
    if (oldest === Number.NEGATIVE_INFINITY) return
    for (const partition of [...this.#table]) if (partition.span.day < oldest) this.#dropDay(partition)
  }

  #dropDay(partition: DayPartition): void {
    this.#revision++
    this.#size -= partition.length
    // The ids of an epoch go with its last day; before, one by one.
    if (partition.epoch !== null && partition.epoch.partitions > 1)
      this.#wipeIds(partition, [0, partition.length], true)
    this.#drop(partition)
  }

  #dropIfEmpty(partition: DayPartition): void {
    if (partition.length === 0) this.#drop(partition)
  }

  #drop(partition: DayPartition): void {
    const { day } = partition.span
    if (!this.#table.delete(day)) return
    this.#ordered = null
    this.#recent[day & (remembered - 1)] = undefined
    this.#dirty.delete(partition)
    this.#days = null
    if (partition.epoch !== null) this.#eventIds.release(partition.epoch)
  }

  #wipeIds({ eventIds, epoch }: DayPartition, ranges: readonly number[], forksMayKnow: boolean): void {
    if (eventIds === null || epoch === null) return
    for (let k = 0; k < ranges.length; k += 2) {
      for (let row = ranges[k]!; row < ranges[k + 1]!; row++) {
        if (eventIds[row] !== noEventId) this.#eventIds.forget(epoch, eventIds[row]!, forksMayKnow)
      }
    }
  }

  /** Sorts one of the days that were written and not read since. `false` where there was none. Cost: a sort of what came to the day. */
  sortOne(): boolean {
    for (const partition of this.#dirty) {
      partition.seal(partition.span.day < this.#today)
      this.#dirty.delete(partition)
      return true
    }
    return false
  }

  /**
   * Puts one more of the days `[day, end)` where other threads can read it; `false` where all are. What `days` gave before says the same, from
   * other memory. Cost: a copy of the day.
   */
  shareOne(day: number, end: number): boolean {
    for (const partition of this.partitions()) {
      const { span } = partition
      if (span.day < day || span.day >= end || !partition.share()) continue
      this.#days = null
      return true
    }
    return false
  }

  #seal(): void {
    for (const partition of this.#sealDue ? this.#table : this.#dirty) partition.seal(partition.span.day < this.#today)
    this.#dirty.clear()
    this.#sealDue = false
  }

  #inOrder(): readonly DayPartition[] {
    this.#ordered ??= [...this.#table].sort((a, b) => a.span.day - b.span.day)
    return this.#ordered
  }

  /** The partition of a day, to be written. */
  #writable(day: number): DayPartition | undefined {
    const read = this.#table.get(day)
    const partition = this.#table.writable(day)
    if (partition !== undefined && partition !== read) {
      this.#ordered = null
      if (this.#dirty.delete(read!)) this.#dirty.add(partition)
    }
    return partition
  }

  /** The partition of a day, to be written; made where there is none. */
  #partitionOf(span: DaySpan): DayPartition {
    const place = span.day & (remembered - 1)
    const recent = this.#recent[place]
    if (recent !== undefined && recent.span.day === span.day) return recent
    let partition = this.#writable(span.day)
    if (partition === undefined) {
      partition = new DayPartition(span, this.#specs)
      this.#table.add(partition)
      this.#ordered = null
    }
    this.#recent[place] = partition
    return partition
  }

  /** What a partition holds for a value of a property. */
  #cellOf(p: number, value: string | number | boolean | null): number {
    const dictionary = this.#values[p]!
    if (dictionary !== null) return value === null ? 0 : dictionary.add(value as string) + 1
    if (typeof value === 'number') return value
    return this.#specs[p]![1].kind === 'number' ? Number.NaN : Number(value === true)
  }

  /** For each event the place of its partition among those touched, and 1; 0 for one that is expired. */
  #slotsOf({ times }: EventBatch, touched: DayPartition[]): Uint32Array {
    const slots = new Uint32Array(times.length)
    const slotOf = new Map<number, number>()
    const oldest = this.#oldestKept
    let lastDay = Number.NaN
    let slot = 0
    for (let i = 0; i < times.length; i++) {
      const span = this.#localDays.of(times[i]!)
      if (span.day !== lastDay) {
        lastDay = span.day
        slot = slotOf.get(lastDay) ?? (lastDay < oldest ? 0 : touched.push(this.#partitionOf(span)))
        slotOf.set(lastDay, slot)
      }
      slots[i] = slot
    }
    return slots
  }

  /** Makes room for the events of each partition. Gives how many have none. */
  #makeRoom(slots: Uint32Array, touched: readonly DayPartition[]): number {
    const counts = countSlots(slots, touched.length)
    touched.forEach((partition, i) => {
      partition.reserve(counts[i + 1]!, partition.span.day < this.#today)
    })
    return counts[0]!
  }

  /** The number of an event's id; -1 where it was seen. */
  #enterId(id: ExternalId, partition: DayPartition): number {
    let number = -1
    try {
      partition.epoch ??= this.#eventIds.take(partition.span.day, this.#today)
      number = this.#eventIds.add(id, partition.epoch)
    } finally {
      if (number === -1) this.#dropIfEmpty(partition)
    }
    return number
  }

  /** The number of each event's id; the slots of duplicates become 0. Nothing is entered when one is refused. */
  #enterIds(
    ids: readonly (ExternalId | null | undefined)[],
    slots: Uint32Array,
    touched: readonly DayPartition[],
  ): Uint32Array {
    const numbers = new Uint32Array(slots.length).fill(noEventId)
    const places: number[] = []
    const given: ExternalId[] = []
    for (let i = 0; i < slots.length; i++) {
      const id = ids[i] ?? null
      if (slots[i] === 0 || id === null) continue
      const partition = touched[slots[i]! - 1]!
      partition.epoch ??= this.#eventIds.take(partition.span.day, this.#today)
      places.push(i)
      given.push(id)
    }
    if (places.length === 0) return numbers
    const entered = this.#eventIds.addMany(given, (k) => touched[slots[places[k]!]! - 1]!.epoch!)
    places.forEach((i, k) => {
      if (entered[k] === seen) slots[i] = 0
      else numbers[i] = entered[k]!
    })
    return numbers
  }

  /** Writes the events whose slot isn't 0. */
  #write(
    batch: EventBatch,
    slots: Uint32Array,
    counts: Uint32Array,
    touched: readonly DayPartition[],
    eventIds: Uint32Array | null,
  ): void {
    const { people, times } = batch
    const columns = this.#specs.map(([name], p) => this.#partColumn(batch, name, p, slots, counts[0]! > 0))
    this.#revision++
    this.#days = null
    writeBlocks({ people, times, eventIds, columns }, slots, touched, this.#revision)
    touched.forEach((partition, i) => {
      const count = counts[i + 1]!
      this.#size += count
      if (count > 0) this.#dirty.add(partition)
    })
  }

  /** A column of the batch with its codes in terms of the dictionary; texts of stored events come into it, in order. */
  #partColumn(
    { properties }: EventBatch,
    name: string,
    p: number,
    slots: Uint32Array,
    someSkipped: boolean,
  ): PartColumn | null {
    const column = properties.get(name)
    if (column === undefined) return null
    if (column.kind !== 'category') return column
    const { texts, codes } = column
    const dictionary = this.#values[p]!
    const meaning = new Uint32Array(texts.length + 1)
    if (someSkipped) {
      for (let i = 0; i < slots.length; i++) {
        const code = codes[i]!
        if (slots[i] !== 0 && code !== 0 && meaning[code] === 0) meaning[code] = dictionary.add(texts[code - 1]!) + 1
      }
    } else {
      texts.forEach((text, i) => {
        meaning[i + 1] = dictionary.add(text) + 1
      })
    }
    return { kind: 'category', codes, meaning }
  }
}

/** How many events have each slot. */
function countSlots(slots: Uint32Array, touched: number): Uint32Array {
  const counts = new Uint32Array(touched + 1)
  for (let i = 0; i < slots.length; i++) counts[slots[i]!]!++
  return counts
}

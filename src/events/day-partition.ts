import type { PropertySpec } from '../schema/column-spec.ts'
import {
  appendBits,
  appendCodes,
  appendNumbers,
  appendTimes,
  appendUint32,
  fitInt32,
  highestCode,
  type Slice,
} from './append-cells.ts'
import type { BatchSource } from './batch-source.ts'
import { absentInt, type CellArray, cutCells, gathered, insertCells, resized, shared } from './cell-array.ts'
import type { EventDay, PropertyValues } from './event-day.ts'
import type { IdEpoch } from './event-ids.ts'
import type { DaySpan } from './local-days.ts'
import { mergedOrder, placesOf } from './merge-rows.ts'
import { plainOrder, sortedOrder } from './sort-rows.ts'
import { asDoubles, needsDouble, widerCodes } from './widen-cells.ts'

/** In the array of event ids: the event has none. */
export const noEventId = 0xffff_ffff

/** Rows of a tail that are put into place one by one, at most: this part of the sorted rows. Beyond, all rows are written anew. */
const fewOf = 32
/** Fewest rows that an array has room for. */
const leastCapacity = 8
/** Part of a passed day that may be unused until the day changes: room for late events. */
const slackOf = 16

/** Who has the arrays of a partition. */
interface Sharing {
  partitions: number
}

/**
 * The events of one day. Rows `[0, size)` are sorted, rows `[size, length)` are the tail, in order of arrival:
 * ```
 * people   | 3 3 7 9 | 7 1 |         arrays[0]
 * times    | 2 5 0 4 | 8 6 |         arrays[1]
 * product  | 1 0 2 1 | 1 3 |         arrays[2], and so on: the properties in the order of the schema
 *          0         4     6         size = 4, length = 6; the arrays have room for more
 * ```
 */
export class DayPartition {
  readonly span: DaySpan
  readonly #specs: readonly (readonly [string, PropertySpec])[]
  #arrays: CellArray[]
  /** The number of each event's id in `epoch`, or `noEventId`; `null` while no event has one. */
  #eventIds: Uint32Array | null = null
  /** Where the ids of the events are; `null` while no event has one. */
  epoch: IdEpoch | null = null
  #size = 0
  #length = 0
  #capacity = 0
  /** Rows that others have too are copied before they are changed in place. What comes behind them is nobody else's. */
  #sharing: Sharing = { partitions: 1 }
  #version = 0
  #view: EventDay | null = null

  constructor(span: DaySpan, specs: readonly (readonly [string, PropertySpec])[]) {
    this.span = span
    this.#specs = specs
    this.#arrays = [new Uint32Array(0), new Uint32Array(0), ...specs.map(([, { kind }]) => emptyCells(kind))]
  }

  /** A partition of arrays that were checked: sorted rows, of exactly this length. */
  static from(
    span: DaySpan,
    specs: readonly (readonly [string, PropertySpec])[],
    arrays: readonly CellArray[],
    eventIds: Uint32Array | null,
    epoch: IdEpoch | null,
  ): DayPartition {
    const partition = new DayPartition(span, specs)
    partition.#arrays = [...arrays]
    partition.#eventIds = eventIds
    partition.epoch = epoch
    partition.#size = partition.#length = partition.#capacity = arrays[0]!.length
    return partition
  }

  /**
   * A partition of the same events. Cost: nothing now; the first of the two whose rows change in place copies them. Only one of
   * the two may get more events: their rows lie behind those of both. Dispose of it.
   */
  fork(): DayPartition {
    const fork = new DayPartition(this.span, this.#specs)
    fork.#arrays = [...this.#arrays]
    fork.#eventIds = this.#eventIds
    fork.epoch = this.epoch
    fork.#size = this.#size
    fork.#length = this.#length
    fork.#capacity = this.#capacity
    fork.#sharing = this.#sharing
    this.#sharing.partitions++
    fork.#version = this.#version
    fork.#view = this.#view
    return fork
  }

  /** Lets go of the rows: a fork then has them alone. The partition must not be used any more. */
  dispose(): void {
    this.#leave()
  }

  /** How many events there are, the tail included. */
  get length(): number {
    return this.#length
  }

  /** Bytes of the arrays, used or not. */
  get byteSize(): number {
    return this.#arrays.reduce((sum, cells) => sum + cells.byteLength, this.#eventIds?.byteLength ?? 0)
  }

  /** Makes room for `more` events, and for half as many again as there are; less in a passed day that gets few. */
  reserve(more: number, passed: boolean): void {
    const length = this.#length
    const needed = length + more
    if (needed <= this.#capacity) return
    const getsFew = passed && needed - this.#size <= this.#size / fewOf
    this.#setCapacity(Math.max(leastCapacity, needed, Math.floor(length + length / (getsFew ? slackOf : 2))))
  }

  /** Appends an event, for which there must be room; its values are codes, scaled integers or NaN, and bits, in the order of the schema. */
  push(person: number, at: number, eventId: number, values: readonly number[], version: number): void {
    const row = this.#length
    const arrays = this.#arrays
    arrays[0]![row] = person
    arrays[1]![row] = at - this.span.start
    for (let p = 0; p < values.length; p++) {
      let value = values[p]!
      const cells = arrays[p + 2]!
      const kind = this.#specs[p]![1].kind
      if (kind === 'category') arrays[p + 2] = widerCodes(cells, value)
      else if (kind === 'number' && cells instanceof Int32Array) {
        if (needsDouble(value)) arrays[p + 2] = asDoubles(cells)
        else if (Number.isNaN(value)) value = absentInt
      }
      arrays[p + 2]![row] = value
    }
    if (eventId !== noEventId || this.#eventIds !== null) this.#idCells()[row] = eventId
    this.#length = row + 1
    this.#version = version
  }

  /** Appends events of a batch. There must be room. */
  append(source: BatchSource, order: Uint32Array, begin: number, end: number, version: number): void {
    const { columns } = source
    const slice: Slice = { order, begin, end, at: this.#length }
    const to = this.#length + end - begin
    const arrays = this.#arrays
    appendUint32(arrays[0] as Uint32Array, source.people, slice)
    appendTimes(arrays[1] as Uint32Array, source.times, this.span.start, slice)
    for (let p = 0; p < columns.length; p++) {
      const column = columns[p]!
      const cells = arrays[p + 2]!
      if (column === null) cells.fill(absentIn(cells, this.#specs[p]![1].kind), slice.at, to)
      else if (column.kind === 'flag') appendBits(cells as Uint8Array, column.bits, slice)
      else if (column.kind === 'category') {
        const wide = widerCodes(cells, highestCode(column.codes, column.meaning, slice))
        arrays[p + 2] = wide
        appendCodes(wide, column.codes, column.meaning, slice)
      } else {
        const wide = cells instanceof Int32Array && fitInt32(column.values, slice) ? cells : asDoubles(cells)
        arrays[p + 2] = wide
        appendNumbers(wide, column.values, slice)
      }
    }
    if (source.eventIds !== null) appendUint32(this.#idCells(), source.eventIds, slice)
    else this.#eventIds?.fill(noEventId, slice.at, to)
    this.#length = to
    this.#version = version
  }

  /**
   * Puts the tail into its places among the sorted rows.
   *
   * Cost: for a small tail a search each and one move of the rows behind the first; otherwise a sort of the tail, and every
   * row is written once.
   *
   * @param passed whether the day is over: its arrays are made as long as they must be then.
   */
  seal(passed: boolean): void {
    const size = this.#size
    const length = this.#length
    if (size === length) return
    const [people, times] = this.#arrays as [Uint32Array, Uint32Array]
    const sorted = sortedOrder(people, times, size, length)
    if (size > 0 && length - size <= size / fewOf) {
      const tail = sorted ?? plainOrder(size, length)
      const places = placesOf(people, times, size, tail)
      this.#own()
      this.#each((cells) => {
        insertCells(cells, size, tail, places)
        return cells
      })
      if (passed && this.#capacity - length > length / slackOf) this.#setCapacity(length)
    } else {
      const order = size === 0 ? sorted : mergedOrder(people, times, size, sorted ?? plainOrder(size, length))
      const capacity = passed ? length : this.#capacity
      if (order !== null) {
        this.#each((cells) => gathered(cells, order, capacity))
        this.#capacity = capacity
        this.#leave()
      } else this.#setCapacity(capacity)
    }
    this.#size = length
    this.#view = null
  }

  /** Gives room back that isn't used. The day must be sealed. */
  trim(): void {
    if (this.#capacity === this.#length) return
    this.#setCapacity(this.#length)
    this.#view = null
  }

  /** The sorted rows. The day must be sealed. */
  view(): EventDay {
    this.#view ??= this.#look()
    return this.#view
  }

  /** The numbers of the events' ids, row by row; `null` where no event has one. The day must be sealed. */
  get eventIds(): Uint32Array | null {
    return this.#eventIds
  }

  /** Takes out the rows of the ranges `[ranges[2k], ranges[2k + 1])`, ascending. The day must be sealed. */
  cut(ranges: readonly number[], version: number): void {
    let removed = 0
    for (let k = 0; k < ranges.length; k += 2) removed += ranges[k + 1]! - ranges[k]!
    const size = this.#size
    if (this.#isShared() || ranges.length * 8 > size) {
      const order = keptRows(ranges, size, removed)
      this.#each((cells) => gathered(cells, order, order.length))
      this.#capacity = order.length
      this.#leave()
    } else {
      this.#each((cells) => {
        cutCells(cells, size, ranges)
        return cells
      })
    }
    this.#size = this.#length = size - removed
    this.#version = version
    this.#view = null
  }

  /**
   * Gives the rows of the ranges `[ranges[2k], ranges[2k + 1])`, ascending, to other people: those of range `k` to `people[k]`, behind
   * what these have at the same instants. The day must be sealed, and is.
   *
   * Cost: a move of the rows behind the first.
   *
   * @param passed as in `seal`
   */
  give(ranges: readonly number[], people: readonly number[], version: number, passed: boolean): void {
    const size = this.#size
    const rows: number[] = []
    const owners: number[] = []
    people.forEach((person, k) => {
      for (let row = ranges[2 * k]!; row < ranges[2 * k + 1]!; row++) {
        rows.push(row)
        owners.push(person)
      }
    })
    const order = Uint32Array.from(rows)
    const kept = size - rows.length
    this.#own()
    this.#each((cells) => {
      const given = gathered(cells, order, order.length)
      cutCells(cells, size, ranges)
      cells.set(given as never, kept)
      return cells
    })
    ;(this.#arrays[0] as Uint32Array).set(owners, kept)
    this.#size = kept
    this.#version = version
    this.seal(passed)
    this.#view = null
  }

  /** Puts the arrays where other threads can read them, and those that come after them. `false` where they are. Cost: a copy. */
  share(): boolean {
    const arrays = this.#arrays.map(shared)
    if (arrays.every((cells, i) => cells === this.#arrays[i])) return false
    this.#arrays = arrays
    this.#view = null
    return true
  }

  #look(): EventDay {
    const { day, start, end } = this.span
    const properties = new Map<string, PropertyValues>()
    this.#specs.forEach(([name, { kind }], p) => {
      properties.set(name, valuesOf(this.#arrays[p + 2]!, kind))
    })
    return {
      day,
      start,
      end,
      size: this.#size,
      version: this.#version,
      people: this.#arrays[0] as Uint32Array,
      times: this.#arrays[1] as Uint32Array,
      properties,
    }
  }

  /** The array of event ids, made when the first comes. */
  #idCells(): Uint32Array {
    this.#eventIds ??= new Uint32Array(this.#capacity).fill(noEventId)
    return this.#eventIds
  }

  /** Sees to it that nobody else reads the sorted rows. */
  #own(): void {
    if (!this.#isShared()) return
    this.#each((cells) => resized(cells, this.#capacity, this.#length))
    this.#leave()
  }

  #setCapacity(capacity: number): void {
    if (capacity === this.#capacity) return
    this.#each((cells) => resized(cells, capacity, this.#length))
    this.#capacity = capacity
    this.#leave()
  }

  #isShared(): boolean {
    return this.#sharing.partitions > 1
  }

  /** Told that the arrays are the partition's own from now on, or no longer its. */
  #leave(): void {
    if (!this.#isShared()) return
    this.#sharing.partitions--
    this.#sharing = { partitions: 1 }
  }

  /** Puts another array in the place of each, or the same. */
  #each(change: (cells: CellArray) => CellArray): void {
    // All are made before the first is replaced: memory may run out.
    const eventIds = this.#eventIds === null ? null : (change(this.#eventIds) as Uint32Array)
    this.#arrays = this.#arrays.map(change)
    this.#eventIds = eventIds
  }
}

function emptyCells(kind: PropertySpec['kind']): CellArray {
  return kind === 'number' ? new Int32Array(0) : new Uint8Array(0)
}

function absentIn(cells: CellArray, kind: PropertySpec['kind']): number {
  if (kind !== 'number') return 0
  return cells instanceof Int32Array ? absentInt : Number.NaN
}

function valuesOf(cells: CellArray, kind: PropertySpec['kind']): PropertyValues {
  if (kind === 'flag') return { kind, bits: cells as Uint8Array }
  if (kind === 'category') return { kind, codes: cells as Uint8Array | Uint16Array | Uint32Array }
  return { kind, values: cells as Int32Array | Float64Array, absent: absentIn(cells, kind) }
}

function keptRows(ranges: readonly number[], size: number, removed: number): Uint32Array {
  const order = new Uint32Array(size - removed)
  let at = 0
  let row = 0
  for (let k = 0; k <= ranges.length; k += 2) {
    const end = ranges[k] ?? size
    while (row < end) order[at++] = row++
    row = ranges[k + 1] ?? size
  }
  return order
}

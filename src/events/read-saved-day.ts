import { type NumberLimits, numberLimits } from '../columns/number-limits.ts'
import type { PropertySpec } from '../schema/column-spec.ts'
import { type Reading, type Wanted, want } from '../store/reading.ts'
import { absentInt, type CellArray } from './cell-array.ts'
import { bytesOfCells, settleCells } from './cell-bytes.ts'
import { damagedEvents } from './damaged-events.ts'
import { noEventId } from './day-partition.ts'
import type { EventColumn } from './event-column.ts'
import type { DaySpan } from './local-days.ts'

/** What the head says of a day. */
export interface DayHead {
  readonly day: number
  readonly size: number
  /** 0 where no event has an id, else the place of their dictionary and 1. */
  readonly epoch: number
  /** Bytes of one value of each property. */
  readonly widths: readonly number[]
}

/** The section of a day: its bytes are to be trusted when all chunks have been read. */
export interface SavedDay {
  readonly bytes: number
  /** The next chunk each time that it is asked for; `null` behind the last. */
  readonly chunks: Wanted<Uint8Array | null>
}

/** What a day is checked against. */
export interface DayChecks {
  readonly section: string
  isLive(person: number): boolean
  /** Whether the id is there and no event before had it. */
  useEventId(number: number): boolean
}

/**
 * The arrays of a day, checked.
 *
 * @throws STORE_CORRUPT
 */
export function* readSavedDay(
  head: DayHead,
  span: DaySpan,
  column: EventColumn,
  saved: SavedDay,
  checks: DayChecks,
): Reading<{ readonly arrays: readonly CellArray[]; readonly eventIds: Uint32Array | null }> {
  const { size, widths } = head
  const specs = Object.entries(column.spec.properties)
  const rowBytes = widths.reduce((sum, width) => sum + width, head.epoch === 0 ? 8 : 12)
  if (saved.bytes !== rowBytes * size) {
    throw damagedEvents(checks.section, `it has ${saved.bytes} bytes, where ${size} events take ${rowBytes * size}`)
  }
  const people = new Uint32Array(size)
  const times = new Uint32Array(size)
  const cells = specs.map(([, { kind }], p) => newCells(kind, widths[p]!, size))
  const eventIds = head.epoch === 0 ? null : new Uint32Array(size)
  const arrays = [people, times, ...cells]
  yield* fill(eventIds === null ? arrays : [...arrays, eventIds], saved.chunks)
  const fault = (statement: string) => damagedEvents(checks.section, statement)
  checkRows(people, times, span, checks, fault)
  specs.forEach(([name, spec], p) => {
    if (!areValid(cells[p]!, spec, column.category(name)?.size ?? 0)) throw fault(`a value of ${name} can't be one`)
  })
  for (const number of eventIds ?? []) {
    if (number !== noEventId && !checks.useEventId(number)) throw fault('an event has no id of its own')
  }
  return { arrays, eventIds }
}

function newCells(kind: PropertySpec['kind'], width: number, size: number): CellArray {
  if (kind === 'number') return width === 4 ? new Int32Array(size) : new Float64Array(size)
  if (width === 1) return new Uint8Array(size)
  return width === 2 ? new Uint16Array(size) : new Uint32Array(size)
}

/** Fills arrays with bytes that come in chunks, as many as they take. All chunks are read: at their end they are checked. */
function* fill(arrays: readonly CellArray[], chunks: Wanted<Uint8Array | null>): Reading<void> {
  const targets = arrays.map(bytesOfCells)
  let target = 0
  let at = 0
  for (let chunk = yield* want(chunks); chunk !== null; chunk = yield* want(chunks)) {
    for (let from = 0; from < chunk.length; ) {
      const into = targets[target]!
      const part = chunk.subarray(from, from + into.length - at)
      into.set(part, at)
      from += part.length
      at += part.length
      if (at === into.length) {
        target++
        at = 0
      }
    }
  }
  for (const cells of arrays) settleCells(cells)
}

function checkRows(
  people: Uint32Array,
  times: Uint32Array,
  { start, end }: DaySpan,
  { isLive }: DayChecks,
  fault: (statement: string) => Error,
): void {
  const length = end - start
  let last = -1
  for (let row = 0; row < people.length; row++) {
    const person = people[row]!
    if (times[row]! >= length) throw fault('an event lies outside its day')
    if (person === last) {
      if (times[row]! < times[row - 1]!) throw fault('events are not in order of time')
      continue
    }
    if (person < last) throw fault('events are not in order of their people')
    if (!isLive(person)) throw fault('an event belongs to no living person')
    last = person
  }
}

function areValid(cells: CellArray, spec: PropertySpec, texts: number): boolean {
  switch (spec.kind) {
    case 'flag':
      return areUpTo(cells, 1)
    case 'category':
      return areUpTo(cells, texts)
    case 'number':
      return cells instanceof Int32Array
        ? areInts(cells, numberLimits(spec))
        : areDoubles(cells as Float64Array, numberLimits(spec))
  }
}

function areUpTo(cells: CellArray, highest: number): boolean {
  for (let row = 0; row < cells.length; row++) if (cells[row]! > highest) return false
  return true
}

function areInts(cells: Int32Array, { min, max }: NumberLimits): boolean {
  for (let row = 0; row < cells.length; row++) {
    const value = cells[row]!
    if (value !== absentInt && (value < min || value > max)) return false
  }
  return true
}

function areDoubles(cells: Float64Array, { min, max }: NumberLimits): boolean {
  for (let row = 0; row < cells.length; row++) {
    const value = cells[row]!
    if (Number.isNaN(value)) continue
    if (!Number.isSafeInteger(value) || value < min || value > max || Object.is(value, -0)) return false
  }
  return true
}

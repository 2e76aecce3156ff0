import type { ExternalId, Millis } from '../base/brand.ts'
import type { PropertyColumn } from '../events/event-column.ts'
import { addEncodedPeople } from './add-people.ts'
import { checkCell } from './check-row.ts'
import { checkWritten } from './check-written.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { EncodedIds } from './encoded-ids.ts'
import type { EventForm } from './event-form.ts'
import type { PropertyBuilder } from './property-form.ts'
import { type AnyReplayCells, type ReplayEdits, replayCells } from './replay-cells.ts'
import { unknownColumn } from './unknown-event.ts'

/** Most mutations that are done together. */
const mostMutations = 4096
/** From so many bytes of ids on, no more are gathered. */
const mostIdBytes = 1024 * 1024

/** Events of one kind, one of each mutation. */
interface Tracked {
  readonly form: EventForm
  /** The places of their people among all of the batch. */
  readonly places: number[]
  readonly times: number[]
  readonly eventIds: (ExternalId | null)[]
  readonly builders: readonly PropertyBuilder[]
}

/**
 * Mutations that each write one person's row or one event, gathered to be done together: the same data comes of it as of one
 * after the other, and sooner. People get their numbers in the order of the mutations; the cells of a column are written in
 * order, and so are the events of a kind; what columns and kinds of events hold is apart.
 *
 * The events of a batch are tracked at one local day: retention counts back from it.
 */
export class ReplayBatch {
  /** Of whom each mutation is. */
  readonly ids: EncodedIds = new EncodedIds(mostMutations)
  readonly #cells = new Map<string, AnyReplayCells>()
  readonly #tracked = new Map<string, Tracked>()
  #parts: DatasetParts | null = null
  #now = 0 as Millis

  /** How many mutations wait. */
  get size(): number {
    return this.ids.length
  }

  /** Whether no mutation fits any more. */
  get isFull(): boolean {
    return this.ids.length >= mostMutations || this.ids.byteLength >= mostIdBytes
  }

  /** What is written to, until the batch is done. */
  begin(parts: DatasetParts): void {
    this.#parts = parts
  }

  /**
   * The cells of a column.
   *
   * @throws SCHEMA_COLUMN_UNKNOWN, SCHEMA_COLUMN_WRONG_KIND
   */
  cells(name: string): AnyReplayCells {
    const known = this.#cells.get(name)
    if (known !== undefined) return known
    const parts = this.#parts!
    const column = parts.columns.get(name)
    if (column === undefined) throw unknownColumn(parts, name)
    checkWritten(parts, name)
    const cells = replayCells(name, column)
    this.#cells.set(name, cells)
    return cells
  }

  /** A cell of a category of many values. @throws the VALUE_… codes */
  edit(name: string, cells: ReplayEdits, place: number, value: unknown): void {
    const write = checkCell(this.#parts!, name, cells.column, value)
    if (!('value' in write)) cells.add(place, write)
  }

  /**
   * One event of the person at a place, with a value for each property of its kind: of a number as it is held.
   *
   * @throws the VALUE_… codes
   */
  track(
    form: EventForm,
    place: number,
    at: number,
    eventId: ExternalId | null,
    values: readonly (string | number | boolean | null)[],
    now: Millis,
  ): void {
    let tracked = this.#tracked.get(form.name)
    if (tracked === undefined) {
      const builders = form.properties.map((property) => property.builder(mostMutations))
      tracked = { form, places: [], times: [], eventIds: [], builders }
      this.#tracked.set(form.name, tracked)
    }
    const row = tracked.places.push(place) - 1
    tracked.times.push(at)
    tracked.eventIds.push(eventId)
    for (let p = 0; p < values.length; p++) {
      const value = values[p]!
      if (value === null) continue
      if (typeof value === 'number') tracked.builders[p]!.putHeld(row, value)
      else tracked.builders[p]!.put(row, value)
    }
    if (now > this.#now) this.#now = now
  }

  /**
   * Does them all, and empties the batch. What is wrong with one of them is thrown, and the data is of no use then.
   *
   * @throws the codes of `put` and `track`
   */
  apply(parts: DatasetParts): void {
    const people = addEncodedPeople(parts, this.ids)
    const before = parts.revisions.now - this.size
    for (const cells of this.#cells.values()) {
      parts.revisions.wrote(cells.column)
      cells.write(people, before)
    }
    for (const { form, places, times, eventIds, builders } of this.#tracked.values()) {
      const batch = {
        people: numbersAt(places, people),
        times: new Float64Array(times),
        eventIds: eventIds.some((id) => id !== null) ? eventIds : null,
        properties: columnsOf(form, builders, places.length),
        now: this.#now,
      }
      form.column.checkRoom(batch)
      parts.revisions.wrote(form.column)
      form.column.append(batch)
    }
    this.ids.wipe()
    this.#cells.clear()
    this.#tracked.clear()
    this.#now = 0 as Millis
  }
}

function numbersAt(places: readonly number[], people: Uint32Array): Uint32Array {
  const numbers = new Uint32Array(places.length)
  for (let i = 0; i < places.length; i++) numbers[i] = people[places[i]!]!
  return numbers
}

/** Properties of the events that there are; builders have room for more. */
function columnsOf(
  form: EventForm,
  builders: readonly PropertyBuilder[],
  length: number,
): ReadonlyMap<string, PropertyColumn> {
  return new Map(form.properties.map(({ name }, p) => [name, cut(builders[p]!.done(), length)]))
}

function cut(column: PropertyColumn, length: number): PropertyColumn {
  switch (column.kind) {
    case 'category':
      return { ...column, codes: column.codes.subarray(0, length) }
    case 'number':
      return { ...column, values: column.values.subarray(0, length) }
    case 'flag':
      return { ...column, bits: column.bits.subarray(0, length) }
  }
}

import type { ExternalId, Millis } from '../base/brand.ts'
import type { PropertyColumn } from '../events/event-column.ts'
import { addPeople } from './add-people.ts'
import { checkRow, reserveNewValues } from './check-row.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { EventForm } from './event-form.ts'
import type { RawRow } from './mutation.ts'
import { writeRows } from './write-rows.ts'

/** Events of one kind, one of each mutation. */
interface Tracked {
  readonly form: EventForm
  /** The places of their people among all of the batch. */
  readonly places: number[]
  readonly times: number[]
  readonly eventIds: (ExternalId | null)[]
  readonly values: (readonly unknown[])[]
}

/**
 * Mutations that each write one person's row or one event, gathered to be done together: the same data comes of it as of one
 * after the other, and sooner. People get their numbers in the order of the mutations; rows are written in order; events of
 * a kind come in order, and what rows and events write is apart.
 *
 * The events of a batch are tracked at one local day: retention counts back from it.
 */
export class ReplayBatch {
  readonly #ids: ExternalId[] = []
  readonly #rows: RawRow[] = []
  readonly #rowPlaces: number[] = []
  readonly #tracked = new Map<string, Tracked>()
  #now = 0 as Millis

  /** How many mutations wait. */
  get size(): number {
    return this.#ids.length
  }

  /** One person's row: numbers as `HeldNumber`. */
  put(id: ExternalId, row: RawRow): void {
    this.#rowPlaces.push(this.#ids.length)
    this.#ids.push(id)
    this.#rows.push(row)
  }

  /** One event: a value for each property of its kind, numbers as `HeldNumber`. */
  track(
    form: EventForm,
    id: ExternalId,
    at: number,
    eventId: ExternalId | null,
    values: readonly unknown[],
    now: Millis,
  ): void {
    let tracked = this.#tracked.get(form.name)
    if (tracked === undefined) {
      tracked = { form, places: [], times: [], eventIds: [], values: [] }
      this.#tracked.set(form.name, tracked)
    }
    tracked.places.push(this.#ids.length)
    tracked.times.push(at)
    tracked.eventIds.push(eventId)
    tracked.values.push(values)
    this.#ids.push(id)
    if (now > this.#now) this.#now = now
  }

  /**
   * Does them all, and empties the batch. What is wrong with one of them is thrown, and the data is of no use then.
   *
   * @throws the codes of `put` and `track`
   */
  apply(parts: DatasetParts): void {
    const rows = this.#rows.map((row) => checkRow(parts, row))
    reserveNewValues(rows)
    const events = [...this.#tracked.values()].map((tracked) => ({ tracked, columns: columnsOf(tracked) }))
    const { people } = addPeople(parts, this.#ids)
    writeRows(
      rows,
      Uint32Array.from(this.#rowPlaces, (place) => people[place]!),
      parts.revisions,
    )
    for (const { tracked, columns } of events) {
      const { form, places, times, eventIds } = tracked
      const batch = {
        people: Uint32Array.from(places, (place) => people[place]!),
        times: Float64Array.from(times),
        eventIds: eventIds.some((id) => id !== null) ? eventIds : null,
        properties: columns,
        now: this.#now,
      }
      form.column.checkRoom(batch)
      parts.revisions.wrote(form.column)
      form.column.append(batch)
    }
    this.#clear()
  }

  #clear(): void {
    this.#ids.length = 0
    this.#rows.length = 0
    this.#rowPlaces.length = 0
    this.#tracked.clear()
    this.#now = 0 as Millis
  }
}

function columnsOf({ form, values }: Tracked): ReadonlyMap<string, PropertyColumn> {
  const columns = new Map<string, PropertyColumn>()
  form.properties.forEach((property, p) => {
    const builder = property.builder(values.length)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]![p]
      if (value !== null) builder.put(i, value)
    }
    columns.set(property.name, builder.done())
  })
  return columns
}

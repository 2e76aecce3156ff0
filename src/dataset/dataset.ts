import type { DenseId, ExternalId } from '../base/brand.ts'
import { TimeZone } from '../base/time-zone.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import { type Column, createColumn } from '../columns/column.ts'
import { EventColumn } from '../events/event-column.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import type { Schema } from '../schema/schema.ts'
import { applyMutation } from './apply-mutation.ts'
import { checkRow } from './check-row.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { DerivedTag } from './derived-tag.ts'
import { EventForm } from './event-form.ts'
import type { Journal } from './journal.ts'
import type { Mutation, MutationReport, RawRow } from './mutation.ts'
import { unknownEvent } from './unknown-event.ts'

/**
 * Ids, columns and schema held together, with one writer: `apply`. The version counts the mutations that were applied.
 */
export class Dataset {
  readonly #parts: DatasetParts
  #version: number
  readonly #eventForms = new Map<string, EventForm>()
  /** Called with the dense numbers of people just removed: whoever holds lists of people clears them (law 3). */
  onRemoved: (people: ReadonlyBitmap) => void = () => {}
  /** Writes down every mutation before it is done; `null` where nobody does. */
  journal: Journal | null = null

  private constructor(parts: DatasetParts, version: number) {
    this.#parts = parts
    this.#version = version
  }

  /** Nobody yet. */
  static empty(schema: Schema, zone: TimeZone = TimeZone.of('UTC')): Dataset {
    const columns = new Map<string, Column>()
    const events = new Map<string, EventColumn>()
    for (const [name, spec] of schema.entries()) {
      if (spec.kind === 'event') events.set(name, new EventColumn(spec, zone))
      else columns.set(name, createColumn(spec))
    }
    return new Dataset(
      { schema, ids: new IdDictionary(), people: new Posting(), columns, events, derived: new Map(), zone },
      0,
    )
  }

  /** A dataset from parts that were checked to fit together. */
  static from(parts: DatasetParts, version: number): Dataset {
    return new Dataset(parts, version)
  }

  get schema(): Schema {
    return this.#parts.schema
  }

  get ids(): IdDictionary {
    return this.#parts.ids
  }

  /** `U`: living people. */
  get people(): Posting {
    return this.#parts.people
  }

  /** How many mutations have been applied. */
  get version(): number {
    return this.#version
  }

  /** The column of a name that the schema has. */
  column(name: string): Column | undefined {
    return this.#parts.columns.get(name) ?? this.#parts.columns.get(name.normalize('NFC'))
  }

  /** What a column is derived from; `null` for one that is written. */
  derivedTag(name: string): DerivedTag | null {
    return this.#parts.derived.get(name) ?? this.#parts.derived.get(name.normalize('NFC')) ?? null
  }

  /** Names and definitions of derived tags, in the order in which they were made. */
  derivedTags(): IterableIterator<[string, DerivedTag]> {
    return this.#parts.derived.entries()
  }

  /** In which local days begin. */
  get zone(): TimeZone {
    return this.#parts.zone
  }

  /** The events of a kind that the schema has. */
  event(name: string): EventColumn | undefined {
    return this.#parts.events.get(name) ?? this.#parts.events.get(name.normalize('NFC'))
  }

  /** The kinds of events, in the order of the schema. */
  eventNames(): IterableIterator<string> {
    return this.#parts.events.keys()
  }

  /**
   * What may be written of a kind of event.
   *
   * @throws EVENT_UNKNOWN
   */
  eventForm(name: string): EventForm {
    const known = this.#eventForms.get(name)
    if (known !== undefined && this.#parts.events.get(name) === known.column) return known
    const column = typeof name === 'string' ? this.event(name) : undefined
    if (column === undefined) throw unknownEvent(this.#parts, name)
    const form = new EventForm(name.normalize('NFC'), column, this.#parts.ids)
    this.#eventForms.set(form.name, form)
    return form
  }

  /** Names and columns that hold values, in the order of the schema. */
  columns(): IterableIterator<[string, Column]> {
    return this.#parts.columns.entries()
  }

  /** The number of a living person, or -1. */
  find(id: ExternalId): DenseId | -1 {
    return this.#parts.ids.find(id) as DenseId | -1
  }

  /**
   * Refuses a row that `apply` would refuse by itself, and changes nothing: to find which rows of a batch are at fault.
   *
   * @throws the ID_… and VALUE_… codes, SCHEMA_COLUMN_UNKNOWN
   */
  checkPut(id: ExternalId, row: RawRow): void {
    this.#parts.ids.check(id)
    checkRow(this.#parts, row)
  }

  /**
   * Applies a mutation, whole or not at all: whatever is wrong with it is thrown before anything changes.
   */
  apply(mutation: Mutation): MutationReport {
    const report = applyMutation(this.#parts, mutation, this)
    this.#version++
    // A form holds its column.
    if (mutation.kind === 'dropColumn') this.#eventForms.delete(mutation.column.normalize('NFC'))
    return report
  }
}

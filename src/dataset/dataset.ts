import type { DenseId, ExternalId } from '../base/brand.ts'
import { invariant } from '../base/invariant.ts'
import { TimeZone } from '../base/time-zone.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import { type Column, createColumn } from '../columns/column.ts'
import { EventColumn } from '../events/event-column.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import type { Schema } from '../schema/schema.ts'
import type { Merged } from './apply-links.ts'
import { applyMutation } from './apply-mutation.ts'
import { checkRow } from './check-row.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { DerivedTag } from './derived-tag.ts'
import type { EncodedIds } from './encoded-ids.ts'
import { EventForm } from './event-form.ts'
import type { Journal } from './journal.ts'
import type { Late } from './late.ts'
import { LateIds } from './late-ids.ts'
import { LateMap } from './late-map.ts'
import type { Mutation, MutationReport } from './mutation.ts'
import { PutTable } from './put-table.ts'
import type { RawRow } from './raw-row.ts'
import { releasedParts, viewReadOnly } from './released-parts.ts'
import type { ReplayBatch } from './replay-batch.ts'
import { Revisions } from './revisions.ts'
import { unknownEvent } from './unknown-event.ts'

/** What a frozen dataset knows of the one that it was made of. */
interface Origin {
  /** Numbers that were given out. */
  readonly idCount: number
  /** Which links there were: see `IdDictionary.findAt`. */
  readonly links: number
  /** People of whom the dictionary knows an id now. */
  readonly living: Posting
}

/**
 * Ids, columns and schema held together, with one writer: `apply`. The version counts the mutations that were applied.
 *
 * `freeze` gives the data of one moment, which shares with the living what isn't written since. Ids are the same for both: who is
 * removed has no name in a frozen dataset either (law 3), and neither has who became another (law 4).
 */
export class Dataset {
  #parts: DatasetParts
  #version: number
  /** `null` for the dataset that is written to. */
  readonly #origin: Origin | null
  readonly #eventForms = new Map<string, EventForm>()
  /** Nothing is ever unloaded. */
  #isLoaded = false
  /** Called with the dense numbers of people just removed: whoever holds lists of people clears them (law 3). */
  onRemoved: (people: ReadonlyBitmap) => void = () => {}
  /** Called with people who just became others: whoever holds lists of people puts those in their place (law 4). */
  onMerged: (merged: Merged) => void = () => {}
  /** Writes down every mutation before it is done; `null` where nobody does. */
  journal: Journal | null = null

  private constructor(parts: DatasetParts, version: number, origin: Origin | null = null) {
    this.#parts = parts
    this.#version = version
    this.#origin = origin
  }

  /** Nobody yet. */
  static empty(schema: Schema, zone: TimeZone = TimeZone.of('UTC')): Dataset {
    const columns = new LateMap<Column>()
    const events = new LateMap<EventColumn>()
    for (const [name, spec] of schema.entries()) {
      if (spec.kind === 'event') events.set(name, new EventColumn(spec, zone))
      else columns.set(name, createColumn(spec))
    }
    const ids = new IdDictionary()
    return Dataset.from({ schema, ids, people: new Posting(), columns, events, derived: new Map(), zone }, 0)
  }

  /**
   * A dataset from parts that were checked to fit together.
   *
   * @param peopleWrittenAt the version at which people came or went last
   */
  static from(parts: Omit<DatasetParts, 'revisions'>, version: number, peopleWrittenAt: number = version): Dataset {
    return new Dataset({ ...parts, revisions: new Revisions(version, peopleWrittenAt) }, version)
  }

  /**
   * The data as it is now, which stays so. Cost: the number of columns; of what is written later the first write makes a copy: of a
   * value's bitmap, of the rows of a day. Nothing is loaded for it. Release it.
   */
  freeze(): Dataset {
    const { schema, ids, people, columns, events, derived, zone, revisions } = this.#parts
    const parts: DatasetParts = {
      schema,
      ids,
      people: people.fork(),
      columns: columns.fork(),
      events: events.fork(),
      derived: new Map(derived),
      zone,
      revisions: new Revisions(this.#version, revisions.people),
    }
    const links = ids.holdLinks()
    return new Dataset(parts, this.#version, this.#origin ?? { idCount: ids.size, links, living: people })
  }

  /** Frees what a frozen dataset alone has. It can't be asked anything afterwards. */
  release(): void {
    invariant(this.#origin !== null, 'only what was frozen is released')
    if (this.#parts === releasedParts) return
    const { ids, people, columns, events } = this.#parts
    this.#parts = releasedParts
    ids.letGoOfLinks()
    people.dispose()
    columns.dispose()
    events.dispose()
    this.#eventForms.clear()
  }

  /** Whether nothing is left that is loaded when it is first used. */
  get isLoaded(): boolean {
    this.#isLoaded ||= this.#late().length === 0
    return this.#isLoaded
  }

  /**
   * Loads all that isn't yet. Every write does so, before it changes anything: it could be found to be damaged half way, and what is saved of
   * it may be checked against the living of the moment of the save alone.
   *
   * @throws STORE_CORRUPT, STORE_IO
   */
  loadNow(): void {
    if (this.isLoaded) return
    for (const part of this.#late()) {
      if (part instanceof LateIds) part.now()
      else part.value
    }
  }

  /** As `loadNow`, while others go on: whoever needs something meanwhile loads it. @throws STORE_CORRUPT, STORE_IO */
  async load(): Promise<void> {
    for (const part of this.#late()) await part.load()
  }

  /** What isn't loaded, in the order in which it was saved. */
  #late(): (LateIds | Late<Column> | Late<EventColumn>)[] {
    const { ids, columns, events, schema } = this.#parts
    const late: (LateIds | Late<Column> | Late<EventColumn>)[] = []
    if (ids instanceof LateIds && !ids.isLoaded) late.push(ids)
    for (const name of schema.names) {
      const part = columns.late(name) ?? events.late(name)
      if (part?.loaded === null) late.push(part)
    }
    return late
  }

  /** @throws VIEW_RELEASED */
  checkHeld(): void {
    this.#parts.schema
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

  /** When people came or went last: see `Revisions`. Columns and kinds of events say so themselves. */
  get peopleWrittenAt(): number {
    return this.#parts.revisions.people
  }

  /** Of a frozen dataset, people of whom an id is known now, others included; `null` where all of `U` have one. */
  get named(): ReadonlyBitmap | null {
    return this.#origin?.living.bitmap ?? null
  }

  /** How many mutations have been applied. */
  get version(): number {
    return this.#version
  }

  /**
   * When a column, or kind of events, that the schema has was written last, as the version of the data that it led to. Nothing is loaded.
   */
  writtenAt(name: string): number {
    const { columns, events } = this.#parts
    return (columns.late(name) ?? events.late(name))!.writtenAt
  }

  /** How many ids are linked to another. Nothing is loaded. */
  get linkedIds(): number {
    const { ids } = this.#parts
    return ids instanceof LateIds ? ids.aliasCount : (ids.links?.count ?? 0)
  }

  /** The column of a name that the schema has, if it is loaded; `null` where it isn't. */
  loadedColumn(name: string): Column | null {
    return this.#parts.columns.late(name)?.loaded ?? null
  }

  /** As `loadedColumn`, of a kind of events. */
  loadedEvent(name: string): EventColumn | null {
    return this.#parts.events.late(name)?.loaded ?? null
  }

  /** The columns that hold values, in the order of the schema. Nothing is loaded. */
  columnNames(): IterableIterator<string> {
    return this.#parts.columns.keys()
  }

  /** The column of a name that the schema has. @throws STORE_CORRUPT, STORE_IO where it is loaded by this use */
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

  /** The events of a kind that the schema has. @throws as `column` */
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

  /** Names and columns that hold values, in the order of the schema. @throws as `column` */
  columns(): IterableIterator<[string, Column]> {
    return this.#parts.columns.entries()
  }

  /** The number of a living person, or -1. */
  find(id: ExternalId): DenseId | -1 {
    const { ids } = this.#parts
    if (this.#origin === null) return ids.find(id) as DenseId | -1
    const { idCount, links } = this.#origin
    const person = ids.findAt(id, links) as DenseId | -1
    return person < idCount ? person : -1
  }

  /**
   * All ids of a living person, given by any of them: first the one that names it, then the others in order of first sight; none for an
   * unknown id. A frozen dataset gives those of its moment: all that the person had then are still its own, unless it has no name any more,
   * since an id is taken off a person only by being forgotten.
   */
  idsOf(id: ExternalId): readonly ExternalId[] {
    const { ids } = this.#parts
    const person = this.find(id)
    if (person === -1) return []
    const all = ids.idsOfPerson(person)
    if (this.#origin === null || all.length === 1) return all
    const { links } = this.#origin
    const members = ids.links!.membersOf(person)
    return all.filter((_, i) => members[i] === person || ids.links!.ledAt(members[i]!, links))
  }

  /** The id of a living person's number. */
  idOf(person: number): ExternalId | undefined {
    const id = this.#parts.ids.idOf(person)
    return this.#origin === null || person < this.#origin.idCount ? id : undefined
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
   * A table for rows of values, to be filled and applied at once.
   *
   * @param columns names of the columns that it writes, in NFC
   * @param ids with room for the ids of all its rows
   * @throws SCHEMA_COLUMN_UNKNOWN, TAG_DERIVED; as `column`
   */
  newTable(columns: readonly string[], ids: EncodedIds): PutTable {
    return new PutTable(this.#parts, columns, ids)
  }

  /** What a batch of a replay writes to, from now on. */
  beginReplay(batch: ReplayBatch): void {
    this.loadNow()
    batch.begin(this.#parts)
  }

  /**
   * Applies the mutations of a batch as if each had been applied by itself. What it throws leaves data that is of no use.
   *
   * @throws the codes of `put` and `track`
   */
  replay(batch: ReplayBatch): void {
    if (this.#origin !== null) throw viewReadOnly()
    const { size } = batch
    this.#parts.revisions.begin(this.#version + size)
    batch.apply(this.#parts)
    this.#version += size
  }

  /**
   * Applies a mutation, whole or not at all: whatever is wrong with it is thrown before anything changes.
   *
   * @throws VIEW_READ_ONLY for a frozen dataset; STORE_CORRUPT, STORE_IO where it is the first write and something can't be loaded
   */
  apply(mutation: Mutation): MutationReport {
    if (this.#origin !== null) throw viewReadOnly()
    this.loadNow()
    this.#parts.revisions.begin(this.#version + 1)
    const report = applyMutation(this.#parts, mutation, this)
    this.journal?.done()
    this.#version++
    // A form holds its column.
    if (mutation.kind === 'dropColumn') this.#eventForms.delete(mutation.column.normalize('NFC'))
    return report
  }
}

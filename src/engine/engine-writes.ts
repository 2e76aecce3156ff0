import type { ExternalId } from '../base/brand.ts'
import type { CheckedClock } from '../base/clock.ts'
import { checkEventArrays, checkEventRows } from '../dataset/check-events.ts'
import type { CheckedEvents } from '../dataset/checked-events.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { EventForm } from '../dataset/event-form.ts'
import type { GivenEventPeople } from '../dataset/event-people.ts'
import type { LinkPair } from '../dataset/mutation.ts'
import { readIterable, readPairs, readRows } from '../dataset/read-iterable.ts'
import type { EventIngestOptions } from '../ingest/event-ingest-options.ts'
import type { IngestOptions } from '../ingest/ingest-options.ts'
import type { EventIngestReport, IngestReport } from '../ingest/ingest-report.ts'
import { ingestRows } from '../ingest/ingest-rows.ts'
import type { IngestSource } from '../ingest/ingest-source.ts'
import type { AnyIterable } from '../ingest/input-iterator.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { EventArrays, EventNames, EventValues, Row } from '../schema/row.ts'
import { telling, toldRejection } from './diagnostics/told-rejection.ts'
import { EngineQuestions } from './engine-questions.ts'
import { trackReport } from './track-report.ts'
import type { LinkReport, RemovalReport, RetentionReport, TrackReport, WriteReport } from './write-report.ts'

/** What is written to. */
export interface Written {
  readonly dataset: Dataset
  readonly clock: CheckedClock
}

// The door for the engine: the public type shows nothing of the data.
let connect: (engine: object, written: Written) => void

/** Gives an engine the data that it writes to. */
export function connectWrites(engine: object, written: Written): void {
  connect(engine, written)
}

/** The writes that an engine takes. */
export abstract class EngineWrites<S extends SchemaSpec> extends EngineQuestions<S> {
  #written: Written | null = null

  static {
    connect = (engine, written) => {
      ;(engine as EngineWrites<SchemaSpec>).#written = written
    }
  }

  /**
   * Writes values of one person, who is seen by it whatever the values are. Columns that are not named stay; `null`
   * clears; a flag takes `true` or `false`; a many-value category an array, or `{ add, remove }`; a number a number, bigint
   * or decimal text, which is held exactly; a timestamp a `Date`, whole milliseconds since 1970 or ISO 8601 text.
   * Cost: microseconds; of a number or timestamp some 30 ns a bit.
   *
   * @example
   * ```ts
   * crowd.put('u1', { 精致妈妈: true, cityTier: 'T1', interests: { add: ['奶粉'] }, spend: '129.90' })
   * ```
   * @throws SCHEMA_COLUMN_UNKNOWN, TIME_INVALID, the VALUE_… and ID_… codes; nothing is written then
   */
  put(id: ExternalId, row: Row<S>): void {
    telling('put', () => this.#data.apply({ kind: 'put', rows: [[id, row]] }))
  }

  /**
   * Writes rows of many people, in order, whole or not at all.
   *
   * @example
   * ```ts
   * crowd.putMany([['u1', { cityTier: 'T2' }], ['new', {}]]) // { people: 2, created: 1 }
   * ```
   * @throws as `put`
   */
  putMany(rows: Iterable<readonly [ExternalId, Row<S>]>): WriteReport {
    return telling('put', () => {
      const { people, created } = this.#data.apply({ kind: 'put', rows: readRows(rows) })
      return { people, created }
    })
  }

  /**
   * Removes a person from every column and audience, and wipes the bytes of all its ids from memory (law 3). The dense number
   * is not given to anybody else. `false` for an unknown id.
   *
   * @example
   * ```ts
   * crowd.remove('u1') // true
   * crowd.has('u1') // false
   * ```
   * @throws the ID_… codes for what is not an id
   */
  remove(id: ExternalId): boolean {
    return telling('remove', () => this.#data.apply({ kind: 'remove', ids: [id] }).people === 1)
  }

  /**
   * Removes many people, whole or not at all.
   *
   * @example
   * ```ts
   * crowd.removeMany(['u1', 'stranger']) // { removed: 1, unknown: 1 }
   * ```
   * @throws as `remove`
   */
  removeMany(ids: Iterable<ExternalId>): RemovalReport {
    return telling('remove', () => {
      const { people, unknown } = this.#data.apply({ kind: 'remove', ids: readIterable(ids, 'ids') })
      return { removed: people, unknown }
    })
  }

  /**
   * Says that two ids are one person (law 4). Who was seen first stays and names the person; the other id is another id of it from then
   * on, in whatever it is given to. Of two people the flags and many-value categories are united, events are all the person's, of single
   * values the one stays that the column's `merge` says, and audiences follow. It happens whole or not at all, and can't be undone.
   *
   * Cost: microseconds where one of the ids is new; else that of a write in each column, and a search in each day of events.
   *
   * @example
   * ```ts
   * crowd.link('u1', 'phone:13800138000') // { created: 0, linked: 1, merged: 0 }
   * crowd.put('phone:13800138000', { 老客: true })
   * crowd.get('u1')?.老客 // true
   * crowd.link('u2', 'u1') // { created: 0, linked: 0, merged: 1 }
   * crowd.idsOf('u2') // [ 'u1', 'u2', 'phone:13800138000' ]
   * ```
   * @throws MERGE_OUT_OF_RANGE, the ID_… codes; nothing is linked then
   */
  link(a: ExternalId, b: ExternalId): LinkReport {
    return this.#link([[a, b]])
  }

  /**
   * Links many pairs of ids, whole or not at all: what they come to doesn't depend on their order.
   * Cost: two look-ups a pair, and for people who are merged as `link`, with one search for all in each day of events.
   *
   * @example
   * ```ts
   * crowd.linkMany([['u1', 'phone:1'], ['phone:1', 'device:1'], ['u5', 'u6']]) // { created: 0, linked: 2, merged: 1 }
   * ```
   * @throws MEMBERS_WRONG_TYPE, and as `link`
   */
  linkMany(pairs: Iterable<readonly [ExternalId, ExternalId]>): LinkReport {
    return this.#link(pairs)
  }

  /**
   * Takes an id off its person, one that was new when it was linked: nobody has it then, and its bytes are wiped from memory.
   * `false` for an unknown id.
   *
   * @example
   * ```ts
   * crowd.link('u1', 'phone:1')
   * crowd.unlink('phone:1') // true
   * crowd.has('phone:1') // false
   * ```
   * @throws LINK_NAMES_PERSON for the id that names its person, LINK_HAS_DATA for one that was a person of its own; the ID_… codes
   */
  unlink(id: ExternalId): boolean {
    return telling('unlink', () => this.#data.apply({ kind: 'unlink', id }).people === 1)
  }

  /**
   * Reads the rows of a source and writes them as `put` does, in order, batch by batch: a later row of a person wins.
   * The source is a CSV or NDJSON file (`csvFile`, `ndjsonFile`), a stream or text (`csv`, `ndjson`), or any iterable of
   * objects. It is read no further ahead than 64 KiB, or 256 objects; other work of the process gets its turn between
   * batches; whatever happens, the source is closed in the end.
   *
   * `id` names the column of ids. `columns` says which column of the source is written to which of the schema; without it
   * those are written whose names are the same, and the report lists the others as `ignored`. Of a text becomes: for a
   * flag true (`true`, `1`, `yes`, `是`) or false (`false`, `0`, `no`, `否`), in upper or lower case; for a category the
   * text as it is; for a many-value category the texts between `|`, which take the place of those that are there, or come
   * to them with `mode: 'add'`; for a number the decimal; for a timestamp the instant in ISO 8601, a local time without an
   * offset, or with `unit` the seconds or milliseconds since 1970. An empty CSV cell gives no value, so that the person's stays; see `empty`. For a file of
   * memberships, one row for each tag of a person, `tag` names the column that holds the flag.
   *
   * A row that can't be read or doesn't fit is rejected, counted, and listed with its number, line and reason, and the
   * ingest goes on with the next. When it fails, the batches that were applied stay applied, and the error's fact `report`
   * says how far it came.
   *
   * Cost: some 4 µs for a row of five short columns, half of it to parse the CSV; memory for one batch and one piece.
   *
   * @example
   * ```ts
   * const report = await crowd.ingest(csvFile('members.csv'), {
   *   id: 'openid',
   *   columns: { 等级: 'cityTier' },
   *   onProgress: ({ bytes, totalBytes }) => console.log(bytes, 'of', totalBytes),
   * })
   * report.applied // 2
   * for (const { line, column, reason } of report.rejects) console.log(line, column, reason)
   *
   * const memberships = csv('tag,user_id\n老客,u1\n新客,u1\n')
   * await crowd.ingest(memberships, { id: 'user_id', tag: 'tag', createTags: true })
   * crowd.count('老客 and 新客') // 1
   * ```
   * @throws OPTION_INVALID before anything is opened; INGEST_MAPPING before any row is applied, for a column that the source
   * or the schema doesn't have, and for two columns that would be written to one; INGEST_SOURCE for a source that can't be
   * opened or read to its end; INGEST_TOO_MANY_REJECTS for more than `maxRejects`; INGEST_ABORTED by `signal`. What
   * `onProgress` throws ends the ingest too.
   */
  ingest(source: IngestSource | AnyIterable<object>, options: IngestOptions<S>): Promise<IngestReport>
  /**
   * Reads the rows of a source and tracks each as an event of one kind, batch by batch, as `trackMany` does: `at` names the
   * column of its time, `eventId` that of its id, `columns` those of its properties, which are read as above. An event whose
   * id was seen and one that retention no longer keeps aren't rejected: the report counts them as `duplicates` and `expired`.
   *
   * @example
   * ```ts
   * const shop = crowd.addColumn('buy', event({ product: category(), amount: number({ scale: 2 }) }))
   * const orders = csv('user_id,paid,order_id,产品,amount\nu1,2026-11-20 09:00,o1,奶粉,129.90\nu1,2026-11-20 09:00,o1,奶粉,129.90\n')
   * const columns = { 产品: 'product', amount: 'amount' } as const
   * const report = await shop.ingest(orders, { event: 'buy', id: 'user_id', at: 'paid', eventId: 'order_id', columns })
   * report.applied // 1
   * report.duplicates // 1
   * ```
   * @throws EVENT_UNKNOWN, and as above
   */
  ingest<Name extends EventNames<S>>(
    source: IngestSource | AnyIterable<object>,
    options: EventIngestOptions<S, Name>,
  ): Promise<EventIngestReport>
  ingest(
    source: IngestSource | AnyIterable<object>,
    options: IngestOptions<S> | EventIngestOptions<S>,
  ): Promise<IngestReport | EventIngestReport> {
    const given = options as unknown as IngestOptions | EventIngestOptions
    const ingest = () => ingestRows(this.#data, source, given, () => this.#written!.clock.now())
    // What can't be loaded is no fault of the rows.
    const ingested = this.#data.isLoaded ? ingest() : this.#data.load().then(ingest)
    return ingested.catch((error: unknown) => {
      throw toldRejection('ingest', error)
    })
  }

  /**
   * Stores one event of a person: when it was, its `eventId` if it has one, and its properties, any of which may be absent.
   * Events come in any order; one in the future is stored, and seen once the clock has reached it (law 11). An unknown id
   * becomes a person. An event whose `eventId` was seen before in this kind of event is not counted again (law 13), and one
   * of a day that the event's `retentionDays` no longer keeps is refused as expired; the report says so.
   *
   * Cost: some 1 µs; an `eventId` as much again. The next question that reads the day puts the event into its place.
   *
   * @example
   * ```ts
   * crowd.track('u1', 'purchase', { at: '2026-11-20T09:00:00+08:00', product: '奶粉', amount: '129.90', eventId: 'o-1' })
   * crowd.track('u1', 'purchase', { at: '2026-11-20T09:00:00+08:00', eventId: 'o-1' }).duplicates // 1
   * ```
   * @throws EVENT_UNKNOWN, EVENT_UNKNOWN_PROPERTY, TIME_INVALID, EVENT_TOO_MANY, the VALUE_… and ID_… codes; nothing is stored then
   */
  track<Name extends EventNames<S>>(id: ExternalId, event: Name, values: EventValues<S[Name]>): TrackReport {
    return telling('track', () => {
      const form = this.#data.eventForm(event)
      return this.#track(form, { form: 'one', id, event: form.event(values) })
    })
  }

  /**
   * Stores events of one kind, in order, whole or not at all. An error says at which event.
   *
   * Cost: under 1 µs an event.
   *
   * @example
   * ```ts
   * const report = crowd.trackMany('browse', [
   *   ['u1', { at: '2026-11-20T09:00:00+08:00', category: '奶粉' }],
   *   ['new', { at: new Date(Date.UTC(2026, 10, 20)) }],
   * ])
   * report // { events: 2, duplicates: 0, expired: 0, people: 2, created: 1 }
   * ```
   * @throws as `track`, and MEMBERS_WRONG_TYPE
   */
  trackMany<Name extends EventNames<S>>(
    event: Name,
    events: Iterable<readonly [ExternalId, EventValues<S[Name]>]>,
  ): TrackReport {
    return telling('track', () => {
      const form = this.#data.eventForm(event)
      return this.#track(form, checkEventRows(form, readRows(events)))
    })
  }

  /**
   * Stores events of one kind that are given as arrays of one length, whole or not at all: whose they are as `ids`, or as
   * `dense` numbers of known people; when they were as `at`; their properties by name. An error says at which place. A
   * property that happens to be called `ids` or `dense` can be written by `track` and `trackMany` only.
   *
   * Cost: some 0.2 µs an event with three properties of known people, half a microsecond more for ids; and while it runs,
   * memory for a copy of the arrays.
   *
   * @example
   * ```ts
   * const shop = crowd.addColumn('visit', event({ page: category(), seconds: number() }))
   * const at = Float64Array.of(1_790_000_000_000, 1_790_000_060_000)
   * shop.trackColumns('visit', { ids: ['u1', 'u2'], at, page: ['home', 'cart'], seconds: [12, null] }).events // 2
   * shop.trackColumns('visit', { dense: Uint32Array.of(1, 1), at, seconds: Int32Array.of(3, 4) }).people // 1
   * ```
   * @throws EVENT_LENGTHS_DIFFER, DENSE_UNKNOWN, MEMBERS_WRONG_TYPE, and as `track`
   */
  trackColumns<Name extends EventNames<S>>(event: Name, columns: GivenEventPeople & EventArrays<S[Name]>): TrackReport {
    return telling('track', () => {
      const form = this.#data.eventForm(event)
      return this.#track(form, checkEventArrays(form, columns))
    })
  }

  /**
   * Drops the events of days that are older than the `retentionDays` of their kind, counted back from the clock's present
   * local day. The first event that is tracked on a new day does the same for its kind; a kind that gets none needs this.
   *
   * Cost: nothing to speak of, and some 0.5 µs for each dropped event with an `eventId`, which is forgotten with it.
   *
   * @example
   * ```ts
   * const shop = crowd.addColumn('click', event({}, { retentionDays: 30 }))
   * shop.track('u1', 'click', { at: '2026-09-01' }).expired // 1
   * shop.retain() // { dropped: 0 }
   * ```
   */
  retain(): RetentionReport {
    return telling('retain', () => {
      const { dropped = 0 } = this.#data.apply({ kind: 'retain', now: this.#written!.clock.now() })
      return { dropped }
    })
  }

  #track(form: EventForm, events: CheckedEvents): TrackReport {
    return trackReport(this.#data.apply({ kind: 'track', event: form.name, events, now: this.#written!.clock.now() }))
  }

  #link(pairs: Iterable<LinkPair>): LinkReport {
    return telling('link', () => {
      const { created, linked = 0, merged = 0 } = this.#data.apply({ kind: 'link', pairs: readPairs(pairs) })
      return { created, linked, merged }
    })
  }

  get #data(): Dataset {
    return this.#written!.dataset
  }
}

import { checkName } from '../audiences/names.ts'
import type { DenseId, ExternalId } from '../base/brand.ts'
import type { CheckedClock } from '../base/clock.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import type { RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import { Behaviours } from '../behaviour/behaviours.ts'
import { checkEventArrays, checkEventRows } from '../dataset/check-events.ts'
import type { CheckedEvents } from '../dataset/checked-events.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { EventForm } from '../dataset/event-form.ts'
import type { GivenEventPeople } from '../dataset/event-people.ts'
import { readIterable, readRows } from '../dataset/read-iterable.ts'
import type { EventIngestOptions } from '../ingest/event-ingest-options.ts'
import type { IngestOptions } from '../ingest/ingest-options.ts'
import type { EventIngestReport, IngestReport } from '../ingest/ingest-report.ts'
import { ingestRows } from '../ingest/ingest-rows.ts'
import type { IngestSource } from '../ingest/ingest-source.ts'
import type { AnyIterable } from '../ingest/input-iterator.ts'
import { noAudiences } from '../planner/no-audiences.ts'
import { Planner } from '../planner/planner.ts'
import type { RuleInput } from '../rules/rule.ts'
import { createRuleBuilder, type RuleBuilder } from '../rules/rule-builder.ts'
import type { CategorySpec, ColumnSpec, FlagSpec, SchemaSpec } from '../schema/column-spec.ts'
import type { EventArrays, EventNames, EventValues, Person, Row } from '../schema/row.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import { checkDirectory } from './check-directory.ts'
import { type DerivedRules, DerivedTagKeeper, type DerivedTagOptions, type DerivedTags } from './derived-tags.ts'
import { EngineQuestions } from './engine-questions.ts'
import { type EngineStats, engineStats } from './engine-stats.ts'
import { saveEngine } from './save-engine.ts'
import { createTagWriters, type TagWriters } from './tag-writer.ts'
import { trackReport } from './track-report.ts'
import { type EventsOptions, readEvents, type TrackedEvent } from './tracked-event.ts'
import { closeWorkspace, makeWorkspace, registryOf, type Workspace } from './workspace.ts'
import type { RemovalReport, RetentionReport, TrackReport, WriteReport } from './write-report.ts'

export type { EngineStats } from './engine-stats.ts'
export type { RemovalReport, RetentionReport, TrackReport, WriteReport } from './write-report.ts'

/** The workspace that the methods of the engine itself use. */
export const defaultWorkspace = 'default'

/** What an engine is made of: checked, with defaults filled in. */
export interface EngineParts {
  readonly dataset: Dataset
  readonly timeZone: string
  readonly limits: RuleLimits
  readonly clock: CheckedClock
}

let make: (parts: EngineParts) => Engine<SchemaSpec>

/** An engine of its parts. The caller knows that the schema of the data is `S`. */
export function makeEngine<S extends SchemaSpec>(parts: EngineParts): Engine<S> {
  return make(parts) as unknown as Engine<S>
}

/**
 * A population in memory: people, their tags, and the questions about them. Made by `createEngine` or `loadEngine`.
 *
 * All answers are exact, and of the moment of the call. Everything but `save` and `ingest` is synchronous.
 */
export class Engine<S extends SchemaSpec> extends EngineQuestions<S> {
  /** Makes rules, typed by the schema. */
  readonly rules: RuleBuilder<S>
  /** Bulk writes by column: `crowd.tags.精致妈妈.replace(ids)`. */
  readonly tags: TagWriters<S>
  /** The IANA time zone in which days begin. */
  readonly timeZone: string
  readonly #dataset: Dataset
  readonly #limits: RuleLimits
  readonly #clock: CheckedClock
  readonly #behaviours: Behaviours
  readonly #workspaces = new Map<string, Workspace>()
  readonly #derived: DerivedTagKeeper

  private constructor(parts: EngineParts) {
    super()
    this.#dataset = parts.dataset
    this.#limits = parts.limits
    this.#clock = parts.clock
    this.#behaviours = new Behaviours({ event: (name) => parts.dataset.event(name), zone: parts.dataset.zone })
    this.timeZone = parts.timeZone
    this.rules = createRuleBuilder<S>(() => this.#dataset.schema, parts.limits)
    this.tags = createTagWriters<S>(parts.dataset)
    parts.dataset.onRemoved = (people) => {
      for (const workspace of this.#workspaces.values()) registryOf(workspace).forget(people)
    }
    this.#derived = new DerivedTagKeeper(
      parts.dataset,
      new Planner(parts.dataset, noAudiences, this.#behaviours, parts.limits, parts.clock),
    )
    this.#derived.check()
    this.workspace(defaultWorkspace)
  }

  static {
    make = (parts) => new Engine(parts)
  }

  /** How many living people there are. */
  get size(): number {
    return this.#dataset.people.size
  }

  /** The columns there are, as plain data. */
  get schema(): S {
    return this.#dataset.schema.toJSON() as S
  }

  // ─── Writing ───────────────────────────────────────────────────────────────────────────────────────────────────────

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
    this.#dataset.apply({ kind: 'put', rows: [[id, row]] })
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
    const { people, created } = this.#dataset.apply({ kind: 'put', rows: readRows(rows) })
    return { people, created }
  }

  /**
   * Removes a person from every column and audience, and wipes the id's bytes from memory (law 3). The dense number is
   * not given to anybody else. `false` for an unknown id.
   *
   * @example
   * ```ts
   * crowd.remove('u1') // true
   * crowd.has('u1') // false
   * ```
   * @throws the ID_… codes for what is not an id
   */
  remove(id: ExternalId): boolean {
    return this.#dataset.apply({ kind: 'remove', ids: [id] }).people === 1
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
    const { people, unknown } = this.#dataset.apply({ kind: 'remove', ids: readIterable(ids, 'ids') })
    return { removed: people, unknown }
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
    return ingestRows(this.#dataset, source, given, () => this.#clock.now())
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
    const form = this.#dataset.eventForm(event)
    return this.#track(form, { form: 'one', id, event: form.event(values) })
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
    const form = this.#dataset.eventForm(event)
    return this.#track(form, checkEventRows(form, readRows(events)))
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
    const form = this.#dataset.eventForm(event)
    return this.#track(form, checkEventArrays(form, columns))
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
    const { dropped = 0 } = this.#dataset.apply({ kind: 'retain', now: this.#clock.now() })
    return { dropped }
  }

  /**
   * Adds a column to the living engine.
   *
   * @example
   * ```ts
   * const wider = crowd.addColumn('fan', flag())
   * wider.tags.fan.add(['u1', 'u2']) // { people: 2, created: 0 }
   * wider.count('fan and cityTier = "T2"') // 1
   * ```
   * @returns this engine, whose type knows the column.
   * @throws SCHEMA_NAME_INVALID, SCHEMA_NAME_TAKEN, SCHEMA_INVALID
   */
  addColumn<const Name extends string, Spec extends ColumnSpec>(
    name: Name,
    spec: Spec,
  ): Engine<S & Record<Name, Spec>> {
    this.#dataset.apply({ kind: 'addColumn', column: name, spec })
    return this as unknown as Engine<S & Record<Name, Spec>>
  }

  /**
   * Adds a tag whose people follow from a rule: a flag; or a category, by the rules of its values in order, the first that
   * holds giving a person's value. It is named in rules as any tag is, and can't be written to. `live` tags are asked anew with
   * each question, as of its instant; `built` ones are what the last build gave, and `derivedTags` says whether that is out of date.
   * Cost: `live`: in each question that of the rule; `built`: that of `select` now and at each rebuild.
   *
   * @example
   * ```ts
   * const wider = crowd.defineTag('高价值用户', 'spend >= 900')
   * wider.count('高价值用户 and 精致妈妈') // 25
   * const levels = crowd.defineTag('客户等级', [['高', 'spend >= 900'], ['中', 'spend >= 500'], ['低', 'everyone']])
   * levels.count('客户等级 = "中"') // 400
   * levels.get('u950')?.客户等级 // 高
   * ```
   * @returns this engine, whose type knows the tag.
   * @throws SCHEMA_NAME_INVALID, SCHEMA_NAME_TAKEN, SCHEMA_INVALID, OPTION_INVALID, and the RULE_… codes: a derived tag belongs to all workspaces, so its
   * rules can't name audiences
   */
  defineTag<const Name extends string>(
    name: Name,
    rule: RuleInput,
    options?: DerivedTagOptions,
  ): Engine<S & Record<Name, FlagSpec>>
  defineTag<const Name extends string, const Value extends string>(
    name: Name,
    rules: readonly (readonly [value: Value, rule: RuleInput])[],
    options?: DerivedTagOptions,
  ): Engine<S & Record<Name, CategorySpec<Value>>>
  defineTag(name: string, rules: DerivedRules, options: DerivedTagOptions = {}): unknown {
    this.#derived.define(name, rules, options)
    return this
  }

  /** The derived tags: their rules, whether they are out of date, and rebuilding. */
  get derivedTags(): DerivedTags {
    return this.#derived
  }

  /**
   * Drops a column and its data.
   *
   * @example
   * ```ts
   * crowd.dropColumn('老客')
   * Object.keys(crowd.schema) // [ '精致妈妈', 'cityTier', 'interests', 'spend', 'joinedAt', 'purchase', 'browse' ]
   * ```
   * @returns this engine, whose type no longer knows the column.
   * @throws SCHEMA_COLUMN_UNKNOWN; SCHEMA_COLUMN_IN_USE while derived tags name it, or audiences, told for each workspace as a number only
   */
  dropColumn<Name extends keyof S & string>(name: Name): Engine<Omit<S, Name>> {
    const users = [...this.#workspaces.values()].reduce(
      (sum, workspace) => sum + registryOf(workspace).usersOfTag(name.normalize('NFC')).length,
      0,
    )
    const derived = this.#derived.usersOf(name.normalize('NFC'))
    if (derived.length > 0) {
      throw new CrowdbitError(
        'SCHEMA_COLUMN_IN_USE',
        `column ${show(name)} is named by the rules of the derived ${derived.length === 1 ? 'tag' : 'tags'} ${derived.map(show).join(', ')}: drop them first`,
        { name, derived },
      )
    }
    if (users > 0) {
      throw new CrowdbitError(
        'SCHEMA_COLUMN_IN_USE',
        `column ${show(name)} is named by the rules of ${users} ${users === 1 ? 'audience' : 'audiences'}: change or remove them first`,
        { name, audiences: users },
      )
    }
    this.#dataset.apply({ kind: 'dropColumn', column: name })
    return this as unknown as Engine<Omit<S, Name>>
  }

  // ─── Reading one person ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Whether the person is known and not removed.
   *
   * @example
   * ```ts
   * crowd.has('u1') // true
   * ```
   * @throws the ID_… codes for what is not an id
   */
  has(id: ExternalId): boolean {
    return this.#dataset.find(id) !== -1
  }

  /**
   * The values of a person, columns without one left out, events elsewhere (`events`); `undefined` for an unknown id.
   *
   * @example
   * ```ts
   * crowd.get('u4') // { '精致妈妈': true, cityTier: 'T2', interests: [ '奶粉' ], spend: 4.5, joinedAt: 2026-11-17T00:00:00.000Z }
   * ```
   * @throws the ID_… codes for what is not an id
   */
  get(id: ExternalId): Person<S> | undefined {
    const person = this.#dataset.find(id)
    if (person === -1) return undefined
    const values: Record<string, unknown> = {}
    for (const [name, column] of this.#dataset.columns()) {
      const value = this.#derived.isLive(name) ? this.#derived.valueOf(name, id) : column.get(person)
      if (value !== undefined) values[name] = value
    }
    return values as Person<S>
  }

  /**
   * The events of one kind that a person has, the newest last; empty for an unknown id. Those of one instant are in the
   * order in which they came. All that is kept is read, events in the future of the clock included; `to` leaves them out.
   *
   * Cost: a search in each day of the stretch of time, from its end on until there are `limit` events.
   *
   * @example
   * ```ts
   * const shop = crowd.addColumn('order', event({ amount: number({ scale: 2 }) }))
   * shop.track('u1', 'order', { at: '2026-11-20T09:00Z', amount: 20 })
   * shop.track('u1', 'order', { at: '2026-11-19', amount: '129.90' })
   * shop.events('u1', 'order').map(({ at, amount }) => [at.toISOString(), amount]) // [ [ '2026-11-19T00:00:00.000Z', 129.9 ], [ '2026-11-20T09:00:00.000Z', 20 ] ]
   * shop.events('u1', 'order', { limit: 1, to: '2026-11-20' }).length // 1
   * ```
   * @throws EVENT_UNKNOWN, OPTION_INVALID, TIME_INVALID, the ID_… codes for what is not an id
   */
  events<Name extends EventNames<S>>(
    id: ExternalId,
    event: Name,
    options: EventsOptions = {},
  ): readonly TrackedEvent<S[Name]>[] {
    return readEvents(this.#dataset, id, event, options) as unknown as readonly TrackedEvent<S[Name]>[]
  }

  /**
   * The dense number of a person; `undefined` for an unknown id.
   *
   * @example
   * ```ts
   * crowd.denseOf('u7') // 7
   * ```
   * @throws the ID_… codes for what is not an id
   */
  denseOf(id: ExternalId): DenseId | undefined {
    const person = this.#dataset.find(id)
    return person === -1 ? undefined : person
  }

  /**
   * The id of a dense number; `undefined` for one that nobody living has.
   *
   * @example
   * ```ts
   * crowd.idOf(7) // u7
   * ```
   */
  idOf(dense: number): ExternalId | undefined {
    return this.#dataset.ids.idOf(dense)
  }

  // ─── Workspaces ────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * The workspace of this name, made when it is first asked for.
   *
   * @example
   * ```ts
   * crowd.workspace('shop-2').audiences.list() // []
   * ```
   * @throws WORKSPACE_NAME_INVALID
   */
  workspace(name: string): Workspace {
    const normal = checkName(name, 'WORKSPACE_NAME_INVALID')
    let workspace = this.#workspaces.get(normal)
    if (workspace === undefined) {
      workspace = makeWorkspace(normal, {
        dataset: this.#dataset,
        behaviours: this.#behaviours,
        limits: this.#limits,
        clock: this.#clock,
      })
      this.#workspaces.set(normal, workspace)
    }
    return workspace
  }

  /**
   * The names of the workspaces there are, in the order in which they were made.
   *
   * @example
   * ```ts
   * crowd.workspaces() // [ 'default' ]
   * ```
   */
  workspaces(): readonly string[] {
    return [...this.#workspaces.keys()]
  }

  /** Removes a workspace with its audiences; the default one is emptied. @throws WORKSPACE_UNKNOWN */
  removeWorkspace(name: string): void {
    const normal = checkName(name, 'WORKSPACE_NAME_INVALID')
    const workspace = this.#workspaces.get(normal)
    if (workspace === undefined) {
      const suggestion = nearestName(normal, this.#workspaces.keys())
      throw new CrowdbitError(
        'WORKSPACE_UNKNOWN',
        `no workspace ${show(normal)} in this engine.${didYouMean(suggestion)}`,
        { name: normal, suggestion },
      )
    }
    this.#workspaces.delete(normal)
    closeWorkspace(workspace)
    if (normal === defaultWorkspace) this.workspace(defaultWorkspace)
  }

  // ─── Keeping ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Saves everything into a folder, which is made if need be and must otherwise be empty or hold a saved engine. What is
   * saved is the engine at the moment of the call; writes may go on meanwhile. When the promise resolves the save
   * survives a loss of power; a crash before leaves the save that was there.
   * Cost: the bytes of ids and bitmaps, written once.
   *
   * @throws STORE_IO
   */
  async save(directory: string): Promise<void> {
    checkDirectory(directory)
    await saveEngine(nodeFileSystem, directory, {
      dataset: this.#dataset,
      timeZone: this.timeZone,
      limits: this.#limits,
      workspaces: this.#workspaces.values(),
    })
  }

  /**
   * Sizes of everything. Cost: a pass over the headers of all bitmaps.
   *
   * @example
   * ```ts
   * crowd.stats().people // 1000
   * ```
   */
  stats(): EngineStats {
    return engineStats(this.#dataset, (name) => this.#derived.sizeOf(name))
  }

  #track(form: EventForm, events: CheckedEvents): TrackReport {
    return trackReport(this.#dataset.apply({ kind: 'track', event: form.name, events, now: this.#clock.now() }))
  }

  protected get asked(): Workspace {
    return this.workspace(defaultWorkspace)
  }
}

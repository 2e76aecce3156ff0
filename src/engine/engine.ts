import type { AudienceRegistry } from '../audiences/audience-registry.ts'
import { checkName } from '../audiences/names.ts'
import type { DenseId, ExternalId, Millis } from '../base/brand.ts'
import type { CheckedClock } from '../base/clock.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import type { RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import { Behaviours } from '../behaviour/behaviours.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { Kernel } from '../kernel/kernel.ts'
import { noAudiences } from '../planner/no-audiences.ts'
import { Planner } from '../planner/planner.ts'
import type { RuleInput } from '../rules/rule.ts'
import { createRuleBuilder, type RuleBuilder } from '../rules/rule-builder.ts'
import type { CategorySpec, ColumnSpec, FlagSpec, SchemaSpec } from '../schema/column-spec.ts'
import type { EventNames, Person } from '../schema/row.ts'
import type { Schema } from '../schema/schema.ts'
import { ThreadPool } from '../threads/thread-pool.ts'
import { workerScript } from '../threads/worker-script.ts'
import { ChangeFeed } from './changes/change-feed.ts'
import { connectChanges } from './changes/engine-changes.ts'
import { MemoryRecorder } from './changes/memory-recorder.ts'
import type { Recorder } from './changes/recorder.ts'
import { defaultWorkspace } from './default-workspace.ts'
import { type DerivedRules, DerivedTagKeeper, type DerivedTagOptions, type DerivedTags } from './derived-tags.ts'
import { QueryWatch } from './diagnostics/query-watch.ts'
import type { EngineLog } from './durable/engine-log.ts'
import type { RecoveryReport } from './durable/recovery-report.ts'
import { connectKeeping, EngineKeeping } from './engine-keeping.ts'
import type { Savable } from './engine-sections.ts'
import { type EngineStats, engineStats } from './engine-stats.ts'
import { connectWrites } from './engine-writes.ts'
import { fitting } from './fitting.ts'
import { readPerson } from './read-person.ts'
import { createTagWriters, type TagWriters } from './tag-writer.ts'
import { type EventsOptions, readEvents, type TrackedEvent } from './tracked-event.ts'
import { makeView, type View } from './view.ts'
import { checkAudiences, closeWorkspace, makeWorkspace, registryOf, type Workspace } from './workspace.ts'

export type { EngineStats } from './engine-stats.ts'
export type { RemovalReport, RetentionReport, TrackReport, WriteReport } from './write-report.ts'

/** What an engine is made of: checked, with defaults filled in. */
export interface EngineParts {
  readonly dataset: Dataset
  readonly timeZone: string
  readonly limits: RuleLimits
  readonly clock: CheckedClock
  readonly changeBufferBytes: number
  readonly slowQueryMs: number
  readonly imageBytes: number
  readonly threads: number
  /** Of the last mutation of the data and its audiences. @default 0 */
  readonly sequence?: number
}

/** What is behind an engine, for opening it. */
export interface EngineInside {
  readonly dataset: Dataset
  /** The audiences of a workspace, which is made where it is missing. */
  registry(workspace: string): AudienceRegistry
  removeWorkspace(name: string): void
  savable(): Savable
  readonly feed: ChangeFeed
  /** `null` where it is switched off. */
  readonly kernel: Kernel | null
  /** `null` for none. */
  readonly threads: ThreadPool | null
  /** Keeps the engine by a log from now on. */
  keep(log: EngineLog, recovery: RecoveryReport): void
}

let make: (parts: EngineParts) => Engine<SchemaSpec>
let look: (engine: Engine<SchemaSpec>) => EngineInside

/** An engine of its parts. The caller knows that the schema of the data is `S`. */
export function makeEngine<S extends SchemaSpec>(parts: EngineParts): Engine<S> {
  return make(parts) as unknown as Engine<S>
}

/** What is behind an engine. */
export function insideOf<S extends SchemaSpec>(engine: Engine<S>): EngineInside {
  return look(engine as unknown as Engine<SchemaSpec>)
}

/** Threads of engines that nobody has any more, and nobody closed. */
const abandoned = new FinalizationRegistry<ThreadPool>((threads) => void threads.close())

/**
 * A population in memory: people, their tags, and the questions about them. Made by `createEngine` or `loadEngine`.
 *
 * All answers are exact, and of the moment of the call. Everything is synchronous but what reads and writes files, and
 * `countAsync` and its kin, whose answers are awaited.
 */
export class Engine<S extends SchemaSpec> extends EngineKeeping<S> {
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
  readonly #kernel: Kernel | null
  readonly #threads: ThreadPool | null
  readonly #workspaces = new Map<string, Workspace>()
  readonly #derived: DerivedTagKeeper
  readonly #watch: QueryWatch
  readonly #feed: ChangeFeed
  #recorder: Recorder
  /** Whether the rules that were saved were found to fit the columns: when all was loaded. */
  #isChecked = false
  /** While it runs. */
  #loading: Promise<void> | null = null

  private constructor(parts: EngineParts) {
    super()
    this.#dataset = parts.dataset
    connectWrites(this, parts)
    this.#limits = parts.limits
    this.#clock = parts.clock
    this.#threads = parts.threads === 0 ? null : new ThreadPool({ size: parts.threads, script: workerScript() })
    this.#behaviours = new Behaviours(
      { event: (name) => parts.dataset.event(name), zone: parts.dataset.zone },
      { threads: this.#threads },
    )
    if (this.#threads !== null) abandoned.register(this, this.#threads)
    this.#kernel = parts.imageBytes === 0 ? null : new Kernel(parts.imageBytes, this.#threads)
    this.timeZone = parts.timeZone
    this.#watch = new QueryWatch(parts.slowQueryMs)
    this.#feed = this.#makeFeed(parts.changeBufferBytes)
    this.#recorder = new MemoryRecorder(parts.dataset, this.#feed, parts.sequence ?? 0)
    this.rules = createRuleBuilder<S>(() => this.#dataset.schema, parts.limits)
    this.tags = createTagWriters<S>(parts.dataset)
    parts.dataset.onRemoved = (people) => {
      for (const workspace of this.#workspaces.values()) registryOf(workspace).forget(people)
    }
    parts.dataset.onMerged = ({ from, to }) => {
      for (const workspace of this.#workspaces.values()) registryOf(workspace).merge(from, to)
    }
    this.#derived = new DerivedTagKeeper(
      parts.dataset,
      new Planner(parts.dataset, noAudiences, this.#behaviours, parts.limits, parts.clock, this.#kernel),
    )
    if (parts.dataset.isLoaded) {
      this.#derived.check()
      this.#isChecked = true
    }
    const inside = this.#inside()
    connectChanges(this, { feed: this.#feed, target: inside, sequence: () => this.#recorder.sequence })
    this.#keepBy(null, null)
    this.workspace(defaultWorkspace)
  }

  static {
    make = (parts) => new Engine(parts)
    look = (engine) => engine.#inside()
  }

  /** How many living people there are. */
  get size(): number {
    return this.#dataset.people.size
  }

  /** The columns there are, as plain data. */
  get schema(): S {
    return this.#dataset.schema.toJSON() as S
  }

  // ─── Columns ───────────────────────────────────────────────────────────────────────────────────────────────────────

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
   * All ids of a person, given by any of them: first the one that names the person, then the others in the order in which they were
   * first seen. Empty for an unknown id.
   *
   * @example
   * ```ts
   * crowd.link('u1', 'phone:1')
   * crowd.idsOf('phone:1') // [ 'u1', 'phone:1' ]
   * crowd.idsOf('stranger') // []
   * ```
   * @throws the ID_… codes for what is not an id
   */
  idsOf(id: ExternalId): readonly ExternalId[] {
    return this.#dataset.idsOf(id)
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
    return readPerson<S>(this.#dataset, this.#derived, id, () => this.#clock.now())
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
    return this.#dataset.idOf(dense)
  }

  // ─── Reading one moment ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * The engine as it is now, to be asked while writes go on: every answer of the view is of this one moment. Release it when it is
   * done with.
   *
   * Cost: nothing is copied: some microseconds a column, kind of events and audience. While a view is held, a write copies the
   * bitmap of a value, or the rows of a day, that it is the first to touch.
   *
   * @example
   * ```ts
   * const view = crowd.read()
   * crowd.tags.老客.replace(['u1'])
   * view.count('老客') // 100
   * crowd.count('老客') // 1
   * view.release()
   * ```
   */
  read(): View<S> {
    return makeView<S>({
      dataset: this.#dataset.freeze(),
      timeZone: this.timeZone,
      limits: this.#limits,
      asOf: this.#clock.now(),
      workspaces: this.#workspaces.values(),
      watch: this.#watch,
    })
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
        kernel: this.#kernel,
        threads: this.#threads,
        limits: this.#limits,
        clock: this.#clock,
        watch: this.#watch,
      })
      registryOf(workspace).journal = this.#recorder.audiences(normal)
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
    this.#recorder.removeWorkspace(normal)
    this.#workspaces.delete(normal)
    closeWorkspace(workspace)
    if (normal === defaultWorkspace) this.workspace(defaultWorkspace)
  }

  // ─── Operating ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Resolves when nothing is left that is loaded when it is first used: at once, but in an engine of `loadEngine` with `lazy`, of which it
   * reads and checks the rest, and the rules of its audiences and derived tags, while others go on. A question that needs something
   * meanwhile reads it itself. After a rejection the engine is as it was, and the next call tries again.
   *
   * Cost: that of `loadEngine`, once.
   *
   * @example
   * ```ts
   * await crowd.save('./data')
   * const again = await loadEngine('./data', { lazy: true })
   * again.count('老客') // 100
   * again.stats().isLoaded // false
   * await again.loaded()
   * again.stats().isLoaded // true
   * ```
   * @throws STORE_CORRUPT, STORE_IO for the first that can't be loaded; a RULE_TOO_… code where the limits given are below those of the save
   */
  loaded(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null
    })
    return this.#loading
  }

  /**
   * Sizes of everything; nothing is loaded for them. Cost: a pass over the headers of all bitmaps.
   *
   * @example
   * ```ts
   * const { people, idBytes, cache } = crowd.stats()
   * people // 1000
   * ```
   */
  stats(): EngineStats {
    const now = this.#oneInstant()
    return engineStats({
      dataset: this.#dataset,
      sequence: this.sequence,
      store: this.health().store,
      answers: this.#behaviours.stats(),
      changes: this.#feed.stats(),
      images: this.#kernel?.stats ?? { bytes: 0, count: 0 },
      threads: this.#threads?.stats ?? { size: 0, running: 0, deaths: 0 },
      liveSize: (name) => (this.#derived.isLive(name) ? this.#derived.sizeOf(name, now()) : null),
    })
  }

  async #load(): Promise<void> {
    if (this.#isChecked) return
    await this.#dataset.load()
    fitting(() => {
      this.#derived.check()
      for (const workspace of this.#workspaces.values()) checkAudiences(workspace)
    })
    this.#isChecked = true
  }

  /** The clock, which is looked at once, and only if it is asked: all of one answer is of one instant (law 11). */
  #oneInstant(): () => Millis {
    let now: Millis | undefined
    return () => {
      now ??= this.#clock.now()
      return now
    }
  }

  /** `null` for an engine that is in memory only. */
  #keepBy(log: EngineLog | null, recovery: RecoveryReport | null): void {
    const savable = (): Savable => this.#savable()
    connectKeeping(this, { log, recovery, feed: this.#feed, threads: this.#threads, savable })
  }

  #savable(): Savable {
    return {
      dataset: this.#dataset,
      timeZone: this.timeZone,
      limits: this.#limits,
      workspaces: this.#workspaces.values(),
      sequence: this.#recorder.sequence,
    }
  }

  #makeFeed(budget: number): ChangeFeed {
    const dataset = this.#dataset
    const recorder = (): Recorder => this.#recorder
    const fed = {
      get sequence(): number {
        return recorder().sequence
      },
      get schema(): Schema {
        return dataset.schema
      },
      begin(): void {
        // A log is the journal from its opening on.
        const now = recorder()
        if (now instanceof MemoryRecorder) dataset.journal = now
      },
    }
    return new ChangeFeed(fed, budget)
  }

  #inside(): EngineInside {
    return {
      dataset: this.#dataset,
      registry: (name) => registryOf(this.workspace(name)),
      removeWorkspace: (name) => {
        // One that was asked for, and in which nothing was made, is in no record.
        this.workspace(name)
        this.removeWorkspace(name)
      },
      savable: () => this.#savable(),
      feed: this.#feed,
      kernel: this.#kernel,
      threads: this.#threads,
      keep: (log, recovery) => {
        this.#recorder = log
        this.#dataset.journal = log
        for (const [name, workspace] of this.#workspaces) registryOf(workspace).journal = log.audiences(name)
        this.#keepBy(log, recovery)
      },
    }
  }

  protected get asked(): Workspace {
    return this.workspace(defaultWorkspace)
  }
}

import { FrozenAudiences } from '../audiences/frozen-audiences.ts'
import { checkName } from '../audiences/names.ts'
import type { DenseId, ExternalId, Millis } from '../base/brand.ts'
import type { CheckedClock } from '../base/clock.ts'
import type { RuleLimits } from '../base/limits.ts'
import { Behaviours } from '../behaviour/behaviours.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { noAudiences } from '../planner/no-audiences.ts'
import { Planner } from '../planner/planner.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { EventNames, Person } from '../schema/row.ts'
import { defaultWorkspace } from './default-workspace.ts'
import { DerivedTagKeeper } from './derived-tags.ts'
import type { QueryWatch } from './diagnostics/query-watch.ts'
import { EngineQuestions } from './engine-questions.ts'
import { readPerson } from './read-person.ts'
import { type EventsOptions, readEvents, type TrackedEvent } from './tracked-event.ts'
import { makeWorkspace, registryOf, type Workspace } from './workspace.ts'

/** Bytes of answers about events that a view keeps, beside what the engine keeps. */
const cacheBytes = 64 * 2 ** 20

/** What a view is made of. */
export interface ViewParts {
  /** Frozen; the view releases it. */
  readonly dataset: Dataset
  readonly timeZone: string
  readonly limits: RuleLimits
  /** The instant for which it is asked, unless a question says another. */
  readonly asOf: Millis
  /** Those of the engine, at the moment of which `dataset` is. */
  readonly workspaces: Iterable<Workspace>
  readonly watch: QueryWatch
}

let make: (parts: ViewParts) => View<SchemaSpec>

/** A view of its parts. The caller knows that the schema of the data is `S`. */
export function makeView<S extends SchemaSpec>(parts: ViewParts): View<S> {
  return make(parts) as unknown as View<S>
}

/**
 * An engine at one moment, made by `Engine.read`: it answers every question that the engine would have answered then, however much
 * is written meanwhile. All of its answers fit together, across calls and turns of the event loop, and a question that doesn't say
 * for which instant it is meant is asked as of that moment.
 *
 * A view takes no changes. Audiences are those that there were, with the versions and rules that they had. A person who is removed
 * from the engine stays counted, but has no name here either from then on (law 3): `has`, `get`, `matches` and the ids of its
 * answers don't know them.
 *
 * Cost: nothing is copied when a view is made. While it is held, the engine copies what it writes to: the bitmap of a value, the rows
 * of a day. Release a view when it is done with; what it was given (user sets, versions of audiences) stays good.
 */
export class View<S extends SchemaSpec> extends EngineQuestions<S> {
  /** The IANA time zone in which days begin. */
  readonly timeZone: string
  /** The instant at which the view was made, and for which it is asked. */
  readonly asOf: Millis
  /** How many writes the data had seen. */
  readonly dataVersion: number
  readonly #dataset: Dataset
  readonly #limits: RuleLimits
  readonly #clock: CheckedClock
  readonly #watch: QueryWatch
  readonly #frozen = new Map<string, FrozenAudiences>()
  readonly #workspaces = new Map<string, Workspace>()
  #known: Behaviours | null = null
  #derived: DerivedTagKeeper | null = null

  private constructor({ dataset, timeZone, limits, asOf, workspaces, watch }: ViewParts) {
    super()
    this.timeZone = timeZone
    this.asOf = asOf
    this.dataVersion = dataset.version
    this.#dataset = dataset
    this.#limits = limits
    this.#watch = watch
    this.#clock = Object.freeze({ now: () => asOf })
    for (const workspace of workspaces) {
      this.#frozen.set(workspace.name, new FrozenAudiences(dataset, registryOf(workspace).states()))
    }
  }

  static {
    make = (parts) => new View(parts)
  }

  /**
   * How many people there were.
   *
   * @example
   * ```ts
   * const view = crowd.read()
   * crowd.put('new', {})
   * view.size // 1000
   * ```
   * @throws VIEW_RELEASED
   */
  get size(): number {
    return this.#dataset.people.size
  }

  /** The columns that there were, as plain data. @throws VIEW_RELEASED */
  get schema(): S {
    return this.#dataset.schema.toJSON() as S
  }

  /**
   * Whether the person was known, and has not been removed since.
   *
   * @example
   * ```ts
   * const view = crowd.read()
   * crowd.put('new', {})
   * view.has('new') // false
   * ```
   * @throws VIEW_RELEASED, the ID_… codes for what is not an id
   */
  has(id: ExternalId): boolean {
    return this.#dataset.find(id) !== -1
  }

  /**
   * All ids that a person had, given by any of them: see `Engine.idsOf`. One that was unlinked since is gone here, too; empty for an id that
   * was unknown, or was linked or removed since.
   *
   * @example
   * ```ts
   * crowd.link('u1', 'phone:1')
   * const view = crowd.read()
   * crowd.link('u1', 'phone:2')
   * view.idsOf('phone:1') // [ 'u1', 'phone:1' ]
   * view.idsOf('phone:2') // []
   * ```
   * @throws VIEW_RELEASED, the ID_… codes for what is not an id
   */
  idsOf(id: ExternalId): readonly ExternalId[] {
    return this.#dataset.idsOf(id)
  }

  /**
   * The values that a person had: see `Engine.get`.
   *
   * @example
   * ```ts
   * const view = crowd.read()
   * crowd.put('u4', { cityTier: 'T1' })
   * view.get('u4')?.cityTier // T2
   * ```
   * @throws VIEW_RELEASED, the ID_… codes for what is not an id
   */
  get(id: ExternalId): Person<S> | undefined {
    return readPerson<S>(this.#dataset, this.#tags, id, () => this.asOf)
  }

  /**
   * The events of one kind that a person had: see `Engine.events`.
   *
   * @example
   * ```ts
   * const view = crowd.read()
   * crowd.track('u1', 'browse', { at: '2026-11-20T09:00:00+08:00' })
   * view.events('u1', 'browse') // []
   * ```
   * @throws VIEW_RELEASED, EVENT_UNKNOWN, OPTION_INVALID, TIME_INVALID, the ID_… codes for what is not an id
   */
  events<Name extends EventNames<S>>(
    id: ExternalId,
    event: Name,
    options: EventsOptions = {},
  ): readonly TrackedEvent<S[Name]>[] {
    return readEvents(this.#dataset, id, event, options) as unknown as readonly TrackedEvent<S[Name]>[]
  }

  /** The dense number of a person; `undefined` for an id that was unknown, or was linked or removed since. @throws VIEW_RELEASED, the ID_… codes for what is not an id */
  denseOf(id: ExternalId): DenseId | undefined {
    const person = this.#dataset.find(id)
    return person === -1 ? undefined : person
  }

  /** The id of a dense number; `undefined` for one that nobody had, or whose person was removed, or became another, since. @throws VIEW_RELEASED */
  idOf(dense: number): ExternalId | undefined {
    return this.#dataset.idOf(dense)
  }

  /**
   * The workspace of this name, as it was: without audiences where there was none.
   *
   * @example
   * ```ts
   * const view = crowd.read()
   * crowd.audiences.create({ name: 'mothers', rule: '精致妈妈' })
   * view.workspace('default').audiences.list() // []
   * ```
   * @throws VIEW_RELEASED, WORKSPACE_NAME_INVALID
   */
  workspace(name: string): Workspace {
    this.#dataset.checkHeld()
    const normal = checkName(name, 'WORKSPACE_NAME_INVALID')
    let workspace = this.#workspaces.get(normal)
    if (workspace === undefined) {
      workspace = makeWorkspace(normal, {
        dataset: this.#dataset,
        behaviours: this.#behaviours,
        // Its bitmaps would be copied once more.
        kernel: null,
        threads: null,
        limits: this.#limits,
        clock: this.#clock,
        watch: this.#watch,
        audiences: this.#frozen.get(normal) ?? new FrozenAudiences(this.#dataset, []),
      })
      this.#workspaces.set(normal, workspace)
    }
    return workspace
  }

  /** The names of the workspaces that there were, in the order in which they were made. @throws VIEW_RELEASED */
  workspaces(): readonly string[] {
    this.#dataset.checkHeld()
    return [...this.#frozen.keys()]
  }

  /**
   * Ends the view: what it alone still had is freed at once, and later writes to the engine copy nothing for it. Asking it anything
   * afterwards is an error. `using view = crowd.read()` calls it, where the platform has `using`.
   *
   * @example
   * ```ts
   * const view = crowd.read()
   * view.count('老客') // 100
   * view.release()
   * ```
   */
  release(): void {
    this.#known?.clear()
    this.#dataset.release()
  }

  [Symbol.dispose](): void {
    this.release()
  }

  protected get asked(): Workspace {
    return this.workspace(defaultWorkspace)
  }

  get #behaviours(): Behaviours {
    const dataset = this.#dataset
    this.#known ??= new Behaviours({ event: (name) => dataset.event(name), zone: dataset.zone }, { cacheBytes })
    return this.#known
  }

  get #tags(): DerivedTagKeeper {
    const dataset = this.#dataset
    this.#derived ??= new DerivedTagKeeper(
      dataset,
      new Planner(dataset, noAudiences, this.#behaviours, this.#limits, this.#clock, null),
    )
    return this.#derived
  }
}

import { AudienceRegistry } from '../audiences/audience-registry.ts'
import type { Audiences } from '../audiences/audiences.ts'
import type { FrozenAudiences } from '../audiences/frozen-audiences.ts'
import type { ExternalId } from '../base/brand.ts'
import type { CheckedClock } from '../base/clock.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import type { RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import type { Behaviours } from '../behaviour/behaviours.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { UserSet } from '../dataset/user-set.ts'
import { createInsight, type Insight } from '../insight/insight.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { AskOptions, AwaitOptions } from '../planner/ask-options.ts'
import type { Explanation } from '../planner/explanation.ts'
import type { PersonExplanation } from '../planner/person-explanation.ts'
import { Planner } from '../planner/planner.ts'
import type { PreparedRule } from '../planner/prepared-rule.ts'
import type { Preview } from '../planner/preview.ts'
import type { RuleInput } from '../rules/rule.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { ThreadPool } from '../threads/thread-pool.ts'
import type { QueryWatch } from './diagnostics/query-watch.ts'
import { watchedInsight } from './diagnostics/watched-insight.ts'
import { watchedRule } from './diagnostics/watched-rule.ts'

/** What the workspaces of an engine share. */
export interface WorkspaceParts {
  readonly dataset: Dataset
  readonly behaviours: Behaviours
  /** `null` for none. */
  readonly kernel: Kernel | null
  readonly limits: RuleLimits
  readonly clock: CheckedClock
  /** For what is awaited; `null` for none. */
  readonly threads: ThreadPool | null
  /** Told of every question. */
  readonly watch: QueryWatch
  /** Those of a view. @default none yet, and new ones may come */
  readonly audiences?: FrozenAudiences
}

// The door for the engine: the public type shows neither constructor nor registry.
let make: (name: string, parts: WorkspaceParts) => Workspace
let look: (workspace: Workspace) => AudienceRegistry
let check: (workspace: Workspace) => void
let remove: (workspace: Workspace) => void

/**
 * The audiences of one tenant, and the questions whose rules may name them. All workspaces of an engine share its people
 * and tags; nothing else of one shows in another (law 18).
 */
export class Workspace {
  /** Unique in the engine after NFC and trimming. */
  readonly name: string
  /** The audiences of this workspace. */
  readonly audiences: Audiences
  /** Sums, quantiles, top lists, histograms and groups over the people of rules and user sets. */
  readonly insight: Insight<SchemaSpec>
  /** `null` in a view. */
  readonly #registry: AudienceRegistry | null
  readonly #answers: Planner
  readonly #watch: QueryWatch
  #removed = false

  private constructor(
    name: string,
    { dataset, behaviours, kernel, threads, limits, clock, watch, audiences }: WorkspaceParts,
  ) {
    this.name = name
    this.#registry = audiences === undefined ? new AudienceRegistry(dataset, clock) : null
    const directory = audiences ?? this.#registry!
    this.audiences = directory
    this.#answers = new Planner(dataset, directory, behaviours, limits, clock, kernel)
    this.#registry?.attach(this.#answers)
    this.#watch = watch
    this.insight = watchedInsight(
      createInsight(dataset, () => this.#planner, threads),
      watch,
      (rule) => this.#planner.hash(rule),
    )
  }

  /** The planner, unless the workspace is gone: its audiences no longer follow the people then. */
  get #planner(): Planner {
    if (this.#removed) {
      throw new CrowdbitError('WORKSPACE_UNKNOWN', `workspace ${show(this.name)} has been removed`, { name: this.name })
    }
    return this.#answers
  }

  static {
    remove = (workspace) => {
      workspace.#removed = true
      workspace.#registry?.close()
    }
    make = (name, parts) => new Workspace(name, parts)
    look = (workspace) => {
      invariant(workspace.#registry !== null, 'what is changed or saved is a workspace of an engine')
      return workspace.#registry
    }
    check = (workspace) => {
      for (const { rule } of look(workspace).states()) if (rule !== null) workspace.#planner.prepare(rule)
    }
  }

  /**
   * How many people the rule has, exactly.
   * Cost: a few milliseconds for 100 million people; nothing is built that can be counted.
   *
   * @example
   * ```ts
   * crowd.count('精致妈妈 and cityTier in ("T1", "T2")') // 167
   * ```
   * @throws RULE_UNKNOWN_TAG, RULE_SYNTAX and the other RULE_… codes, as a RuleError that has all faults.
   */
  count(rule: RuleInput, options?: AskOptions): number {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.count(rule, options)
    const answer = (): number => planner.count(rule, options)
    return this.#watch.ask('count', hashOf(planner, rule), answer, (count) => count)
  }

  /**
   * The people of the rule, as they are now.
   *
   * @example
   * ```ts
   * const people = crowd.select('精致妈妈 minus 老客')
   * people.size // 200
   * people.page(null, 3).ids // [ 'u4', 'u8', 'u12' ]
   * ```
   * @throws as `count`
   */
  select(rule: RuleInput, options?: AskOptions): UserSet {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.select(rule, options)
    const answer = (): UserSet => planner.select(rule, options)
    return this.#watch.ask('select', hashOf(planner, rule), answer, ({ size }) => size)
  }

  /**
   * As `count`, awaited. Where the engine has `threads`, they evaluate the rule, each on a part of the people, and the thread that asks does
   * only what is short: others have their turn. The answer is of one moment between the call and the answer, whatever is written meanwhile, and as of the
   * instant of the call.
   * Cost: that of `count`, divided by the threads, and some tenths of a millisecond. The first time, copies of the bitmaps are made: 3 ms
   * for 100 million people each, with turns for others between.
   *
   * @example
   * ```ts
   * await crowd.countAsync('精致妈妈 minus 老客') // 200
   * const slow = AbortSignal.timeout(1_000)
   * await crowd.countAsync('精致妈妈', { signal: slow }) // 250
   * ```
   * @throws as `count`; OPTION_INVALID; THREADS_FAILED, THREADS_CLOSED; what the signal gives. All by the promise.
   */
  async countAsync(rule: RuleInput, options?: AwaitOptions): Promise<number> {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.countAsync(rule, options)
    const answer = (): Promise<number> => planner.countAsync(rule, options)
    return this.#watch.askAsync('count', hashOf(planner, rule), answer, (count) => count)
  }

  /**
   * As `select`, awaited: see `countAsync`.
   *
   * @example
   * ```ts
   * const people = await crowd.selectAsync('精致妈妈 minus 老客')
   * people.size // 200
   * ```
   * @throws as `countAsync`
   */
  async selectAsync(rule: RuleInput, options?: AwaitOptions): Promise<UserSet> {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.selectAsync(rule, options)
    const answer = (): Promise<UserSet> => planner.selectAsync(rule, options)
    return this.#watch.askAsync('select', hashOf(planner, rule), answer, ({ size }) => size)
  }

  /**
   * Whether one person is among the people of the rule; an unknown id is not. No set is built.
   * Cost: about a microsecond for a prepared rule of five conditions.
   *
   * @example
   * ```ts
   * crowd.matches('u4', '精致妈妈 minus 老客') // true
   * ```
   * @throws as `count`, and the ID_… codes for what is not an id
   */
  matches(id: ExternalId, rule: RuleInput, options?: AskOptions): boolean {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.matches(id, rule, options)
    return this.#watch.ask('matches', hashOf(planner, rule), () => planner.matches(id, rule, options))
  }

  /**
   * How the rule is answered: order of work, counts of each part, bitmaps built, time.
   *
   * @example
   * ```ts
   * crowd.explain('not 老客').toString({ times: false }).split('\n')[1] // 900 people of 1,000, 0 bitmaps built, 0 containers touched
   * ```
   * @throws as `count`
   */
  explain(rule: RuleInput, options?: AskOptions): Explanation {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.explain(rule, options)
    const answer = (): Explanation => planner.explain(rule, options)
    return this.#watch.ask('explain', hashOf(planner, rule), answer, ({ count }) => count)
  }

  /**
   * Why a person is, or is not, among the people of the rule (law 23): for each part whether it holds, what decided it, and the
   * window of time that it asked about; for all of it the instant, and how many living people there are. `null` for an unknown id.
   *
   * What decides a question about events is the number that it compares, the first or last event, the chain of a sequence, or
   * the counts of a life cycle: see `DecidingValue`.
   * Cost: that of `matches` for each part and the parts inside it; for a question about events also a search in each day of its
   * window.
   *
   * @example
   * ```ts
   * const asked = crowd.explainMatch('u4', 'cityTier = "T1"')!
   * asked.holds // false
   * asked.value // T2
   *
   * crowd.track('u4', 'purchase', { at: '2026-11-19T20:00:00Z', product: '奶粉', amount: '268.50' })
   * crowd.track('u4', 'purchase', { at: '2026-11-20T08:00:00Z', product: '奶粉', amount: '31.50' })
   * const told = crowd.explainMatch('u4', 'sum amount of purchase in last 7 days >= 500')!
   * told.holds // false
   * told.value // 300
   * told.window // { from: '2026-11-14T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' }
   * told.universe // 1000
   * crowd.explainMatch('u4', 'last purchase where (product = "奶粉")')!.value // { kind: 'event', at: 2026-11-20T08:00:00.000Z, properties: { product: '奶粉', amount: 31.5 } }
   * crowd.explainMatch('u5', 'did purchase')!.value // 0
   * ```
   * @throws as `matches`, and RULE_TOO_LARGE for more than 200 parts
   */
  explainMatch(id: ExternalId, rule: RuleInput, options?: AskOptions): PersonExplanation | null {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.explainMatch(id, rule, options)
    return this.#watch.ask('explainMatch', hashOf(planner, rule), () => planner.explainMatch(id, rule, options))
  }

  /**
   * The count of each part of the rule, and of the whole without it, in one pass.
   *
   * @example
   * ```ts
   * crowd.preview('精致妈妈 and 老客').nodes.map(({ rule, count, without }) => [rule, count, without]).slice(1) // [ [ '精致妈妈', 250, 100 ], [ '老客', 100, 250 ] ]
   * ```
   * @throws as `count`, and RULE_TOO_LARGE for more than 200 parts
   */
  preview(rule: RuleInput, options?: AskOptions): Preview {
    const planner = this.#planner
    if (!this.#watch.isOn) return planner.preview(rule, options)
    const answer = (): Preview => planner.preview(rule, options)
    return this.#watch.ask('preview', hashOf(planner, rule), answer, ({ count }) => count)
  }

  /**
   * The rule, checked and planned for repeated use.
   *
   * @example
   * ```ts
   * const prepared = crowd.prepare('精致妈妈 minus 老客')
   * prepared.count() // 200
   * prepared.matches('u4') // true
   * ```
   * @throws as `count`
   */
  prepare(rule: RuleInput): PreparedRule {
    const planner = this.#planner
    const watch = this.#watch
    if (!watch.isOn) return watchedRule(planner.prepare(rule), watch)
    const prepared = watch.ask('prepare', hashOf(planner, rule), () => planner.prepare(rule))
    return watchedRule(prepared, watch)
  }

  /**
   * The canonical hash of the rule: equal for rules that are equal up to rewriting.
   *
   * @example
   * ```ts
   * crowd.hash('精致妈妈 minus 老客') === crowd.hash('not (老客 or not 精致妈妈)') // true
   * ```
   * @throws as `count`
   */
  hash(rule: RuleInput): string {
    return this.#planner.hash(rule)
  }
}

function hashOf(planner: Planner, rule: RuleInput): () => string {
  return () => planner.hash(rule)
}

/** A workspace without audiences. */
export function makeWorkspace(name: string, parts: WorkspaceParts): Workspace {
  return make(name, parts)
}

/** What the engine needs of a workspace's audiences. */
export function registryOf(workspace: Workspace): AudienceRegistry {
  return look(workspace)
}

/** Checks the rules of audiences that were loaded. @throws the RULE_… codes */
export function checkAudiences(workspace: Workspace): void {
  check(workspace)
}

/** Makes a workspace refuse everything from now on. */
export function closeWorkspace(workspace: Workspace): void {
  remove(workspace)
}

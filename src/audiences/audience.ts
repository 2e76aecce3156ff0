import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { Members } from '../dataset/members.ts'
import type { UserSet } from '../dataset/user-set.ts'
import type { AskOptions } from '../planner/ask-options.ts'
import type { Rule, RuleInput } from '../rules/rule.ts'
import type { AudienceVersion } from './audience-version.ts'
import type { Bounds } from './bounds.ts'
import type { ListOptions, ListReport } from './list-members.ts'

/** Where an audience comes from: recommended by the platform, by the industry, or made by the merchant. */
export type AudienceKind = 'official' | 'industry' | 'custom'

/** Whether the members follow from a rule or are uploaded. */
export type AudienceSource = 'rule' | 'list'

/** What can be changed of an audience. Whatever is left out stays. */
export interface AudienceChanges extends AskOptions {
  /** Another rule; rule audiences only. The audience is rebuilt by it. */
  readonly rule?: RuleInput
  readonly bounds?: Partial<Bounds>
  readonly kind?: AudienceKind
}

/** Who went and who came between two versions. */
export interface VersionDiff {
  readonly entered: UserSet
  readonly left: UserSet
}

/** An audience as `JSON.stringify` gives it. */
export interface AudienceJson {
  readonly name: string
  readonly kind: AudienceKind
  readonly source: AudienceSource
  readonly size: number
  readonly bounds: Bounds
  /** Number of the version in force. */
  readonly version: number
  /** Text of the rule; `null` for a list. */
  readonly rule: string | null
}

/** What an audience holds: changed by its workspace alone. */
export interface AudienceState {
  name: string
  kind: AudienceKind
  bounds: Bounds
  /** `null` for a list. */
  rule: Rule | null
  /** The oldest first; the last is the one in force. At least one. */
  versions: readonly AudienceVersion[]
  lastUpload: ListReport | null
}

/** What the audience asks its workspace to do. */
export interface AudienceOwner {
  rebuild(state: AudienceState, options: AskOptions): void
  update(state: AudienceState, changes: AudienceChanges): void
  changeList(
    state: AudienceState,
    action: 'add' | 'remove' | 'replace',
    members: Members,
    options: ListOptions,
  ): ListReport
  isRemoved(state: AudienceState): boolean
}

let make: (state: AudienceState, owner: AudienceOwner) => Audience

/** An audience that shows a state and asks its owner to change it. */
export function makeAudience(state: AudienceState, owner: AudienceOwner): Audience {
  return make(state, owner)
}

/**
 * A named set of people in a workspace, within its bounds, with versions. Its members are those of the version that was
 * built last, until it is rebuilt; a rule that names the audience sees it as of now, unless it asks for a version.
 */
export class Audience {
  readonly #state: AudienceState
  readonly #owner: AudienceOwner

  private constructor(state: AudienceState, owner: AudienceOwner) {
    this.#state = state
    this.#owner = owner
  }

  static {
    make = (state, owner) => new Audience(state, owner)
  }

  /** Unique in the workspace, in NFC and trimmed. */
  get name(): string {
    return this.#state.name
  }

  /** Where it comes from: official, industry or custom. */
  get kind(): AudienceKind {
    return this.#state.kind
  }

  /** `'rule'`, or `'list'` for uploaded ids. */
  get source(): AudienceSource {
    return this.#state.rule === null ? 'list' : 'rule'
  }

  /** Fewest and most people, both included. */
  get bounds(): Bounds {
    return this.#state.bounds
  }

  /** The rule; `null` for a list. */
  get rule(): Rule | null {
    return this.#state.rule
  }

  /** The version that was built last. */
  get version(): AudienceVersion {
    return this.#state.versions.at(-1)!
  }

  /** The versions that are kept, the oldest first. */
  get versions(): readonly AudienceVersion[] {
    return this.#state.versions
  }

  /** What the last upload to a list found; `null` for a rule audience, and after loading. */
  get lastUpload(): ListReport | null {
    return this.#state.lastUpload
  }

  /** How many people the version in force has. */
  get size(): number {
    return this.version.size
  }

  /**
   * Asks the rule again, as of now unless told otherwise, and makes a new version of the answer if its size is within the bounds. Otherwise the version
   * in force stays.
   *
   * @example
   * ```ts
   * const pack = crowd.audiences.create({ name: 'a', rule: '精致妈妈' })
   * crowd.put('u1', { 精致妈妈: true })
   * pack.size // 250
   * pack.rebuild().size // 251
   * ```
   * @throws AUDIENCE_WRONG_KIND for a list; AUDIENCE_TOO_SMALL, AUDIENCE_TOO_LARGE; the RULE_… codes when the rule no
   * longer fits the schema.
   */
  rebuild(options: AskOptions = {}): AudienceVersion {
    this.#owner.rebuild(this.#living(), options)
    return this.version
  }

  /**
   * Changes rule, bounds or kind, whole or not at all. A new rule or new bounds are tried first: where the size doesn't
   * fit, everything stays as it was.
   *
   * @throws AUDIENCE_WRONG_KIND, AUDIENCE_BOUNDS_INVALID, AUDIENCE_TOO_SMALL, AUDIENCE_TOO_LARGE, OPTION_INVALID,
   * RULE_CYCLE and the other RULE_… codes
   */
  update(changes: AudienceChanges): this {
    this.#owner.update(this.#living(), changes)
    return this
  }

  /**
   * Adds people to a list, as a new version.
   * Cost: a look-up for each id, and a union.
   *
   * @example
   * ```ts
   * const list = crowd.audiences.createList({ name: 'l', members: ['u1', 'u2'], bounds: { min: 1 } })
   * list.add(['u2', 'u3', 'nobody']) // { matched: 2, unknown: 1, duplicate: 0, invalid: 0 }
   * list.size // 3
   * ```
   * @throws AUDIENCE_WRONG_KIND, AUDIENCE_TOO_LARGE, MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN
   */
  add(members: Members, options: ListOptions = {}): ListReport {
    return this.#owner.changeList(this.#living(), 'add', members, options)
  }

  /**
   * Takes people off a list, as a new version.
   * Cost: a look-up for each id, and a difference.
   *
   * @example
   * ```ts
   * const list = crowd.audiences.createList({ name: 'l', members: ['u1', 'u2'], bounds: { min: 1 } })
   * list.remove(['u2']).matched // 1
   * list.size // 1
   * ```
   * @throws AUDIENCE_WRONG_KIND, AUDIENCE_TOO_SMALL, MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN
   */
  remove(members: Members): ListReport {
    return this.#owner.changeList(this.#living(), 'remove', members, {})
  }

  /**
   * Makes a list of exactly these people, as a new version.
   * Cost: a look-up for each id.
   *
   * @example
   * ```ts
   * const list = crowd.audiences.createList({ name: 'l', members: ['u1', 'u2'], bounds: { min: 1 } })
   * list.replace(['u7']).matched // 1
   * [...list.version.ids()] // [ 'u7' ]
   * ```
   * @throws as `add`, and AUDIENCE_TOO_SMALL
   */
  replace(members: Members, options: ListOptions = {}): ListReport {
    return this.#owner.changeList(this.#living(), 'replace', members, options)
  }

  /**
   * Who entered and who left between two kept versions.
   *
   * @example
   * ```ts
   * const pack = crowd.audiences.create({ name: 'a', rule: '精致妈妈' })
   * crowd.put('u1', { 精致妈妈: true })
   * pack.rebuild()
   * [...pack.diff().entered.ids()] // [ 'u1' ]
   * ```
   * @param from the number of the older version. @default the one before `to`; nobody when there is none
   * @param to the number of the newer version. @default the version in force
   * @throws AUDIENCE_VERSION_UNKNOWN
   */
  diff(from?: number, to: number = this.version.number): VersionDiff {
    const newer = this.#kept(to).people()
    const older = from === undefined ? this.#before(to)?.people() : this.#kept(from).people()
    if (older === undefined) return { entered: newer, left: newer.minus(newer) }
    return { entered: newer.minus(older), left: older.minus(newer) }
  }

  /** The audience as plain data, without its members. */
  toJSON(): AudienceJson {
    const { name, kind, source, size, bounds, version, rule } = this
    return { name, kind, source, size, bounds, version: version.number, rule: rule === null ? null : String(rule) }
  }

  #before(number: number): AudienceVersion | undefined {
    return this.versions.filter((version) => version.number < number).at(-1)
  }

  #kept(number: number): AudienceVersion {
    const version = this.versions.find((kept) => kept.number === number)
    if (version === undefined) {
      throw new CrowdbitError(
        'AUDIENCE_VERSION_UNKNOWN',
        `audience ${show(this.name)} keeps no version ${show(number)}; it keeps ${this.versions.map((kept) => kept.number).join(', ')}`,
        { name: this.name, version: number },
      )
    }
    return version
  }

  #living(): AudienceState {
    if (this.#owner.isRemoved(this.#state)) {
      throw new CrowdbitError('AUDIENCE_UNKNOWN', `audience ${show(this.name)} has been removed`, { name: this.name })
    }
    return this.#state
  }
}

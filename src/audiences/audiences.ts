import type { Members } from '../dataset/members.ts'
import type { AskOptions } from '../planner/ask-options.ts'
import type { RuleInput } from '../rules/rule.ts'
import type { Audience, AudienceKind, AudienceSource } from './audience.ts'
import type { Bounds } from './bounds.ts'
import type { ListOptions } from './list-members.ts'

/** What a new audience is made of, beside its members. */
export interface AudienceOptions {
  /** Unique in the workspace after NFC and trimming. */
  readonly name: string
  /** Fewest and most people, both included. @default 100 to 100,000,000 */
  readonly bounds?: Partial<Bounds>
  /** @default 'custom' */
  readonly kind?: AudienceKind
}

/** A new audience by rule. */
export interface RuleAudienceOptions extends AudienceOptions, AskOptions {
  readonly rule: RuleInput
}

/** A new audience by uploaded ids. */
export interface ListAudienceOptions extends AudienceOptions, ListOptions {
  readonly members: Members
}

/** Which audiences to list. */
export interface AudienceFilter {
  readonly kind?: AudienceKind
  readonly source?: AudienceSource
}

/** The audiences of one workspace. Nothing here shows anything of another workspace (law 18). */
export interface Audiences {
  /**
   * Builds and saves an audience by rule, if its exact size is within the bounds.
   *
   * @example
   * ```ts
   * crowd.audiences.create({ name: '618 拉新', rule: '精致妈妈 minus 老客', bounds: { min: 100, max: 5_000_000 } })
   * ```
   * @throws AUDIENCE_NAME_INVALID, AUDIENCE_NAME_TAKEN, AUDIENCE_BOUNDS_INVALID, AUDIENCE_TOO_SMALL,
   * AUDIENCE_TOO_LARGE, OPTION_INVALID, and the RULE_… codes
   */
  create(options: RuleAudienceOptions): Audience

  /**
   * Saves an audience of uploaded ids, if its size is within the bounds. `lastUpload` of the audience says how many ids
   * were matched, unknown, duplicate and invalid.
   *
   * @example
   * ```ts
   * const list = crowd.audiences.createList({ name: '已触达', members: ['u1', 'u2', 'u2', ''], bounds: { min: 1 } })
   * list.lastUpload // { matched: 2, unknown: 0, duplicate: 1, invalid: 1 }
   * ```
   * @throws AUDIENCE_NAME_INVALID, AUDIENCE_NAME_TAKEN, AUDIENCE_BOUNDS_INVALID, AUDIENCE_TOO_SMALL,
   * AUDIENCE_TOO_LARGE, OPTION_INVALID, MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID
   */
  createList(options: ListAudienceOptions): Audience

  /** The audience of this name. @throws AUDIENCE_UNKNOWN */
  get(name: string): Audience

  /** Whether there is an audience of this name. */
  has(name: string): boolean

  /** The audiences in the order in which they were created. */
  list(filter?: AudienceFilter): readonly Audience[]

  /**
   * Gives an audience another name. Rules of this workspace that name it name it by the new one from then on.
   *
   * @example
   * ```ts
   * crowd.audiences.create({ name: 'a', rule: '精致妈妈' })
   * String(crowd.audiences.create({ name: 'b', rule: 'audience a and not 老客' }).rule) // audience a and not 老客
   * crowd.audiences.rename('a', 'mothers').name // mothers
   * String(crowd.audiences.get('b').rule) // audience mothers and not 老客
   * ```
   * @throws AUDIENCE_UNKNOWN, AUDIENCE_NAME_INVALID, AUDIENCE_NAME_TAKEN
   */
  rename(from: string, to: string): Audience

  /**
   * Removes an audience that no other names.
   *
   * @throws AUDIENCE_UNKNOWN; AUDIENCE_IN_USE with the names of those that name it as the fact `usedBy`
   */
  remove(name: string): void
}

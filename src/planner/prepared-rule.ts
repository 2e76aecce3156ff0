import type { ExternalId } from '../base/brand.ts'
import type { UserSet } from '../dataset/user-set.ts'
import type { Rule } from '../rules/rule.ts'
import type { AskOptions, AwaitOptions } from './ask-options.ts'
import type { Explanation } from './explanation.ts'

/**
 * A rule that has been checked and planned, for asking again and again. It always answers on the data as it is, and as of now unless it is told of another instant; when the
 * schema or an audience that it names has changed, it checks and plans itself anew, and can then refuse as any rule can.
 */
export interface PreparedRule {
  /** The rule. */
  readonly rule: Rule
  /** The canonical hash, 64 hexadecimal digits: equal for rules that are equal up to rewriting. */
  readonly hash: string
  /**
   * How many people the rule has, on the data as it is.
   * Cost: that of `Workspace.count`, without checking and planning.
   *
   * @example
   * ```ts
   * const prepared = crowd.prepare('精致妈妈 minus 老客')
   * prepared.count() // 200
   * ```
   * @throws the RULE_… codes once the schema or an audience has changed so that the rule no longer fits
   */
  count(options?: AskOptions): number
  /**
   * The people, as they are now.
   * Cost: that of `Workspace.select`, without checking and planning.
   *
   * @example
   * ```ts
   * const prepared = crowd.prepare('精致妈妈 minus 老客')
   * prepared.select().size // 200
   * ```
   * @throws the RULE_… codes once the schema or an audience has changed so that the rule no longer fits
   */
  select(options?: AskOptions): UserSet
  /**
   * As `count`, awaited: see `Workspace.countAsync`.
   *
   * @example
   * ```ts
   * const prepared = crowd.prepare('精致妈妈 minus 老客')
   * await prepared.countAsync() // 200
   * ```
   * @throws as `count`, and as `Workspace.countAsync`
   */
  countAsync(options?: AwaitOptions): Promise<number>
  /** As `select`, awaited: see `Workspace.countAsync`. @throws as `countAsync` */
  selectAsync(options?: AwaitOptions): Promise<UserSet>
  /**
   * Whether one person is among them; an unknown id is not. No set is built.
   * Cost: about a microsecond for a rule of five conditions.
   *
   * @example
   * ```ts
   * const prepared = crowd.prepare('精致妈妈 minus 老客')
   * prepared.matches('u4') // true
   * ```
   * @throws the RULE_… codes once the schema or an audience has changed so that the rule no longer fits; the ID_… codes for what is not an id
   */
  matches(id: ExternalId, options?: AskOptions): boolean
  /**
   * How the rule is answered: order of work, counts of each part, bitmaps built, time.
   * Cost: a count of each part besides.
   *
   * @example
   * ```ts
   * const prepared = crowd.prepare('精致妈妈 minus 老客')
   * prepared.explain().count // 200
   * ```
   * @throws the RULE_… codes once the schema or an audience has changed so that the rule no longer fits
   */
  explain(options?: AskOptions): Explanation
}

import type { Audiences } from '../audiences/audiences.ts'
import type { ExternalId } from '../base/brand.ts'
import type { UserSet } from '../dataset/user-set.ts'
import type { Insight } from '../insight/insight.ts'
import type { AskOptions, AwaitOptions } from '../planner/ask-options.ts'
import type { Explanation } from '../planner/explanation.ts'
import type { PersonExplanation } from '../planner/person-explanation.ts'
import type { PreparedRule } from '../planner/prepared-rule.ts'
import type { Preview } from '../planner/preview.ts'
import type { RuleInput } from '../rules/rule.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { Workspace } from './workspace.ts'

/** The questions that an engine takes for its default workspace. */
export abstract class EngineQuestions<S extends SchemaSpec> {
  /** The workspace that is asked. */
  protected abstract get asked(): Workspace

  /** The audiences of the default workspace. */
  get audiences(): Audiences {
    return this.asked.audiences
  }

  /** Sums, quantiles, top lists, histograms and groups over the people of rules and user sets. */
  get insight(): Insight<S> {
    return this.asked.insight as unknown as Insight<S>
  }

  /**
   * How many people the rule has, exactly: see `Workspace.count`.
   *
   * @example
   * ```ts
   * crowd.count('精致妈妈 minus 老客') // 200
   * ```
   * @throws the RULE_… codes
   */
  count(rule: RuleInput, options?: AskOptions): number {
    return this.asked.count(rule, options)
  }

  /** The people of the rule, as they are now: see `Workspace.select`. @throws the RULE_… codes */
  select(rule: RuleInput, options?: AskOptions): UserSet {
    return this.asked.select(rule, options)
  }

  /**
   * As `count`, awaited: on worker threads where the engine has any: see `Workspace.countAsync`.
   *
   * @example
   * ```ts
   * await crowd.countAsync('精致妈妈 minus 老客') // 200
   * ```
   * @throws the RULE_… codes, THREADS_FAILED, THREADS_CLOSED, and what the signal gives
   */
  countAsync(rule: RuleInput, options?: AwaitOptions): Promise<number> {
    return this.asked.countAsync(rule, options)
  }

  /** As `select`, awaited: see `Workspace.selectAsync`. @throws as `countAsync` */
  selectAsync(rule: RuleInput, options?: AwaitOptions): Promise<UserSet> {
    return this.asked.selectAsync(rule, options)
  }

  /** Whether one person is among the people of the rule: see `Workspace.matches`. @throws the RULE_… and ID_… codes */
  matches(id: ExternalId, rule: RuleInput, options?: AskOptions): boolean {
    return this.asked.matches(id, rule, options)
  }

  /** How the rule is answered: see `Workspace.explain`. @throws the RULE_… codes */
  explain(rule: RuleInput, options?: AskOptions): Explanation {
    return this.asked.explain(rule, options)
  }

  /** Why a person is, or is not, among the people of the rule: see `Workspace.explainMatch`. @throws the RULE_… and ID_… codes */
  explainMatch(id: ExternalId, rule: RuleInput, options?: AskOptions): PersonExplanation | null {
    return this.asked.explainMatch(id, rule, options)
  }

  /** The count of each part of the rule, and of the whole without it: see `Workspace.preview`. @throws the RULE_… codes */
  preview(rule: RuleInput, options?: AskOptions): Preview {
    return this.asked.preview(rule, options)
  }

  /** The rule, checked and planned for repeated use: see `Workspace.prepare`. @throws the RULE_… codes */
  prepare(rule: RuleInput): PreparedRule {
    return this.asked.prepare(rule)
  }

  /** The canonical hash of the rule: see `Workspace.hash`. @throws the RULE_… codes */
  hash(rule: RuleInput): string {
    return this.asked.hash(rule)
  }
}

import { Audiences } from '../audiences/audiences.ts'
import type { ExternalId } from '../base/brand.ts'
import type { Clock } from '../base/clock.ts'
import type { RuleLimits } from '../base/limits.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { UserSet } from '../dataset/user-set.ts'
import type { Explanation } from '../planner/explanation.ts'
import type { PersonStep } from '../planner/person-explanation.ts'
import { Planner } from '../planner/planner.ts'
import type { PreparedRule } from '../planner/prepared-rule.ts'
import type { Preview } from '../planner/preview.ts'
import type { RuleInput } from '../rules/rule.ts'

/**
 * The audiences of one tenant, and the questions whose rules may name them. All workspaces of an engine share its people
 * and tags; nothing else of one shows in another (law 18).
 */
export class Workspace {
  /** Unique in the engine after NFC and trimming. */
  readonly name: string
  /** The audiences of this workspace. */
  readonly audiences: Audiences
  readonly #planner: Planner

  /** Made by the engine. */
  constructor(name: string, dataset: Dataset, limits: RuleLimits, clock: Clock) {
    this.name = name
    this.audiences = new Audiences(dataset, clock)
    this.#planner = new Planner(dataset, this.audiences, limits, clock)
    this.audiences.attach(this.#planner)
  }

  /**
   * How many people the rule has, exactly.
   * Cost: a few milliseconds for 100 million people; nothing is built that can be counted.
   *
   * @throws RULE_UNKNOWN_TAG, RULE_SYNTAX and the other RULE_… codes, as a RuleError that has all faults.
   */
  count(rule: RuleInput): number {
    return this.#planner.count(rule)
  }

  /** The people of the rule, as they are now. @throws as `count` */
  select(rule: RuleInput): UserSet {
    return this.#planner.select(rule)
  }

  /**
   * Whether one person is among the people of the rule; an unknown id is not. No set is built.
   * Cost: about a microsecond for a prepared rule of five conditions.
   *
   * @throws as `count`, and the ID_… codes for what is not an id
   */
  matches(id: ExternalId, rule: RuleInput): boolean {
    return this.#planner.matches(id, rule)
  }

  /** How the rule is answered: order of work, counts of each part, bitmaps built, time. @throws as `count` */
  explain(rule: RuleInput): Explanation {
    return this.#planner.explain(rule)
  }

  /** Why a person is, or is not, among the people of the rule; `null` for an unknown id. @throws as `matches` */
  explainMatch(id: ExternalId, rule: RuleInput): PersonStep | null {
    return this.#planner.explainMatch(id, rule)
  }

  /** The count of each part of the rule, and of the whole without it, in one pass. @throws as `count` */
  preview(rule: RuleInput): Preview {
    return this.#planner.preview(rule)
  }

  /** The rule, checked and planned for repeated use. @throws as `count` */
  prepare(rule: RuleInput): PreparedRule {
    return this.#planner.prepare(rule)
  }

  /** The canonical hash of the rule: equal for rules that are equal up to rewriting. @throws as `count` */
  hash(rule: RuleInput): string {
    return this.#planner.hash(rule)
  }

  /**
   * Checks what was loaded.
   *
   * @internal
   */
  checkAudiences(): void {
    for (const { rule } of this.audiences.states()) if (rule !== null) this.#planner.prepare(rule)
  }
}

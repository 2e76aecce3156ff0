import { defaultRuleLimits, type RuleLimits } from '../../base/limits.ts'
import type { RuleNode } from '../ast.ts'
import { RuleError } from '../fault.ts'
import { JsonReader } from './json-reader.ts'

/**
 * Reads a rule from JSON: any value of untrusted origin, as `JSON.parse` gives it. Groups of one part become the part;
 * `or` and `xor` of none are nobody. Names and values are not looked up: that is validation.
 *
 * Cost: linear in the JSON, however deep; ended at the first place above a limit.
 *
 * @throws RuleError with every fault, in order, at its JSON path: RULE_UNKNOWN_KEY, RULE_WRONG_TYPE, RULE_BAD_COUNT,
 *   RULE_EMPTY_AND, RULE_EMPTY, RULE_BAD_NUMBER, RULE_BAD_WINDOW, RULE_BAD_SEQUENCE, RULE_BAD_FILTER; above a limit RULE_TOO_DEEP, RULE_TOO_LARGE, RULE_LIST_TOO_LONG, RULE_TOO_LONG.
 * @example
 * ```ts
 * printRule(ruleFromJson({ and: [{ tag: '精致妈妈' }, { tag: 'cityTier', eq: 'T1' }] })) // 精致妈妈 and cityTier = "T1"
 * ```
 */
export function ruleFromJson(json: unknown, limits: RuleLimits = defaultRuleLimits): RuleNode {
  const reader = new JsonReader(limits)
  const node = reader.read(json)
  if (node === null) throw new RuleError(reader.faults)
  return node
}

import { deepestRuleLimit, type RuleLimits } from '../base/limits.ts'
import type { RuleJson } from '../rules/json/rule-json.ts'
import { Rule } from '../rules/rule.ts'
import { damaged } from './saved-fields.ts'

/**
 * A saved rule was within the limits of the engine that saved it, which may have been any. Those of the engine that
 * loads it are checked when the audiences are.
 */
const savedRuleLimits: RuleLimits = {
  depth: deepestRuleLimit,
  textTests: Number.MAX_SAFE_INTEGER,
  nodes: Number.MAX_SAFE_INTEGER,
  listLength: Number.MAX_SAFE_INTEGER,
  textLength: Number.MAX_SAFE_INTEGER,
  patternLength: Number.MAX_SAFE_INTEGER,
  valueLength: Number.MAX_SAFE_INTEGER,
}

/** The rule of a save. @throws STORE_CORRUPT */
export function readRule(json: string): Rule {
  try {
    return Rule.read(JSON.parse(json) as RuleJson, savedRuleLimits)
  } catch (error) {
    throw damaged('a saved rule is not one', error)
  }
}

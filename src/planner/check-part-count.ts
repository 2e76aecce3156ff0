import { childRules, type RuleNode } from '../rules/ast.ts'
import { RuleError } from '../rules/fault.ts'

/** Largest rule that is looked at part by part, in nodes. */
const mostParts = 200

/**
 * Refuses a rule that nobody would read part by part: what is worked out for each part would add up.
 *
 * @throws RULE_TOO_LARGE, as a RuleError
 */
export function checkPartCount(root: RuleNode): void {
  let parts = 0
  const waiting: RuleNode[] = [root]
  for (let node = waiting.pop(); node !== undefined && parts <= mostParts; node = waiting.pop()) {
    parts++
    waiting.push(...childRules(node))
  }
  if (parts <= mostParts) return
  const message = `the rule has more than ${mostParts} parts, too many to be looked at one by one. Ask for its count, or for a part of it.`
  throw new RuleError([{ code: 'RULE_TOO_LARGE', message, path: '$' }])
}

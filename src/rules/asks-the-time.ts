import { childRules, isEventNode, isParameter, type RuleNode } from './ast.ts'

/**
 * Whether the answer to a rule depends on the instant of the question.
 *
 * @param tagAsks whether a tag's does: one that is derived from such a rule.
 */
export function asksTheTime(node: RuleNode, tagAsks: (tag: string) => boolean): boolean {
  if (isEventNode(node)) return true
  if (node.kind === 'within' && node.window.kind === 'last') return true
  // An audience may be by any rule.
  if (node.kind === 'audience') return true
  if ('tag' in node && !isParameter(node.tag) && tagAsks(node.tag)) return true
  return childRules(node).some((child) => asksTheTime(child, tagAsks))
}

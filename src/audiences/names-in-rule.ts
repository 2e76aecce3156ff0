import { childRules, eventTerms, isEventNode, isParameter, type RuleNode } from '../rules/ast.ts'
import * as make from '../rules/make-node.ts'

/** The audiences that a rule names, at any depth. */
export function audiencesIn(rule: RuleNode): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (node: RuleNode): void => {
    if (node.kind === 'audience' && !isParameter(node.name)) names.add(node.name)
    childRules(node).forEach(visit)
  }
  visit(rule)
  return names
}

/** The versions of one audience that a rule pins. */
export function pinnedVersions(rule: RuleNode, name: string): ReadonlySet<number> {
  const pinned = new Set<number>()
  const visit = (node: RuleNode): void => {
    if (node.kind === 'audience' && node.name === name && typeof node.version === 'number') pinned.add(node.version)
    childRules(node).forEach(visit)
  }
  visit(rule)
  return pinned
}

/** The columns that a rule names: tags, and kinds of events. */
export function tagsIn(rule: RuleNode): ReadonlySet<string> {
  const tags = new Set<string>()
  const visit = (node: RuleNode): void => {
    if ('tag' in node && !isParameter(node.tag)) tags.add(node.tag)
    if (isEventNode(node)) for (const { event } of eventTerms(node)) if (!isParameter(event)) tags.add(event)
    childRules(node).forEach(visit)
  }
  visit(rule)
  return tags
}

/** The rule with one audience named otherwise; the very same rule where it doesn't name it. */
export function renameInRule(node: RuleNode, from: string, to: string): RuleNode {
  if (node.kind === 'audience') return node.name === from ? make.audience(to, node.version) : node
  const children = childRules(node)
  const renamed = children.map((child) => renameInRule(child, from, to))
  if (renamed.every((child, index) => child === children[index])) return node
  switch (node.kind) {
    case 'not':
      return make.not(renamed[0]!)
    case 'and':
      return make.and(renamed)
    case 'or':
      return make.or(renamed)
    case 'xor':
      return make.xor(renamed)
    case 'minus':
      return make.minus(renamed)
    case 'atLeast':
      return make.atLeast(node.k, renamed)
    default:
      return node
  }
}

import { childRules, eventTerms, isEventNode, makeNode as make, type RuleNode } from '../rules/index.ts'

/** The makers of combinations, by their kind. */
export const combine: Readonly<Record<'and' | 'or' | 'xor' | 'minus', (rules: readonly RuleNode[]) => RuleNode>> = {
  and: make.and,
  or: make.or,
  xor: make.xor,
  minus: make.minus,
}

/** The rule with each condition, from the left to the right, put through `change`. */
export function mapRule(node: RuleNode, change: (condition: RuleNode) => RuleNode): RuleNode {
  const inside = (rules: readonly RuleNode[]): RuleNode[] => rules.map((rule) => mapRule(rule, change))
  switch (node.kind) {
    case 'not':
      return make.not(mapRule(node.rule, change))
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
      return combine[node.kind](inside(node.rules))
    case 'atLeast':
      return make.atLeast(node.k, inside(node.rules))
    default:
      return change(node)
  }
}

/** The rules directly inside a node: those about people, and the filters of its events. */
export function innerRules(node: RuleNode): readonly RuleNode[] {
  const filters = isEventNode(node) ? eventTerms(node).map(({ where }) => where) : []
  const test = node.kind === 'first' || node.kind === 'last' ? node.test : null
  return [...childRules(node), ...[...filters, test].filter((filter) => filter !== null)]
}

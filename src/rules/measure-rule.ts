import type { RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import { childRules, eventTerms, isEventNode, type RuleNode } from './ast.ts'
import { type Fault, RuleError } from './fault.ts'
import { filtersOf } from './rule-path.ts'

/**
 * Refuses a tree that is too deep or too large, without recursion: after it, whatever walks the tree may recurse.
 * A node that stands in two places counts twice, so a small graph that unfolds to a huge tree is refused too. Each event
 * of a rule about events counts as a node, and so does each part of its filter, one level below the rule.
 * Cost: a step for each node, at most `limits.nodes` of them.
 *
 * @throws RULE_TOO_DEEP, RULE_TOO_LARGE, as a RuleError
 */
export function measureRule(root: RuleNode, limits: RuleLimits): void {
  const nodes: RuleNode[] = [root]
  const depths: number[] = [1]
  let seen = 0
  let texts = 0
  let values = 0
  while (nodes.length > 0) {
    const node = nodes.pop()!
    const depth = depths.pop()!
    if (++seen > limits.nodes || nodes.length > limits.nodes) throw new RuleError([tooLarge(limits)])
    if (depth > limits.depth) throw new RuleError([tooDeep(limits)])
    if (
      (node.kind === 'matches' || node.kind === 'contains' || node.kind === 'startsWith') &&
      ++texts > limits.textTests
    ) {
      throw new RuleError([tooManyTexts(limits)])
    }
    if ('values' in node && Array.isArray(node.values)) {
      values += node.values.length
      if (values > limits.listLength * listsPerRule) throw new RuleError([tooManyValues(limits)])
    }
    let inner = childRules(node)
    if (isEventNode(node)) {
      seen += eventTerms(node).length
      if (seen > limits.nodes) throw new RuleError([tooLarge(limits)])
      inner = filtersOf(node, '$').map((filter) => filter.rule)
    }
    for (const child of inner) {
      nodes.push(child)
      depths.push(depth + 1)
    }
  }
}

/** A rule may hold as many values as this many of its longest lists. */
export const listsPerRule = 10

function tooManyValues(limits: RuleLimits): Fault {
  return {
    code: 'RULE_LIST_TOO_LONG',
    message: `the lists of the rule have more than ${show(limits.listLength * listsPerRule)} values together. A long list of people belongs in a list audience.`,
    path: '$',
  }
}

function tooLarge(limits: RuleLimits): Fault {
  return {
    code: 'RULE_TOO_LARGE',
    message: `the rule has more than ${show(limits.nodes)} nodes. A long list of values belongs in one in (…), a long list of people in a list audience.`,
    path: '$',
  }
}

function tooDeep(limits: RuleLimits): Fault {
  return {
    code: 'RULE_TOO_DEEP',
    message: `the rule is nested deeper than ${show(limits.depth)}. A flat and, or, or minus takes any number of parts.`,
    path: '$',
  }
}

function tooManyTexts(limits: RuleLimits): Fault {
  return {
    code: 'RULE_TOO_LARGE',
    message: `the rule has more than ${show(limits.textTests)} tests by starts with, contains or matches, each of which looks at every distinct value of its tag or property. One pattern can take the place of many: "^(a|b|c)".`,
    path: '$',
  }
}

import type { RuleNode } from '../rules/ast.ts'
import * as make from '../rules/make-node.ts'
import { printRule } from '../rules/text/print-rule.ts'
import type { LogicalNode } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'

/** A node in normal form as the text of a rule that says the same. */
export function printLogical(node: LogicalNode, source: PlanSource): string {
  return printRule(toRule(node, source))
}

function toRule(node: LogicalNode, source: PlanSource): RuleNode {
  const many = (parts: readonly LogicalNode[]): RuleNode[] => parts.map((part) => toRule(part, source))
  switch (node.kind) {
    case 'everyone':
      return make.everyone()
    case 'nobody':
      return make.nobody()
    case 'present':
      return source.column(node.column)?.kind === 'flag' ? make.has(node.column) : make.presence('isSet', node.column)
    case 'values': {
      if (source.column(node.column)?.kind === 'multi-category') return make.list('hasAny', node.column, node.values)
      const [only, ...others] = node.values
      return others.length === 0 ? make.value('eq', node.column, only!) : make.list('in', node.column, node.values)
    }
    case 'search':
      return node.search.kind === 'matches'
        ? make.matches(node.column, node.search.pattern)
        : make.textTest(node.search.kind, node.column, node.search.text)
    case 'audience':
      return make.audience(node.name, node.version)
    case 'not':
      return make.not(toRule(node.of, source))
    case 'and':
      return make.and(many(node.of))
    case 'or':
      return make.or(many(node.of))
    case 'xor':
      return make.xor(many(node.of))
    case 'atLeast':
      return make.atLeast(node.k, many(node.of))
  }
}

import { decimalNumber, decimalText } from '../base/decimal.ts'
import type { Constant, RuleNode } from '../rules/ast.ts'
import * as make from '../rules/make-node.ts'
import { printBeginning } from '../rules/text/print-rule.ts'
import type { LogicalNode, RangeNode } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'

/** Longest text of a part, in UTF-16 units: parts that stand in many places could unfold without end. */
const longest = 10_000

/** A node in normal form as the text of a rule that says the same, cut with `…` where it would be too long to read. */
export function printLogical(node: LogicalNode, source: PlanSource): string {
  return printBeginning(toRule(node, source), longest)
}

function toRule(root: LogicalNode, source: PlanSource): RuleNode {
  const known = new Map<LogicalNode, RuleNode>()
  const convert = (node: LogicalNode): RuleNode => {
    const rule = known.get(node) ?? toNode(node, source, convert)
    known.set(node, rule)
    return rule
  }
  return convert(root)
}

function toNode(node: LogicalNode, source: PlanSource, convert: (node: LogicalNode) => RuleNode): RuleNode {
  const many = (parts: readonly LogicalNode[]): RuleNode[] => parts.map(convert)
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
    case 'range':
      return rangeRule(node, source)
    case 'window':
      return make.within(node.column, node.window)
    case 'behaviour':
      return node.question
    case 'audience':
      return make.audience(node.name, node.version)
    case 'not':
      return make.not(convert(node.of))
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

function rangeRule({ column, scale, from, to }: RangeNode, source: PlanSource): RuleNode {
  const isTime = source.column(column)?.kind === 'timestamp'
  const constant = (bound: number): Constant => {
    if (isTime) return source.zone.format(bound)
    const number = decimalNumber(bound, scale)
    const text = decimalText(bound, scale)
    return String(number) === text ? number : text
  }
  if (from === Number.NEGATIVE_INFINITY) return make.compare('lte', column, constant(to))
  if (to === Number.POSITIVE_INFINITY) return make.compare('gte', column, constant(from))
  return from === to ? make.value('eq', column, constant(from)) : make.between(column, constant(from), constant(to))
}

import type { RuleNode } from '../ast.ts'
import { and, minus, or, xor } from '../make-node.ts'
import type { Keyword } from './keywords.ts'

/** The operators between rules. */
export type Operator = 'and' | 'or' | 'xor' | 'minus'

const make: Readonly<Record<Operator, (rules: readonly RuleNode[]) => RuleNode>> = { and, or, xor, minus }

/** The operator that a keyword is, or `null`. */
export function operatorOf(keyword: Keyword | null): Operator | null {
  switch (keyword) {
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
      return keyword
    default:
      return null
  }
}

/** A node of two or more parts, or the one part itself. */
export function combine(operator: Operator, parts: readonly RuleNode[]): RuleNode {
  return make[operator](parts)
}

/** Whether a rule is an operation between rules, which stands in parentheses inside most others. */
export function isOperation(node: RuleNode): boolean {
  return node.kind === 'and' || node.kind === 'or' || node.kind === 'xor' || node.kind === 'minus'
}

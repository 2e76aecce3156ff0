import { childRules, type RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { combine } from '../../src/testing/map-rule.ts'

/** A part of a rule and the whole rule without it; `null` where nothing would be left. */
export interface RulePart {
  readonly node: RuleNode
  readonly without: RuleNode | null
}

/** The rule and its parts, each before those inside it: what `preview` says of each, as rules to be asked. */
export function rulePartsOf(rule: RuleNode): readonly RulePart[] {
  const parts: RulePart[] = []
  const visit = (node: RuleNode, without: RuleNode | null, whole: (replaced: RuleNode) => RuleNode): void => {
    parts.push({ node, without })
    const children = childRules(node)
    children.forEach((child, index) => {
      const rest = withoutPart(node, index)
      visit(child, rest === null ? null : whole(rest), (replaced) =>
        whole(withPart(node, children.with(index, replaced))),
      )
    })
  }
  visit(rule, null, (replaced) => replaced)
  return parts
}

/** What a preview means by leaving a part out of its parent. */
function withoutPart(parent: RuleNode, index: number): RuleNode | null {
  switch (parent.kind) {
    case 'not':
      return null
    case 'and':
    case 'or':
    case 'xor':
      return combine[parent.kind](parent.rules.toSpliced(index, 1))
    case 'minus':
      // Without what the others are taken from, they are taken from everyone.
      return make.minus(index === 0 ? [make.everyone(), ...parent.rules.slice(1)] : parent.rules.toSpliced(index, 1))
    case 'atLeast':
      return make.atLeast(parent.k, parent.rules.toSpliced(index, 1))
    default:
      return null
  }
}

function withPart(parent: RuleNode, children: readonly RuleNode[]): RuleNode {
  switch (parent.kind) {
    case 'not':
      return make.not(children[0]!)
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
      return combine[parent.kind](children)
    case 'atLeast':
      return make.atLeast(parent.k, children)
    default:
      return parent
  }
}

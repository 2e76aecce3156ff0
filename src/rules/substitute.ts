import { isParameter, type RuleNode, type Slot } from './ast.ts'
import * as make from './make-node.ts'

/** Values by the name of their parameter, each of the type of the places in which it stands. */
export type Bindings = ReadonlyMap<string, string | number | readonly string[]>

/** The rule with values in the places of its parameters; a parameter without value stays. */
export function substitute(node: RuleNode, bindings: Bindings): RuleNode {
  const fill = <Value>(slot: Slot<Value>): Slot<Value> =>
    isParameter(slot) ? ((bindings.get(slot.param) as Value | undefined) ?? slot) : slot
  const inside = (rules: readonly RuleNode[]): RuleNode[] => rules.map((rule) => substitute(rule, bindings))
  switch (node.kind) {
    case 'everyone':
    case 'nobody':
      return node
    case 'has':
      return make.has(fill(node.tag))
    case 'isSet':
    case 'isNotSet':
      return make.presence(node.kind, fill(node.tag))
    case 'eq':
    case 'ne':
      return make.value(node.kind, fill(node.tag), fill(node.value))
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone': {
      const values = fill(node.values)
      return make.list(node.kind, fill(node.tag), isParameter(values) ? values : values.map(fill))
    }
    case 'startsWith':
    case 'contains':
      return make.textTest(node.kind, fill(node.tag), fill(node.text))
    case 'matches':
      return make.matches(fill(node.tag), fill(node.pattern))
    case 'audience':
      return make.audience(fill(node.name), node.version)
    case 'not':
      return make.not(substitute(node.rule, bindings))
    case 'and':
      return make.and(inside(node.rules))
    case 'or':
      return make.or(inside(node.rules))
    case 'xor':
      return make.xor(inside(node.rules))
    case 'minus':
      return make.minus(inside(node.rules))
    case 'atLeast':
      return make.atLeast(fill(node.k), inside(node.rules))
  }
}

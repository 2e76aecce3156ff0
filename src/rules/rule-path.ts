import type { RuleNode } from './ast.ts'

/**
 * Places in a rule, as paths in its JSON form: `$.and[1].in[0]`. The reader of JSON, the parser of text and validation
 * all name places through these functions, so a fault carries the same path wherever the rule came from.
 *
 * The form is the one that `ruleToJson` gives. A group of one part, which JSON and the builder accept, is the part itself
 * in the rule, so it has no step of its own.
 */

/** What a node holds beside the rules inside it, by its name in the tree. */
export type RulePart = 'tag' | 'value' | 'values' | 'text' | 'pattern' | 'name' | 'version' | 'k'

/**
 * The path of the rule that stands at `index` among `childRules(parent)`.
 *
 * @example `childPath(and([a, b]), '$', 1)` is `$.and[1]`; of a `not` it is `$.not`, of an `atLeast` `$.of[1]`.
 */
export function childPath(parent: RuleNode, path: string, index: number): string {
  switch (parent.kind) {
    case 'not':
      return `${path}.not`
    case 'atLeast':
      return `${path}.of[${index}]`
    default:
      return `${path}.${parent.kind}[${index}]`
  }
}

/**
 * The path of a part of the node at `path`; with `index`, of that item of its `values`.
 *
 * @example `partPath('$', value('eq', 'cityTier', 'T1'), 'value')` is `$.eq`.
 */
export function partPath(path: string, node: RuleNode, part: RulePart, index?: number): string {
  const step = stepOf(node, part)
  return index === undefined ? `${path}.${step}` : `${path}.${step}[${index}]`
}

/**
 * The key under which the places of a text keep the operator of the condition at `path` (`has any`, `=`). In JSON it is
 * the same place as its operand, in text it is not, so this is a key for looking up, not a JSON path.
 */
export function operatorPlace(path: string): string {
  return `${path} operator`
}

/** The path of any key of the object at `path`: `$.and`, or `$["a key"]` where it is not a plain word. */
export function keyPath(path: string, key: string): string {
  if (plainKey.test(key)) return `${path}.${key}`
  return `${path}[${JSON.stringify(key.length > longestKey ? `${key.slice(0, longestKey)}…` : key)}]`
}

const plainKey = /^[A-Za-z_$][\w$]{0,63}$/
const longestKey = 64

function stepOf(node: RuleNode, part: RulePart): string {
  switch (part) {
    case 'tag':
    case 'version':
      return part
    case 'name':
      return 'audience'
    case 'k':
      return 'atLeast'
    default:
      return node.kind
  }
}

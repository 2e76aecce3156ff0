import { isParameter, type Parameter, type RuleNode, type Slot } from '../ast.ts'
import type { RuleJson, TextSlotJson } from './rule-json.ts'

/**
 * A rule as JSON: fresh plain objects that are the caller's own. `ruleFromJson` gives the same rule back.
 *
 * Cost: linear in nodes and list values; nothing recursive, so no rule is too deep for it.
 *
 * @example
 * ```ts
 * const { and, has, value } = makeNode
 * ruleToJson(and([has('精致妈妈'), value('eq', 'cityTier', 'T1')])) // { and: [ { tag: '精致妈妈' }, { tag: 'cityTier', eq: 'T1' } ] }
 * ```
 */
export function ruleToJson(node: RuleNode): RuleJson {
  const top: unknown[] = []
  const waiting: Waiting[] = [{ node, holder: top, key: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    // An array's index or an object's own key: `holder` is always one that was made here.
    ;(next.holder as Record<string | number, unknown>)[next.key] = shallow(next.node, waiting)
  }
  return top[0] as RuleJson
}

/** A rule whose JSON belongs at `holder[key]`. */
interface Waiting {
  readonly node: RuleNode
  readonly holder: object
  readonly key: string | number
}

/** The JSON of one node. The rules inside it are put on `waiting`, and their places are empty until then. */
function shallow(node: RuleNode, waiting: Waiting[]): object {
  switch (node.kind) {
    case 'everyone':
      return { everyone: true }
    case 'nobody':
      return { nobody: true }
    case 'has':
      return { tag: slot(node.tag) }
    case 'isSet':
    case 'isNotSet':
      return { tag: slot(node.tag), [node.kind]: true }
    case 'eq':
    case 'ne':
      return { tag: slot(node.tag), [node.kind]: slot(node.value) }
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone':
      return { tag: slot(node.tag), [node.kind]: isParameter(node.values) ? slot(node.values) : node.values.map(slot) }
    case 'startsWith':
    case 'contains':
      return { tag: slot(node.tag), [node.kind]: slot(node.text) }
    case 'matches':
      return { tag: slot(node.tag), matches: slot(node.pattern) }
    case 'audience':
      return node.version === null
        ? { audience: slot(node.name) }
        : { audience: slot(node.name), version: node.version }
    case 'not': {
      const json = { not: undefined }
      waiting.push({ node: node.rule, holder: json, key: 'not' })
      return json
    }
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
      return { [node.kind]: parts(node.rules, waiting) }
    case 'atLeast':
      return { atLeast: isParameter(node.k) ? slot(node.k) : node.k, of: parts(node.rules, waiting) }
  }
}

function parts(rules: readonly RuleNode[], waiting: Waiting[]): unknown[] {
  const holder: unknown[] = new Array(rules.length).fill(undefined)
  rules.forEach((node, key) => {
    waiting.push({ node, holder, key })
  })
  return holder
}

function slot(value: Slot<string> | Parameter): TextSlotJson {
  return isParameter(value) ? { param: value.param } : value
}

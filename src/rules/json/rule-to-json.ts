import { isEventNode, isParameter, type RuleNode } from '../ast.ts'
import { eventToJson, type Later } from './event-to-json.ts'
import type { RuleJson } from './rule-json.ts'
import { slot, windowToJson } from './window-to-json.ts'

/**
 * A rule as JSON: fresh plain objects that are the caller's own, in the shortest form there is of it. `ruleFromJson`
 * gives the same rule back.
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
  const waiting: Waiting[] = [{ node, holder: top, key: 0, name: 'tag' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    // An array's index or an object's own key: `holder` is always one that was made here.
    ;(next.holder as Record<string | number, unknown>)[next.key] = shallow(next, waiting)
  }
  return top[0] as RuleJson
}

/** A rule whose JSON belongs at `holder[key]`. */
interface Waiting {
  readonly node: RuleNode
  readonly holder: object
  readonly key: string | number
  /** What its tests call what they test. */
  readonly name: 'tag' | 'property'
}

/** The JSON of one node. The rules inside it are put on `waiting`, and their places are empty until then. */
function shallow({ node, name }: Waiting, waiting: Waiting[]): object {
  if (isEventNode(node)) {
    const later: Later = (rule, holder, key) => {
      waiting.push({ node: rule, holder, key, name: 'property' })
    }
    return eventToJson(node, later)
  }
  switch (node.kind) {
    case 'everyone':
      return { everyone: true }
    case 'nobody':
      return { nobody: true }
    case 'has':
      return { [name]: slot(node.tag) }
    case 'isSet':
    case 'isNotSet':
      return { [name]: slot(node.tag), [node.kind]: true }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return { [name]: slot(node.tag), [node.kind]: slot(node.value) }
    case 'between':
      return { [name]: slot(node.tag), between: [slot(node.from), slot(node.to)] }
    case 'within':
      return { [name]: slot(node.tag), within: windowToJson(node.window) }
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone': {
      const values = isParameter(node.values) ? slot(node.values) : node.values.map(slot)
      return { [name]: slot(node.tag), [node.kind]: values }
    }
    case 'startsWith':
    case 'contains':
      return { [name]: slot(node.tag), [node.kind]: slot(node.text) }
    case 'matches':
      return { [name]: slot(node.tag), matches: slot(node.pattern) }
    case 'audience':
      return node.version === null
        ? { audience: slot(node.name) }
        : { audience: slot(node.name), version: node.version }
    case 'not': {
      const json = { not: undefined }
      waiting.push({ node: node.rule, holder: json, key: 'not', name })
      return json
    }
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
      return { [node.kind]: parts(node.rules, waiting, name) }
    case 'atLeast':
      return { atLeast: slot(node.k), of: parts(node.rules, waiting, name) }
  }
}

function parts(rules: readonly RuleNode[], waiting: Waiting[], name: Waiting['name']): unknown[] {
  const holder: unknown[] = new Array(rules.length).fill(undefined)
  rules.forEach((node, key) => {
    waiting.push({ node, holder, key, name })
  })
  return holder
}

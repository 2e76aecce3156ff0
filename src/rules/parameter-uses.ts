import { childRules, isParameter, type RuleNode } from './ast.ts'
import { childPath, partPath } from './rule-path.ts'

/** The types of places in which a parameter can stand. */
export type SlotType = 'text' | 'texts' | 'integer' | 'tag' | 'audience'

/** One place of a rule in which a parameter stands. */
export interface ParameterUse {
  readonly name: string
  readonly type: SlotType
  readonly path: string
}

/** Every place of a rule in which a parameter stands, in order. The rule must have passed `measureRule`. */
export function parameterUses(root: RuleNode): readonly ParameterUse[] {
  const uses: ParameterUse[] = []
  const note = (slot: unknown, type: SlotType, path: string): void => {
    if (isParameter(slot)) uses.push({ name: slot.param, type, path })
  }
  const visit = (node: RuleNode, path: string): void => {
    if ('tag' in node) note(node.tag, 'tag', partPath(path, node, 'tag'))
    if ('value' in node) note(node.value, 'text', partPath(path, node, 'value'))
    if ('text' in node) note(node.text, 'text', partPath(path, node, 'text'))
    if ('pattern' in node) note(node.pattern, 'text', partPath(path, node, 'pattern'))
    if (node.kind === 'audience') note(node.name, 'audience', partPath(path, node, 'name'))
    if (node.kind === 'atLeast') note(node.k, 'integer', partPath(path, node, 'k'))
    if ('values' in node) {
      const place = partPath(path, node, 'values')
      if (isParameter(node.values)) note(node.values, 'texts', place)
      else {
        node.values.forEach((value, index) => {
          note(value, 'text', `${place}[${index}]`)
        })
      }
    }
    childRules(node).forEach((child, index) => {
      visit(child, childPath(node, path, index))
    })
  }
  visit(root, '$')
  return uses
}

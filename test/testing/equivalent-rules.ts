import fc from 'fast-check'
import type { ColumnSpec, SchemaSpec } from '../../src/index.ts'
import { childRules, type RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { combine } from '../../src/testing/map-rule.ts'
import { sameMeanings } from './same-meaning.ts'

/** A way to say the same otherwise: the rule, or nothing where the law does not apply. */
export interface Equivalence {
  readonly name: string
  rewrite(node: RuleNode, draw: (below: number) => number, schema: SchemaSpec): RuleNode | null
}

/** Whether a column takes any text. */
function isOpen(schema: SchemaSpec, tag: unknown): boolean {
  const spec: ColumnSpec | undefined = schema[String(tag)]
  return spec?.kind === 'category' && spec.values === null
}

/** Whether a column is of timestamps, which take no lists. */
function isTimestamp(schema: SchemaSpec, tag: unknown): boolean {
  return schema[String(tag)]?.kind === 'timestamp'
}

/** Laws of the algebra, under which the canonical hash stays. */
export const equivalences: readonly Equivalence[] = [
  {
    name: 'operands in another order',
    rewrite: (node, draw) => {
      if (node.kind === 'minus') {
        const [first, ...others] = node.rules
        return make.minus([first!, ...rotated(others, draw)])
      }
      return isGroup(node) ? groupOf(node, rotated(node.rules, draw)) : null
    },
  },
  {
    name: 'a group inside a group of its kind',
    rewrite: (node, draw) => {
      if (!isFlat(node) || node.rules.length < 3) return null
      const from = draw(node.rules.length - 1)
      const to = from + 2 + draw(node.rules.length - from - 1)
      const inner = combine[node.kind](node.rules.slice(from, to))
      return combine[node.kind]([...node.rules.slice(0, from), inner, ...node.rules.slice(to)])
    },
  },
  {
    name: 'a group opened into the one around it',
    rewrite: (node) =>
      isFlat(node)
        ? combine[node.kind](node.rules.flatMap((part) => (part.kind === node.kind ? childRules(part) : [part])))
        : null,
  },
  { name: 'double negation', rewrite: (node) => make.not(make.not(node)) },
  {
    name: 'De Morgan',
    rewrite: (node) => {
      if (node.kind === 'and') return make.not(make.or(node.rules.map(make.not)))
      if (node.kind === 'or') return make.not(make.and(node.rules.map(make.not)))
      return null
    },
  },
  {
    name: 'an operand twice',
    rewrite: (node, draw) =>
      node.kind === 'and' || node.kind === 'or'
        ? combine[node.kind]([...node.rules, node.rules[draw(node.rules.length)]!])
        : null,
  },
  { name: 'and everyone', rewrite: (node) => make.and([node, make.everyone()]) },
  { name: 'or nobody', rewrite: (node) => make.or([make.nobody(), node]) },
  { name: 'xor nobody', rewrite: (node) => make.xor([node, make.nobody()]) },
  { name: 'minus nobody', rewrite: (node) => make.minus([node, make.nobody()]) },
  { name: 'everyone minus not', rewrite: (node) => make.minus([make.everyone(), make.not(node)]) },
  {
    name: 'minus as and not',
    rewrite: (node) =>
      node.kind === 'minus' ? make.and([node.rules[0]!, ...node.rules.slice(1).map(make.not)]) : null,
  },
  {
    name: 'minus of a union',
    rewrite: (node) => (node.kind === 'minus' ? make.minus([node.rules[0]!, make.or(node.rules.slice(1))]) : null),
  },
  {
    name: 'and not as minus',
    rewrite: (node) => {
      if (node.kind !== 'and') return null
      const taken = node.rules.slice(1)
      return taken.every((part) => part.kind === 'not')
        ? make.minus([node.rules[0]!, ...taken.map((part) => childRules(part)[0]!)])
        : null
    },
  },
  {
    name: '= as in',
    rewrite: (node, _, schema) =>
      node.kind === 'eq' && !isTimestamp(schema, node.tag) ? make.list('in', node.tag, [node.value]) : null,
  },
  {
    name: '!= as is set and not in',
    rewrite: (node, _, schema) =>
      node.kind === 'ne' && !isTimestamp(schema, node.tag)
        ? make.and([make.presence('isSet', node.tag), make.not(make.list('in', node.tag, [node.value]))])
        : null,
  },
  {
    name: 'not in, has none as is set and not',
    rewrite: (node) => {
      if (node.kind !== 'notIn' && node.kind !== 'hasNone') return null
      const having = make.list(node.kind === 'notIn' ? 'in' : 'hasAny', node.tag, node.values)
      return make.and([make.not(having), make.presence('isSet', node.tag)])
    },
  },
  {
    name: 'has all as and of has any',
    rewrite: (node) =>
      node.kind === 'hasAll' && 'map' in node.values
        ? make.and([
            make.presence('isSet', node.tag),
            ...node.values.map((value) => make.list('hasAny', node.tag, [value])),
          ])
        : null,
  },
  {
    name: 'is not set as not is set',
    rewrite: (node) => (node.kind === 'isNotSet' ? make.not(make.presence('isSet', node.tag)) : null),
  },
  { name: 'a flag as is set', rewrite: (node) => (node.kind === 'has' ? make.presence('isSet', node.tag) : null) },
  {
    name: 'a list in parts',
    rewrite: (node, draw) => {
      if ((node.kind !== 'in' && node.kind !== 'hasAny') || !('map' in node.values)) return null
      const cut = draw(node.values.length + 1)
      const parts = [node.values.slice(0, cut), node.values.slice(cut)]
      return make.or(parts.map((values) => make.list(node.kind, node.tag, values)))
    },
  },
  {
    name: 'a list with a value twice, in another order',
    rewrite: (node) =>
      'values' in node && 'map' in node.values
        ? make.list(node.kind, node.tag, [...node.values].reverse().concat(node.values.slice(0, 1)))
        : null,
  },
  {
    name: 'not in, in parts',
    rewrite: (node, draw) => {
      if ((node.kind !== 'notIn' && node.kind !== 'hasNone') || !('map' in node.values)) return null
      const cut = draw(node.values.length + 1)
      const parts = [node.values.slice(0, cut), node.values.slice(cut)]
      return make.and(parts.map((values) => make.list(node.kind, node.tag, values)))
    },
  },
  {
    name: 'a list of one value cut by another list',
    rewrite: (node, draw, schema) =>
      node.kind === 'in' && 'map' in node.values && isOpen(schema, node.tag)
        ? make.and([
            make.list('in', node.tag, [...node.values, ...(draw(2) === 0 ? ['T1'] : ['a', 'b'])]),
            make.list('in', node.tag, [...node.values, 'not asked elsewhere']),
          ])
        : null,
  },
  {
    name: 'at least as its negation',
    rewrite: (node) =>
      node.kind === 'atLeast' && typeof node.k === 'number' && node.k <= node.rules.length
        ? make.not(make.atLeast(node.rules.length - node.k + 1, node.rules.map(make.not)))
        : null,
  },
  { name: 'or as at least 1', rewrite: (node) => (node.kind === 'or' ? make.atLeast(1, node.rules) : null) },
  {
    name: 'and as at least all',
    rewrite: (node) => (node.kind === 'and' ? make.atLeast(node.rules.length, node.rules) : null),
  },
  {
    name: 'at least with everyone in it',
    rewrite: (node) =>
      node.kind === 'atLeast' && typeof node.k === 'number'
        ? make.atLeast(node.k + 1, [...node.rules, make.everyone()])
        : null,
  },
  {
    name: 'a negation moved out of xor',
    rewrite: (node, draw) => {
      if (node.kind !== 'xor') return null
      const at = draw(node.rules.length)
      return make.not(make.xor(node.rules.with(at, make.not(node.rules[at]!))))
    },
  },
  {
    name: 'a pair in xor',
    rewrite: (node) => (node.kind === 'xor' ? make.xor([...node.rules, node.rules[0]!, node.rules[0]!]) : null),
  },
  ...sameMeanings
    .filter(({ keepsHash }) => keepsHash === true)
    .map(({ name, rewrite }) => ({
      name,
      rewrite: (node: RuleNode, _: unknown, schema: SchemaSpec) =>
        rewrite(node, (column) => Object.entries(schema).find(([key]) => key.normalize('NFC') === column)?.[1]),
    })),
]

/** A rule with a law applied to one of its parts, and its name; `null` where it applies to none. */
export function rewriteSomewhere(
  rule: RuleNode,
  equivalence: Equivalence,
  draw: (below: number) => number,
  schema: SchemaSpec,
): RuleNode | null {
  const places: ((replace: (node: RuleNode) => RuleNode | null) => RuleNode | null)[] = []
  const visit = (node: RuleNode, whole: (replaced: RuleNode) => RuleNode): void => {
    places.push((replace) => {
      const replaced = replace(node)
      return replaced === null ? null : whole(replaced)
    })
    const children = childRules(node)
    for (const [index, child] of children.entries()) {
      visit(child, (replaced) => whole(withChildren(node, children.with(index, replaced))))
    }
  }
  visit(rule, (replaced) => replaced)
  for (const place of rotated(places, draw)) {
    const rewritten = place((node) => equivalence.rewrite(node, draw, schema))
    if (rewritten !== null) return rewritten
  }
  return null
}

/** Steps of rewriting: which law, and the numbers that it draws. */
export const anySteps: fc.Arbitrary<readonly (readonly [law: number, salt: number])[]> = fc.array(
  fc.tuple(fc.nat(equivalences.length - 1), fc.nat(10_000)),
  { minLength: 1, maxLength: 5 },
)

type Flat = RuleNode & { readonly kind: 'and' | 'or' | 'xor' }
type Group = RuleNode & { readonly kind: 'and' | 'or' | 'xor' | 'atLeast' }

function isFlat(node: RuleNode): node is Flat {
  return node.kind === 'and' || node.kind === 'or' || node.kind === 'xor'
}

function isGroup(node: RuleNode): node is Group {
  return isFlat(node) || node.kind === 'atLeast'
}

function groupOf(node: Group, rules: readonly RuleNode[]): RuleNode {
  return node.kind === 'atLeast' ? make.atLeast(node.k, rules) : combine[node.kind](rules)
}

function withChildren(node: RuleNode, children: readonly RuleNode[]): RuleNode {
  if (node.kind === 'not') return make.not(children[0]!)
  if (node.kind === 'minus') return make.minus(children)
  return isGroup(node) ? groupOf(node, children) : node
}

function rotated<Item>(items: readonly Item[], draw: (below: number) => number): Item[] {
  if (items.length === 0) return []
  const from = draw(items.length)
  const turned = [...items.slice(from), ...items.slice(0, from)]
  return draw(2) === 0 ? turned : turned.reverse()
}

import type { RuleNode } from '../rules/index.ts'
import { given } from './reference-time.ts'

/** The kinds of node that are made of rules. */
export type LogicNode = RuleNode & { readonly kind: 'not' | 'and' | 'or' | 'xor' | 'minus' | 'atLeast' }

/** What combinations mean, of rules about people as of filters about events: `ask` says whether a part holds. */
export function logicHolds(node: LogicNode, ask: (part: RuleNode) => boolean): boolean {
  switch (node.kind) {
    case 'not': // Law 2: U \ x.
      return !ask(node.rule)
    case 'and': // Law 5, all of these.
      return node.rules.every(ask)
    case 'or':
      return node.rules.some(ask)
    case 'xor': // In an odd number.
      return node.rules.filter(ask).length % 2 === 1
    case 'minus': // a \ (b ∪ c).
      return ask(node.rules[0]!) && !node.rules.slice(1).some(ask)
    case 'atLeast': // A part that stands twice counts twice; k above their number is nobody.
      return node.rules.filter(ask).length >= given(node.k)
  }
}

import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import {
  type AtLeastNode,
  type AudienceNode,
  type EveryoneNode,
  type HasNode,
  isParameter,
  type ListNode,
  type NobodyNode,
  type Parameter,
  type PatternNode,
  type PresenceNode,
  type RuleNode,
  type Slot,
  type TextNode,
  type ValueNode,
} from './ast.ts'

/**
 * The makers of nodes: text goes to NFC, nodes and their lists are frozen, and parts of one are the part itself. They
 * check the shape only as far as the tree's own invariants go; whether names and values fit a schema is `validate`'s.
 */

const everyoneNode: EveryoneNode = Object.freeze({ kind: 'everyone' })
const nobodyNode: NobodyNode = Object.freeze({ kind: 'nobody' })

export function everyone(): EveryoneNode {
  return everyoneNode
}

export function nobody(): NobodyNode {
  return nobodyNode
}

export function parameter(name: string): Parameter {
  return Object.freeze({ param: plainText(name).normalize('NFC') })
}

export function has(tag: Slot<string>): HasNode {
  return Object.freeze({ kind: 'has', tag: text(tag) })
}

export function presence(kind: PresenceNode['kind'], tag: Slot<string>): PresenceNode {
  return Object.freeze({ kind, tag: text(tag) })
}

export function value(kind: ValueNode['kind'], tag: Slot<string>, constant: Slot<string>): ValueNode {
  return Object.freeze({ kind, tag: text(tag), value: text(constant) })
}

export function list(kind: ListNode['kind'], tag: Slot<string>, values: Slot<readonly Slot<string>[]>): ListNode {
  if (!isParameter(values) && !Array.isArray(values)) {
    throw new CrowdbitError('RULE_WRONG_TYPE', `${show(values)} stands where an array of texts is expected`, {
      found: values,
    })
  }
  const frozen = isParameter(values) ? parameter(values.param) : Object.freeze(Array.from(values, text))
  return Object.freeze({ kind, tag: text(tag), values: frozen })
}

export function textTest(kind: TextNode['kind'], tag: Slot<string>, constant: Slot<string>): TextNode {
  return Object.freeze({ kind, tag: text(tag), text: text(constant) })
}

export function matches(tag: Slot<string>, pattern: Slot<string>): PatternNode {
  return Object.freeze({ kind: 'matches', tag: text(tag), pattern: text(pattern) })
}

/** Audience names are compared after NFC and trimming (law 18). */
export function audience(name: Slot<string>, version: AudienceNode['version'] = null): AudienceNode {
  const normal = isParameter(name) ? parameter(name.param) : plainText(name).normalize('NFC').trim()
  return Object.freeze({ kind: 'audience', name: normal, version })
}

export function not(rule: RuleNode): RuleNode {
  return Object.freeze({ kind: 'not', rule })
}

/** @throws RULE_EMPTY_AND for no parts: a rule fails closed, it never opens up to everyone (law 5). */
export function and(rules: readonly RuleNode[]): RuleNode {
  if (rules.length === 0) {
    throw new CrowdbitError(
      'RULE_EMPTY_AND',
      'and() of no rules would be everyone, so it is refused. Write everyone() where everyone is meant.',
    )
  }
  return combine('and', rules)
}

/** No parts: nobody. */
export function or(rules: readonly RuleNode[]): RuleNode {
  return rules.length === 0 ? nobodyNode : combine('or', rules)
}

/** No parts: nobody, since nobody is in an odd number of them. */
export function xor(rules: readonly RuleNode[]): RuleNode {
  return rules.length === 0 ? nobodyNode : combine('xor', rules)
}

/** @throws RULE_EMPTY for no parts: there is nothing to take away from. */
export function minus(rules: readonly RuleNode[]): RuleNode {
  if (rules.length === 0) throw new CrowdbitError('RULE_EMPTY', 'minus() needs a rule to take the others away from')
  return combine('minus', rules)
}

export function atLeast(k: Slot<number>, rules: readonly RuleNode[]): AtLeastNode {
  return Object.freeze({
    kind: 'atLeast',
    k: isParameter(k) ? parameter(k.param) : k,
    rules: Object.freeze([...rules]),
  })
}

function combine(kind: 'and' | 'or' | 'xor' | 'minus', rules: readonly RuleNode[]): RuleNode {
  return rules.length === 1 ? rules[0]! : Object.freeze({ kind, rules: Object.freeze([...rules]) })
}

/** @throws RULE_WRONG_TYPE for what is no text, which the compiler can't stop in JavaScript. */
function text(slot: Slot<string>): Slot<string> {
  return isParameter(slot) ? parameter(slot.param) : plainText(slot).normalize('NFC')
}

function plainText(found: unknown): string {
  if (typeof found === 'string') return found
  throw new CrowdbitError('RULE_WRONG_TYPE', `${show(found)} stands where text is expected`, { found })
}

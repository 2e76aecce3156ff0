/**
 * The vocabulary of rules: one frozen tree of plain data. Each node is a set of living people, subsets of everyone, `U`.
 *
 * A node is made by the functions of `make-node.ts` alone, which keep what everything else relies on: nodes are frozen,
 * texts are in NFC, `and`, `or`, `xor` and `minus` have at least two parts. Two rules are the same exactly when their
 * trees are equal, part by part.
 */

/** A place in a template that a value fills in later. */
export interface Parameter {
  readonly param: string
}

/** A value, or the parameter that will give it. */
export type Slot<Value> = Value | Parameter

/** All living people: `U`. */
export interface EveryoneNode {
  readonly kind: 'everyone'
}

/** The empty set. */
export interface NobodyNode {
  readonly kind: 'nobody'
}

/** People who have the flag. */
export interface HasNode {
  readonly kind: 'has'
  readonly tag: Slot<string>
}

/** People who have a value in the column (`isSet`), or have none (`isNotSet` = `U \ isSet`). */
export interface PresenceNode {
  readonly kind: 'isSet' | 'isNotSet'
  readonly tag: Slot<string>
}

/**
 * One-value category against one text. `eq`: the value is it. `ne`: there is a value and it is another (law 7: an
 * absent value makes every comparison false).
 */
export interface ValueNode {
  readonly kind: 'eq' | 'ne'
  readonly tag: Slot<string>
  readonly value: Slot<string>
}

/**
 * Category against a list of texts (law 8). On one-value columns: `in` (the value is in the list), `notIn` (there is a
 * value and it is not). On many-value columns: `hasAny`, `hasAll`, `hasNone` (there are values and none is in the
 * list). `in([])` and `hasAny([])` are nobody; `notIn([])`, `hasAll([])` and `hasNone([])` are `isSet`.
 */
export interface ListNode {
  readonly kind: 'in' | 'notIn' | 'hasAny' | 'hasAll' | 'hasNone'
  readonly tag: Slot<string>
  readonly values: Slot<readonly Slot<string>[]>
}

/** People with a value that begins with, or contains, the text: code points compared exactly. */
export interface TextNode {
  readonly kind: 'startsWith' | 'contains'
  readonly tag: Slot<string>
  readonly text: Slot<string>
}

/** People with a value in which the regular expression (RE2 syntax, linear time) finds a match anywhere. */
export interface PatternNode {
  readonly kind: 'matches'
  readonly tag: Slot<string>
  readonly pattern: Slot<string>
}

/** The people of an audience: evaluated now, or the members of its latest or of a numbered version (law 16). */
export interface AudienceNode {
  readonly kind: 'audience'
  readonly name: Slot<string>
  /** `null`: its rule or list as of now. */
  readonly version: number | 'latest' | null
}

/** `U` without the rule's people. */
export interface NotNode {
  readonly kind: 'not'
  readonly rule: RuleNode
}

/** Intersection, union, or the people in an odd number of the parts. At least two parts. */
export interface CombineNode {
  readonly kind: 'and' | 'or' | 'xor'
  readonly rules: readonly RuleNode[]
}

/** The first part without the people of any other. At least two parts. */
export interface MinusNode {
  readonly kind: 'minus'
  readonly rules: readonly RuleNode[]
}

/** People in at least `k` of the parts, a part that stands twice counting twice; `k` above their number is nobody. */
export interface AtLeastNode {
  readonly kind: 'atLeast'
  readonly k: Slot<number>
  readonly rules: readonly RuleNode[]
}

/** Any node. A closed union: visitors are records over `RuleKind`. */
export type RuleNode =
  | EveryoneNode
  | NobodyNode
  | HasNode
  | PresenceNode
  | ValueNode
  | ListNode
  | TextNode
  | PatternNode
  | AudienceNode
  | NotNode
  | CombineNode
  | MinusNode
  | AtLeastNode

/** The `kind` of every node. */
export type RuleKind = RuleNode['kind']

/** Whether a slot still waits for its value. */
export function isParameter(slot: unknown): slot is Parameter {
  return typeof slot === 'object' && slot !== null && 'param' in slot
}

/** The rules directly inside a node, in order; none for a condition. */
export function childRules(node: RuleNode): readonly RuleNode[] {
  switch (node.kind) {
    case 'not':
      return [node.rule]
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
    case 'atLeast':
      return node.rules
    default:
      return none
  }
}

const none: readonly RuleNode[] = Object.freeze([])

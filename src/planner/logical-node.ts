import type { PlainLastWindow } from '../base/window.ts'
import type { TextSearch } from '../columns/value-dictionary.ts'
import type { BehaviourNode, OccurrenceNode, SequenceNode } from '../rules/ast.ts'

/**
 * A rule in normal form: a graph in which equal parts are one node. `not` stands on conditions, audiences and `xor`
 * only; `and` and `or` hold at least two different parts, none of the same kind; constants are folded away.
 *
 * Each node is a set of living people. Nodes are made by a `LogicalPool`, which gives equal nodes one number.
 */
export type LogicalNode =
  | EveryoneNode
  | NobodyNode
  | PresentNode
  | ValuesNode
  | SearchNode
  | RangeNode
  | WindowNode
  | BehaviourLeaf
  | AudienceLeaf
  | NotLogical
  | NaryNode
  | ThresholdNode

interface NodeBase {
  /** Position in its pool: a part always has a lower number than the whole. */
  readonly number: number
  /** Levels from here down to its conditions, itself included. */
  readonly height: number
}

export interface EveryoneNode extends NodeBase {
  readonly kind: 'everyone'
}

export interface NobodyNode extends NodeBase {
  readonly kind: 'nobody'
}

/** People with any value in the column; for a flag, its people. */
export interface PresentNode extends NodeBase {
  readonly kind: 'present'
  readonly column: string
}

/** People with at least one of the values. At least one value, sorted, each once. */
export interface ValuesNode extends NodeBase {
  readonly kind: 'values'
  readonly column: string
  readonly values: readonly string[]
}

/** People with a value that a text search finds. */
export interface SearchNode extends NodeBase {
  readonly kind: 'search'
  readonly column: string
  readonly search: TextSearch
}

/** People with a number or timestamp from one scaled integer to another, both included. */
export interface RangeNode extends NodeBase {
  readonly kind: 'range'
  readonly column: string
  /** Digits after the point that the integers have: 0 for timestamps. */
  readonly scale: number
  /** -Infinity: no bound. */
  readonly from: number
  /** Infinity: no bound. */
  readonly to: number
}

/** People with a timestamp in a window that moves with the instant of the question. */
export interface WindowNode extends NodeBase {
  readonly kind: 'window'
  readonly column: string
  readonly window: PlainLastWindow
}

/** A question about events in one of its equal forms, without parameters; nobody without events is among its people. */
export type EventQuestion = BehaviourNode | OccurrenceNode | SequenceNode

/** People whose events fulfil a question. */
export interface BehaviourLeaf extends NodeBase {
  readonly kind: 'behaviour'
  readonly question: EventQuestion
}

/** People of an audience whose rule isn't unfolded here: a list, or the members of a version. */
export interface AudienceLeaf extends NodeBase {
  readonly kind: 'audience'
  readonly name: string
  readonly version: number | 'latest' | null
}

/** Everyone else. */
export interface NotLogical extends NodeBase {
  readonly kind: 'not'
  readonly of: PresentNode | ValuesNode | SearchNode | RangeNode | WindowNode | BehaviourLeaf | AudienceLeaf | NaryNode
}

/** Intersection, union, symmetric difference of at least two different nodes, ordered by number. */
export interface NaryNode extends NodeBase {
  readonly kind: 'and' | 'or' | 'xor'
  readonly of: readonly LogicalNode[]
}

/** People in at least `k` of the nodes, 2 <= k < their number; a node may stand there more than once. */
export interface ThresholdNode extends NodeBase {
  readonly kind: 'atLeast'
  readonly k: number
  readonly of: readonly LogicalNode[]
}

/** The nodes directly inside a node. */
export function logicalChildren(node: LogicalNode): readonly LogicalNode[] {
  switch (node.kind) {
    case 'not':
      return [node.of]
    case 'and':
    case 'or':
    case 'xor':
    case 'atLeast':
      return node.of
    default:
      return none
  }
}

const none: readonly LogicalNode[] = Object.freeze([])

import type { RuleNode } from '../ast.ts'
import type { Span } from '../fault.ts'
import type { RulePart, WindowPart } from '../rule-path.ts'

/** A node and where it stands in the text. Marks are a tree of their own, beside the nodes: two equal nodes may be one. */
export interface Mark extends Span {
  readonly node: RuleNode
  /** Levels of nodes from this one down, itself counting 1. */
  readonly depth: number
  /** What the node holds beside rules, and its operator. */
  readonly parts: readonly PartMark[]
  /** Where the items of its list stand: start and end of each, flat. */
  readonly items: readonly number[]
  /** The marks of `childRules(node)`, in that order. */
  readonly children: readonly Mark[]
  /** What it says of events, where it asks about them. */
  readonly events: EventMarks | null
}

/** Where a part of a node stands. */
export interface PartMark extends Span {
  readonly part: RulePart | 'operator'
  /** What is inside it, where it is a window. */
  readonly inside?: readonly WindowPartMark[]
}

/** Where a part of a window stands. */
export interface WindowPartMark extends Span {
  readonly part: WindowPart
}

/** The events of a node, and how long may pass between them. */
export interface EventMarks {
  /** The marks of `eventTerms(node)`, in that order. */
  readonly terms: readonly TermMark[]
  /** The rule that a first or last event is put to. */
  readonly test: Mark | null
  readonly gaps: readonly GapMark[]
}

/** Where an event with its filter stands. */
export interface TermMark extends Span {
  readonly event: Span
  readonly property: Span | null
  readonly minus: Span | null
  readonly where: Mark | null
}

/** Where a length of time stands: of the step with that index, or of the absence. */
export interface GapMark extends Span {
  readonly of: number | 'absence'
  /** The number in it. */
  readonly count: Span
}

/** Nothing, shared. */
export const noParts: readonly PartMark[] = Object.freeze([])
export const noItems: readonly number[] = Object.freeze([])
export const noChildren: readonly Mark[] = Object.freeze([])
export const noGaps: readonly GapMark[] = Object.freeze([])

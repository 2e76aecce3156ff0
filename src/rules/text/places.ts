import type { RuleNode } from '../ast.ts'
import type { Span } from '../fault.ts'
import { childPath, operatorPlace, partPath, type RulePart } from '../rule-path.ts'

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
}

/** Where a part of a node stands. */
export interface PartMark extends Span {
  readonly part: RulePart | 'operator'
}

/** Nothing, shared. */
export const noParts: readonly PartMark[] = Object.freeze([])
export const noItems: readonly number[] = Object.freeze([])
export const noChildren: readonly Mark[] = Object.freeze([])

/**
 * The places of a parsed rule by their paths in its JSON.
 *
 * Cost: linear in nodes, list values and the lengths of their paths; nothing recursive.
 */
export function placesOf(root: Mark): Map<string, Span> {
  const places = new Map<string, Span>()
  const waiting: { mark: Mark; path: string }[] = [{ mark: root, path: '$' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { mark, path } = next
    const { node, parts, items, children } = mark
    places.set(path, { start: mark.start, end: mark.end })
    for (const { part, start, end } of parts) {
      places.set(part === 'operator' ? operatorPlace(path) : partPath(path, node, part), { start, end })
    }
    for (let i = 0; i < items.length; i += 2) {
      places.set(partPath(path, node, 'values', i / 2), { start: items[i]!, end: items[i + 1]! })
    }
    children.forEach((child, index) => {
      waiting.push({ mark: child, path: childPath(node, path, index) })
    })
  }
  return places
}

import { invariant } from '../base/invariant.ts'
import { bitmapShape, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Extent } from '../bitmap/operation-cost.ts'
import type { CategoryColumn } from '../columns/category-column.ts'
import type { Column } from '../columns/column.ts'
import type { MultiCategoryColumn } from '../columns/multi-category-column.ts'
import type { AudienceLeaf, BehaviourLeaf, PresentNode, SearchNode, ValuesNode } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'

/** A node whose people are in the bitmaps of a column, audience or remembered answer as they stand. */
export type LeafNode = PresentNode | ValuesNode | SearchNode | AudienceLeaf | BehaviourLeaf

/** The bitmaps whose union a leaf is. */
export interface LeafBitmaps {
  readonly bitmaps: readonly ReadonlyBitmap[]
  /** Whether nobody is in two of them, so that their sizes add up. */
  readonly disjoint: boolean
  /** Size and containers of the union, exact for one bitmap, else from above. */
  readonly extent: Extent
}

/** The numbers of the values that a condition on a category asks for. */
export function valueNumbers(node: ValuesNode | SearchNode, column: Column): readonly number[] {
  invariant(hasTexts(column), 'validation lets values be asked of categories only')
  if (node.kind === 'search') return column.values.search(node.search)
  return node.values.map((text) => column.values.find(text)).filter((value) => value !== -1)
}

/** The bitmaps of a leaf, borrowed: valid until the next write. */
export function leafBitmaps(node: LeafNode, source: PlanSource): LeafBitmaps {
  if (node.kind === 'audience' || node.kind === 'behaviour') {
    const people =
      node.kind === 'audience'
        ? source.members(node.name, node.version)
        : source.behaviours.people(node.question, source.asOf)
    const { size, containers } = bitmapShape(people)
    return { bitmaps: [people], disjoint: true, extent: { size, containers } }
  }
  const column = source.column(node.column)
  invariant(column !== undefined, 'a plan names columns of the schema')
  if (node.kind === 'present') return { bitmaps: [column.present.bitmap], disjoint: true, extent: column.present.shape }
  invariant(hasTexts(column), 'validation lets values be asked of categories only')
  const postings = valueNumbers(node, column).map((value) => column.posting(value))
  if (postings.length === 1) return { bitmaps: [postings[0]!.bitmap], disjoint: true, extent: postings[0]!.shape }
  let size = 0
  let containers = 0
  for (const posting of postings) {
    size += posting.size
    containers = Math.max(containers, posting.shape.containers)
  }
  return {
    bitmaps: postings.map((posting) => posting.bitmap),
    disjoint: column.kind === 'category',
    extent: { size: Math.min(size, column.present.size), containers },
  }
}

/** A category, of one value or of many. */
export function hasTexts(column: Column): column is CategoryColumn | MultiCategoryColumn {
  return column.kind === 'category' || column.kind === 'multi-category'
}

import type { ColumnSpec } from '../schema/column-spec.ts'
import { CategoryColumn } from './category-column.ts'
import { FlagColumn } from './flag-column.ts'
import { MultiCategoryColumn } from './multi-category-column.ts'

/** A column with its data: one physical kind for each kind of the schema. */
export type Column = FlagColumn | CategoryColumn | MultiCategoryColumn

/** An empty column. */
export function createColumn(spec: ColumnSpec): Column {
  if (spec.kind === 'flag') return new FlagColumn(spec)
  return spec.many ? new MultiCategoryColumn(spec) : new CategoryColumn(spec)
}

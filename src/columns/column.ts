import type { ValueColumnSpec } from '../schema/column-spec.ts'
import { CategoryColumn } from './category-column.ts'
import { FlagColumn } from './flag-column.ts'
import { MultiCategoryColumn } from './multi-category-column.ts'
import { NumberColumn } from './number-column.ts'

/** A column with its data: one physical kind for each kind of the schema, and one for numbers and timestamps. */
export type Column = FlagColumn | CategoryColumn | MultiCategoryColumn | NumberColumn

/** An empty column. */
export function createColumn(spec: ValueColumnSpec): Column {
  switch (spec.kind) {
    case 'flag':
      return new FlagColumn(spec)
    case 'number':
    case 'timestamp':
      return new NumberColumn(spec)
    case 'category':
      return spec.many ? new MultiCategoryColumn(spec) : new CategoryColumn(spec)
  }
}

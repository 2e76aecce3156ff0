import { type Bitmap, cloneBitmap } from '../bitmap/bitmap.ts'
import { CategoryColumn } from '../columns/category-column.ts'
import { FlagColumn } from '../columns/flag-column.ts'
import { bitmapOfUserSet } from '../dataset/user-set.ts'
import type { AskOptions } from '../planner/ask-options.ts'
import type { Planner } from '../planner/planner.ts'
import type { RuleNode } from '../rules/ast.ts'
import * as make from '../rules/make-node.ts'
import { Rule } from '../rules/rule.ts'
import type { GroupingColumn } from './cube.ts'

/** The people of a live derived tag at one instant, as a column: the caller disposes it. */
export function momentaryColumn(
  name: string,
  column: GroupingColumn,
  planner: Planner,
  options: AskOptions,
): FlagColumn | CategoryColumn {
  const people = (node: RuleNode): Bitmap => {
    const set = planner.select(Rule.of(node), options)
    const bitmap = cloneBitmap(bitmapOfUserSet(set))
    set.release()
    return bitmap
  }
  if (column.kind !== 'category') return new FlagColumn({ kind: 'flag' }, people(make.has(name)))
  const values = column.spec.values ?? []
  return CategoryColumn.from(
    column.spec,
    values.map((value) => [value, people(make.value('eq', name, value))] as const),
  )
}

import type { NumberColumn } from '../columns/number-column.ts'

/** Digits after the point that a column's integers stand for: none for timestamps. */
export function scaleOf(column: NumberColumn): number {
  return column.spec.kind === 'number' ? column.spec.scale : 0
}

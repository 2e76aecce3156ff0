import { invariant } from '../base/invariant.ts'
import { resolveWindow } from '../base/window.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import type { RangeNode, WindowNode } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'

/** A range of one column, both bounds included; `null` for none. */
export interface ColumnRange {
  readonly column: NumberColumn
  readonly from: number | null
  readonly to: number | null
}

/** The range that a node asks for at the instant of the question. */
export function rangeOf(node: RangeNode | WindowNode, source: PlanSource): ColumnRange {
  const column = numberColumn(node.column, source)
  if (node.kind === 'range') return { column, from: finite(node.from), to: finite(node.to) }
  const { from, to } = resolveWindow(node.window, source.asOf, source.zone)
  return { column, from: finite(from), to: finite(to - 1) }
}

/** The column of a range. */
export function numberColumn(name: string, source: PlanSource): NumberColumn {
  const column = source.column(name)
  invariant(
    column?.kind === 'number' || column?.kind === 'timestamp',
    'validation lets ranges be asked of numbers only',
  )
  return column
}

function finite(bound: number): number | null {
  return Number.isFinite(bound) ? bound : null
}

import type { TimeZone } from '../base/time-zone.ts'
import { resolveWindow, type WindowBounds } from '../base/window.ts'
import { type LogicalNode, logicalChildren } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'
import { printLogical } from './print-logical.ts'

/** A stretch of time: `[from, to)`. */
export interface ExplainedBounds {
  /** The first instant inside, as ISO 8601 text in the engine's zone; `null`: from the first event on. */
  readonly from: string | null
  /** The first instant behind it. */
  readonly to: string | null
}

/** A window of time that a part of a rule asked about. */
export interface ExplainedWindow extends ExplainedBounds {
  /** The part of the rule, as text. */
  readonly rule: string
}

/** The bounds of every window of a rule, in the order of its parts, each once. */
export function explainWindows(root: LogicalNode, source: PlanSource): readonly ExplainedWindow[] {
  const windows: ExplainedWindow[] = []
  const seen = new Set<LogicalNode>()
  const visit = (node: LogicalNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const bounds of boundsOf(node, source)) {
      windows.push({ rule: printLogical(node, source), ...explainBounds(bounds, source.zone) })
    }
    logicalChildren(node).forEach(visit)
  }
  visit(root)
  return windows
}

function boundsOf(node: LogicalNode, source: PlanSource): readonly WindowBounds[] {
  if (node.kind === 'window') return [resolveWindow(node.window, source.asOf, source.zone)]
  return node.kind === 'behaviour' ? source.behaviours.windows(node.question, source.asOf) : []
}

/** Bounds as texts in a zone. */
export function explainBounds({ from, to }: WindowBounds, zone: TimeZone): ExplainedBounds {
  const point = (at: number): string | null => (Number.isFinite(at) ? zone.format(at) : null)
  return { from: point(from), to: point(to) }
}

import type { WindowBounds } from '../base/window.ts'
import { resolveWindow } from '../base/window.ts'
import { type LogicalNode, logicalChildren } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'
import { printLogical } from './print-logical.ts'

/** A window of time that a part of a rule asked about: `[from, to)`. */
export interface ExplainedWindow {
  /** The part of the rule, as text. */
  readonly rule: string
  /** The first instant inside, as ISO 8601 text in the engine's zone; `null`: from the first event on. */
  readonly from: string | null
  /** The first instant behind it. */
  readonly to: string | null
}

/** The bounds of every window of a rule, in the order of its parts, each once. */
export function explainWindows(root: LogicalNode, source: PlanSource): readonly ExplainedWindow[] {
  const windows: ExplainedWindow[] = []
  const seen = new Set<LogicalNode>()
  const visit = (node: LogicalNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const { from, to } of boundsOf(node, source)) {
      windows.push({ rule: printLogical(node, source), from: point(from, source), to: point(to, source) })
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

function point(at: number, source: PlanSource): string | null {
  return Number.isFinite(at) ? source.zone.format(at) : null
}

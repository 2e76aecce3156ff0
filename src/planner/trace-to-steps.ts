import { Evaluation } from './evaluation.ts'
import type { PlanStep } from './explanation.ts'
import type { LogicalNode } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'
import type { PlanSource } from './plan-source.ts'
import type { PlanTrace, TraceStep } from './plan-trace.ts'
import { printLogical } from './print-logical.ts'

/** A trace as steps that stand by themselves, each part counted by itself, once. */
export function traceToSteps(trace: PlanTrace, pool: NodeMaker, source: PlanSource): readonly PlanStep[] {
  const counts = new Map<LogicalNode, number>()
  const countOf = (node: LogicalNode): number => {
    const known = counts.get(node)
    if (known !== undefined) return known
    const evaluation = new Evaluation(node, pool, source)
    try {
      const count = evaluation.count(node)
      counts.set(node, count)
      return count
    } finally {
      evaluation.dispose()
    }
  }
  const convert = (step: TraceStep): PlanStep => ({
    rule: printLogical(step.node, source),
    negative: step.negative,
    operator: step.operator,
    count: countOf(step.node),
    running: step.running,
    containers: step.containers,
    built: step.built,
    milliseconds: step.milliseconds,
    steps: step.steps.map(convert),
  })
  return trace.root.map(convert)
}

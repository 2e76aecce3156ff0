import type { LogicalNode } from './logical-node.ts'

/** What was done for one node of a plan. */
export interface TraceStep {
  readonly node: LogicalNode
  /** Whether the node was taken away from the result beside it rather than into it. */
  readonly negative: boolean
  /** What was done, in words: `read`, `and`, `and not, count only`. */
  operator: string
  /** People left after this step, where it is a step of an intersection. */
  running: number | null
  /** Containers of operands and results that were gone through. */
  containers: number
  /** Bitmaps built, those of the steps inside excluded. */
  built: number
  /** Time from the beginning of the step to its end, the steps inside included. */
  milliseconds: number
  readonly steps: TraceStep[]
}

/** Records what an evaluation does, as a tree. */
export class PlanTrace {
  readonly root: TraceStep[] = []
  readonly #open: TraceStep[] = []
  readonly #began: number[] = []

  begin(node: LogicalNode, operator: string, negative = false): TraceStep {
    const step: TraceStep = {
      node,
      negative,
      operator,
      running: null,
      containers: 0,
      built: 0,
      milliseconds: 0,
      steps: [],
    }
    const parent = this.#open.at(-1)
    if (parent === undefined) this.root.push(step)
    else parent.steps.push(step)
    this.#open.push(step)
    this.#began.push(performance.now())
    return step
  }

  end(): void {
    const step = this.#open.pop()
    const began = this.#began.pop()
    if (step !== undefined && began !== undefined) step.milliseconds = performance.now() - began
  }

  /** Says what the step under way turns out to do. */
  rename(operator: string): void {
    const step = this.#open.at(-1)
    if (step !== undefined) step.operator = operator
  }

  /** Counts work for the step that is under way. */
  work(built: number, containers: number): void {
    const step = this.#open.at(-1)
    if (step === undefined) return
    step.built += built
    step.containers += containers
  }
}

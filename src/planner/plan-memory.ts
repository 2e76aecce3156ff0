import { complementOf } from './complement-of.ts'
import { type KernelPlan, kernelPlan, leastCost } from './kernel-plan.ts'
import { type LogicalNode, logicalChildren } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'
import type { PlanSource } from './plan-source.ts'

/** What the kernel is to do, and what that is thought to save against the steps, in microseconds. */
export interface ChosenPass {
  readonly plan: KernelPlan
  readonly saves: number
}

/** Whether the kernel answers a node, and how. */
interface KernelChoice {
  /** `null`: it doesn't. */
  readonly pass: ChosenPass | null
  readonly node: LogicalNode
  readonly version: number
}

/**
 * What a plan remembers from one evaluation to the next: the parts that stand in it more than once, and, for as long as
 * nothing is written, the order in which each intersection takes its parts.
 */
export class PlanMemory {
  /** Parts, other than tags and audiences as they stand, that more than one other part holds. */
  readonly shared: ReadonlySet<LogicalNode>
  readonly #orders = new Map<LogicalNode, readonly number[]>()
  #dataVersion = -1
  /** For counting, and for building. */
  readonly #kernel: [KernelChoice | null, KernelChoice | null] = [null, null]

  constructor(root: LogicalNode, pool: NodeMaker) {
    this.shared = sharedParts(root, pool)
  }

  /**
   * The program of a node, for the kernel; `null` where it has none, or it isn't worth it, by what the steps are thought to cost: that is asked once for each version of the
   * data, but anew for what is of an instant: remembered answers come and go.
   */
  kernelPlan(
    node: LogicalNode,
    source: PlanSource,
    counting: boolean,
    stepsCost: () => number,
    isWorthIt: (plan: KernelPlan, stepsCost: number) => boolean,
  ): ChosenPass | null {
    const { dataVersion: version } = source
    const place = counting ? 0 : 1
    const known = this.#kernel[place]
    if (known !== null && known.node === node && known.version === version) return known.pass
    const cost = stepsCost()
    // Before the program is made, which works out what people did.
    const plan = cost < leastCost ? null : kernelPlan(node, source)
    const pass = plan !== null && isWorthIt(plan, cost) ? { plan, saves: cost - plan.cost } : null
    this.#kernel[place] = plan?.isTimed === true ? null : { pass, node, version }
    return pass
  }

  /** The order of an intersection on data of this version, made by `make` if it isn't known. */
  order(node: LogicalNode, dataVersion: number, make: () => readonly number[]): readonly number[] {
    if (this.#dataVersion !== dataVersion) {
      this.#orders.clear()
      this.#dataVersion = dataVersion
    }
    const known = this.#orders.get(node)
    if (known !== undefined) return known
    const order = make()
    this.#orders.set(node, order)
    return order
  }
}

/**
 * The parts that evaluation meets more than once. It takes the complement of a union with negations instead of the union
 * itself, so the complements are walked here too: one that is left out would be built anew for each that holds it.
 */
function sharedParts(root: LogicalNode, pool: NodeMaker): ReadonlySet<LogicalNode> {
  const seen = new Set<LogicalNode>()
  const shared = new Set<LogicalNode>()
  const visit = (node: LogicalNode): void => {
    if (seen.has(node)) {
      if (!standsByItself.has(node.kind)) shared.add(node)
      return
    }
    seen.add(node)
    const complement = complementOf(node, pool)
    if (complement !== null) visit(complement)
    else for (const part of logicalChildren(node)) visit(part)
  }
  visit(root)
  return shared
}

/** What is read as it stands, or kept by its own cache. */
const standsByItself: ReadonlySet<LogicalNode['kind']> = new Set([
  'present',
  'audience',
  'behaviour',
  'everyone',
  'nobody',
])

import type { Bitmap } from '../bitmap/bitmap.ts'
import type { Image } from '../kernel/image.ts'
import type { Operand } from '../kernel/image-containers.ts'
import type { Kernel, KernelWork } from '../kernel/kernel.ts'
import type { Estimate } from './estimate.ts'
import { type KernelPlan, writingCost } from './kernel-plan.ts'
import { type LogicalNode, logicalChildren } from './logical-node.ts'
import type { PlanMemory } from './plan-memory.ts'
import type { PlanSource } from './plan-source.ts'
import type { PlanTrace } from './plan-trace.ts'

/** Of fewer containers than this, the answer is there before a pass has begun. */
const fewContainers = 4
/** A pass has to be cheaper by this much, for what is thought of either is not exact. */
const kernelShare = 0.8

/** What a pass is weighed against. */
export interface PassContext {
  readonly source: PlanSource
  readonly memory: PlanMemory
  readonly trace: PlanTrace | null
  estimate(node: LogicalNode): Estimate
  /** What the node is thought to cost step by step, in microseconds. */
  stepsCost(node: LogicalNode, counting: boolean): number
}

/** A node that the kernel answers in one pass. */
export class KernelPass {
  readonly #kernel: Kernel
  readonly #node: LogicalNode
  readonly #plan: KernelPlan
  readonly #images: readonly Operand<Image>[]
  readonly #trace: PlanTrace | null

  private constructor(
    kernel: Kernel,
    node: LogicalNode,
    plan: KernelPlan,
    images: readonly Operand<Image>[],
    trace: PlanTrace | null,
  ) {
    this.#kernel = kernel
    this.#node = node
    this.#plan = plan
    this.#images = images
    this.#trace = trace
  }

  /** `null` where the node is answered step by step: that is cheaper, or there is no kernel, or no room for images. */
  static of(node: LogicalNode, counting: boolean, context: PassContext): KernelPass | null {
    const { source, memory, trace } = context
    const { kernel } = source
    if (kernel === null || !isCombination(node)) return null
    if (!kernel.always && source.people.shape.containers < fewContainers) return null
    const stepsCost = (): number => (kernel.always ? Number.POSITIVE_INFINITY : context.stepsCost(node, counting))
    const pass = memory.kernelPlan(node, source, counting, stepsCost, ({ cost }, steps) => {
      const writing = counting ? 0 : writingCost(context.estimate(node))
      return cost + writing <= kernelShare * steps
    })
    if (pass === null) return null
    const images = kernel.images(pass.plan.sources, pass.saves)
    return images === null ? null : new KernelPass(kernel, node, pass.plan, images, trace)
  }

  count(): number {
    const { counts, work } = this.#kernel.counts(this.#plan.program, this.#images)
    this.#say(work)
    return counts[0]!
  }

  /** The bitmap is the caller's. */
  build(): Bitmap {
    const { bitmap, work } = this.#kernel.build(this.#plan.program, this.#images)
    this.#say(work)
    this.#trace?.work(1, 0)
    return bitmap
  }

  #say({ blocks, values, skipped }: KernelWork): void {
    const trace = this.#trace
    if (trace === null) return
    const { operands } = this.#plan.program
    const lists = values === 0 ? '' : `, ${values} values of lists`
    const empty = skipped === 0 ? '' : `, ${skipped} containers skipped`
    trace.rename(
      `${this.#node.kind}, one pass over ${operands} bitmaps by the kernel: ${blocks} blocks${lists}${empty}`,
    )
    trace.work(0, blocks)
    for (const part of logicalChildren(this.#node)) {
      const isTaken = part.kind === 'not'
      trace.begin(isTaken ? part.of : part, 'in the pass', isTaken)
      trace.end()
    }
  }
}

/** What the kernel can answer in one pass, and is more than reading a size. */
export function isCombination(node: LogicalNode): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'xor':
    case 'atLeast':
    case 'range':
    case 'window':
      return true
    default:
      return false
  }
}

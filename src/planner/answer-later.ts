import type { Millis } from '../base/brand.ts'
import { ShortTurns } from '../base/short-turns.ts'
import type { Image } from '../kernel/image.ts'
import type { Operand } from '../kernel/image-containers.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { Evaluation } from './evaluation.ts'
import { isCombination } from './kernel-pass.ts'
import { type KernelPlan, kernelPlan } from './kernel-plan.ts'
import { type LogicalNode, logicalChildren } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'
import type { PlanMemory } from './plan-memory.ts'
import type { PlanSource } from './plan-source.ts'

/** What takes less, in microseconds, is done by the thread that asks. */
const shortWork = 300
/** Turns after which a question that others keep from being ready is answered in one go. */
const mostTurns = 1_000

/** A rule in normal form, as it is to be understood at present. */
export interface LaterPlan {
  readonly root: LogicalNode
  readonly pool: NodeMaker
  readonly memory: PlanMemory
}

/** A question whose answer is awaited. */
export interface LaterQuestion<Plan extends LaterPlan = LaterPlan> {
  readonly source: PlanSource
  readonly asOf: Millis
  readonly signal: AbortSignal | undefined
  /** Whether people are only counted. */
  readonly isCounting: boolean
  /** The plan, for a question of this instant. To be called whenever others may have asked meanwhile. */
  begin(): Plan
}

/** A pass that other threads are to make. */
export interface LaterPass {
  readonly kernel: Kernel
  readonly plan: KernelPlan
  readonly images: readonly Operand<Image>[]
}

/** How a question is answered once all is ready for it. Either is called once, in one go with the last look at the data. */
export interface LaterWays<Plan, T> {
  /** By other threads: what they read is lent to them before this returns. */
  later(pass: LaterPass): Promise<T>
  /** By this thread: there are no others, or it is as fast. */
  now(plan: Plan): T
}

/**
 * Answers a question on other threads. What people did is worked out, and bitmaps are copied, in short turns; the pass itself is of one moment.
 *
 * @param nodeOf what of a rule the pass is about
 * @throws what the signal gives
 */
export async function answerLater<Plan extends LaterPlan, T>(
  question: LaterQuestion<Plan>,
  nodeOf: (root: LogicalNode) => LogicalNode,
  { later, now }: LaterWays<Plan, T>,
): Promise<T> {
  const { source, signal, isCounting } = question
  const { kernel } = source
  const turns = new ShortTurns()
  // Others ask and write whenever a turn ends, so that everything is looked up anew then: what people did may have been let go of, too.
  for (let left = mostTurns; left > 0 && kernel?.hasThreads; left--) {
    await workOutBehaviours(question, turns)
    const plan = question.begin()
    const node = nodeOf(plan.root)
    const pass = canPass(node) ? kernelPlan(node, source) : null
    if (pass === null || !(kernel.always || isLong(node, plan, pass.cost, source, isCounting))) return now(plan)
    do {
      const images = kernel.imagesAtOnce(pass.sources)
      if (images !== null) return await later({ kernel, plan: pass, images })
      if (!kernel.makeImage(pass.sources)) return now(plan)
    } while (!turns.isLong)
    await turns.mayEnd()
    signal?.throwIfAborted()
  }
  return now(question.begin())
}

async function workOutBehaviours({ source, asOf, signal, begin }: LaterQuestion, turns: ShortTurns): Promise<void> {
  for (const { question } of behavioursOf(begin().root)) {
    signal?.throwIfAborted()
    await source.behaviours.peopleLater(question, asOf, turns, signal)
  }
}

/** Whether answering takes so long that others should do it. */
function isLong(
  node: LogicalNode,
  { pool, memory }: LaterPlan,
  passCost: number,
  source: PlanSource,
  isCounting: boolean,
): boolean {
  if (hasCounters(node) && passCost > shortWork) return true
  const evaluation = new Evaluation(node, pool, source, null, memory)
  try {
    return evaluation.costOf(node, isCounting) > shortWork
  } finally {
    evaluation.dispose()
  }
}

type BehaviourNode = Extract<LogicalNode, { readonly kind: 'behaviour' }>

/** Each question about events in a node, once. */
function behavioursOf(root: LogicalNode): Set<BehaviourNode> {
  const seen = new Set<LogicalNode>()
  const found = new Set<BehaviourNode>()
  const visit = (node: LogicalNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (node.kind === 'behaviour') found.add(node)
    for (const part of logicalChildren(node)) visit(part)
  }
  visit(root)
  return found
}

/** What is more than reading a bitmap that there is. */
function canPass(node: LogicalNode): boolean {
  return isCombination(node) || node.kind === 'not' || node.kind === 'values' || node.kind === 'search'
}

/** Whether a node asks for k of n anywhere: what that costs step by step is far more than it is thought to. */
function hasCounters(node: LogicalNode): boolean {
  return node.kind === 'atLeast' || logicalChildren(node).some(hasCounters)
}

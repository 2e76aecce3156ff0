import type { Bitmap } from '../../src/bitmap/bitmap.ts'
import { ContainerWriter } from '../../src/bitmap/container-writer.ts'
import type { BlockEvaluator } from '../../src/kernel/block-evaluator.ts'
import type { KernelArena } from '../../src/kernel/kernel-arena.ts'

/** What an evaluator builds in its arena. */
export function buildWith(evaluator: BlockEvaluator, { bytes, stage, stageBytes }: KernelArena): Bitmap {
  const writer = new ContainerWriter(bytes.subarray(stage, stage + stageBytes))
  evaluator.build(writer)
  return writer.finish()
}

import { invariant } from '../base/invariant.ts'
import { ContainerStage } from '../bitmap/container-stage.ts'
import { countCells } from '../bitmap/count-cells.ts'
import type { Server } from '../threads/serve.ts'
import { BlockEvaluator } from './block-evaluator.ts'
import { type BlockTools, makeBlockTools } from './block-tools.ts'
import { CompiledPrograms } from './compiled-programs.ts'
import { KernelArena } from './kernel-arena.ts'
import type { KernelAnswer, KernelOrder, KernelSetup } from './kernel-orders.ts'

/** Evaluates programs in a thread: as the kernel does, in an arena of the thread's own. */
export class KernelServer implements Server {
  readonly #spaces: {
    readonly arena: KernelArena
    readonly tools: BlockTools
    readonly programs: CompiledPrograms
  }[] = []

  setUp(message: unknown): void {
    const { memories, arena: place } = message as KernelSetup
    for (const memory of memories.slice(this.#spaces.length)) {
      const arena = new KernelArena(memory, place)
      // Who had it before may have ended in the middle of something.
      arena.clean()
      this.#spaces.push({ arena, tools: makeBlockTools(memory), programs: new CompiledPrograms(memory) })
    }
  }

  serve(message: unknown, isCancelled: () => boolean): KernelAnswer {
    const { program, space: index, images, firstKey, as } = message as KernelOrder
    const space = this.#spaces[index]
    invariant(space !== undefined, 'a thread is told of a memory before it is asked for anything')
    const { arena, tools, programs } = space
    arena.refresh()
    const evaluator = new BlockEvaluator(arena, tools, programs.get(program), images, isCancelled)
    const { work } = evaluator
    if (as === 'count') return { counts: evaluator.counts(), built: null, work }
    const { bytes, stage, stageBytes } = arena
    const room = new ContainerStage(bytes.subarray(stage, stage + stageBytes), firstKey)
    evaluator.build(room)
    const built = room.finish()
    if (as === 'set') return { counts: [], built, work }
    const counts = new Uint32Array(as.length)
    if (built !== null) countCells(bytes.subarray(stage + built.start, stage + built.end), as.cells, firstKey, counts)
    return { counts, built: null, work }
  }
}

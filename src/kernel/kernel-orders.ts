import type { Cells } from '../bitmap/count-cells.ts'
import type { KernelWork } from './block-evaluator.ts'
import type { BlockProgram } from './block-program.ts'
import type { ImageContainers, Operand } from './image-containers.ts'
import type { WasmMemory } from './wasm-types.ts'

/** Who does the kernel's work in a thread. */
export const kernelServer = 'kernel'

/** What a thread has to know of the kernel. */
export interface KernelSetup {
  /** Those of the spaces that there are: more come by another setup. */
  readonly memories: readonly WasmMemory[]
  /** Which of the arenas is the thread's. */
  readonly arena: number
}

/** A program, to be evaluated on some containers. */
export interface KernelOrder {
  readonly program: BlockProgram
  /** Which of the memories the containers are in. */
  readonly space: number
  /** Of the operands: their containers from `firstKey` on, as many as are to be looked at, or fewer. */
  readonly images: readonly Operand<ImageContainers>[]
  readonly firstKey: number
  /** Whether the people are built, only counted, or counted by their cells: those of the same containers, and how many different ones there are. */
  readonly as: 'count' | 'set' | { readonly cells: readonly (Cells | undefined)[]; readonly length: number }
}

/** What came of it. */
export interface KernelAnswer {
  /** How many each output has, or have each cell; none where people were built. */
  readonly counts: ArrayLike<number>
  /** Where in the stage of the thread's arena the portable Roaring bytes of the people are; `null` for nobody, or where they were only counted. */
  readonly built: { readonly start: number; readonly end: number } | null
  readonly work: KernelWork
}

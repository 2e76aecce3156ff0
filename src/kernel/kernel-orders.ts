import type { KernelWork } from './block-evaluator.ts'
import type { BlockProgram } from './block-program.ts'
import type { ImageContainers, Operand } from './image-containers.ts'
import type { WasmMemory } from './wasm-types.ts'

/** Who does the kernel's work in a thread. */
export const kernelServer = 'kernel'

/** What a thread has to know of the kernel. */
export interface KernelSetup {
  readonly memory: WasmMemory
  /** Which of the arenas is the thread's. */
  readonly arena: number
}

/** A program, to be evaluated on some containers. */
export interface KernelOrder {
  readonly program: BlockProgram
  /** Of the operands: their containers from `firstKey` on, as many as are to be looked at, or fewer. */
  readonly images: readonly Operand<ImageContainers>[]
  readonly firstKey: number
  /** Whether the people are built, or only counted. */
  readonly isBuilding: boolean
}

/** What came of it. */
export interface KernelAnswer {
  /** How many each output has; none where people were built. */
  readonly counts: readonly number[]
  /** Where in the stage of the thread's arena the portable Roaring bytes of the people are; `null` for nobody, or where they were only counted. */
  readonly built: { readonly start: number; readonly end: number } | null
  readonly work: KernelWork
}

import { invariant } from '../base/invariant.ts'
import type { BlockProgram } from './block-program.ts'
import { emitProgram } from './emit-program.ts'
import { holdsForNobody, requiredOf } from './program-facts.ts'
import { stagesOf } from './program-stages.ts'
import { instantiate, type WasmMemory } from './wasm-types.ts'

/** A program, and what is known of it. */
export interface CompiledProgram {
  readonly program: BlockProgram
  readonly run: ProgramFunctions
  /** Whether values are looked up one by one; long programs are evaluated for whole containers alone. */
  readonly canProbe: boolean
  /** Operands without which there is no result. */
  readonly required: readonly number[]
  /** Whether an output has people whom no operand has. */
  readonly holdsForNobody: boolean
}

/** A program as functions: see `emitProgram`. */
export interface ProgramFunctions {
  count(table: number, rows: number, counts: number, slots: number): void
  build(table: number, rows: number, counts: number, slots: number, out: number): void
  /** Of programs that can probe. */
  probe(table: number, counts: number, values: number, count: number): void
  sift(table: number, out: number, values: number, count: number): number
}

/** Shapes that are kept at most, and how many operations they have together; the one that was used longest ago goes. */
const mostKept = 256
const mostOperationsKept = 100_000
/** Longer programs aren't probed: one function for all of it would take long to compile, and longer than the blocks take to be read. */
const mostProbed = 2_000

/** The programs of a memory, compiled once for each shape. */
export class CompiledPrograms {
  readonly #memory: WasmMemory
  readonly #programs = new Map<string, CompiledProgram>()
  #operations = 0

  constructor(memory: WasmMemory) {
    this.#memory = memory
  }

  /** How many are kept, and the operations of all of them. */
  get size(): { readonly programs: number; readonly operations: number } {
    return { programs: this.#programs.size, operations: this.#operations }
  }

  /** Cost: of a new shape, some tenths of a millisecond; of thousands of operations, 5 to 30 ms. */
  get(program: BlockProgram): CompiledProgram {
    const known = this.#programs.get(program.key)
    if (known !== undefined) {
      this.#programs.delete(program.key)
      this.#programs.set(program.key, known)
      return known
    }
    const stages = stagesOf(program)
    invariant(stages !== null, 'who asks for a program has looked whether it can be cut into stages')
    const canProbe = program.operations.length <= mostProbed
    const compiled = {
      program,
      run: instantiate<ProgramFunctions>(emitProgram(program, stages, canProbe), this.#memory),
      canProbe,
      required: requiredOf(program),
      holdsForNobody: holdsForNobody(program),
    }
    this.#programs.set(program.key, compiled)
    this.#operations += program.operations.length
    for (const [key, oldest] of this.#programs) {
      if (this.#programs.size <= mostKept && this.#operations <= mostOperationsKept) break
      this.#programs.delete(key)
      this.#operations -= oldest.program.operations.length
    }
    return compiled
  }
}

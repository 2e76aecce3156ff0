import type { BlockProgram } from './block-program.ts'
import { emitProgram } from './emit-program.ts'
import { holdsForNobody, requiredOf } from './program-facts.ts'
import { instantiate, type WasmMemory } from './wasm-types.ts'

/** A program, and what is known of it. */
export interface CompiledProgram {
  readonly program: BlockProgram
  readonly run: ProgramFunctions
  /** Operands without which there is no result. */
  readonly required: readonly number[]
  /** Whether an output has people whom no operand has. */
  readonly holdsForNobody: boolean
}

/** A program as functions: see `emitProgram`. */
export interface ProgramFunctions {
  count(table: number, rows: number, counts: number): void
  build(table: number, rows: number, counts: number, out: number): void
  probe(table: number, counts: number, values: number, count: number): void
  sift(table: number, out: number, values: number, count: number): number
}

/** Shapes that are kept at most; the one that was used longest ago goes. */
const mostKept = 256

/** The programs of a memory, compiled once for each shape. */
export class CompiledPrograms {
  readonly #memory: WasmMemory
  readonly #programs = new Map<string, CompiledProgram>()

  constructor(memory: WasmMemory) {
    this.#memory = memory
  }

  /** Cost: of a new shape, some tenths of a millisecond. */
  get(program: BlockProgram): CompiledProgram {
    const known = this.#programs.get(program.key)
    if (known !== undefined) {
      this.#programs.delete(program.key)
      this.#programs.set(program.key, known)
      return known
    }
    const compiled = {
      program,
      run: instantiate<ProgramFunctions>(emitProgram(program), this.#memory),
      required: requiredOf(program),
      holdsForNobody: holdsForNobody(program),
    }
    this.#programs.set(program.key, compiled)
    if (this.#programs.size > mostKept) this.#programs.delete(this.#programs.keys().next().value!)
    return compiled
  }
}

import type { BlockOperation, BlockProgram } from './block-program.ts'

/** What a stage reads: an operand of the program, or what an earlier stage has left in a slot. */
export type StageInput = { readonly operand: number } | { readonly slot: number }

/** A part of a program that is evaluated for a whole container before the next. */
export interface Stage {
  /** As those of a program; operand `n` is `inputs[n]`. */
  readonly operations: readonly BlockOperation[]
  readonly inputs: readonly StageInput[]
  /** The places of what it leaves. */
  readonly outputs: readonly number[]
  /** Where each output is left; of the last stage, whose outputs are those of the program, nowhere. */
  readonly slots: readonly number[]
}

/** Programs of no more operands are one stage. */
const shortProgram = 20
/** Else, what a stage reads, and how many operations it has, at the most: measured for unions, counters and ranges of 20 to 50 bitmaps. */
const mostInputs = 16
const mostOperations = 120
/** Results that wait for later stages at the same time. */
export const mostSlots = 64

/**
 * Cuts a program into stages, in the order of its operations: each reads few enough blocks that their addresses stay in registers, and that the
 * processor follows all of them through the memory. `null` where too many results would have to wait for others.
 */
export function stagesOf(program: BlockProgram): Stage[] | null {
  return new StageCutter(program).stages()
}

/** Whether a program can be cut: short ones are one stage as they are. */
export function canBeCut(program: BlockProgram): boolean {
  return program.operands <= shortProgram || stagesOf(program) !== null
}

/** A stage that is being filled. */
class OpenStage {
  readonly operations: BlockOperation[] = []
  readonly inputs: StageInput[] = []
  /** The places here of operations of the program. */
  readonly places = new Map<number, number>()

  input(place: number, input: StageInput): void {
    this.places.set(place, this.operations.push({ op: 'operand', operand: this.inputs.push(input) - 1 }) - 1)
  }

  add(place: number, operation: BlockOperation): void {
    this.places.set(place, this.operations.push(operation) - 1)
  }
}

class StageCutter {
  readonly #program: BlockProgram
  /** By operation: the last one that reads it; for an output, one behind all. */
  readonly #lastUse: readonly number[]
  readonly #closed: Stage[] = []
  /** Results of closed stages. */
  readonly #slotOf = new Map<number, number>()
  readonly #freeSlots: number[] = []
  #slots = 0
  #stage = new OpenStage()

  constructor(program: BlockProgram) {
    this.#program = program
    const { operations, outputs } = program
    const lastUse = operations.map(() => -1)
    for (const [place, operation] of operations.entries()) for (const read of readBy(operation)) lastUse[read] = place
    for (const place of outputs) lastUse[place] = operations.length
    this.#lastUse = lastUse
  }

  stages(): Stage[] | null {
    const { operations, outputs, operands } = this.#program
    const isLong = operands > shortProgram
    for (const [place, operation] of operations.entries()) {
      if (isLeaf(operation)) continue
      if (isLong && !this.#hasRoomFor(operation) && !this.#close(place)) return null
      for (const read of readBy(operation)) this.#bring(read)
      this.#stage.add(place, this.#moved(operation))
    }
    for (const place of outputs) this.#bring(place)
    const { inputs, places } = this.#stage
    const last = {
      operations: this.#stage.operations,
      inputs,
      outputs: outputs.map((place) => places.get(place)!),
      slots: [],
    }
    return [...this.#closed, last]
  }

  #hasRoomFor(operation: BlockOperation): boolean {
    const { inputs, operations, places } = this.#stage
    const more = readBy(operation).filter((read) => !places.has(read)).length
    return inputs.length + more <= mostInputs && operations.length < mostOperations
  }

  /** Makes what an operation reads known to the stage. */
  #bring(place: number): void {
    const stage = this.#stage
    if (stage.places.has(place)) return
    const operation = this.#program.operations[place]!
    if (operation.op === 'operand') stage.input(place, { operand: operation.operand })
    else if (isLeaf(operation)) stage.add(place, operation)
    else stage.input(place, { slot: this.#slotOf.get(place)! })
  }

  /** Ends the stage before the operation at `end`. `false` where there are not the slots. */
  #close(end: number): boolean {
    const { operations, inputs, places } = this.#stage
    const outputs: number[] = []
    const slots: number[] = []
    for (const [place, local] of places) {
      const isNew = !isLeaf(this.#program.operations[place]!) && !this.#slotOf.has(place)
      if (!isNew || this.#lastUse[place]! < end) continue
      const slot = this.#freeSlots.pop() ?? this.#slots++
      if (slot >= mostSlots) return false
      this.#slotOf.set(place, slot)
      outputs.push(local)
      slots.push(slot)
    }
    this.#closed.push({ operations, inputs, outputs, slots })
    this.#stage = new OpenStage()
    // Not before: a stage may not write where it reads.
    for (const [place, slot] of this.#slotOf) {
      if (this.#lastUse[place]! >= end) continue
      this.#slotOf.delete(place)
      this.#freeSlots.push(slot)
    }
    return true
  }

  #moved(operation: BlockOperation): BlockOperation {
    const { places } = this.#stage
    if ('b' in operation) return { op: operation.op, a: places.get(operation.a)!, b: places.get(operation.b)! }
    return 'a' in operation ? { op: operation.op, a: places.get(operation.a)! } : operation
  }
}

function isLeaf({ op }: BlockOperation): boolean {
  return op === 'operand' || op === 'zero' || op === 'one'
}

function readBy(operation: BlockOperation): number[] {
  if ('b' in operation) return [operation.a, operation.b]
  return 'a' in operation ? [operation.a] : []
}

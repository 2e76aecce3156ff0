import type { BlockOperation, BlockProgram } from './block-program.ts'
import type { Stage } from './program-stages.ts'
import { i32, simd, v128, WasmCode } from './wasm-code.ts'

/** Bytes of a block: 65,536 bits. */
export const blockBytes = 8192
/** Vectors of 16 bytes whose counts a byte can hold: 8 bits each. */
const vectorsPerRound = 16
const roundBytes = 16 * vectorsPerRound

/** Locals of a function: first its parameters. `count` has `out` as a local that nobody reads. */
const table = 0
const rows = 1
const counts = 2
const slots = 3
const out = 4
const at = 5
const roundEnd = 6
const firstPointer = 7

/**
 * A WebAssembly module of a program, over the memory `m.m`:
 * ```
 * count(table, rows, counts, slots)         adds to the u32 counts[i] how many bits output i has
 * build(table, rows, counts, slots, out)    writes the blocks of output 0 to `out`, one for each row, and sets counts[row] to how many bits it has
 * probe(table, counts, values, n)           as count, but of one row, and of n values alone, u16 each
 * sift(table, out, values, n)               writes those of the values that output 0 has to `out`, and gives how many
 * ```
 * `table` is where the addresses of the operands' blocks stand, a u32 each, a row for each container. A stage is evaluated for 16 bytes of
 * each of its inputs at a time, in registers; nothing is written but what is asked for, and, into blocks from `slots` on, what stages leave for later ones,
 * each of which is a function of its own. `probe` and `sift` are one function for all stages. A stage is a tree but for what is shared, which is in locals.
 *
 * Source of counting: bytes are counted by `i8x16.popcnt` and added up before they can overflow (W. Muła, N. Kurz, D. Lemire,
 * "Faster Population Counts Using AVX2 Instructions", 2018).
 */
export function emitProgram(
  program: BlockProgram,
  stages: readonly Stage[],
  canProbe: boolean,
): Uint8Array<ArrayBuffer> {
  const code = new WasmCode()
  const first = stages.slice(0, -1)
  const firstStage = canProbe ? 4 : 2
  code.byte(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  code.section(1, (types) => {
    types.u32(3).byte(0x60, 4, i32, i32, i32, i32, 0).byte(0x60, 5, i32, i32, i32, i32, i32, 0)
    types.byte(0x60, 4, i32, i32, i32, i32, 1, i32)
  })
  code.section(2, (imports) => imports.u32(1).name('m').name('m').byte(2, 3).u32(0).u32(mostPages))
  code.section(3, (functions) => {
    functions.u32(firstStage + first.length).byte(0, 1)
    if (canProbe) functions.byte(0, 2)
    for (const _ of first) functions.byte(0)
  })
  code.section(7, (exports) => {
    const names = canProbe ? ['count', 'build', 'probe', 'sift'] : ['count', 'build']
    exports.u32(names.length)
    for (const [i, name] of names.entries()) exports.name(name).byte(0, i)
  })
  code.section(10, (bodies) => {
    bodies.u32(firstStage + first.length)
    bodies.sized((body) => emitFunction(program.operands, stages, firstStage, false, body))
    bodies.sized((body) => emitFunction(program.operands, stages, firstStage, true, body))
    if (canProbe) {
      bodies.sized((body) => emitProbe(program, false, body))
      bodies.sized((body) => emitProbe(program, true, body))
    }
    for (const stage of first) bodies.sized((body) => emitStage(stage, body))
  })
  return code.bytes
}

/** Most pages of 64 KB of a shared memory: 4 GB. */
export const mostPages = 65_536

/** The last stage, of many rows; those before it are called. */
function emitFunction(
  operands: number,
  stages: readonly Stage[],
  firstStage: number,
  isBuilding: boolean,
  body: WasmCode,
): void {
  const stage = stages.at(-1)!
  const outputs = isBuilding ? stage.outputs.slice(0, 1) : stage.outputs
  const firstVector = firstPointer + stage.inputs.length
  const bytes = firstVector
  const pairs = bytes + outputs.length
  const sums = pairs + outputs.length
  const firstShared = sums + outputs.length
  const localOf = sharedLocals(stage.operations, outputs, firstShared)
  const unroll = unrolled(stage)

  body.u32(2)
  body.u32(firstVector - (isBuilding ? at : out)).byte(i32)
  body.u32(3 * outputs.length + localOf.size).byte(v128)
  body.loopWhile((row) => {
    for (let before = 0; before < stages.length - 1; before++) {
      row.localGet(table).i32Const(0).i32Const(0).localGet(slots)
      row.byte(0x10).u32(firstStage + before)
    }
    emitPointers(stage, row)
    row.i32Const(0).localSet(at)
    for (let output = 0; output < outputs.length; output++) row.v128Zero().localSet(pairs + output)
    row.loopWhile((round) => {
      round.localGet(at).i32Const(roundBytes).i32Add().localSet(roundEnd)
      for (let output = 0; output < outputs.length; output++) round.v128Zero().localSet(bytes + output)
      round.loopWhile((step) => {
        for (let vector = 0; vector < unroll; vector++) {
          const offset = 16 * vector
          emitOutputs(stage.operations, outputs, localOf, offset, step, (output, emit) => {
            if (isBuilding) {
              step.localGet(out).localGet(at).i32Add()
              emit()
              step.v128Store(offset)
              step.localGet(out).localGet(at).i32Add().v128Load(offset)
            } else emit()
            step
              .simd(simd.popcount8)
              .localGet(bytes + output)
              .simd(simd.add8)
              .localSet(bytes + output)
          })
        }
        emitNext(16 * unroll, step)
        // i32.lt_u
        step.localGet(roundEnd).byte(0x49)
      })
      for (let output = 0; output < outputs.length; output++) {
        round.localGet(bytes + output).simd(simd.addPairs8)
        round
          .localGet(pairs + output)
          .simd(simd.add16)
          .localSet(pairs + output)
      }
      round.localGet(at).i32Const(blockBytes).byte(0x49)
    })
    for (let output = 0; output < outputs.length; output++) {
      row.localGet(pairs + output).simd(simd.addPairs16)
      if (!isBuilding) row.localGet(sums + output).simd(simd.add32)
      row.localSet(sums + output)
    }
    if (isBuilding) {
      row.localGet(counts)
      emitLaneSum(sums, row)
      row.i32Store(0)
      row.localGet(counts).i32Const(4).i32Add().localSet(counts)
      row.localGet(out).i32Const(blockBytes).i32Add().localSet(out)
    }
    row
      .localGet(table)
      .i32Const(4 * operands)
      .i32Add()
      .localSet(table)
    row.localGet(rows).i32Const(-1).i32Add().localTee(rows)
  })
  for (let output = 0; !isBuilding && output < outputs.length; output++) {
    body
      .localGet(counts)
      .localGet(counts)
      .i32Load(4 * output)
    emitLaneSum(sums + output, body)
    body.i32Add().i32Store(4 * output)
  }
  body.byte(0x0b)
}

/** A stage of one row: what it leaves is written to its slots. */
function emitStage(stage: Stage, body: WasmCode): void {
  const firstShared = firstPointer + stage.inputs.length
  const localOf = sharedLocals(stage.operations, stage.outputs, firstShared)
  const unroll = unrolled(stage)
  body.u32(2)
  body.u32(firstShared - out).byte(i32)
  body.u32(localOf.size).byte(v128)
  emitPointers(stage, body)
  body.loopWhile((step) => {
    for (let vector = 0; vector < unroll; vector++) {
      emitOutputs(stage.operations, stage.outputs, localOf, 16 * vector, step, (output, emit) => {
        step.localGet(slots).localGet(at).i32Add()
        emit()
        step.v128Store(stage.slots[output]! * blockBytes + 16 * vector)
      })
    }
    emitNext(16 * unroll, step)
    step.i32Const(blockBytes).byte(0x49)
  })
  body.byte(0x0b)
}

/** How many vectors are evaluated in a step: a divisor of those of a round. */
function unrolled({ operations }: Stage): number {
  return operations.length <= 12 ? 4 : operations.length <= 40 ? 2 : 1
}

/** Looks up where the inputs of a stage are. */
function emitPointers({ inputs }: Stage, code: WasmCode): void {
  for (const [i, input] of inputs.entries()) {
    if ('operand' in input) code.localGet(table).i32Load(4 * input.operand)
    else
      code
        .localGet(slots)
        .i32Const(blockBytes * input.slot)
        .i32Add()
    code.localSet(firstPointer + i)
  }
}

/** Goes on, and leaves how far it is. */
function emitNext(bytes: number, step: WasmCode): void {
  step.localGet(at).i32Const(bytes).i32Add().localTee(at)
}

/** The outputs for 16 bytes: `use` is called for each, and says when its value is to be left on the stack. */
function emitOutputs(
  operations: readonly BlockOperation[],
  outputs: readonly number[],
  localOf: ReadonlyMap<number, number>,
  offset: number,
  step: WasmCode,
  use: (output: number, emit: () => void) => void,
): void {
  const known = new Set<number>()
  const vectors: ValueCode = {
    operand: (operand) =>
      void step
        .localGet(firstPointer + operand)
        .localGet(at)
        .i32Add()
        .v128Load(offset),
    zero: () => void step.v128Zero(),
    one: () => void step.v128Zero().simd(simd.not),
    not: () => void step.simd(simd.not),
    and: () => void step.simd(simd.and),
    or: () => void step.simd(simd.or),
    xor: () => void step.simd(simd.xor),
    andNot: () => void step.simd(simd.andNot),
  }
  for (const [output, place] of outputs.entries()) {
    use(output, () => emitValue(operations, place, localOf, known, vectors, step))
  }
}

/** Leaves the sum of the four lanes of a local on the stack. */
function emitLaneSum(local: number, code: WasmCode): void {
  for (let lane = 0; lane < 4; lane++) {
    code.localGet(local).simd(0x1b).byte(lane)
    if (lane > 0) code.i32Add()
  }
}

/** Values one by one: a byte of each operand, of which the bit of the value counts. */
function emitProbe(program: BlockProgram, isSifting: boolean, body: WasmCode): void {
  const { operations, outputs, operands } = program
  const [values, left, byte, bit, kept] = [2, 3, 4, 5, 6]
  const firstPointer = 7
  const firstCount = firstPointer + operands
  const firstShared = firstCount + outputs.length
  const localOf = sharedLocals(operations, outputs, firstShared)
  body
    .u32(1)
    .u32(firstShared + localOf.size - 4)
    .byte(i32)
  for (let operand = 0; operand < operands; operand++) {
    body
      .localGet(0)
      .i32Load(4 * operand)
      .localSet(firstPointer + operand)
  }
  body.loopWhile((step) => {
    // bit = the value, byte = value / 8; the bit of it is value % 8, since shifts count by 32.
    step.localGet(values).byte(0x2f, 1).u32(0).localTee(bit).i32Const(3).byte(0x76).localSet(byte)
    const known = new Set<number>()
    const scalar: ValueCode = {
      operand: (operand) =>
        void step
          .localGet(firstPointer + operand)
          .localGet(byte)
          .i32Add()
          .byte(0x2d, 0)
          .u32(0),
      zero: () => void step.i32Const(0),
      one: () => void step.i32Const(-1),
      not: () => void step.i32Const(-1).byte(0x73),
      and: () => void step.byte(0x71),
      or: () => void step.byte(0x72),
      xor: () => void step.byte(0x73),
      andNot: () => void step.i32Const(-1).byte(0x73, 0x71),
    }
    const emit = (place: number): void => {
      emitValue(operations, place, localOf, known, scalar, step)
      step.localGet(bit).i32Const(7).byte(0x71, 0x76).i32Const(1).byte(0x71)
    }
    if (isSifting) {
      // Written in any case, and written over where it isn't in.
      step.localGet(1).localGet(kept).i32Const(1).byte(0x74).i32Add().localGet(bit).byte(0x3b, 1).u32(0)
      emit(outputs[0]!)
      step.localGet(kept).i32Add().localSet(kept)
    } else {
      for (const [output, place] of outputs.entries()) {
        emit(place)
        step
          .localGet(firstCount + output)
          .i32Add()
          .localSet(firstCount + output)
      }
    }
    step.localGet(values).i32Const(2).i32Add().localSet(values)
    step.localGet(left).i32Const(-1).i32Add().localTee(left)
  })
  if (isSifting) body.localGet(kept)
  else
    for (let output = 0; output < outputs.length; output++)
      body
        .localGet(1)
        .localGet(firstCount + output)
        .i32Store(4 * output)
  body.byte(0x0b)
}

/** How a kind of value is worked on: each puts its instructions behind those of what it works on. */
type ValueCode = {
  readonly operand: (operand: number) => void
} & { readonly [op in 'zero' | 'one' | 'not' | 'and' | 'or' | 'xor' | 'andNot']: () => void }

/** Leaves the value of an operation on the stack. What is used again goes to a local the first time. */
function emitValue(
  operations: readonly BlockOperation[],
  place: number,
  localOf: ReadonlyMap<number, number>,
  known: Set<number>,
  value: ValueCode,
  code: WasmCode,
): void {
  const local = localOf.get(place)
  if (local !== undefined && known.has(place)) {
    code.localGet(local)
    return
  }
  const operation = operations[place]!
  if (operation.op === 'operand') value.operand(operation.operand)
  else {
    if ('a' in operation) emitValue(operations, operation.a, localOf, known, value, code)
    if ('b' in operation) emitValue(operations, operation.b, localOf, known, value, code)
    value[operation.op]()
  }
  if (local !== undefined) {
    code.localTee(local)
    known.add(place)
  }
}

/** Locals, from `first` on, for the operations that are read more than once; an output is read too. */
function sharedLocals(
  operations: readonly BlockOperation[],
  outputs: readonly number[],
  first: number,
): Map<number, number> {
  const uses = operations.map(() => 0)
  for (const place of outputs) uses[place]!++
  for (const operation of operations) {
    if ('a' in operation) uses[operation.a]!++
    if ('b' in operation) uses[operation.b]!++
  }
  const locals = new Map<number, number>()
  for (const [place, count] of uses.entries()) if (count > 1) locals.set(place, first + locals.size)
  return locals
}

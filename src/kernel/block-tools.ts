import { blockBytes, mostPages } from './emit-program.ts'
import { i32, i64, simd, WasmCode } from './wasm-code.ts'
import { instantiate, type WasmMemory } from './wasm-types.ts'

/** What is done with blocks beside programs. Addresses are in bytes; `values` are u16, ascending. */
export interface BlockTools {
  /** Sets the bits of values in a block. */
  set(values: number, count: number, block: number): void
  /** Makes the words zero in which values are. */
  clear(values: number, count: number, block: number): void
  /** Writes the values of the bits that are set, and up to four more, which mean nothing. Gives how many are set. */
  list(block: number, values: number): number
  /** As `list`, without more: faster where few bits are set, slower where many are. */
  listFew(block: number, values: number): number
  /** Sets the bits in a block that are set in another. */
  unite(from: number, block: number): void
  /** Copies bytes, up to 15 more than are asked for, from front to back: where the two overlap, `to` comes first. */
  move(from: number, to: number, bytes: number): void
}

/** Opcodes of whole numbers. */
const op = {
  loop: 0x03,
  block: 0x02,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  load8: 0x2d,
  load16: 0x2f,
  load64: 0x29,
  store8: 0x3a,
  store16: 0x3b,
  store32: 0x36,
  store64: 0x37,
  eqz: 0x45,
  lessUnsigned: 0x49,
  i64eqz: 0x50,
  i64ctz: 0x7a,
  i64popcount: 0x7b,
  ctz: 0x68,
  extend: 0xad,
  or64: 0x84,
  shl64: 0x86,
  sub64: 0x7d,
  and64: 0x83,
  i64const: 0x42,
  wrap: 0xa7,
  or: 0x72,
  and: 0x71,
  shl: 0x74,
  shrUnsigned: 0x76,
} as const

/** The tools over a shared memory. */
export function makeBlockTools(memory: WasmMemory): BlockTools {
  return instantiate(emitTools(), memory)
}

function emitTools(): Uint8Array<ArrayBuffer> {
  const code = new WasmCode()
  code.byte(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  code.section(1, (types) => {
    types.u32(3).byte(0x60, 3, i32, i32, i32, 0).byte(0x60, 2, i32, i32, 1, i32).byte(0x60, 2, i32, i32, 0)
  })
  code.section(2, (imports) => imports.u32(1).name('m').name('m').byte(2, 3).u32(0).u32(mostPages))
  code.section(3, (functions) => functions.u32(6).byte(0, 0, 1, 1, 0, 2))
  code.section(7, (exports) => {
    exports.u32(6)
    for (const [i, name] of ['set', 'clear', 'list', 'listFew', 'move', 'unite'].entries())
      exports.name(name).byte(0, i)
  })
  code.section(10, (bodies) => {
    bodies.u32(6)
    bodies.sized((body) => emitOverValues(body, true))
    bodies.sized((body) => emitOverValues(body, false))
    bodies.sized(emitList)
    bodies.sized(emitListFew)
    bodies.sized(emitMove)
    bodies.sized(emitUnite)
  })
  return code.bytes
}

/** For each value: the byte at `block + value / 8` gets its bit, or becomes 0. */
function emitOverValues(body: WasmCode, sets: boolean): void {
  const [values, count, block, value, address] = [0, 1, 2, 3, 4]
  body.u32(1).u32(2).byte(i32)
  // while (count != 0)
  body.byte(op.block, 0x40, op.loop, 0x40)
  body.localGet(count).byte(op.eqz, op.branchIf, 1)
  body.localGet(values).byte(op.load16, 1).u32(0).localTee(value)
  body.i32Const(3).byte(op.shrUnsigned).localGet(block).i32Add().localTee(address)
  if (sets) {
    body.localGet(address).byte(op.load8, 0).u32(0)
    body.i32Const(1).localGet(value).i32Const(7).byte(op.and, op.shl, op.or)
  } else body.i32Const(0)
  body.byte(op.store8, 0).u32(0)
  body.localGet(values).i32Const(2).i32Add().localSet(values)
  body.localGet(count).i32Const(-1).i32Add().localSet(count)
  body.byte(op.branch, 0, op.end, op.end, op.end)
}

/** Four values are written at a time, whether there are four or not: mostly there are no more in 64 bits, and a processor foresees that. */
function emitList(body: WasmCode): void {
  const [block, values, base, at, place] = [0, 1, 2, 3, 4]
  const [word, count] = [5, 6]
  body.u32(2).u32(3).byte(i32).u32(2).byte(i64)
  body.localGet(values).localSet(at)
  body.byte(op.loop, 0x40)
  // word = the 64 bits from base on
  body.localGet(block).localGet(base).i32Const(3).byte(op.shrUnsigned).i32Add().byte(op.load64, 3).u32(0).localTee(word)
  body.byte(op.i64popcount).localSet(count)
  body.localGet(at).localSet(place)
  body.byte(op.loop, 0x40)
  for (let i = 0; i < 4; i++) {
    body.localGet(place).localGet(base).localGet(word).byte(op.i64ctz, op.wrap).i32Add()
    body.byte(op.store16, 1).u32(2 * i)
    // word &= word - 1
    body.localGet(word).localGet(word).byte(op.i64const, 1, op.sub64, op.and64).localSet(word)
  }
  body.localGet(place).i32Const(8).i32Add().localSet(place)
  body.localGet(word).byte(op.i64eqz, op.eqz, op.branchIf, 0, op.end)
  body.localGet(at).localGet(count).byte(op.wrap).i32Const(1).byte(op.shl).i32Add().localSet(at)
  body.localGet(base).i32Const(64).i32Add().localTee(base)
  body.i32Const(8 * blockBytes).byte(op.lessUnsigned, op.branchIf, 0, op.end)
  body.localGet(at).localGet(values).byte(0x6b).i32Const(1).byte(op.shrUnsigned)
  body.byte(op.end)
}

/** Looks for bytes that aren't 0, 64 of them at a time: each is found without a branch that a processor could foresee wrongly. */
function emitListFew(body: WasmCode): void {
  const [block, values, base, at, place, byte] = [0, 1, 2, 3, 4, 5]
  const mask = 6
  body.u32(2).u32(4).byte(i32).u32(1).byte(i64)
  body.localGet(values).localSet(at)
  body.byte(op.loop, 0x40)
  // mask = a bit for each of 64 bytes
  for (let vector = 0; vector < 4; vector++) {
    body.localGet(block).localGet(base).i32Add()
    body
      .v128Load(16 * vector)
      .v128Zero()
      .simd(simd.notEqual8)
      .simd(simd.bitMask8)
      .byte(op.extend)
    if (vector > 0)
      body
        .byte(op.i64const)
        .s32(16 * vector)
        .byte(op.shl64, op.or64)
  }
  body.localSet(mask)
  body.byte(op.block, 0x40, op.loop, 0x40)
  body.localGet(mask).byte(op.i64eqz, op.branchIf, 1)
  body.localGet(base).localGet(mask).byte(op.i64ctz, op.wrap).i32Add().localTee(place)
  body.localGet(block).i32Add().byte(op.load8, 0).u32(0).localSet(byte)
  body.localGet(mask).localGet(mask).byte(op.i64const, 1, op.sub64, op.and64).localSet(mask)
  body.byte(op.loop, 0x40)
  body.localGet(at).localGet(place).i32Const(3).byte(op.shl).localGet(byte).byte(op.ctz).i32Add()
  body.byte(op.store16, 1).u32(0)
  body.localGet(at).i32Const(2).i32Add().localSet(at)
  body.localGet(byte).localGet(byte).i32Const(-1).i32Add().byte(op.and).localTee(byte)
  body.byte(op.branchIf, 0, op.end)
  body.byte(op.branch, 0, op.end, op.end)
  body.localGet(base).i32Const(64).i32Add().localTee(base)
  body.i32Const(blockBytes).byte(op.lessUnsigned, op.branchIf, 0, op.end)
  body.localGet(at).localGet(values).byte(0x6b).i32Const(1).byte(op.shrUnsigned)
  body.byte(op.end)
}

function emitMove(body: WasmCode): void {
  const [from, to, bytes] = [0, 1, 2]
  body.u32(0)
  body.loopWhile((step) => {
    step.localGet(to).localGet(from).v128Load(0).v128Store(0)
    step.localGet(from).i32Const(16).i32Add().localSet(from)
    step.localGet(to).i32Const(16).i32Add().localSet(to)
    // i32.gt_s
    step.localGet(bytes).i32Const(-16).i32Add().localTee(bytes).i32Const(0).byte(0x4a)
  })
  body.byte(op.end)
}

function emitUnite(body: WasmCode): void {
  const [from, block, left] = [0, 1, 2]
  body.u32(1).u32(1).byte(i32)
  body.i32Const(blockBytes).localSet(left)
  body.loopWhile((step) => {
    step.localGet(block).localGet(block).v128Load(0).localGet(from).v128Load(0).simd(simd.or).v128Store(0)
    step.localGet(from).i32Const(16).i32Add().localSet(from)
    step.localGet(block).i32Const(16).i32Add().localSet(block)
    step.localGet(left).i32Const(-16).i32Add().localTee(left)
  })
  body.byte(op.end)
}

import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { i32, simd, v128, WasmCode } from '../../src/kernel/wasm-code.ts'
import { flags, membersOf, type ShapesCrowd } from './crowd.ts'
import type { Peer, Way } from './questions.ts'

function members(crowd: ShapesCrowd, names: readonly string[]): Record<string, Uint32Array> {
  return Object.fromEntries(
    flags()
      .filter(({ name }) => names.includes(name))
      .map((flag) => [flag.name, membersOf(crowd, flag)]),
  )
}

/** The floor for S2: three flat arrays of bits in a memory of their own, read once, counted in SIMD registers, nothing else. */
export function flatPeer(crowd: ShapesCrowd): Peer {
  const bytes = Math.ceil(crowd.people / 8 / 256) * 256
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      Memory: new (of: { initial: number }) => { buffer: ArrayBuffer }
      Module: new (bytes: Uint8Array<ArrayBuffer>) => object
      Instance: new (
        module: object,
        imports: object,
      ) => { exports: { count(a: number, b: number, c: number, end: number): number } }
    }
  }
  const memory = new WebAssembly.Memory({ initial: Math.ceil((3 * bytes) / 65_536) })
  const words = new Uint32Array(memory.buffer)
  for (const [i, people] of Object.values(members(crowd, ['A', 'B', 'C'])).entries()) {
    const base = (i * bytes) >>> 2
    for (const person of people) words[base + (person >>> 5)]! |= 1 << (person & 31)
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(countAndNot()), { m: { m: memory } })
  return { ways: { S2: { count: () => exports.count(0, bytes, 2 * bytes, bytes) } } }
}

/** `count(a, b, c, end)`: how many bits are in a and b and not in c, from each address on, for `end` bytes, a multiple of 256. */
function countAndNot(): Uint8Array<ArrayBuffer> {
  const [a, b, c, end, round] = [0, 1, 2, 3, 4]
  const [sums, bytes] = [5, 6]
  const code = new WasmCode().byte(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  code.section(1, (types) => types.u32(1).byte(0x60, 4, i32, i32, i32, i32, 1, i32))
  code.section(2, (imports) => imports.u32(1).name('m').name('m').byte(2, 0).u32(1))
  code.section(3, (functions) => functions.u32(1).byte(0))
  code.section(7, (exports) => exports.u32(1).name('count').byte(0, 0))
  code.section(10, (bodies) => {
    bodies.u32(1).sized((body) => {
      body.u32(2).u32(1).byte(i32).u32(2).byte(v128)
      body.localGet(end).localGet(a).i32Add().localSet(end)
      body.loopWhile((rounds) => {
        rounds.v128Zero().localSet(bytes)
        rounds.localGet(a).i32Const(256).i32Add().localSet(round)
        rounds.loopWhile((step) => {
          for (let vector = 0; vector < 4; vector++) {
            step.localGet(a).v128Load(16 * vector)
            step
              .localGet(b)
              .v128Load(16 * vector)
              .simd(simd.and)
            step
              .localGet(c)
              .v128Load(16 * vector)
              .simd(simd.andNot)
            step.simd(simd.popcount8).localGet(bytes).simd(simd.add8).localSet(bytes)
          }
          for (const pointer of [b, c]) step.localGet(pointer).i32Const(64).i32Add().localSet(pointer)
          step.localGet(a).i32Const(64).i32Add().localTee(a).localGet(round).byte(0x49)
        })
        rounds.localGet(bytes).simd(simd.addPairs8).simd(simd.addPairs16).localGet(sums).simd(simd.add32).localSet(sums)
        rounds.localGet(a).localGet(end).byte(0x49)
      })
      for (let lane = 0; lane < 4; lane++) {
        body.localGet(sums).simd(0x1b).byte(lane)
        if (lane > 0) body.i32Add()
      }
      body.byte(0x0b)
    })
  })
  return code.bytes
}

/** What is used of typedfastbitset. */
interface TypedBitSet {
  clone(): TypedBitSet
  intersection_size(other: TypedBitSet): number
  union_size(other: TypedBitSet): number
  difference_size(other: TypedBitSet): number
  union(other: TypedBitSet): TypedBitSet
  intersection(other: TypedBitSet): TypedBitSet
  difference(other: TypedBitSet): TypedBitSet
  size(): number
}

/** The package typedfastbitset: flat bits in plain JavaScript. @throws Error where it isn't in the folder of `CROWDBIT_PEERS` */
export function typedFastBitSetPeer(crowd: ShapesCrowd): Peer {
  const require = createRequire(join(resolve(process.env.CROWDBIT_PEERS ?? '.'), 'package.json'))
  const { TypedFastBitSet } = require('typedfastbitset') as {
    TypedFastBitSet: new (values: Iterable<number>) => TypedBitSet
  }
  const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'sparse', 'rare']
  const sets = Object.fromEntries(
    Object.entries(members(crowd, names)).map(([name, people]) => [name, new TypedFastBitSet(people)]),
  )
  const [A, B, C, D, E, F, G, sparse, rare] = names.map((name) => sets[name]!) as [
    TypedBitSet,
    TypedBitSet,
    TypedBitSet,
    TypedBitSet,
    TypedBitSet,
    TypedBitSet,
    TypedBitSet,
    TypedBitSet,
    TypedBitSet,
  ]
  const built =
    (make: () => TypedBitSet): Way =>
    () =>
      make().size()
  return {
    ways: {
      S1: { count: () => A.intersection_size(B), set: built(() => A.clone().intersection(B)) },
      S2: {
        count: () => A.clone().difference(C).intersection_size(B),
        set: built(() => A.clone().difference(C).intersection(B)),
      },
      S3: {
        count: () => A.clone().union(B).difference(E).intersection_size(C.clone().union(D)),
        set: built(() => A.clone().union(B).difference(E).intersection(C.clone().union(D))),
      },
      S4a: { count: () => sparse.intersection_size(rare), set: built(() => rare.clone().intersection(sparse)) },
      S4b: { count: () => sparse.intersection_size(B), set: built(() => sparse.clone().intersection(B)) },
      S5a: {
        count: () => A.clone().union(C).union(D).union(E).union(F).union(G).union_size(B),
        set: built(() => A.clone().union(B).union(C).union(D).union(E).union(F).union(G)),
      },
    },
  }
}

/** Plain `Set`s of people: the smallest is gone through. */
export function setPeer(crowd: ShapesCrowd): Peer {
  const sets = Object.fromEntries(
    Object.entries(members(crowd, ['A', 'B', 'C', 'sparse', 'rare'])).map(([name, people]) => [name, new Set(people)]),
  )
  const of = (first: string, has: readonly string[], hasNot: readonly string[] = []): Way => {
    const [least, all, none] = [sets[first]!, has.map((name) => sets[name]!), hasNot.map((name) => sets[name]!)]
    return () => {
      let count = 0
      for (const person of least)
        if (all.every((set) => set.has(person)) && !none.some((set) => set.has(person))) count++
      return count
    }
  }
  return {
    ways: {
      S1: { count: of('A', ['B']) },
      S2: { count: of('A', ['B'], ['C']) },
      S4a: { count: of('rare', ['sparse']) },
      S4b: { count: of('sparse', ['B']) },
    },
  }
}

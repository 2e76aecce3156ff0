import { blockBytes, mostPages } from './emit-program.ts'
import { Extents } from './extents.ts'
import { arenaBytes, KernelArena, onesBlock } from './kernel-arena.ts'
import { type WasmMemory, wasm } from './wasm-types.ts'

/** Blocks taken at a time when the memory grows: 8 MB. */
const growBlocks = 1024
const pageBytes = 65_536

/**
 * Memory of the kernel: blocks of 8 KB that are taken and given back, one size for all. Before them are the arenas of the threads that
 * work on them.
 */
export class KernelMemory {
  readonly memory: WasmMemory
  /** Of this thread. */
  readonly arena: KernelArena
  readonly #extents = new Extents()
  readonly #first: number
  readonly #most: number
  #blocks: number

  /** How many bytes of blocks one has room for. @param threads how many others work on it */
  static mostBytes(threads: number): number {
    return (mostPages - 1) * pageBytes - (1 + threads) * arenaBytes
  }

  /**
   * @param most how many bytes it grows to, at most 4 GB: so much of the address space is taken at once
   * @param threads how many others work on it
   * @throws RangeError where the process has not so much of it
   */
  constructor(most: number, threads = 0) {
    const arenaPages = ((1 + threads) * arenaBytes) / pageBytes
    const pages = Math.min(Math.ceil(most / pageBytes) + arenaPages, mostPages - 1)
    this.#first = (1 + threads) * (arenaBytes / blockBytes)
    this.#blocks = this.#first
    this.#most = (pages * pageBytes) / blockBytes
    this.memory = new wasm.Memory({ initial: arenaPages, maximum: pages, shared: true })
    this.arena = new KernelArena(this.memory, 0)
    this.bytes.fill(0xff, onesBlock, onesBlock + blockBytes)
  }

  get u32(): Uint32Array {
    return this.arena.u32
  }

  get bytes(): Uint8Array {
    return this.arena.bytes
  }

  /** Bytes of blocks that are taken. */
  get usedBytes(): number {
    return (this.#blocks - this.#first - this.#extents.free) * blockBytes
  }

  /** The addresses of so many blocks, ascending, in a row where that can be, whatever is in them; `null` where there are not so many left. */
  take(count: number): Uint32Array | null {
    const missing = count - this.#extents.free
    if (missing > 0 && !this.#grow(missing)) return null
    const blocks = this.#extents.take(count)
    for (let i = 0; i < count; i++) blocks[i]! *= blockBytes
    return blocks
  }

  give(addresses: Uint32Array): void {
    this.#extents.give(addresses.map((address) => address / blockBytes))
  }

  #grow(missing: number): boolean {
    const blocks = Math.min(this.#most - this.#blocks, Math.max(missing, growBlocks))
    if (blocks < missing) return false
    const pages = Math.ceil(((this.#blocks + blocks) * blockBytes - this.memory.buffer.byteLength) / pageBytes)
    try {
      if (pages > 0) this.memory.grow(pages)
    } catch {
      return false
    }
    this.#extents.giveRow(this.#blocks, this.#blocks + blocks)
    this.#blocks += blocks
    this.arena.refresh()
    return true
  }
}

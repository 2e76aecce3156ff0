import { blockBytes, mostPages } from './emit-program.ts'
import { Extents } from './extents.ts'
import { type WasmMemory, wasm } from './wasm-types.ts'

/** Blocks taken at a time when the memory grows: 8 MB. */
const growBlocks = 1024
const pageBytes = 65_536
/** Blocks of rows of addresses. */
const tableBlocks = 8
/** Blocks of results that are put together at a time, those of 134 million people, with room for their header. Untouched, they take no memory. */
const stageBlocks = 2 + 2048
/** The first block that can be taken: the others are the kernel's own. */
const firstBlock = 2064

/**
 * Memory of the kernel: blocks of 8 KB that are taken and given back, one size for all. Its first blocks are its own.
 */
export class KernelMemory {
  readonly memory: WasmMemory
  readonly #extents = new Extents()
  readonly #most: number
  #blocks = firstBlock
  u32: Uint32Array
  bytes: Uint8Array

  /**
   * @param most how many bytes it grows to, at most 4 GB: so much of the address space is taken at once
   * @throws RangeError where the process has not so much of it
   */
  constructor(most: number) {
    const pages = Math.min(Math.ceil(most / pageBytes) + (firstBlock * blockBytes) / pageBytes, mostPages - 1)
    this.#most = (pages * pageBytes) / blockBytes
    this.memory = new wasm.Memory({ initial: (firstBlock * blockBytes) / pageBytes, maximum: pages, shared: true })
    this.u32 = new Uint32Array(this.memory.buffer)
    this.bytes = new Uint8Array(this.memory.buffer)
    this.bytes.fill(0xff, KernelMemory.ones, KernelMemory.ones + blockBytes)
  }

  /** Where rows of addresses of operands are put, and how many addresses there is room for. */
  static readonly table: number = 0
  static readonly tableLength: number = (tableBlocks * blockBytes) / 4
  /** Counts, a u32 each. */
  static readonly counts: number = tableBlocks * blockBytes
  /** A list of up to 4,096 values that is read or written, and room behind it. */
  static readonly values: number = KernelMemory.counts + blockBytes
  static readonly zeros: number = KernelMemory.values + 2 * blockBytes
  static readonly ones: number = KernelMemory.zeros + blockBytes
  /** Where results are put together. */
  static readonly stage: number = KernelMemory.ones + blockBytes
  static readonly stageBytes: number = stageBlocks * blockBytes

  /** Bytes of blocks that are taken. */
  get usedBytes(): number {
    return (this.#blocks - firstBlock - this.#extents.free) * blockBytes
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
    this.u32 = new Uint32Array(this.memory.buffer)
    this.bytes = new Uint8Array(this.memory.buffer)
    return true
  }
}

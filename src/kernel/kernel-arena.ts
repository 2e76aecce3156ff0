import { blockBytes } from './emit-program.ts'
import { mostSlots } from './program-stages.ts'
import type { WasmMemory } from './wasm-types.ts'

/** Blocks of rows of addresses. */
const tableBlocks = 8
/** Blocks of results that are put together at a time, those of 134 million people, with room for their header. Untouched, they take no memory. */
const stageBlocks = 2 + 2048
/** Blocks that stages of a program leave results in. */
const slotBlocks = mostSlots
/** Blocks that lists are put into, one an operand. Those that aren't touched take no memory. */
export const scratchBlocks = 4096

const pageBytes = 65_536
const countsAt = tableBlocks * blockBytes
const valuesAt = countsAt + blockBytes
const zerosAt = valuesAt + 2 * blockBytes
const onesAt = zerosAt + blockBytes
const filledAt = onesAt + blockBytes
const stageAt = filledAt + blockBytes
const slotsAt = stageAt + stageBlocks * blockBytes
const scratchAt = slotsAt + slotBlocks * blockBytes
/** Bytes of an arena: a multiple of the pages of a memory. */
export const arenaBytes: number = Math.ceil((scratchAt + scratchBlocks * blockBytes) / pageBytes) * pageBytes

/** Blocks that are the same for everybody: of no bits, and of all. */
export const zerosBlock: number = zerosAt
export const onesBlock: number = onesAt

/**
 * Where one thread puts what it works on, in the memory that all share: the first has the first arena, and so on. Those of other threads lie
 * behind it, and behind them the images.
 */
export class KernelArena {
  readonly memory: WasmMemory
  /** Rows of addresses of operands, and how many addresses there is room for. */
  readonly table: number
  readonly tableLength: number = countsAt / 4
  /** Counts, a u32 each. */
  readonly counts: number
  /** A list of up to 4,096 values that is read or written, and room behind it. */
  readonly values: number
  /** Where results are put together. */
  readonly stage: number
  readonly stageBytes: number = stageBlocks * blockBytes
  /** The first of `mostSlots` blocks. */
  readonly slots: number
  /** The first of `scratchBlocks` blocks: all zeros between two containers. */
  readonly scratch: number
  /** Of how many of them anything was ever put into, a u32: somebody who ends halfway may leave it there. */
  readonly #filled: number
  u32: Uint32Array
  bytes: Uint8Array

  /** @param place of the thread: 0 for the one that the images are made by */
  constructor(memory: WasmMemory, place: number) {
    const base = place * arenaBytes
    this.memory = memory
    this.table = base
    this.counts = base + countsAt
    this.values = base + valuesAt
    this.stage = KernelArena.stageOf(place)
    this.slots = base + slotsAt
    this.scratch = base + scratchAt
    this.#filled = (base + filledAt) >>> 2
    this.u32 = new Uint32Array(memory.buffer)
    this.bytes = new Uint8Array(memory.buffer)
  }

  /** Where the results of a thread are put together. */
  static stageOf(place: number): number {
    return place * arenaBytes + stageAt
  }

  /** Sees the memory as long as it is. To be called before each evaluation: another thread may have asked for more. */
  refresh(): void {
    const { buffer } = this.memory
    if (buffer === this.u32.buffer) return
    this.u32 = new Uint32Array(buffer)
    this.bytes = new Uint8Array(buffer)
  }

  /** The next of the scratch blocks, behind so many that lists are put into. */
  scratchBlock(filled: number): number {
    if (filled >= this.u32[this.#filled]!) this.u32[this.#filled] = filled + 1
    return this.scratch + filled * blockBytes
  }

  /** Makes the scratch blocks zero, which somebody may have left halfway. */
  clean(): void {
    this.bytes.fill(0, this.scratch, this.scratch + this.u32[this.#filled]! * blockBytes)
  }
}

import { type BlockTools, makeBlockTools } from './block-tools.ts'
import { CompiledPrograms } from './compiled-programs.ts'
import { KernelMemory } from './kernel-memory.ts'

/** A memory, and what works on it. */
export interface KernelSpace {
  readonly memory: KernelMemory
  readonly tools: BlockTools
  readonly programs: CompiledPrograms
}

/** Containers that there can be: those of 2^32 people. */
export const everyContainer = 65_536

/**
 * The memories that images are in. One has room for 4 GB, so that there are several where images take more: each has the containers of a range of
 * people, and a pass goes over one after another. They are made when somebody has containers there.
 */
export class KernelSpaces {
  /** How many containers a space has: space `n` those from `n * containersEach` on. */
  readonly containersEach: number
  /** Those that were made. */
  readonly all: KernelSpace[] = []
  /** Called when one was made. */
  onMade: () => void = () => {}
  readonly #most: number
  readonly #threads: number
  #isFull = false

  /**
   * @param most bytes of images in each, at most what one memory has room for
   * @param threads how many others work on them
   */
  constructor(most: number, threads = 0, containersEach: number = everyContainer) {
    this.#most = most
    this.#threads = threads
    this.containersEach = containersEach
  }

  /** Which one has a container. */
  indexOf(key: number): number {
    return Math.floor(key / this.containersEach)
  }

  /** Makes those up to the one that has a container. `false` where the process has not the addresses for them. */
  reach(key: number): boolean {
    const last = this.indexOf(key)
    while (this.all.length <= last && !this.#isFull) {
      try {
        const memory = new KernelMemory(this.#most, this.#threads)
        const programs = new CompiledPrograms(memory.memory)
        this.all.push({ memory, tools: makeBlockTools(memory.memory), programs })
        this.onMade()
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        this.#isFull = true
      }
    }
    return this.all.length > last
  }

  /** Bytes of blocks that are taken, in all of them. */
  get usedBytes(): number {
    return this.all.reduce((sum, { memory }) => sum + memory.usedBytes, 0)
  }

  /** The parts of the containers up to one that are in each space: the first, and the one behind the last. */
  *ranges(end: number): Generator<{ readonly space: number; readonly from: number; readonly to: number }> {
    for (let space = 0, from = 0; from < end; space++, from += this.containersEach) {
      yield { space, from, to: Math.min(end, from + this.containersEach) }
    }
  }
}

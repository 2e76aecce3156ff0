import { blockBytes } from './emit-program.ts'
import type { KernelMemory } from './kernel-memory.ts'

/** What an image has of one memory: blocks, and room for lists in some of them. */
export class ImageRoom {
  readonly memory: KernelMemory
  #blocks: Uint32Array[] = []
  /** Of those that the containers which are taken now will need: those that are left, and the rest of one with lists in it. */
  #spare: Uint32Array = new Uint32Array(0)
  #nextSpare = 0
  #listAt = 0
  #listEnd = 0
  /** Blocks that others may read, and nobody else has any more. */
  #retired: Uint32Array[] = []

  constructor(memory: KernelMemory) {
    this.memory = memory
  }

  get byteSize(): number {
    return this.#blocks.reduce((sum, { length }) => sum + length, 0) * blockBytes
  }

  /**
   * Takes what so many blocks and lists will need, the blocks in one row. `false` where there is not the memory for it.
   *
   * @param longestList bytes of a list at the most
   */
  provide(blocks: number, listBytes: number, longestList: number): boolean {
    const room = this.#listEnd - this.#listAt
    // A list isn't cut, so that the end of a block may be lost.
    const lists = listBytes <= room ? 0 : Math.ceil(listBytes / (blockBytes - longestList))
    const needed = blocks + lists
    if (needed === 0) return true
    const taken = this.memory.take(needed)
    if (taken === null) return false
    this.#blocks.push(taken)
    this.#spare = taken
    this.#nextSpare = 0
    return true
  }

  /** The address of the next block. */
  block(): number {
    return this.#spare[this.#nextSpare++]!
  }

  /** The address of so many bytes for a list. */
  list(bytes: number): number {
    if (this.#listAt + bytes > this.#listEnd) {
      this.#listAt = this.block()
      this.#listEnd = this.#listAt + blockBytes
    }
    const address = this.#listAt
    this.#listAt += bytes
    return address
  }

  /** Gives all memory back; where others read it, by `endReading`. */
  release(isRead: boolean): void {
    if (isRead) this.#retired.push(...this.#blocks)
    else for (const blocks of this.#blocks) this.memory.give(blocks)
    this.#blocks = []
    this.#spare = new Uint32Array(0)
    this.#nextSpare = 0
    this.#listAt = 0
    this.#listEnd = 0
  }

  /** Nobody else reads it any more. */
  endReading(): void {
    for (const blocks of this.#retired) this.memory.give(blocks)
    this.#retired = []
  }
}

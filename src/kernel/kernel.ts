import { invariant } from '../base/invariant.ts'
import type { Bitmap } from '../bitmap/bitmap.ts'
import { ContainerWriter } from '../bitmap/container-writer.ts'
import { BlockEvaluator, type KernelWork } from './block-evaluator.ts'

import type { BlockProgram } from './block-program.ts'
import { type BlockTools, makeBlockTools } from './block-tools.ts'
import { CompiledPrograms } from './compiled-programs.ts'
import type { Image } from './image.ts'
import { ImageCache, type ImageSource } from './image-cache.ts'
import { KernelMemory } from './kernel-memory.ts'

export type { KernelWork } from './block-evaluator.ts'

/**
 * Evaluates boolean programs over bitmaps container by container, in one pass that builds nothing between: WebAssembly made for the
 * program's shape, on copies of the bitmaps. The answers are those of the bitmaps, bit for bit; only time differs.
 */
export class Kernel {
  readonly #budget: number
  /** For tests: whether it answers whatever it costs, and the first time. */
  always = false
  /** `null` until it is needed, since it takes address space; `false` where there was none. */
  #parts: KernelParts | null | false = null

  /** @param budget most bytes of images */
  constructor(budget: number) {
    this.#budget = budget
  }

  /** Bytes of images, and how many there are. */
  get stats(): { readonly bytes: number; readonly count: number } {
    const parts = this.#parts
    if (parts === null || parts === false) return { bytes: 0, count: 0 }
    return { bytes: parts.memory.usedBytes, count: parts.images.size }
  }

  /**
   * The images of bitmaps; `null` where they aren't worth making yet, or there isn't the memory for them.
   *
   * @param saves microseconds that a pass is thought to save
   */
  images(sources: readonly ImageSource[], saves = 0): Image[] | null {
    this.#parts ??= makeParts(this.#budget)
    if (this.#parts === false) return null
    this.#parts.images.asksBefore = this.always ? 1 : 2
    return this.#parts.images.get(sources, saves)
  }

  /**
   * How many people each output of a program has.
   *
   * @param images of its operands, up to date
   */
  counts(program: BlockProgram, images: readonly Image[]): { readonly counts: number[]; readonly work: KernelWork } {
    const evaluator = this.#evaluator(program, images)
    return { counts: evaluator.counts(), work: evaluator.work }
  }

  /** The people of the first output. The bitmap is the caller's. `images` as for `counts`. */
  build(program: BlockProgram, images: readonly Image[]): { readonly bitmap: Bitmap; readonly work: KernelWork } {
    const evaluator = this.#evaluator(program, images)
    const { bytes, stage, stageBytes } = this.#held.memory.arena
    const writer = new ContainerWriter(bytes.subarray(stage, stage + stageBytes))
    evaluator.build(writer)
    return { bitmap: writer.finish(), work: evaluator.work }
  }

  /** Gives the memory of all images back. */
  clear(): void {
    if (this.#parts !== null && this.#parts !== false) this.#parts.images.clear()
  }

  #evaluator(program: BlockProgram, images: readonly Image[]): BlockEvaluator {
    const { memory, tools, programs } = this.#held
    return new BlockEvaluator(memory.arena, tools, programs.get(program), images)
  }

  get #held(): KernelParts {
    invariant(this.#parts !== null && this.#parts !== false, 'who has images has the memory that they are in')
    return this.#parts
  }
}

interface KernelParts {
  readonly memory: KernelMemory
  readonly tools: BlockTools
  readonly programs: CompiledPrograms
  readonly images: ImageCache
}

/** The budget is found to be overdrawn once it is. */
const spareBytes = 32 << 20

function makeParts(budget: number): KernelParts | false {
  let memory: KernelMemory
  try {
    memory = new KernelMemory(budget + spareBytes)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
  const tools = makeBlockTools(memory.memory)
  return { memory, tools, programs: new CompiledPrograms(memory.memory), images: new ImageCache(memory, tools, budget) }
}

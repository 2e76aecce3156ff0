import type { Bitmap } from '../bitmap/bitmap.ts'
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
  #always = false
  readonly #memory: KernelMemory
  readonly #tools: BlockTools
  readonly #programs: CompiledPrograms
  readonly #images: ImageCache

  /** @param budget most bytes of images */
  constructor(budget: number) {
    this.#memory = new KernelMemory(budget + spareBytes)
    this.#tools = makeBlockTools(this.#memory.memory)
    this.#programs = new CompiledPrograms(this.#memory)
    this.#images = new ImageCache(this.#memory, this.#tools, budget)
  }

  /** For tests: whether it answers whatever it costs, and the first time. */
  get always(): boolean {
    return this.#always
  }

  set always(always: boolean) {
    this.#always = always
    this.#images.asksBefore = always ? 1 : 2
  }

  /** Bytes of images, and how many there are. */
  get stats(): { readonly bytes: number; readonly count: number } {
    return { bytes: this.#memory.usedBytes, count: this.#images.size }
  }

  /** The images of bitmaps; `null` where they aren't worth making yet, or don't fit. */
  images(sources: readonly ImageSource[]): Image[] | null {
    return this.#images.get(sources)
  }

  /** How many people each output of a program has. @param images of its operands, up to date */
  counts(program: BlockProgram, images: readonly Image[]): { readonly counts: number[]; readonly work: KernelWork } {
    const evaluator = this.#evaluator(program, images)
    try {
      return { counts: evaluator.counts(), work: evaluator.work }
    } finally {
      evaluator.dispose()
    }
  }

  /** The people of the first output. The bitmap is the caller's. @param images as for `counts` */
  build(program: BlockProgram, images: readonly Image[]): { readonly bitmap: Bitmap; readonly work: KernelWork } {
    const evaluator = this.#evaluator(program, images)
    try {
      return { bitmap: evaluator.build(), work: evaluator.work }
    } finally {
      evaluator.dispose()
    }
  }

  /** Gives the memory of all images back. */
  clear(): void {
    this.#images.clear()
  }

  #evaluator(program: BlockProgram, images: readonly Image[]): BlockEvaluator {
    return new BlockEvaluator(this.#memory, this.#tools, this.#programs.get(program), images)
  }
}

/** For blocks that lists are put into, one an operand. */
const spareBytes = 32 << 20

import { invariant } from '../base/invariant.ts'
import { type Bitmap, bitmapFromCheckedBytes } from '../bitmap/bitmap.ts'
import { ContainerWriter } from '../bitmap/container-writer.ts'
import type { Cells } from '../bitmap/count-cells.ts'
import { joined } from '../bitmap/joined.ts'
import { stretches } from '../threads/stretches.ts'
import type { Task, ThreadPool } from '../threads/thread-pool.ts'
import { BlockEvaluator, type KernelWork } from './block-evaluator.ts'
import type { BlockProgram } from './block-program.ts'
import { type BlockTools, makeBlockTools } from './block-tools.ts'
import { CompiledPrograms } from './compiled-programs.ts'
import type { Image } from './image.ts'
import { ImageCache, type ImageSource } from './image-cache.ts'
import { flat, type ImageContainers, isUnion, type Operand } from './image-containers.ts'
import { KernelArena } from './kernel-arena.ts'
import { KernelMemory } from './kernel-memory.ts'
import { type KernelAnswer, type KernelOrder, type KernelSetup, kernelServer } from './kernel-orders.ts'

export type { KernelWork } from './block-evaluator.ts'

/**
 * Evaluates boolean programs over bitmaps container by container, in one pass that builds nothing between: WebAssembly made for the
 * program's shape, on copies of the bitmaps. The answers are those of the bitmaps, bit for bit; only time differs.
 */
export class Kernel {
  readonly #budget: number
  readonly #threads: ThreadPool | null
  /** For tests: whether it answers whatever it costs, the first time, and by all threads. */
  always = false
  /** `null` until it is needed, since it takes address space; `false` where there was none. */
  #parts: KernelParts | null | false = null

  /**
   * @param budget most bytes of images
   * @param threads that passes can be given to; `null` for none
   */
  constructor(budget: number, threads: ThreadPool | null = null) {
    this.#budget = budget
    this.#threads = threads
  }

  /** Whether there are other threads that a pass can be given to. */
  get hasThreads(): boolean {
    return this.#threads !== null && !this.#threads.isClosed
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
  images(sources: readonly Operand<ImageSource>[], saves = 0): Operand<Image>[] | null {
    this.#parts ??= makeParts(this.#budget, this.#threads)
    if (this.#parts === false) return null
    this.#parts.images.asksBefore = this.always ? 1 : 2
    return asOperands(this.#parts.images.get(flat(sources), saves), sources)
  }

  /** The images of bitmaps, for other threads; `null` where one is missing: see `makeImages`. Cost: copies of what changed. */
  imagesAtOnce(sources: readonly Operand<ImageSource>[]): Operand<Image>[] | null {
    this.#parts ??= makeParts(this.#budget, this.#threads)
    return this.#parts === false ? null : asOperands(this.#parts.images.getMade(flat(sources)), sources)
  }

  /**
   * Makes the first of the images that is missing, with the others of one question. `false` where they don't fit together. Cost: a copy,
   * about 3 ms for 12.5 MB.
   */
  makeImage(sources: readonly Operand<ImageSource>[]): boolean {
    return this.#parts !== null && this.#parts !== false && this.#parts.images.makeNext(flat(sources))
  }

  /**
   * How many people each output of a program has.
   *
   * @param images of its operands, up to date
   */
  counts(
    program: BlockProgram,
    images: readonly Operand<Image>[],
  ): { readonly counts: number[]; readonly work: KernelWork } {
    const evaluator = this.#evaluator(program, images)
    return { counts: evaluator.counts(), work: evaluator.work }
  }

  /** The people of the first output. The bitmap is the caller's. `images` as for `counts`. */
  build(
    program: BlockProgram,
    images: readonly Operand<Image>[],
  ): { readonly bitmap: Bitmap; readonly work: KernelWork } {
    const evaluator = this.#evaluator(program, images)
    const { bytes, stage, stageBytes } = this.#held.memory.arena
    const writer = new ContainerWriter(bytes.subarray(stage, stage + stageBytes))
    evaluator.build(writer)
    return { bitmap: writer.finish(), work: evaluator.work }
  }

  /**
   * As `counts`, on other threads: of the moment of the call, whatever is written meanwhile.
   *
   * @throws THREADS_FAILED, THREADS_CLOSED, and what the signal gives
   */
  async countsLater(
    program: BlockProgram,
    images: readonly Operand<Image>[],
    signal?: AbortSignal,
  ): Promise<{ readonly counts: number[]; readonly work: KernelWork }> {
    const counts = program.outputs.map(() => 0)
    const work = await this.#pass(
      program,
      images,
      () => 'count',
      signal,
      (part) => {
        for (let i = 0; i < counts.length; i++) counts[i]! += part.counts[i]!
      },
    )
    return { counts, work }
  }

  /** As `build`, on other threads: see `countsLater`. */
  async buildLater(
    program: BlockProgram,
    images: readonly Operand<Image>[],
    signal?: AbortSignal,
  ): Promise<{ readonly bitmap: Bitmap; readonly work: KernelWork }> {
    const parts: Bitmap[] = []
    try {
      const { memory } = this.#held
      const work = await this.#pass(
        program,
        images,
        () => 'set',
        signal,
        ({ built }, position, place) => {
          if (built === null) return
          const stage = KernelArena.stageOf(place)
          parts[position] = bitmapFromCheckedBytes(memory.bytes.subarray(stage + built.start, stage + built.end), false)
        },
      )
      return { bitmap: await joined(parts), work }
    } catch (error) {
      for (const part of parts) part?.dispose()
      throw error
    }
  }

  /**
   * How many of the people of the first output have each cell, by other threads: see `countsLater`. Nobody may write the cells meanwhile.
   *
   * @param cellsOf those of so many containers from one on
   * @param length how many different cells there are
   */
  async profileLater(
    program: BlockProgram,
    images: readonly Operand<Image>[],
    cellsOf: (from: number, containers: number) => readonly (Cells | undefined)[],
    length: number,
    signal?: AbortSignal,
  ): Promise<Uint32Array> {
    const counts = new Uint32Array(length)
    const as = (from: number, containers: number): KernelOrder['as'] => ({ cells: cellsOf(from, containers), length })
    await this.#pass(program, images, as, signal, (part) => {
      for (let i = 0; i < length; i++) counts[i]! += part.counts[i]!
    })
    return counts
  }

  /** Has a program evaluated by other threads, each a stretch of the containers at a time. */
  async #pass(
    program: BlockProgram,
    images: readonly Operand<Image>[],
    as: (from: number, containers: number) => KernelOrder['as'],
    signal: AbortSignal | undefined,
    take: (answer: KernelAnswer, position: number, arena: number) => void,
  ): Promise<KernelWork> {
    invariant(this.#threads !== null, 'who asks for threads has looked whether there are any')
    const work: KernelWork = { blocks: 0, values: 0, skipped: 0 }
    const reach = reachOf(this.#held.programs.get(program).required, images)
    const lengths = { least: this.always ? 1 : leastStretch, most: mostStretch }
    const tasks = stretches(reach, this.#threads.size, lengths).map(([from, to], position): Task => {
      const order: KernelOrder = {
        program,
        images: images.map((operand) =>
          isUnion(operand) ? operand.map((image) => stretchOf(image, from, to)) : stretchOf(operand, from, to),
        ),
        firstKey: from,
        as: as(from, to - from),
      }
      return {
        to: kernelServer,
        message: order,
        take: (message, place) => {
          const answer = message as KernelAnswer
          work.blocks += answer.work.blocks
          work.values += answer.work.values
          work.skipped += answer.work.skipped
          take(answer, position, arenaOf(place))
        },
      }
    })
    const lent = flat(images)
    for (const image of lent) image.lend()
    const { done, ended } = this.#threads.run(tasks, signal)
    void ended.then(() => {
      for (const image of lent) image.unlend()
    })
    await done
    return work
  }

  /** Gives the memory of all images back. */
  clear(): void {
    if (this.#parts !== null && this.#parts !== false) this.#parts.images.clear()
  }

  #evaluator(program: BlockProgram, images: readonly Operand<Image>[]): BlockEvaluator {
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

/** Images of bitmaps one by one, as the operands that these are of. */
function asOperands(
  images: readonly Image[] | null,
  sources: readonly Operand<ImageSource>[],
): Operand<Image>[] | null {
  if (images === null) return null
  let next = 0
  return sources.map((source) => (isUnion(source) ? source.map(() => images[next++]!) : images[next++]!))
}

/** Fewer containers than this aren't worth a message. */
const leastStretch = 32
/** More have no room in a stage. */
const mostStretch = 1024
/** How many containers have to be looked at. @param required operands without which there is no result */
function reachOf(required: readonly number[], images: readonly Operand<Image>[]): number {
  const reach = (operand: Operand<Image>): number =>
    isUnion(operand)
      ? operand.reduce((most, { addresses }) => Math.max(most, addresses.length), 0)
      : operand.addresses.length
  return required.length > 0
    ? Math.min(...required.map((operand) => reach(images[operand]!)))
    : Math.max(0, ...images.map(reach))
}

function stretchOf({ addresses, lengths }: Image, from: number, to: number): ImageContainers {
  return { addresses: addresses.slice(from, to), lengths: lengths.slice(from, to) }
}

/** The arena of a thread: the first is that of the engine's own. */
function arenaOf(place: number): number {
  return place + 1
}

function makeParts(budget: number, threads: ThreadPool | null): KernelParts | false {
  let memory: KernelMemory
  try {
    memory = new KernelMemory(budget + spareBytes, threads?.size ?? 0)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
  const tools = makeBlockTools(memory.memory)
  threads?.setUp(kernelServer, (place): KernelSetup => ({ memory: memory.memory, arena: arenaOf(place) }))
  return { memory, tools, programs: new CompiledPrograms(memory.memory), images: new ImageCache(memory, tools, budget) }
}

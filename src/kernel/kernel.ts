import { invariant } from '../base/invariant.ts'
import { type Bitmap, bitmapFromCheckedBytes, bitmapOf } from '../bitmap/bitmap.ts'
import { ContainerWriter } from '../bitmap/container-writer.ts'
import type { Cells } from '../bitmap/count-cells.ts'
import { joined } from '../bitmap/joined.ts'
import { stretches } from '../threads/stretches.ts'
import type { Task, ThreadPool } from '../threads/thread-pool.ts'
import { BlockEvaluator, type KernelWork } from './block-evaluator.ts'
import type { BlockProgram } from './block-program.ts'
import type { Image } from './image.ts'
import { ImageCache, type ImageSource, shapeOf } from './image-cache.ts'
import { flat, type ImageContainers, isUnion, type Operand } from './image-containers.ts'
import { KernelArena } from './kernel-arena.ts'
import { KernelMemory } from './kernel-memory.ts'
import { type KernelAnswer, type KernelOrder, type KernelSetup, kernelServer } from './kernel-orders.ts'
import { everyContainer, type KernelSpace, KernelSpaces } from './kernel-spaces.ts'

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
  /** For tests: how many containers are in one memory, whatever there is room for. */
  containersEach: number | null = null
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
    return { bytes: parts.spaces.usedBytes, count: parts.images.size }
  }

  /**
   * The images of bitmaps; `null` where they aren't worth making yet, or there isn't the memory for them.
   *
   * @param saves microseconds that a pass is thought to save
   */
  images(sources: readonly Operand<ImageSource>[], saves = 0): Operand<Image>[] | null {
    const parts = this.#partsFor(sources)
    if (parts === false) return null
    parts.images.asksBefore = this.always ? 1 : 2
    return asOperands(parts.images.get(flat(sources), saves), sources)
  }

  /** The images of bitmaps, for other threads; `null` where one is missing: see `makeImages`. Cost: copies of what changed. */
  imagesAtOnce(sources: readonly Operand<ImageSource>[]): Operand<Image>[] | null {
    const parts = this.#partsFor(sources)
    return parts === false ? null : asOperands(parts.images.getMade(flat(sources)), sources)
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
    const counts = program.outputs.map(() => 0)
    const work = noWork()
    for (const { evaluator } of this.#evaluators(program, images)) {
      for (const [i, count] of evaluator.counts().entries()) counts[i]! += count
      addWork(work, evaluator.work)
    }
    return { counts, work }
  }

  /** The people of the first output. The bitmap is the caller's. `images` as for `counts`. */
  build(
    program: BlockProgram,
    images: readonly Operand<Image>[],
  ): { readonly bitmap: Bitmap; readonly work: KernelWork } {
    let bitmap: Bitmap | null = null
    const work = noWork()
    for (const { evaluator, space, from } of this.#evaluators(program, images)) {
      const { bytes, stage, stageBytes } = space.memory.arena
      const writer = new ContainerWriter(bytes.subarray(stage, stage + stageBytes), from)
      evaluator.build(writer)
      const part = writer.finish()
      addWork(work, evaluator.work)
      if (bitmap === null) bitmap = part
      else {
        bitmap.orInPlace(part)
        part.dispose()
      }
    }
    return { bitmap: bitmap ?? bitmapOf(), work }
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
      const { spaces } = this.#held
      const work = await this.#pass(
        program,
        images,
        () => 'set',
        signal,
        ({ built }, position, place, space) => {
          if (built === null) return
          const stage = KernelArena.stageOf(place)
          const { bytes } = spaces.all[space]!.memory
          parts[position] = bitmapFromCheckedBytes(bytes.subarray(stage + built.start, stage + built.end), false)
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
    take: (answer: KernelAnswer, position: number, arena: number, space: number) => void,
  ): Promise<KernelWork> {
    invariant(this.#threads !== null, 'who asks for threads has looked whether there are any')
    const work = noWork()
    const { spaces } = this.#held
    const reach = this.#reach(program, images)
    const lengths = { least: this.always ? 1 : leastStretch, most: mostStretch }
    const parts = [...spaces.ranges(reach)].flatMap(({ space, from: first, to: end }) =>
      stretches(end - first, this.#threads!.size, lengths).map(([from, to]) => ({
        space,
        from: first + from,
        to: first + to,
      })),
    )
    const tasks = parts.map(({ space, from, to }, position): Task => {
      const order: KernelOrder = {
        program,
        space,
        images: images.map((operand) => stretchOf(operand, from, to)),
        firstKey: from,
        as: as(from, to - from),
      }
      return {
        to: kernelServer,
        message: order,
        take: (message, place) => {
          const answer = message as KernelAnswer
          addWork(work, answer.work)
          take(answer, position, arenaOf(place), space)
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

  /** One for each space that a result may have containers in. */
  *#evaluators(program: BlockProgram, images: readonly Operand<Image>[]): Generator<SpaceEvaluator> {
    const { spaces } = this.#held
    const [space] = spaces.all as [KernelSpace]
    if (spaces.all.length === 1) {
      const { memory, tools, programs } = space
      yield { evaluator: new BlockEvaluator(memory.arena, tools, programs.get(program), images), space, from: 0 }
      return
    }
    const reach = this.#reach(program, images)
    for (const { space: index, from, to } of spaces.ranges(reach)) {
      const space = spaces.all[index]!
      const { memory, tools, programs } = space
      const parts = images.map((operand) => stretchOf(operand, from, to))
      yield { evaluator: new BlockEvaluator(memory.arena, tools, programs.get(program), parts), space, from }
    }
  }

  #reach(program: BlockProgram, images: readonly Operand<Image>[]): number {
    return reachOf(this.#held.spaces.all[0]!.programs.get(program).required, images)
  }

  #partsFor(sources: readonly Operand<ImageSource>[]): KernelParts | false {
    this.#parts ??= makeParts(
      this.#budget,
      this.#threads,
      this.containersEach ?? containersEach(this.#budget, sources, this.#threads),
    )
    return this.#parts
  }

  get #held(): KernelParts {
    invariant(this.#parts !== null && this.#parts !== false, 'who has images has the memory that they are in')
    return this.#parts
  }
}

interface KernelParts {
  readonly spaces: KernelSpaces
  readonly images: ImageCache
}

/** The evaluator of a program in one space, whose containers begin with `from`. */
interface SpaceEvaluator {
  readonly evaluator: BlockEvaluator
  readonly space: KernelSpace
  readonly from: number
}

function noWork(): KernelWork {
  return { blocks: 0, values: 0, skipped: 0 }
}

function addWork(sum: KernelWork, { blocks, values, skipped }: KernelWork): void {
  sum.blocks += blocks
  sum.values += values
  sum.skipped += skipped
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

/** The containers of an operand that are in `[from, to)`. */
function stretchOf(operand: Operand<Image>, from: number, to: number): Operand<ImageContainers> {
  const part = ({ addresses, lengths }: Image): ImageContainers => ({
    addresses: addresses.slice(from, to),
    lengths: lengths.slice(from, to),
  })
  return isUnion(operand) ? operand.map(part) : part(operand)
}

/** The arena of a thread: the first is that of the engine's own. */
function arenaOf(place: number): number {
  return place + 1
}

function makeParts(budget: number, threads: ThreadPool | null, containersEach: number): KernelParts | false {
  const spaces = new KernelSpaces(budget + spareBytes, threads?.size ?? 0, containersEach)
  if (!spaces.reach(0)) return false
  const setUp = (): void =>
    threads?.setUp(
      kernelServer,
      (place): KernelSetup => ({ memories: spaces.all.map(({ memory }) => memory.memory), arena: arenaOf(place) }),
    )
  setUp()
  spaces.onMade = setUp
  return { spaces, images: new ImageCache(spaces, budget) }
}

/** Of a memory: as many as are sure to be free of it, since people come, and not all containers take the same. */
const usedShare = 0.75

/**
 * How many containers one memory has: all of them where the budget has room in it, else so few that it is divided among enough of them.
 *
 * @param sources that are asked for first: of about as many containers as there are
 */
function containersEach(budget: number, sources: readonly Operand<ImageSource>[], threads: ThreadPool | null): number {
  const room = KernelMemory.mostBytes(threads?.size ?? 0)
  if (budget + spareBytes <= room) return everyContainer
  const containers = flat(sources).reduce((most, source) => Math.max(most, shapeOf(source).containers), 0)
  return Math.min(mostStretch, Math.max(leastEach, Math.ceil(containers / Math.ceil(budget / (usedShare * room)))))
}

/** Fewer containers in a memory would make too many memories of many people. */
const leastEach = 64

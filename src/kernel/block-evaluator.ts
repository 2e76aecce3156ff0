import { invariant } from '../base/invariant.ts'
import type { ContainerSink } from '../bitmap/container-stage.ts'
import { bitsetBytes, largestArray } from '../bitmap/portable-format.ts'
import type { BlockTools } from './block-tools.ts'
import type { CompiledProgram } from './compiled-programs.ts'
import { blockBytes } from './emit-program.ts'
import { type ImageContainers, isUnion, listed, type Operand } from './image-containers.ts'
import { type KernelArena, onesBlock, scratchBlocks, zerosBlock } from './kernel-arena.ts'

/** Rows that are put into the table at a time: they stay in the first-level cache until they are read. */
const mostRows = 256
/** Rows that are built at a time: they stay in the second-level cache until they are looked at again. */
const mostBuilt = 32
/** Up to so many values of a block are found faster one by one. */
const fewValues = 512
const mostKeys = 65_536

/** Who works on containers. */
interface Visitor {
  /** Of the first `count` rows of the table, and their keys. */
  rows(count: number, keys: readonly number[]): void
  /** Of the first row, and of `count` values of the container alone. */
  list(key: number, values: number, count: number): void
}

/** The evaluation was to end before it was done. */
export class EvaluationCancelled extends Error {}

/** What an evaluation did: asserted where a time would be noise. */
export interface KernelWork {
  /** Blocks of operands that were read. */
  blocks: number
  /** Values of lists that were looked up, or put into a block. */
  values: number
  /** Containers of which nothing was read. */
  skipped: number
}

/**
 * Evaluates a program container by container. A container that can't have anybody is skipped; where a list of values bounds the
 * result, only these are looked up; other lists are put into blocks first, and taken out again.
 */
export class BlockEvaluator {
  readonly #arena: KernelArena
  readonly #tools: BlockTools
  readonly #compiled: CompiledProgram
  readonly #images: readonly ImageContainers[]
  /** By operand: of which bitmaps it is the union; `null` for one. */
  readonly #unions: readonly (readonly ImageContainers[] | null)[]
  readonly #isCancelled: () => boolean
  readonly work: KernelWork = { blocks: 0, values: 0, skipped: 0 }

  /**
   * @param images of the operands, by their places: as many as there are scratch blocks at most; unions may be of any number
   * @param isCancelled asked now and then: then what runs ends with `EvaluationCancelled`
   */
  constructor(
    arena: KernelArena,
    tools: BlockTools,
    compiled: CompiledProgram,
    images: readonly Operand<ImageContainers>[],
    isCancelled: () => boolean = never,
  ) {
    invariant(images.length <= scratchBlocks, 'each operand has a block that its lists are put into')
    this.#arena = arena
    this.#tools = tools
    this.#compiled = compiled
    this.#unions = images.map((operand) => (isUnion(operand) ? operand : null))
    this.#images = images.map((operand) => (isUnion(operand) ? anyOf(operand) : operand))
    this.#isCancelled = isCancelled
  }

  /** How many each output has. Cost: reading every block of every operand once. */
  counts(): number[] {
    const { outputs } = this.#compiled.program
    const { u32, table, counts, slots } = this.#arena
    const first = counts >>> 2
    // Each call adds: a u32 holds what 65,535 containers can have.
    u32.fill(0, first, first + outputs.length)
    let totals: number[] | null = null
    this.#run(this.#rowsOfTable, {
      rows: (count) => this.#compiled.run.count(table, count, counts, slots),
      list: (_, values, count) => {
        totals ??= outputs.map(() => 0)
        const scratch = first + outputs.length
        this.#compiled.run.probe(table, 4 * scratch, values, count)
        for (let output = 0; output < outputs.length; output++) totals[output]! += u32[scratch + output]!
      },
    })
    return outputs.map((_, output) => u32[first + output]! + (totals?.[output] ?? 0))
  }

  /**
   * Gives the people of output 0 to a sink, whose room is the stage of the arena. Cost: as `counts`, and writing them: blocks are built where they
   * are read from as portable bytes.
   */
  build(sink: ContainerSink): void {
    const { u32, table, counts, slots, stage } = this.#arena
    this.#run(Math.min(mostBuilt, this.#rowsOfTable), {
      rows: (count, keys) => {
        const built = stage + sink.reserve(count * bitsetBytes)
        this.#compiled.run.build(table, count, counts, slots, built)
        let end = built
        for (let row = 0; row < count; row++) {
          const size = u32[(counts >>> 2) + row]!
          if (size === 0) continue
          end += this.#pack(built + row * bitsetBytes, size, end)
          sink.placed(keys[row]!, size)
        }
      },
      list: (key, values, count) => {
        const size = this.#compiled.run.sift(table, stage + sink.reserve(bitsetBytes), values, count)
        if (size > 0) sink.placed(key, size)
      },
    })
  }

  /** Puts the container of a block to where it belongs, at or before the block. Gives how many bytes it has. */
  #pack(block: number, size: number, to: number): number {
    if (size > largestArray) {
      if (to < block) this.#tools.move(block, to, bitsetBytes)
      return bitsetBytes
    }
    const list = this.#arena.values
    if (size <= fewValues) this.#tools.listFew(block, list)
    else this.#tools.list(block, list)
    this.#tools.move(list, to, 2 * size)
    return 2 * size
  }

  get #rowsOfTable(): number {
    return Math.min(mostRows, Math.floor(this.#arena.tableLength / Math.max(1, this.#compiled.program.operands)))
  }

  /** Visits the containers in ascending order: rows of blocks many at a time, a container that a list bounds by itself. */
  #run(most: number, visitor: Visitor): void {
    const addresses = this.#images.map((image) => image.addresses)
    const operands = addresses.length
    const required = this.#compiled.required.map((operand) => addresses[operand]!)
    const { u32 } = this.#arena
    const table = this.#arena.table >>> 2
    const keys: number[] = []
    let end = 0
    if (required.length > 0) end = required.reduce((least, { length }) => Math.min(least, length), mostKeys)
    else for (const { length } of addresses) end = Math.max(end, length)
    const skipsEmpty = required.length === 0 && !this.#compiled.holdsForNobody
    let skipped = 0
    const flush = (): void => {
      if (keys.length === 0) return
      if (this.#isCancelled()) throw new EvaluationCancelled()
      this.work.blocks += keys.length * operands
      visitor.rows(keys.length, keys)
      keys.length = 0
    }
    for (let key = 0; key < end; key++) {
      let any = 0
      for (let i = 0; i < required.length; i++) {
        any = required[i]![key]!
        if (any === 0) break
      }
      if (required.length > 0 && any === 0) {
        skipped++
        continue
      }
      const row = table + keys.length * operands
      let kinds = 0
      let used = 0
      for (let operand = 0; operand < operands; operand++) {
        const of = addresses[operand]!
        const address = key < of.length ? of[key]! : 0
        kinds |= address & listed
        used |= address
        u32[row + operand] = address === 0 ? zerosBlock : address
      }
      if (used === 0 && skipsEmpty) {
        skipped++
        continue
      }
      if (kinds === 0) {
        keys.push(key)
        if (keys.length === most) flush()
        continue
      }
      // Its row comes first, and in order.
      flush()
      this.#withLists(key, visitor)
    }
    flush()
    this.work.skipped += skipped
  }

  /** A container in which operands have lists: looked up by the shortest of those that bound the result, or put into blocks. */
  #withLists(key: number, visitor: Visitor): void {
    const images = this.#images
    const { u32 } = this.#arena
    const table = this.#arena.table >>> 2
    let driver = -1
    for (const operand of this.#compiled.canProbe ? this.#compiled.required : []) {
      const { addresses, lengths } = images[operand]!
      if ((addresses[key]! & listed) === 0 || this.#unions[operand] !== null) continue
      if (driver < 0 || lengths[key]! < images[driver]!.lengths[key]!) driver = operand
    }
    let filled = 0
    for (let operand = 0; operand < images.length; operand++) {
      const { addresses, lengths } = images[operand]!
      const address = key < addresses.length ? addresses[key]! : 0
      let block = address === 0 ? zerosBlock : address
      if ((address & listed) !== 0) {
        const union = this.#unions[operand]!
        this.work.values += union === null ? lengths[key]! : 0
        // The driver's values alone are looked up, and it has them.
        if (operand === driver) block = onesBlock
        else {
          block = this.#arena.scratchBlock(filled++)
          if (union === null) this.#tools.set(address - listed, lengths[key]!, block)
          else this.#unite(union, key, block)
        }
      }
      u32[table + operand] = block
    }
    if (driver < 0) {
      this.work.blocks += images.length
      visitor.rows(1, [key])
    } else {
      const { addresses, lengths } = images[driver]!
      visitor.list(key, addresses[key]! - listed, lengths[key]!)
    }
    filled = 0
    for (let operand = 0; operand < images.length; operand++) {
      const { addresses, lengths } = images[operand]!
      const address = key < addresses.length ? addresses[key]! : 0
      if ((address & listed) === 0 || operand === driver) continue
      const block = this.#arena.scratchBlock(filled++)
      if (this.#unions[operand] === null) this.#tools.clear(address - listed, lengths[key]!, block)
      else this.#arena.bytes.fill(0, block, block + blockBytes)
    }
  }

  /** Puts the containers of bitmaps into a block, which is all zeros. */
  #unite(union: readonly ImageContainers[], key: number, block: number): void {
    for (const { addresses, lengths } of union) {
      const address = key < addresses.length ? addresses[key]! : 0
      if (address === 0) continue
      if ((address & listed) === 0) {
        this.work.blocks++
        this.#tools.unite(address, block)
      } else {
        this.work.values += lengths[key]!
        this.#tools.set(address - listed, lengths[key]!, block)
      }
    }
  }
}

/** Where any of some bitmaps has a container there is a list, of which nobody knows where. */
function anyOf(union: readonly ImageContainers[]): ImageContainers {
  const addresses = new Uint32Array(union.reduce((most, image) => Math.max(most, image.addresses.length), 0))
  for (const image of union) {
    for (let key = 0; key < image.addresses.length; key++) if (image.addresses[key] !== 0) addresses[key] = listed
  }
  return { addresses, lengths: new Uint16Array(addresses.length) }
}

function never(): boolean {
  return false
}

import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Extent } from '../bitmap/operation-cost.ts'
import { largestArray } from '../bitmap/portable-format.ts'
import type { Posting } from '../bitmap/posting.ts'
import { type BlockProgram, BlockProgramMaker } from '../kernel/block-program.ts'
import { mostListed } from '../kernel/image.ts'
import { type ImageSource, shapeOf } from '../kernel/image-cache.ts'
import { isUnion, type Operand } from '../kernel/image-containers.ts'
import { canBeCut } from '../kernel/program-stages.ts'
import { hasTexts, valueNumbers } from './leaf-bitmaps.ts'
import type { LogicalNode } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'
import { rangeOf } from './range-of.ts'

/** A node as one program over bitmaps as they stand. */
export interface KernelPlan {
  readonly program: BlockProgram
  /** By operand. */
  readonly sources: readonly Operand<ImageSource>[]
  /** What a pass is thought to take, in microseconds, once there are images. */
  readonly cost: number
  /** Whether it is of the instant of the question, and of answers that are remembered for a while only. */
  readonly isTimed: boolean
}

/** More operands are left to the other way. */
const mostOperands = 4_000
const mostOperations = 24_000

/** Bitmaps of short lists that are united in a block of their own: fewer aren't worth it. */
const leastUnited = 4
const mostUnited = 4_000

/** Reading a block of 8 KB, in microseconds: as for `operation-cost.ts`, only ratios matter. */
const blockCost = 0.22
/** Looking up a list of values: each, and a value of it. */
const listCost = 0.4
const valueCost = 0.004
/** Of a union: each container; of each of its bitmaps each list, and each value. */
const unionCost = 0.4
const partListCost = 0.03
const partValueCost = 0.0015
/** Each container, whatever is in it, and the question itself. */
const containerCost = 0.07
const questionCost = 20
/** Writing a container of a result: as a bitset, or as an array, whatever is in it and each value of the first few hundred. */
const writeBitset = 1.3
const writeArray = 1.2
const writeValue = 0.003
const writeMost = 3.2
/** No pass is cheaper. */
export const leastCost: number = questionCost

/** The program of a node; `null` where it is too long. */
export function kernelPlan(root: LogicalNode, source: PlanSource): KernelPlan | null {
  const translation = new Translation(source)
  const place = translation.place(root)
  if (translation.isTooLong) return null
  const program = translation.maker.program([place])
  if (program.operations.length > mostOperations || !canBeCut(program)) return null
  const { sources } = translation
  const { containers } = source.people.shape
  return {
    program,
    sources,
    isTimed: translation.isTimed,
    cost: sources.reduce((sum, of) => sum + operandCost(of), questionCost + containers * containerCost),
  }
}

/** What writing a result is thought to take besides the pass, in microseconds. */
export function writingCost({ size, containers }: Extent): number {
  const mean = containers === 0 ? 0 : size / containers
  return containers * (mean > largestArray ? writeBitset : Math.min(writeArray + mean * writeValue, writeMost))
}

function operandCost(source: Operand<ImageSource>): number {
  if (isUnion(source)) return source.reduce((sum, of) => sum + partCost(of), shapeOf(source[0]!).containers * unionCost)
  const { size, containers } = shapeOf(source)
  return !hasShortLists(source) ? containers * blockCost : containers * listCost + size * valueCost
}

/** As `operandCost`, of one of the bitmaps of a union. */
function partCost(source: ImageSource): number {
  const { size, containers } = shapeOf(source)
  return containers * partListCost + size * partValueCost
}

/**
 * Turns nodes into operations. Parts are united, intersected and added as they come, so that few results wait for others where the program is cut into
 * stages.
 */
class Translation {
  readonly maker = new BlockProgramMaker()
  readonly sources: Operand<ImageSource>[] = []
  /** Whether there are too many operands: then the operations mean nothing. */
  isTooLong = false
  isTimed = false
  readonly #source: PlanSource
  readonly #operands = new Map<ImageSource, number>()
  readonly #known = new Map<LogicalNode, number>()

  constructor(source: PlanSource) {
    this.#source = source
  }

  /** Where the people of a node are. */
  place(node: LogicalNode): number {
    if (this.isTooLong) return this.maker.zero()
    let place = this.#known.get(node)
    if (place === undefined) {
      place = this.#make(node)
      this.#known.set(node, place)
    }
    return place
  }

  #make(node: LogicalNode): number {
    const { maker } = this
    switch (node.kind) {
      case 'everyone':
        return this.#everyone()
      case 'nobody':
        return maker.zero()
      case 'not':
        return maker.andNot(this.#everyone(), this.place(node.of))
      case 'and':
        return this.#and(node.of)
      case 'or':
        return this.#or(node.of)
      case 'xor': {
        let odd = maker.zero()
        for (const place of this.#places(node.of)) odd = maker.xor(odd, place)
        return odd
      }
      case 'atLeast':
        return maker.atLeast(node.k, this.#places(node.of))
      case 'window':
        this.isTimed = true
        return this.#range(node)
      case 'range':
        return this.#range(node)
      case 'audience':
        return this.#operand(this.#source.members(node.name, node.version))
      case 'behaviour':
        this.isTimed = true
        return this.#operand(this.#source.behaviours.people(node.question, this.#source.asOf))
      case 'present':
        return this.#operand(this.#source.column(node.column)!.present)
      default: {
        const column = this.#source.column(node.column)!
        if (!hasTexts(column)) return this.#giveUp()
        return this.#union(valueNumbers(node, column).map((value) => column.posting(value)))
      }
    }
  }

  *#places(nodes: readonly LogicalNode[]): Generator<number, void> {
    for (const node of nodes) yield this.place(node)
  }

  #giveUp(): number {
    this.isTooLong = true
    return this.maker.zero()
  }

  /** What is taken away is united first, so that the rest is in both of what is left. */
  #and(parts: readonly LogicalNode[]): number {
    const { maker } = this
    const kept = parts.filter(({ kind }) => kind !== 'not')
    const taken = parts.flatMap((part) => (part.kind === 'not' ? [part.of] : []))
    const all = kept.length === 0 ? this.#everyone() : maker.andAll(this.#places(kept))
    return maker.andNot(all, maker.orAll(this.#places(taken)))
  }

  #or(nodes: readonly LogicalNode[]): number {
    const bitmaps: Posting[] = []
    const others: LogicalNode[] = []
    for (const node of nodes) {
      const posting = this.#postingOf(node)
      if (posting === null) others.push(node)
      else bitmaps.push(posting)
    }
    return this.maker.or(this.maker.orAll(this.#places(others)), this.#union(bitmaps))
  }

  /** The union of bitmaps: those of short lists are put into one block, the others are operands of their own. */
  #union(postings: readonly Posting[]): number {
    const short = new Set(postings.filter((posting) => hasShortLists(posting) && !this.#operands.has(posting)))
    if (short.size < leastUnited) return this.#orOf(postings)
    if (short.size > mostUnited) return this.#giveUp()
    const rest = this.#orOf(postings.filter((posting) => !short.has(posting)))
    const operand = this.sources.push([...short]) - 1
    return this.maker.or(rest, this.maker.operand(operand))
  }

  #orOf(postings: readonly Posting[]): number {
    return this.maker.orAll(postings.map((posting) => this.#operand(posting)))
  }

  /** The posting that a node is, as it stands. */
  #postingOf(node: LogicalNode): Posting | null {
    if (node.kind === 'present') return this.#source.column(node.column)!.present
    if (node.kind !== 'values' || node.values.length !== 1) return null
    const column = this.#source.column(node.column)!
    if (!hasTexts(column)) return null
    const [value] = valueNumbers(node, column)
    return value === undefined ? null : column.posting(value)
  }

  /**
   * Numbers on one side of 0 are compared as their bits are: below it, as if half the range was added. Never both sides at once, for
   * what that takes is beyond 2^53.
   */
  #range(node: Extract<LogicalNode, { readonly kind: 'range' | 'window' }>): number {
    const { maker } = this
    const { column, from, to } = rangeOf(node, this.#source)
    const present = this.#operand(column.present)
    const bits = column.slices.map((slice) => this.#operand(slice))
    const half = 2 ** bits.length
    const hasNegative = !column.negative.bitmap.isEmpty
    const negative = hasNegative ? this.#operand(column.negative) : maker.zero()
    const least = Math.max(from ?? -half, hasNegative ? -half : 0)
    const most = Math.min(to ?? half - 1, half - 1)
    if (least > most) return maker.zero()
    const below = least < 0 ? maker.between(bits, least + half, Math.min(most, -1) + half + 1) : maker.zero()
    const above = most >= 0 ? maker.between(bits, Math.max(least, 0), most + 1) : maker.zero()
    return maker.or(maker.and(negative, below), maker.andNot(maker.and(present, above), negative))
  }

  #everyone(): number {
    return this.#operand(this.#source.people)
  }

  #operand(source: Posting | ReadonlyBitmap): number {
    let operand = this.#operands.get(source)
    if (operand === undefined) {
      if (this.sources.length === mostOperands) return this.#giveUp()
      operand = this.sources.push(source) - 1
      this.#operands.set(source, operand)
    }
    return this.maker.operand(operand)
  }
}

/** Whether the containers of a bitmap are mostly lists of few values. */
function hasShortLists(source: ImageSource): boolean {
  const { size, containers } = shapeOf(source)
  return size <= containers * mostListed
}

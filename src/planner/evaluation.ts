import { atLeast } from '../bitmap/at-least.ts'
import { type Bitmap, bitmapShape, largestFirst, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { buildCost, countCost, type Extent, resultOf, unionCost } from '../bitmap/operation-cost.ts'
import { Scratch } from '../bitmap/scratch.ts'
import { complementOf } from './complement-of.ts'
import { type Estimate, estimate } from './estimate.ts'
import { type FoldOperand, foldCost, foldOrder } from './fold-order.ts'
import { KernelPass } from './kernel-pass.ts'
import { type LeafNode, leafBitmaps } from './leaf-bitmaps.ts'
import type { LogicalNode, NaryNode, NotLogical, RangeNode, WindowNode } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'
import { PlanMemory } from './plan-memory.ts'
import type { PlanSource } from './plan-source.ts'
import type { PlanTrace } from './plan-trace.ts'
import { rangeOf } from './range-of.ts'

/** A part of an intersection: taken into it, or taken away. */
interface FoldPart {
  readonly node: LogicalNode
  readonly negative: boolean
}

/**
 * One evaluation of a rule in normal form. It counts without building wherever it can, builds what it must in the order
 * that keeps it dense or tiny, stops at the first empty intersection, and frees every bitmap it built.
 *
 * A bitmap that `#build` gives either belongs to a column, and is only read, or to the scratch.
 */
export class Evaluation {
  readonly #source: PlanSource
  readonly #pool: NodeMaker
  readonly #trace: PlanTrace | null
  readonly #scratch = new Scratch()
  readonly #estimates = new Map<LogicalNode, Estimate>()
  readonly #memory: PlanMemory
  /** Bitmaps of shared parts, built once. */
  readonly #shared = new Map<LogicalNode, ReadonlyBitmap>()
  /** The same bitmaps: kept to the end. */
  readonly #kept = new Set<ReadonlyBitmap>()

  /** @param memory of the plan; one for this evaluation alone if it is left out. */
  constructor(
    root: LogicalNode,
    pool: NodeMaker,
    source: PlanSource,
    trace: PlanTrace | null = null,
    memory: PlanMemory = new PlanMemory(root, pool),
  ) {
    this.#source = source
    this.#pool = pool
    this.#trace = trace
    this.#memory = memory
  }

  /** Frees what is left. Call it in a `finally`. */
  dispose(): void {
    this.#scratch.dispose()
  }

  /** How many people the node has. */
  count(node: LogicalNode): number {
    this.#trace?.begin(node, node.kind)
    const count = this.#pass(node, true)?.count() ?? this.#count(node)
    this.#trace?.end()
    return count
  }

  #pass(node: LogicalNode, counting: boolean): KernelPass | null {
    return KernelPass.of(node, counting, {
      source: this.#source,
      memory: this.#memory,
      trace: this.#trace,
      estimate: (of) => this.#estimate(of),
      stepsCost: (of, isCounted) => this.costOf(of, isCounted),
    })
  }

  /** What the node is thought to cost step by step, in microseconds. */
  costOf(node: LogicalNode, counting: boolean): number {
    if (node.kind === 'or') {
      const of = node.of.map((part) => this.#estimate(part))
      const own = of.reduce((sum, part) => sum + part.ownCost, 0)
      // Of two, the union is only counted.
      const both = counting && of.length === 2 ? countCost(of[0]!, of[1]!, true) : unionCost(of)
      return own + both
    }
    if (node.kind !== 'and') return this.#estimate(node).ownCost
    const parts = node.of.map((part) => this.#foldPart(part))
    // Everyone less the count of a union, which is weighed by itself.
    if (counting && parts.every(({ negative }) => negative)) return 0
    const operands = this.#foldOperands(parts, null)
    // It is over with the first step.
    if (operands.some(isSurelyEmpty)) return 0
    return foldCost(operands, this.#orderOf(node, parts, null, counting), counting)
  }

  /** The people of the node: a bitmap of a column, lent until the next write, or one that the caller now owns. */
  select(node: LogicalNode): { readonly bitmap: ReadonlyBitmap; readonly owned: Bitmap | null } {
    const built = this.#pass(node, false)?.build() ?? null
    if (built !== null) return { bitmap: built, owned: built }
    const bitmap = this.#build(node, null)
    if (!this.#scratch.owns(bitmap)) return { bitmap, owned: null }
    const owned = this.#scratch.keep(bitmap)
    return { bitmap: owned, owned }
  }

  #count(node: LogicalNode): number {
    switch (node.kind) {
      case 'nobody':
        return 0
      case 'everyone':
        return this.#source.people.size
      case 'not':
        this.#say('everyone less the count')
        return this.#source.people.size - this.count(node.of)
      case 'and':
        return this.#countAnd(node)
      case 'or':
        return this.#countOr(node)
      case 'xor':
        return this.#countXor(node)
      case 'atLeast':
        return this.#counted(this.#build(node, null, true))
      case 'range':
      case 'window':
        return this.#countRange(node, null)
      default:
        return this.#countLeaf(node)
    }
  }

  #countLeaf(node: LeafNode): number {
    const { bitmaps, disjoint } = leafBitmaps(node, this.#source)
    if (disjoint) {
      this.#say(bitmaps.length === 1 ? 'read the size' : `add up ${bitmaps.length} sizes`)
      return bitmaps.reduce((sum, bitmap) => sum + bitmap.size, 0)
    }
    return this.#countUnion(bitmaps)
  }

  #countOr(node: NaryNode): number {
    const complement = complementOf(node, this.#pool)
    if (complement !== null) {
      this.#say('everyone less the count')
      return this.#source.people.size - this.count(complement)
    }
    const bitmaps = node.of.map((part) => this.#build(part, null))
    const count = this.#countUnion(bitmaps)
    for (const bitmap of bitmaps) this.#release(bitmap)
    return count
  }

  /** All but the smallest are united, and the union with that one is only counted. */
  #countUnion(bitmaps: readonly ReadonlyBitmap[]): number {
    if (bitmaps.length === 0) return 0
    const others = largestFirst(bitmaps)
    const last = others.pop()!
    const [largest] = others
    if (largest === undefined) return last.size
    if (others.length === 1) {
      this.#say('or, count only')
      this.#work(0, bitmaps)
      return largest.orCardinality(last)
    }
    const united = this.#scratch.orMany(others)
    this.#say(`or of ${bitmaps.length - 1} built, the smallest only counted`)
    this.#work(1, bitmaps, united)
    const count = united.orCardinality(last)
    this.#scratch.release(united)
    return count
  }

  #countXor(node: NaryNode): number {
    const { last, result } = this.#foldXor(node, true)
    this.#say('xor, the last only counted')
    this.#work(0, [result, last!])
    const count = result.xorCardinality(last!)
    this.#release(result)
    this.#release(last!)
    return count
  }

  #countAnd(node: NaryNode): number {
    const positives = node.of.filter((part) => !this.#foldPart(part).negative)
    if (positives.length === 0) {
      // Nobody in any of them: counted as everyone less a union, so that no complement is built.
      this.#say('everyone less the count')
      return this.#source.people.size - this.count(this.#pool.not(node))
    }
    const fold = this.#fold(node, null, true)
    return fold.count
  }

  /**
   * The people of a node, inside `within` where that is given.
   *
   * @param fresh whether the caller only counts it, so that a trace shows no step of its own.
   */
  #build(node: LogicalNode, within: ReadonlyBitmap | null, fresh = false): ReadonlyBitmap {
    if (this.#memory.shared.has(node)) return this.#buildShared(node, within)
    if (fresh) return this.#make(node, within)
    this.#trace?.begin(node, node.kind)
    const bitmap = this.#make(node, within)
    this.#trace?.end()
    return bitmap
  }

  /** A part that stands in the rule more than once is built once, whole, and kept to the end. */
  #buildShared(node: LogicalNode, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const known = this.#shared.get(node)
    this.#trace?.begin(node, known === undefined ? node.kind : 'built before')
    const whole = known ?? this.#make(node, null)
    this.#shared.set(node, whole)
    this.#kept.add(whole)
    const result = within === null ? whole : this.#intersect(within, whole, false)
    this.#trace?.end()
    return result
  }

  #make(node: LogicalNode, within: ReadonlyBitmap | null): ReadonlyBitmap {
    switch (node.kind) {
      case 'nobody':
        return this.#scratch.empty()
      case 'everyone':
        return within ?? this.#source.people.bitmap
      case 'not':
        return this.#makeNot(node, within)
      case 'and':
        return this.#fold(node, within, false).bitmap
      case 'or':
        return this.#makeOr(node, within)
      case 'xor': {
        const { result } = this.#foldXor(node, false)
        return this.#inside(result, within)
      }
      case 'atLeast': {
        const bitmaps = node.of.map((part) => this.#build(part, within))
        const before = this.#scratch.built
        const result = atLeast(node.k, bitmaps, this.#scratch)
        this.#say(`at least ${node.k} of ${bitmaps.length}, by counters`)
        this.#work(this.#scratch.built - before, bitmaps, result)
        for (const bitmap of bitmaps) this.#release(bitmap)
        return result
      }
      case 'range':
      case 'window':
        return this.#makeRange(node, within)
      default:
        return this.#makeLeaf(node, within)
    }
  }

  /** Slice by slice of the column's bits, the last step inside `within`. */
  #makeRange(node: RangeNode | WindowNode, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const { column, from, to } = rangeOf(node, this.#source)
    const before = this.#scratch.built
    const result = column.range(from, to, this.#scratch, within)
    this.#say(`range over ${column.slices.length} slices`)
    this.#work(this.#scratch.built - before, [result])
    return result
  }

  #countRange(node: RangeNode | WindowNode, within: ReadonlyBitmap | null): number {
    const { column, from, to } = rangeOf(node, this.#source)
    const before = this.#scratch.built
    const count = column.countRange(from, to, this.#scratch, within)
    this.#say(`range over ${column.slices.length} slices, the last step only counted`)
    this.#work(this.#scratch.built - before, within === null ? [] : [within])
    return count
  }

  #makeNot(node: NotLogical, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const taken = this.#build(node.of, null)
    const result = this.#intersect(within ?? this.#source.people.bitmap, taken, true)
    this.#release(taken)
    return result
  }

  #makeLeaf(node: LeafNode, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const { bitmaps } = leafBitmaps(node, this.#source)
    if (bitmaps.length === 0) return this.#scratch.empty()
    if (bitmaps.length === 1) {
      this.#say('read')
      return within === null ? bitmaps[0]! : this.#intersect(within, bitmaps[0]!, false)
    }
    if (within !== null && this.#isCheaperWithin(node, within, false)) return this.#uniteWithin(bitmaps, within)
    return this.#inside(this.#unite(bitmaps), within)
  }

  #makeOr(node: NaryNode, within: ReadonlyBitmap | null): ReadonlyBitmap {
    const complement = complementOf(node, this.#pool)
    if (complement !== null) {
      const taken = this.#build(complement, null)
      this.#say('everyone less the rest')
      const result = this.#intersect(within ?? this.#source.people.bitmap, taken, true)
      this.#release(taken)
      return result
    }
    const narrow = within !== null && this.#isCheaperWithin(node, within, false)
    const bitmaps = node.of.map((part) => this.#build(part, narrow ? within : null))
    const result = this.#unite(bitmaps)
    for (const bitmap of bitmaps) this.#release(bitmap)
    return narrow ? result : this.#inside(result, within)
  }

  /**
   * Takes the parts of an intersection in the cheapest order. `counting` leaves the last step unbuilt.
   */
  #fold(node: NaryNode, within: ReadonlyBitmap | null, counting: true): { count: number }
  #fold(node: NaryNode, within: ReadonlyBitmap | null, counting: false): { bitmap: ReadonlyBitmap }
  #fold(node: NaryNode, within: ReadonlyBitmap | null, counting: boolean): { bitmap: ReadonlyBitmap; count: number } {
    const parts = node.of.map((part) => this.#foldPart(part))
    const order = this.#orderOf(node, parts, within, counting)

    let current: ReadonlyBitmap | null = null
    for (const [step, index] of order.entries()) {
      const part = parts[index]
      if (part === undefined) {
        const whole = within ?? this.#source.people.bitmap
        if (current === null) current = whole
        else {
          const before: ReadonlyBitmap = current
          current = this.#intersect(before, whole, false)
          this.#release(before)
        }
        continue
      }
      const only = counting && step === order.length - 1 && current !== null
      const trace = this.#trace?.begin(part.node, 'read', part.negative)
      if (current === null) current = this.#build(part.node, null, true)
      else if (only) {
        const count = this.#countStep(current, part.node, part.negative)
        if (trace !== undefined) trace.running = count
        this.#trace?.end()
        this.#release(current)
        return { bitmap: current, count }
      } else current = this.#buildStep(current, part.node, part.negative, within)
      if (trace !== undefined) trace.running = current.size
      this.#trace?.end()
      if (current.isEmpty) {
        this.#skip(order.slice(step + 1).flatMap((later) => parts[later] ?? []))
        break
      }
    }
    const bitmap = current!
    const count = counting ? bitmap.size : 0
    if (counting) this.#release(bitmap)
    return { bitmap, count }
  }

  /** `#foldOrder`, remembered for counting. */
  #orderOf(
    node: NaryNode,
    parts: readonly FoldPart[],
    within: ReadonlyBitmap | null,
    counting: boolean,
  ): readonly number[] {
    const make = (): readonly number[] => this.#foldOrder(parts, within, counting)
    return within === null && counting ? this.#memory.order(node, this.#source.dataVersion, make) : make()
  }

  /** Positions of the parts in the order in which they are taken; one past the last stands for `within`, or everyone. */
  #foldOrder(parts: readonly FoldPart[], within: ReadonlyBitmap | null, counting: boolean): readonly number[] {
    const operands = this.#foldOperands(parts, within)
    const empty = operands.findIndex(isSurelyEmpty)
    if (empty === -1) return foldOrder(operands, counting)
    return [empty, ...operands.keys()].filter((index, step) => step === 0 || index !== empty)
  }

  #foldOperands(parts: readonly FoldPart[], within: ReadonlyBitmap | null): FoldOperand[] {
    const operands: FoldOperand[] = parts.map((part) => ({ ...this.#estimate(part.node), negative: part.negative }))
    if (within !== null || !parts.some((part) => !part.negative)) {
      const { people } = this.#source
      operands.push({ size: (within ?? people).size, containers: people.shape.containers, negative: false, ownCost: 0 })
    }
    return operands
  }

  /**
   * How an intersection takes a part: a negation is taken away, and so is the complement of a union with negations,
   * which is an intersection with fewer of them.
   */
  #foldPart(part: LogicalNode): FoldPart {
    if (part.kind === 'not') return { node: part.of, negative: true }
    const complement = this.#memory.shared.has(part) ? null : complementOf(part, this.#pool)
    return complement === null ? { node: part, negative: false } : { node: complement, negative: true }
  }

  /** The last step of a count: nothing of the result is built. */
  #countStep(current: ReadonlyBitmap, node: LogicalNode, negative: boolean): number {
    if (isRange(node) && !this.#memory.shared.has(node)) {
      const inside = this.#countRange(node, current)
      return negative ? current.size - inside : inside
    }
    if (isLeaf(node) && !this.#memory.shared.has(node)) {
      const { bitmaps, disjoint } = leafBitmaps(node, this.#source)
      if (disjoint && bitmaps.length !== 1) {
        this.#say(negative ? `less ${bitmaps.length} counts` : `add up ${bitmaps.length} counts`)
        const inside = bitmaps.reduce((sum, bitmap) => sum + bitmap.andCardinality(current), 0)
        this.#work(0, bitmaps, current)
        return negative ? current.size - inside : inside
      }
    }
    const narrow = this.#isCheaperWithin(node, current, false)
    const operand = this.#build(node, narrow ? current : null, true)
    this.#say(negative ? 'and not, count only' : 'and, count only')
    this.#work(0, [current, operand])
    const count = negative
      ? current.andNotCardinality(operand)
      : narrow
        ? operand.size
        : current.andCardinality(operand)
    this.#release(operand)
    return count
  }

  /** `within` is the caller's: where the intersection began with it, it must stay as it is. */
  #buildStep(
    current: ReadonlyBitmap,
    node: LogicalNode,
    negative: boolean,
    within: ReadonlyBitmap | null,
  ): ReadonlyBitmap {
    const narrow = (isRange(node) && !negative) || this.#isCheaperWithin(node, current, false)
    const operand = this.#build(node, narrow ? current : null, true)
    if (narrow && !negative) {
      this.#say('and')
      if (operand !== current && current !== within) this.#release(current)
      return operand
    }
    const result = this.#combine(current, operand, negative, current !== within)
    this.#release(operand)
    return result
  }

  /** `current ∩ operand`, or without it, in place where `current` is ours and the caller has no other use for it. */
  #combine(current: ReadonlyBitmap, operand: ReadonlyBitmap, negative: boolean, usedUp: boolean): ReadonlyBitmap {
    this.#say(negative ? 'and not' : 'and')
    if (usedUp && this.#isOurs(current)) {
      this.#work(0, [current, operand])
      return negative ? current.andNotInPlace(operand) : current.andInPlace(operand)
    }
    const result = negative ? this.#scratch.andNot(current, operand) : this.#scratch.and(current, operand)
    this.#work(1, [current, operand, result])
    return result
  }

  /** A new bitmap of `a ∩ b`, or `a \ b`. */
  #intersect(a: ReadonlyBitmap, b: ReadonlyBitmap, negative: boolean): ReadonlyBitmap {
    const result = negative ? this.#scratch.andNot(a, b) : this.#scratch.and(a, b)
    this.#work(1, [a, b, result])
    return result
  }

  /** The part of `bitmap` inside `within`; frees `bitmap` if that makes a new one. */
  #inside(bitmap: ReadonlyBitmap, within: ReadonlyBitmap | null): ReadonlyBitmap {
    if (within === null) return bitmap
    const result = this.#intersect(within, bitmap, false)
    this.#release(bitmap)
    return result
  }

  #unite(bitmaps: readonly ReadonlyBitmap[]): ReadonlyBitmap {
    const result = this.#scratch.orMany(bitmaps)
    this.#say(`or of ${bitmaps.length}`)
    this.#work(1, bitmaps, result)
    return result
  }

  #uniteWithin(bitmaps: readonly ReadonlyBitmap[], within: ReadonlyBitmap): ReadonlyBitmap {
    const inside = bitmaps.map((bitmap) => this.#intersect(within, bitmap, false))
    const result = this.#unite(inside)
    for (const bitmap of inside) this.#release(bitmap)
    return result
  }

  /**
   * Whether a union is cheaper to have inside `within`, by intersecting each of its parts first, than to be built whole
   * and then met with it. So for a few people against large tags, or against many values.
   */
  #isCheaperWithin(node: LogicalNode, within: ReadonlyBitmap, counting: boolean): boolean {
    if (this.#memory.shared.has(node)) return false
    const parts = this.#unionParts(node)
    if (parts === null) return false
    const { containers } = this.#source.people.shape
    const inside: Extent = { size: within.size, containers: Math.max(1, Math.min(containers, within.size)) }
    const narrow =
      parts.reduce((sum, part) => sum + buildCost(inside, part, false), 0) +
      unionCost(parts.map((part) => resultOf(inside, part, false)))
    const whole = this.#estimate(node)
    return narrow < whole.ownCost + (counting ? countCost(inside, whole, false) : buildCost(inside, whole, false))
  }

  /** The extents of the parts of a union; `null` for what is no union of several. */
  #unionParts(node: LogicalNode): readonly Extent[] | null {
    if (node.kind === 'or') return node.of.map((part) => this.#estimate(part))
    if (node.kind !== 'values' && node.kind !== 'search') return null
    const { bitmaps, extent } = leafBitmaps(node, this.#source)
    return bitmaps.length < 2
      ? null
      : bitmaps.map((bitmap) => ({ size: bitmap.size, containers: Math.min(extent.containers, bitmap.size) }))
  }

  /** The symmetric difference of all parts, or of all but the one that is left to count. */
  #foldXor(node: NaryNode, counting: boolean): { result: ReadonlyBitmap; last: ReadonlyBitmap | null } {
    const bitmaps = node.of.map((part) => this.#build(part, null))
    const last = counting ? bitmaps.pop()! : null
    const [first, second, ...rest] = bitmaps as [ReadonlyBitmap, ...ReadonlyBitmap[]]
    if (second === undefined) return { result: first, last }
    const result = this.#scratch.xor(first, second)
    for (const bitmap of rest) result.xorInPlace(bitmap)
    this.#work(1, bitmaps, result)
    this.#say('xor')
    for (const bitmap of bitmaps) this.#release(bitmap)
    return { result, last }
  }

  #counted(bitmap: ReadonlyBitmap): number {
    const count = bitmap.size
    this.#release(bitmap)
    return count
  }

  #estimate(node: LogicalNode): Estimate {
    return estimate(node, this.#source, this.#estimates)
  }

  /** Whether the bitmap may be changed in place. */
  #isOurs(bitmap: ReadonlyBitmap): bitmap is Bitmap {
    return this.#scratch.owns(bitmap) && !this.#kept.has(bitmap)
  }

  #release(bitmap: ReadonlyBitmap): void {
    if (!this.#kept.has(bitmap)) this.#scratch.release(bitmap)
  }

  /** Notes parts that an empty intersection made needless. */
  #skip(parts: readonly { readonly node: LogicalNode; readonly negative: boolean }[]): void {
    if (this.#trace === null) return
    for (const { node, negative } of parts) {
      this.#trace.begin(node, 'not needed', negative)
      this.#trace.end()
    }
  }

  #say(operator: string): void {
    this.#trace?.rename(operator)
  }

  /** Counts work where somebody listens: looking at containers costs a pass over their headers. */
  #work(built: number, operands: readonly ReadonlyBitmap[], other?: ReadonlyBitmap): void {
    if (this.#trace === null) return
    let containers = other === undefined ? 0 : bitmapShape(other).containers
    for (const bitmap of operands) containers += bitmapShape(bitmap).containers
    this.#trace.work(built, containers)
  }
}

/** A part that makes the intersection empty whatever the others are. An estimate of 0 alone would not be enough. */
function isSurelyEmpty(operand: FoldOperand): boolean {
  return !operand.negative && operand.size === 0 && operand.ownCost === 0
}

function isLeaf(node: LogicalNode): node is LeafNode {
  switch (node.kind) {
    case 'present':
    case 'values':
    case 'search':
    case 'audience':
    case 'behaviour':
      return true
    default:
      return false
  }
}

function isRange(node: LogicalNode): node is RangeNode | WindowNode {
  return node.kind === 'range' || node.kind === 'window'
}

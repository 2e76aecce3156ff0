import type { Millis } from '../base/brand.ts'
import { atLeast } from '../bitmap/at-least.ts'
import type { Bitmap, ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Scratch } from '../bitmap/scratch.ts'
import { type AtLeastNode, type CombineNode, childRules, type MinusNode, type RuleNode } from '../rules/ast.ts'
import type { Span } from '../rules/fault.ts'
import type { Rule } from '../rules/rule.ts'
import { childPath } from '../rules/rule-path.ts'
import { printRule } from '../rules/text/print-rule.ts'
import { checkPartCount } from './check-part-count.ts'
import { Evaluation } from './evaluation.ts'
import type { ExplainedWindow } from './explain-windows.ts'
import { LogicalPool } from './logical-pool.ts'
import { type LoweringContext, lowerRule } from './lower-rule.ts'
import type { PlanSource } from './plan-source.ts'

/** The counts of one part of a rule. */
export interface PreviewNode {
  /** Its place, as a JSON path from `$`. */
  readonly path: string
  /** Its text. */
  readonly rule: string
  /** Its place in the text that the rule was typed in; `null` when the rule did not come from text. */
  readonly span: Span | null
  /** How many people the part has by itself. */
  readonly count: number
  /**
   * How many people the whole rule would have without this part; `null` for the rule itself and for what stands alone
   * under a `not`, where nothing would be left.
   */
  readonly without: number | null
}

/** The counts of every part of a rule, for showing beside it while it is typed. */
export interface Preview {
  /** How many people the rule has. */
  readonly count: number
  /** How many living people there are: `U`. */
  readonly universe: number
  /** The instant for which the rule was answered. */
  readonly asOf: Millis
  /** The zone in which days begin. */
  readonly timeZone: string
  /** The bounds of every window of time that was asked about, in that zone, as `Explanation` has them. */
  readonly windows: readonly ExplainedWindow[]
  /** How many writes the data had seen. */
  readonly dataVersion: number
  /** The rule and its parts, each before those inside it. */
  readonly nodes: readonly PreviewNode[]
}

/**
 * What the whole rule's people are, seen from one part: `ifIn` where the part held everyone, `ifOut` where it held
 * nobody. With a set X in the part's place the whole is (X ∩ ifIn) ∪ (ifOut \ X).
 */
interface Surroundings {
  readonly ifIn: ReadonlyBitmap
  readonly ifOut: ReadonlyBitmap
}

/** A combination as it is without one of its parts, and as it is where that part held everyone, or nobody. */
interface OneLeftOut {
  readonly without: ReadonlyBitmap
  readonly partIn: ReadonlyBitmap
  readonly partOut: ReadonlyBitmap
}

/** A part of the rule with its people. */
interface Part {
  readonly node: RuleNode
  readonly path: string
  readonly people: ReadonlyBitmap
  readonly parts: readonly Part[]
}

/**
 * Counts every part of a rule, and the whole with each part left out, in one walk: each part's people are built once, and
 * what stands beside a part is folded from the left and from the right, so that leaving one out is a single step.
 *
 * Cost: the bitmaps of all parts, and two more for each part of the combination that is being looked at, held at once; so a
 * rule of more than 200 parts is refused. It is meant for what a person types.
 *
 * @throws RULE_TOO_LARGE, as a RuleError
 */
export function previewRule(
  rule: Rule,
  windows: readonly ExplainedWindow[],
  source: PlanSource,
  context: LoweringContext,
): Preview {
  checkPartCount(rule.node)
  const walk = new PreviewWalk(rule, source, context)
  try {
    const { asOf, zone, dataVersion } = source
    return { ...walk.run(), asOf, timeZone: zone.name, windows, dataVersion }
  } finally {
    walk.dispose()
  }
}

class PreviewWalk {
  readonly #rule: Rule
  readonly #source: PlanSource
  readonly #context: LoweringContext
  #scratch = new Scratch()
  readonly #owned: Bitmap[] = []
  readonly #everyone: ReadonlyBitmap
  readonly #nobody: ReadonlyBitmap
  readonly #nodes: PreviewNode[] = []

  constructor(rule: Rule, source: PlanSource, context: LoweringContext) {
    this.#rule = rule
    this.#source = source
    this.#context = context
    this.#everyone = source.people.bitmap
    this.#nobody = this.#scratch.empty()
  }

  run(): Pick<Preview, 'count' | 'universe' | 'nodes'> {
    const root = this.#gather(this.#rule.node, '$')
    this.#visit(root, null, { ifIn: this.#everyone, ifOut: this.#nobody })
    return { count: root.people.size, universe: this.#everyone.size, nodes: this.#nodes }
  }

  dispose(): void {
    this.#scratch.dispose()
    for (const bitmap of this.#owned) bitmap.dispose()
  }

  /** The parts from the inside out, each with its people. */
  #gather(node: RuleNode, path: string): Part {
    const parts = childRules(node).map((child, index) => this.#gather(child, childPath(node, path, index)))
    const people =
      parts.length === 0
        ? this.#condition(node)
        : this.#combine(
            node,
            parts.map((part) => part.people),
          )
    return { node, path, people, parts }
  }

  #condition(node: RuleNode): ReadonlyBitmap {
    const pool = new LogicalPool((column) => this.#source.column(column)?.kind !== 'multi-category')
    const lowered = lowerRule(node, pool, this.#context)
    const evaluation = new Evaluation(lowered, pool, this.#source)
    try {
      const { bitmap, owned } = evaluation.select(lowered)
      if (owned !== null) this.#owned.push(owned)
      return bitmap
    } finally {
      evaluation.dispose()
    }
  }

  #combine(node: RuleNode, sets: readonly ReadonlyBitmap[]): ReadonlyBitmap {
    switch (node.kind) {
      case 'and':
      case 'or':
      case 'xor':
        return sets.reduce((result, set) => this.#join(node.kind, result, set))
      case 'not':
        return this.#scratch.andNot(this.#everyone, sets[0]!)
      case 'minus':
        return this.#scratch.andNot(sets[0]!, this.#scratch.orMany(sets.slice(1)))
      case 'atLeast':
        return this.#atLeast(node.k as number, sets)
      default:
        return this.#condition(node)
    }
  }

  /** Puts the counts of a part and of those inside it down. */
  #visit(part: Part, without: number | null, around: Surroundings): void {
    const { node, path, people, parts } = part
    this.#nodes.push({
      path,
      rule: printRule(node),
      span: this.#rule.placeOf(path) ?? null,
      count: people.size,
      without,
    })
    switch (node.kind) {
      case 'not':
        this.#visit(parts[0]!, null, { ifIn: around.ifOut, ifOut: around.ifIn })
        break
      case 'and':
      case 'or':
      case 'xor':
      case 'minus':
      case 'atLeast': {
        const sets = parts.map((inner) => inner.people)
        this.#scoped(() => {
          const leftOut = this.#leaveOneOut(node, sets)
          parts.forEach((inner, index) => {
            this.#scoped(() => {
              const { without: rest, partIn, partOut } = leftOut(index)
              const inside =
                inner.parts.length === 0
                  ? around
                  : { ifIn: this.#whole(partIn, around), ifOut: this.#whole(partOut, around) }
              this.#visit(inner, this.#countWhole(rest, around), inside)
            })
          })
        })
        break
      }
      default:
    }
  }

  /** Frees at its end what is built inside. */
  #scoped(work: () => void): void {
    const outer = this.#scratch
    this.#scratch = new Scratch()
    try {
      work()
    } finally {
      this.#scratch.dispose()
      this.#scratch = outer
    }
  }

  /** For each position, the combination without the part there. */
  #leaveOneOut(
    node: CombineNode | MinusNode | AtLeastNode,
    sets: readonly ReadonlyBitmap[],
  ): (index: number) => OneLeftOut {
    if (node.kind === 'atLeast') return (index) => this.#thresholdWithout(node, sets, index)
    if (node.kind === 'minus') {
      const [first, ...taken] = sets as [ReadonlyBitmap, ...ReadonlyBitmap[]]
      const others = this.#foldOthers('or', taken)
      return (index) => {
        if (index === 0) {
          const without = this.#scratch.andNot(this.#everyone, this.#scratch.orMany(taken))
          return { without, partIn: without, partOut: this.#nobody }
        }
        const without = this.#scratch.andNot(first, others(index - 1))
        return { without, partIn: this.#nobody, partOut: without }
      }
    }
    const others = this.#foldOthers(node.kind, sets)
    return (index) => {
      const without = others(index)
      switch (node.kind) {
        case 'and':
          return { without, partIn: without, partOut: this.#nobody }
        case 'or':
          return { without, partIn: this.#everyone, partOut: without }
        case 'xor':
          return { without, partIn: this.#scratch.andNot(this.#everyone, without), partOut: without }
      }
    }
  }

  #thresholdWithout(node: AtLeastNode, sets: readonly ReadonlyBitmap[], index: number): OneLeftOut {
    const k = node.k as number
    const others = sets.filter((_, other) => other !== index)
    const without = this.#atLeast(k, others)
    return { without, partIn: this.#atLeast(k - 1, others), partOut: without }
  }

  #atLeast(k: number, sets: readonly ReadonlyBitmap[]): ReadonlyBitmap {
    if (k <= 0) return this.#everyone
    return k > sets.length ? this.#nobody : atLeast(k, sets, this.#scratch)
  }

  /**
   * For each position, all sets but that one folded together:
   *
   *   before[i] = s0 ∘ … ∘ s(i-1)     after[i] = s(i+1) ∘ … ∘ s(n-1)     all but i = before[i] ∘ after[i]
   */
  #foldOthers(kind: 'and' | 'or' | 'xor', sets: readonly ReadonlyBitmap[]): (index: number) => ReadonlyBitmap {
    const neutral = kind === 'and' ? this.#everyone : this.#nobody
    const before: ReadonlyBitmap[] = [neutral]
    for (const set of sets.slice(0, -1)) before.push(this.#join(kind, before.at(-1)!, set))
    const after: ReadonlyBitmap[] = [neutral]
    for (const set of sets.slice(1).reverse()) after.unshift(this.#join(kind, set, after[0]!))
    return (index) => this.#join(kind, before[index]!, after[index]!)
  }

  #join(kind: 'and' | 'or' | 'xor', a: ReadonlyBitmap, b: ReadonlyBitmap): ReadonlyBitmap {
    switch (kind) {
      case 'and':
        return a === this.#everyone ? b : b === this.#everyone ? a : this.#scratch.and(a, b)
      case 'or':
        return a === this.#nobody ? b : b === this.#nobody ? a : this.#scratch.or(a, b)
      case 'xor':
        return a === this.#nobody ? b : b === this.#nobody ? a : this.#scratch.xor(a, b)
    }
  }

  /** The whole rule's people with `set` in the place of the part. */
  #whole(set: ReadonlyBitmap, around: Surroundings): ReadonlyBitmap {
    if (set === this.#nobody) return around.ifOut
    if (set === this.#everyone) return around.ifIn
    return this.#scratch.and(set, around.ifIn).orInPlace(this.#scratch.andNot(around.ifOut, set)) as ReadonlyBitmap
  }

  #countWhole(set: ReadonlyBitmap, around: Surroundings): number {
    return set.andCardinality(around.ifIn) + around.ifOut.andNotCardinality(set)
  }
}

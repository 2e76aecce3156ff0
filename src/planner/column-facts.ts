import type { LogicalNode, PresentNode, RangeNode, SearchNode, ValuesNode } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'
import { RangeFacts } from './range-facts.ts'
import { ValueLists } from './value-lists.ts'

/** A condition on a column. */
export type ColumnCondition = PresentNode | ValuesNode | SearchNode | RangeNode

/** What conditions on one column, all of which have to hold, say of a person together. */
export class ColumnFacts {
  readonly #column: string
  readonly #pool: NodeMaker
  #present: boolean | null = null
  /** Of a one-value column: the only values that are left. */
  #allowed: ReadonlySet<string> | null = null
  /** Of a many-value column: lists from each of which one value is there. */
  readonly #wanted: (readonly string[])[] = []
  readonly #unwanted = new Set<string>()
  readonly #searches = new Set<LogicalNode>()
  /** Whether a condition holds that only people with a value fulfil. */
  #positive = false
  #impossible = false
  #lists: ValueLists | null = null
  /** Of a number or timestamp. */
  #ranges: RangeFacts | null = null

  constructor(column: string, pool: NodeMaker) {
    this.#column = column
    this.#pool = pool
  }

  /** One more condition that holds, or does not. All are taken before the first question. */
  take(condition: ColumnCondition, holds: boolean): void {
    if (condition.kind === 'present') {
      if (this.#present === !holds) this.#impossible = true
      this.#present = holds
    } else if (condition.kind === 'search') {
      this.#searches.add(holds ? condition : this.#pool.not(condition))
      this.#positive ||= holds
    } else if (condition.kind === 'range') {
      this.#ranges ??= new RangeFacts(condition.scale)
      this.#ranges.take(condition, holds)
      this.#positive ||= holds
    } else if (!holds) {
      for (const value of condition.values) this.#unwanted.add(value)
    } else {
      this.#positive = true
      if (!this.#pool.isSingleValued(this.#column)) this.#wanted.push(condition.values)
      else this.#allowed = intersect(this.#allowed, condition.values)
    }
  }

  /** The conditions, as few as say the same; `null` when nobody can fulfil them. */
  merged(): readonly LogicalNode[] | null {
    const pool = this.#pool
    const column = this.#column
    if (this.#impossible) return null
    // Who has no value has none of the unwanted ones either, and none of the wanted ones.
    if (this.#present === false) return this.#positive ? null : [pool.not(pool.present(column))]
    const merged: LogicalNode[] = []
    if (this.#ranges !== null) {
      const ranges = this.#ranges.merged(column, pool)
      if (ranges === null) return null
      merged.push(...ranges)
    }
    for (const list of this.#valueLists().all) {
      if (list.length === 0) return null
      merged.push(pool.values(column, list))
    }
    if (this.#present === true && !this.#positive) merged.push(pool.present(column))
    if (this.#unwanted.size > 0 && this.#allowed === null) merged.push(pool.not(pool.values(column, this.#unwanted)))
    return [...merged, ...this.#searches]
  }

  /** Whether a condition holds for everybody who fulfils these, or for nobody; `null` where it is open. */
  truthOf(condition: ColumnCondition): boolean | null {
    if (this.#present === false) return false
    if (condition.kind === 'present') return this.#present === true || this.#positive ? true : null
    if (condition.kind === 'search') return null
    if (condition.kind === 'range') return this.#ranges?.truthOf(condition) ?? null
    if (this.#valueLists().someWithin(new Set(condition.values))) return true
    const allowed = this.#allowed
    const isOpen = (value: string): boolean => !this.#unwanted.has(value) && (allowed === null || allowed.has(value))
    return condition.values.some(isOpen) ? null : false
  }

  /**
   * The lists from each of which one value is there. What is unwanted is taken out of them, so that `in (a, b)` and
   * `not in (b)` is `in (a)`, however it is put.
   */
  #valueLists(): ValueLists {
    const lists = this.#allowed === null ? this.#wanted : [[...this.#allowed]]
    this.#lists ??= new ValueLists(lists.map((list) => list.filter((value) => !this.#unwanted.has(value))))
    return this.#lists
  }
}

function intersect(set: ReadonlySet<string> | null, values: readonly string[]): ReadonlySet<string> {
  return set === null ? new Set(values) : new Set(values.filter((value) => set.has(value)))
}

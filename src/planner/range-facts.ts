import type { LogicalNode, RangeNode } from './logical-node.ts'
import type { NodeMaker } from './node-maker.ts'

interface Interval {
  readonly from: number
  readonly to: number
}

/**
 * What ranges of one number column, all of which have to hold or not to hold, say of a person together: one interval that
 * the value is in, and disjoint intervals that it is not in, none of which touches another or an end of that one.
 * Bounds are whole numbers, so 3 and 4 touch.
 */
export class RangeFacts {
  readonly #scale: number
  #from = Number.NEGATIVE_INFINITY
  #to = Number.POSITIVE_INFINITY
  /** Whether a range holds, so that there is a value. */
  #positive = false
  readonly #outside: Interval[] = []
  #settled: readonly Interval[] | null = null

  constructor(scale: number) {
    this.#scale = scale
  }

  take({ from, to }: RangeNode, holds: boolean): void {
    if (!holds) {
      this.#outside.push({ from, to })
      return
    }
    this.#positive = true
    this.#from = Math.max(this.#from, from)
    this.#to = Math.min(this.#to, to)
  }

  /** The conditions, as few as say the same; `null` when nobody can fulfil them. */
  merged(column: string, pool: NodeMaker): readonly LogicalNode[] | null {
    const outside = this.#settle()
    if (this.#from > this.#to) return null
    const nodes = outside.map(({ from, to }) => pool.not(pool.range(column, this.#scale, from, to)))
    return this.#positive ? [pool.range(column, this.#scale, this.#from, this.#to), ...nodes] : nodes
  }

  /** Whether a range holds for everybody who fulfils these, or for nobody; `null` where it is open. */
  truthOf(range: RangeNode): boolean | null {
    const outside = this.#settle()
    if (this.#positive && this.#from >= range.from && this.#to <= range.to) return true
    if (range.to < this.#from || range.from > this.#to) return false
    return outside.some(({ from, to }) => from <= range.from && range.to <= to) ? false : null
  }

  /** Unites the intervals outside, cuts the interval inside by those at its ends, and drops those beyond it. */
  #settle(): readonly Interval[] {
    if (this.#settled !== null) return this.#settled
    const united: { from: number; to: number }[] = []
    for (const { from, to } of this.#outside.sort((a, b) => a.from - b.from || a.to - b.to)) {
      const last = united.at(-1)
      if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to)
      else united.push({ from, to })
    }
    // Where no range holds, a person may have no value at all, so nothing may be cut.
    if (this.#positive) {
      for (const { from, to } of united) if (from <= this.#from && to >= this.#from) this.#from = to + 1
      for (const { from, to } of united.toReversed()) if (from <= this.#to && to >= this.#to) this.#to = from - 1
    }
    this.#settled = united.filter(({ from, to }) => to >= this.#from && from <= this.#to)
    return this.#settled
  }
}

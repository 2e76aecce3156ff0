import { parseScaled } from '../base/decimal.ts'
import { parseMoment } from '../base/instant.ts'
import { invariant } from '../base/invariant.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { PlainLastWindow } from '../base/window.ts'
import type { BetweenNode, CompareNode, Constant, ValueNode, WithinNode } from '../rules/ast.ts'
import type { NumberSpec, TimestampSpec } from '../schema/column-spec.ts'
import { bound } from './bound.ts'
import type { LogicalNode } from './logical-node.ts'
import type { LogicalPool } from './logical-pool.ts'

/** The lowest and the highest scaled integer that a constant stands for: a local date stands for its whole day. */
interface Extremes {
  readonly low: number
  readonly high: number
}

/** Comparisons of one number or timestamp column, as ranges. */
export class RangeLowering {
  readonly #column: string
  readonly #spec: NumberSpec | TimestampSpec
  readonly #zone: TimeZone
  readonly #pool: LogicalPool

  constructor(column: string, spec: NumberSpec | TimestampSpec, zone: TimeZone, pool: LogicalPool) {
    this.#column = column
    this.#spec = spec
    this.#zone = zone
    this.#pool = pool
  }

  compare(node: CompareNode | ValueNode): LogicalNode {
    const { low, high } = this.#extremes(bound(node.value))
    switch (node.kind) {
      case 'eq':
        return this.#range(low, high)
      case 'ne':
        // Law 7: people who have a value, and it is another.
        return this.#pool.and([this.#pool.present(this.#column), this.#pool.not(this.#range(low, high))])
      case 'lt':
        return this.#range(Number.NEGATIVE_INFINITY, low - 1)
      case 'lte':
        return this.#range(Number.NEGATIVE_INFINITY, high)
      case 'gt':
        return this.#range(high + 1, Number.POSITIVE_INFINITY)
      case 'gte':
        return this.#range(low, Number.POSITIVE_INFINITY)
    }
  }

  between(node: BetweenNode): LogicalNode {
    return this.#range(this.#extremes(bound(node.from)).low, this.#extremes(bound(node.to)).high)
  }

  /** People whose value is one of these. */
  oneOf(values: readonly Constant[]): LogicalNode {
    return this.#pool.or(
      values.map((value) => {
        const { low, high } = this.#extremes(value)
        return this.#range(low, high)
      }),
    )
  }

  /** A timestamp in a window: a value lies in it whether or not its time has come. */
  within({ window }: WithinNode): LogicalNode {
    switch (window.kind) {
      case 'ever':
        return this.#pool.present(this.#column)
      case 'range': {
        const from = window.from === null ? Number.NEGATIVE_INFINITY : this.#extremes(bound(window.from)).low
        const to = window.to === null ? Number.POSITIVE_INFINITY : this.#extremes(bound(window.to)).low - 1
        return this.#range(from, to)
      }
      case 'last':
        // Its counts are bound, as those of every rule that has passed validation.
        return this.#pool.window(this.#column, window as PlainLastWindow)
    }
  }

  #range(from: number, to: number): LogicalNode {
    return this.#pool.range(this.#column, this.#scale, from, to)
  }

  get #scale(): number {
    return this.#spec.kind === 'number' ? this.#spec.scale : 0
  }

  #extremes(constant: Constant): Extremes {
    if (this.#spec.kind === 'timestamp') {
      const moment = parseMoment(String(constant), this.#zone)
      invariant(moment !== null, 'validation lets readable moments pass only')
      return { low: moment.from, high: moment.isDay ? moment.to - 1 : moment.from }
    }
    const scaled = scaledConstant(constant, this.#scale)
    return { low: scaled, high: scaled }
  }
}

/** A constant at a scale; infinite where it is beyond what can be stored, which makes the comparison plain (law 9). */
export function scaledConstant(constant: Constant, scale: number): number {
  const scaled = parseScaled(constant, scale)
  if (typeof scaled === 'number') return scaled
  invariant(scaled === 'out-of-range', 'validation lets decimals of the scale pass only')
  return String(constant).startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

import { parseScaled } from '../base/decimal.ts'
import type { NumberSpec, TimestampSpec } from '../schema/column-spec.ts'

/** What may be written to a number or timestamp column. */
export interface NumberLimits {
  /** Digits after the point. */
  readonly scale: number
  /** The lowest value, included, as a whole number at the scale. */
  readonly min: number
  /** The highest value, included. */
  readonly max: number
}

/** The instants that a `Date` can be: 100 million days around 1970. */
const instants: NumberLimits = Object.freeze({ scale: 0, min: -8.64e15, max: 8.64e15 })

/** The limits of a column. */
export function numberLimits(spec: NumberSpec | TimestampSpec): NumberLimits {
  if (spec.kind === 'timestamp') return instants
  const { scale, min, max } = spec
  // A schema has checked that both are decimals of the scale.
  const scaled = (bound: string): number => parseScaled(bound, scale) as number
  return {
    scale,
    min: min === null ? -Number.MAX_SAFE_INTEGER : scaled(min),
    max: max === null ? Number.MAX_SAFE_INTEGER : scaled(max),
  }
}

import { invariant } from '../base/invariant.ts'
import { show } from '../base/show.ts'

/** A decimal of any size: `digits / 10^scale`. Constants may be far outside the range of what they are compared with. */
export interface ExactDecimal {
  readonly digits: bigint
  /** 0 or more. */
  readonly scale: number
}

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** The decimal of a constant that validation has passed. A number stands for the shortest decimal that gives it. */
export function exactDecimal(constant: unknown): ExactDecimal {
  const match = pattern.exec(String(constant))
  invariant(match !== null && /\d/.test(match[0]), `the constant ${show(constant)} is a decimal`)
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

/** The highest whole multiple of `10^-scale` that isn't above the decimal, as a scaled integer. */
export function floorAt(decimal: ExactDecimal, scale: number): bigint {
  const more = scale - decimal.scale
  if (more >= 0) return decimal.digits * 10n ** BigInt(more)
  const unit = 10n ** BigInt(-more)
  const quotient = decimal.digits / unit
  return decimal.digits < 0n && quotient * unit !== decimal.digits ? quotient - 1n : quotient
}

/** The lowest whole multiple of `10^-scale` that isn't below the decimal, as a scaled integer. */
export function ceilAt(decimal: ExactDecimal, scale: number): bigint {
  return -floorAt({ digits: -decimal.digits, scale: decimal.scale }, scale)
}

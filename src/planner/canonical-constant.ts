import { decimalNumber, decimalText } from '../base/decimal.ts'
import type { Constant } from '../rules/ast.ts'
import { scaledConstant } from './lower-range.ts'

/**
 * A decimal in one form: as a number where that carries it, else as its text. One that is beyond what can be stored stays as
 * it is.
 */
export function canonicalConstant(value: Constant, scale: number): Constant {
  const scaled = scaledConstant(value, scale)
  if (!Number.isFinite(scaled)) return value
  const text = decimalText(scaled, scale)
  const number = decimalNumber(scaled, scale)
  return String(number) === text ? number : text
}

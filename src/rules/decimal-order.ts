import type { Constant } from './ast.ts'

/** A decimal of any size: `±0.digits · 10^point`. Zero has no digits. */
interface Decimal {
  readonly negative: boolean
  /** Without zeros at either end. */
  readonly digits: string
  readonly point: number
}

const decimalPattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,4}))?$/
/** Longer texts are no number that anybody means: the same bound as `parseScaled` has. */
const longestText = 400

/** Whether a constant is a decimal: a finite number, or text in digits. */
export function isDecimal(constant: Constant): boolean {
  return read(constant) !== null
}

/** How many digits a decimal has after its point, zeros at the end left out: 2 for `"1.050"`, 0 for 1e21. */
export function digitsAfterPoint(constant: Constant): number {
  const decimal = read(constant)
  return decimal === null ? 0 : Math.max(0, decimal.digits.length - decimal.point)
}

/** Below 0, 0 or above 0 as `a` is below, equal to or above `b`, exactly; `null` where one of them is no decimal. */
export function compareDecimals(a: Constant, b: Constant): number | null {
  const left = read(a)
  const right = read(b)
  if (left === null || right === null) return null
  if (left.negative !== right.negative) return left.negative ? -1 : 1
  const size = compareSizes(left, right)
  return left.negative ? -size : size
}

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.digits === '' || b.digits === '') return a.digits.length - b.digits.length
  if (a.point !== b.point) return a.point - b.point
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0
}

function read(constant: Constant): Decimal | null {
  const text = String(constant)
  const match = text.length > longestText ? null : decimalPattern.exec(text)
  if (match === null) return null
  const [, sign, mantissa, exponent] = match as unknown as [string, string, string, string | undefined]
  const point = mantissa.indexOf('.')
  const whole = point === -1 ? mantissa.length : point
  const all = mantissa.replace('.', '')
  const leading = /^0*/.exec(all)![0].length
  const digits = all.slice(leading).replace(/0+$/, '')
  if (digits === '') return { negative: false, digits, point: 0 }
  return { negative: sign === '-', digits, point: whole - leading + Number(exponent ?? 0) }
}

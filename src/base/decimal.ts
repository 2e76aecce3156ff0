/**
 * Exact decimals as scaled integers: the decimal `d` at `scale` is the whole number `d · 10^scale`, at most 53 bits and a
 * sign (law 9), so that a JavaScript number holds it exactly.
 */

/** Why something is no decimal of a scale. */
export type DecimalFault = 'not-a-number' | 'too-many-digits' | 'out-of-range'

const decimalPattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,4}))?$/
/** Longer texts are no number that anybody means. */
const longestText = 400

/**
 * The scaled integer of a number (which stands for the shortest decimal that gives it), a bigint or a decimal text, or
 * why there is none. Zeros at the end take no digits; `-0` is `0`.
 *
 * @example `parseScaled('129.90', 2)` is 12990, `parseScaled(0.1, 0)` is 'too-many-digits'.
 */
export function parseScaled(value: unknown, scale: number): number | DecimalFault {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) {
      const scaled = value * 10 ** scale
      // Below 2^53 the product of two whole numbers is exact.
      if (Math.abs(scaled) <= Number.MAX_SAFE_INTEGER) return scaled === 0 ? 0 : scaled
      return 'out-of-range'
    }
    return Number.isFinite(value) ? parseText(String(value), scale) : 'not-a-number'
  }
  if (typeof value === 'bigint') return inRange(value * 10n ** BigInt(scale))
  return typeof value === 'string' ? parseText(value, scale) : 'not-a-number'
}

function parseText(text: string, scale: number): number | DecimalFault {
  const match = text.length > longestText ? null : decimalPattern.exec(text)
  if (match === null) return 'not-a-number'
  const [, sign, mantissa, exponent] = match as unknown as [string, string, string, string | undefined]
  const point = mantissa.indexOf('.')
  const fraction = point === -1 ? 0 : mantissa.length - point - 1
  const digits = mantissa.replace('.', '').replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return 0
  // The number is significant · 10^shift at this scale.
  const shift = scale + Number(exponent ?? 0) - fraction + (digits.length - significant.length)
  if (shift < 0) return 'too-many-digits'
  if (significant.length + shift > 16) return 'out-of-range'
  // Up to 15 digits both factors and the product are exact doubles.
  const isShort = significant.length + shift < 16
  const scaled = isShort ? Number(significant) * 10 ** shift : inRange(BigInt(significant) * 10n ** BigInt(shift))
  return typeof scaled === 'number' && sign === '-' ? -scaled : scaled
}

function inRange(scaled: bigint): number | DecimalFault {
  const limit = BigInt(Number.MAX_SAFE_INTEGER)
  return scaled > limit || scaled < -limit ? 'out-of-range' : Number(scaled)
}

/** The decimal as text, exact, without zeros at the end: `decimalText(12990, 2)` is `129.9`. */
export function decimalText(scaled: number | bigint, scale: number): string {
  const negative = scaled < 0
  const digits = String(negative ? -scaled : scaled).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** The double nearest to the decimal. */
export function decimalNumber(scaled: number, scale: number): number {
  // Both are exact doubles while 10^scale is, so the quotient is rounded once.
  return scaled / 10 ** scale
}

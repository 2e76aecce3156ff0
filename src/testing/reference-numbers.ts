/**
 * An exact decimal, `units · 10^-scale`, without zeros at the end, so that equal decimals are equal data. It has nothing
 * in common with how crowdbit holds numbers, which is the point.
 */
export interface ReferenceDecimal {
  readonly units: bigint
  /** Digits after the point, 0 or more. */
  readonly scale: number
}

/**
 * The decimal that a number (its shortest decimal), a bigint or a text stands for (law 9).
 *
 * @throws Error for what is no decimal
 */
export function decimalOf(written: number | bigint | string): ReferenceDecimal {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(written))
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? []
  if (match === null || whole + fraction === '') throw new Error(`${String(written)} is no decimal`)
  const digits = BigInt(whole + fraction)
  const scale = fraction.length - Number(exponent)
  // 15e3 is 15000 at scale 0, as 15e-1 is 15 at scale 1.
  const units = scale < 0 ? digits * 10n ** BigInt(-scale) : digits
  return decimal(sign === '-' ? -units : units, Math.max(scale, 0))
}

/** `units · 10^-scale`. */
export function decimal(units: bigint, scale: number): ReferenceDecimal {
  let [left, digits] = [units, scale]
  while (digits > 0 && left % 10n === 0n) {
    left /= 10n
    digits--
  }
  return { units: left, scale: digits }
}

/** Below 0, 0 or above 0, as `a` is below, equal to or above `b`. */
export function compareDecimals(a: ReferenceDecimal, b: ReferenceDecimal): number {
  const [left, right] = [a.units * 10n ** BigInt(b.scale), b.units * 10n ** BigInt(a.scale)]
  return left < right ? -1 : left > right ? 1 : 0
}

export function addDecimals(a: ReferenceDecimal, b: ReferenceDecimal): ReferenceDecimal {
  const scale = Math.max(a.scale, b.scale)
  return decimal(a.units * 10n ** BigInt(scale - a.scale) + b.units * 10n ** BigInt(scale - b.scale), scale)
}

/** The decimal, `count` times. */
export function timesWhole(a: ReferenceDecimal, count: number): ReferenceDecimal {
  return decimal(a.units * BigInt(count), a.scale)
}

/** The decimal as text, without zeros at the end. */
export function decimalText({ units, scale }: ReferenceDecimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`
}

/** The double nearest to the decimal: what a user reads. */
export function decimalNumber(exact: ReferenceDecimal): number {
  return Number(decimalText(exact))
}

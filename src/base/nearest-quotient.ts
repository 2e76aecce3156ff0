/** Digits after the point that are worked out before rounding to a double, which has seventeen in all. */
const digits = 40n

/** The double nearest to `dividend / divisor`, for a divisor above 0. */
export function nearestQuotient(dividend: bigint, divisor: bigint): number {
  const scaled = dividend * 10n ** digits
  const rest = scaled % divisor === 0n ? 0 : 1
  // One more digit says whether anything follows: a quotient just beside the middle of two doubles isn't the middle.
  return Number(`${scaled / divisor}${rest}e-${digits + 1n}`)
}

const [zero, minus, point] = [0x30, 0x2d, 0x2e]

/** So many digits make an exact double, whatever they are. */
const mostDigits = 15

/**
 * Reads the plainest decimals from bytes: `-` or nothing, digits, and perhaps a point and digits.
 *
 * @param scale digits after the point that there may be
 * @returns the decimal as a whole number at the scale; NaN for what has to be read as text.
 */
export function decimalInBytes(bytes: Uint8Array, start: number, end: number, scale: number): number {
  const isNegative = bytes[start] === minus
  const first = isNegative ? start + 1 : start
  let value = 0
  let fraction = -1
  for (let at = first; at < end; at++) {
    const digit = bytes[at]! - zero
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      if (fraction !== -1) fraction++
    } else if (digit === point - zero && fraction === -1 && at > first && at + 1 < end) fraction = 0
    else return Number.NaN
  }
  if (fraction === -1) fraction = 0
  if (end <= first || fraction > scale || end - first + scale - fraction > mostDigits) return Number.NaN
  for (; fraction < scale; fraction++) value *= 10
  return isNegative && value !== 0 ? -value : value
}

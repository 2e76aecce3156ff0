/**
 * Numbers as rules write them: decimals in plain digits, `-12.5`, without exponent, sign + or commas.
 */

const plain = /^-?[0-9]+(?:\.[0-9]+)?$/

/** Whether a text is a number as rules write it. */
export function isDecimal(text: string): boolean {
  return plain.test(text)
}

/**
 * The constant that a decimal is: the double of which it is the shortest decimal, or, where there is none, its text
 * without needless zeros. So `0.1` and `129.90` are numbers, and `9007199254740993` is a text.
 *
 * Cost: linear in the digits.
 */
export function readDecimal(digits: string): number | string {
  const text = withoutNeedlessZeros(digits)
  const number = Number(text)
  return Number.isFinite(number) && writeDecimal(number) === text ? number : text
}

/** The shortest decimal of a double in plain digits: `0.0000001`, where JavaScript writes `1e-7`. */
export function writeDecimal(number: number): string {
  const text = String(number)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign, first, rest = '', power] = match
  const exponent = Number(power)
  const digits = `${first}${rest}`
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  return `${sign}${digits.padEnd(exponent + 1, '0')}`
}

/** The one way to write a decimal: no zeros before or behind it, and no `-0`. */
function withoutNeedlessZeros(digits: string): string {
  const negative = digits.startsWith('-')
  const point = digits.indexOf('.')
  const pointAt = point === -1 ? digits.length : point
  let start = negative ? 1 : 0
  while (start < pointAt - 1 && digits[start] === '0') start++
  let end = digits.length
  while (end > pointAt + 1 && digits[end - 1] === '0') end--
  if (end === pointAt + 1) end = pointAt
  const size = digits.slice(start, end)
  return negative && size !== '0' ? `-${size}` : size
}

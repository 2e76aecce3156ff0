import { dayOfDate, daysInMonth, msPerDay } from '../base/calendar.ts'
import type { TimeZone } from '../base/time-zone.ts'

const [zero, minus, point, colon, space, letterT, letterZ] = [0x30, 0x2d, 0x2e, 0x3a, 0x20, 0x54, 0x5a]

/**
 * Reads the plainest instants from bytes, of what `parseInstant` reads:
 *
 * ```text
 * 2026-11-20
 * 2026-11-20T09:00:30       2026-11-20 09:00:30       at local time
 * 2026-11-20T09:00:30Z      2026-11-20T09:00:30.250Z
 * ```
 *
 * @returns milliseconds since 1970; NaN for what has to be read as text.
 */
export function instantInBytes(bytes: Uint8Array, start: number, end: number, zone: TimeZone): number {
  const length = end - start
  if (length !== 10 && length !== 19 && length !== 20 && length !== 24) return Number.NaN
  const year = two(bytes, start) * 100 + two(bytes, start + 2)
  const month = two(bytes, start + 5)
  const day = two(bytes, start + 8)
  if (bytes[start + 4] !== minus || bytes[start + 7] !== minus) return Number.NaN
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN
  const date = dayOfDate(year, month, day)
  if (length === 10) return zone.startOfDay(date)
  const separator = bytes[start + 10]
  const hour = two(bytes, start + 11)
  const minute = two(bytes, start + 14)
  const second = two(bytes, start + 17)
  if (separator !== letterT && separator !== space) return Number.NaN
  if (bytes[start + 13] !== colon || bytes[start + 16] !== colon) return Number.NaN
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN
  const wall = date * msPerDay + hour * 3_600_000 + minute * 60_000 + second * 1000
  if (length === 19) return zone.instantOf(wall)
  if (bytes[end - 1] !== letterZ) return Number.NaN
  if (length === 20) return wall
  const tenths = two(bytes, start + 20)
  const thousandth = bytes[start + 22]! - zero
  if (bytes[start + 19] !== point || !(tenths >= 0 && thousandth >= 0 && thousandth <= 9)) return Number.NaN
  return wall + tenths * 10 + thousandth
}

/** The number of two digits; NaN where one of them is none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - zero
  const ones = bytes[at + 1]! - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

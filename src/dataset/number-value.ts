import { CrowdbitError } from '../base/crowdbit-error.ts'
import { parseInstant } from '../base/instant.ts'
import { show } from '../base/show.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { scaledValue } from './scaled-value.ts'

/**
 * The whole number that a column holds for a value: a decimal at its scale, an instant in milliseconds.
 *
 * @throws VALUE_WRONG_TYPE, VALUE_TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE; TIME_INVALID
 */
export function numberValue(name: string, column: NumberColumn, value: unknown, zone: TimeZone): number {
  if (column.kind === 'number') return scaledValue(name, column.limits, 10 ** column.limits.scale, value)
  const at = parseInstant(value, zone)
  if (at !== null) return at
  const digits = typeof value === 'string' && /^\s*[+-]?\d{5,}(\.\d*)?\s*$/.test(value)
  const hint = digits ? '; milliseconds are given as a number, and a mapping of an ingest takes unit' : ''
  throw new CrowdbitError(
    'TIME_INVALID',
    `${name} takes a Date, whole milliseconds since 1970 or ISO 8601 text, but was given ${show(value)}${hint}`,
    { column: name, value },
  )
}

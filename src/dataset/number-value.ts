import type { TimeZone } from '../base/time-zone.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { instantValue } from './instant-value.ts'
import { scaledValue } from './scaled-value.ts'

/**
 * The whole number that a column holds for a value: a decimal at its scale, an instant in milliseconds.
 *
 * @throws VALUE_WRONG_TYPE, VALUE_TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE; TIME_INVALID
 */
export function numberValue(name: string, column: NumberColumn, value: unknown, zone: TimeZone): number {
  if (column.kind === 'number') return scaledValue(name, column.limits, 10 ** column.limits.scale, value)
  return instantValue(name, value, zone)
}

import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { NumberColumn } from '../columns/number-column.ts'
import { numberValue } from './number-value.ts'

/**
 * The whole numbers that a column holds for values. An error says at which place.
 *
 * @throws VALUE_WRONG_TYPE, VALUE_TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE; TIME_INVALID
 */
export function numberValues(name: string, column: NumberColumn, given: unknown, zone: TimeZone): Float64Array {
  if (!Array.isArray(given) && !isNumberArray(given)) {
    throw new CrowdbitError(
      'VALUE_WRONG_TYPE',
      `the values for ${name} are ${ArrayBuffer.isView(given) ? 'bytes' : show(given)}, where an array, or an array of numbers such as a Float64Array, is expected`,
      { column: name },
    )
  }
  const values = new Float64Array(given.length)
  let index = 0
  try {
    for (; index < given.length; index++) values[index] = numberValue(name, column, given[index], zone)
  } catch (error) {
    if (!(error instanceof CrowdbitError)) throw error
    throw new CrowdbitError(
      error.code,
      `value ${index}: ${error.messageAlone}`,
      { ...error.facts, index },
      { cause: error },
    )
  }
  return values
}

function isNumberArray(values: unknown): values is Float64Array | Int32Array | Uint32Array {
  return values instanceof Float64Array || values instanceof Int32Array || values instanceof Uint32Array
}

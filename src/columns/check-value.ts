import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'
import type { CategorySpec, MultiCategorySpec } from '../schema/column-spec.ts'

/** Longest value, in bytes of UTF-8. */
const maxBytes = 65_535

/**
 * The NFC form of a category value that may be written to the column.
 *
 * @throws VALUE_WRONG_TYPE, VALUE_LONE_SURROGATE, VALUE_TOO_LONG, VALUE_NOT_ALLOWED
 */
export function checkValue(column: string, spec: CategorySpec | MultiCategorySpec, value: unknown): string {
  if (typeof value !== 'string') {
    throw new CrowdbitError('VALUE_WRONG_TYPE', `${column} takes text, but was given ${show(value)}`, { column, value })
  }
  const text = value.normalize('NFC')
  if (!isWellFormed(text)) {
    throw new CrowdbitError(
      'VALUE_LONE_SURROGATE',
      `a value for ${column} has half a surrogate pair, which does not survive UTF-8: ${show(value)}`,
      { column, value },
    )
  }
  if (text.length > maxBytes / 3 && new TextEncoder().encode(text).length > maxBytes) {
    throw new CrowdbitError(
      'VALUE_TOO_LONG',
      `a value for ${column} has more than ${maxBytes} bytes of UTF-8; free text does not belong in a category`,
      { column, maxBytes },
    )
  }
  if (spec.values !== null && !spec.values.includes(text)) {
    const suggestion = nearestName(text, spec.values)
    throw new CrowdbitError(
      'VALUE_NOT_ALLOWED',
      `${column} does not list the value ${show(text)}.${didYouMean(suggestion)} It lists ${spec.values.slice(0, 10).map(show).join(', ')}${spec.values.length > 10 ? ', …' : ''}.`,
      { column, value: text, suggestion },
    )
  }
  return text
}

import type { Millis } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { parseInstant } from '../base/instant.ts'
import { show } from '../base/show.ts'
import type { TimeZone } from '../base/time-zone.ts'
import { HeldNumber } from './held-number.ts'

/**
 * The instant of a value that may be written where one is expected.
 *
 * @param label what errors call the place
 * @throws TIME_INVALID
 */
export function instantValue(label: string, value: unknown, zone: TimeZone): Millis {
  const at = parseInstant(value instanceof HeldNumber ? value.value : value, zone)
  if (at !== null) return at
  const digits = typeof value === 'string' && /^\s*[+-]?\d{5,}(\.\d*)?\s*$/.test(value)
  const hint = digits ? '; milliseconds are given as a number, and a mapping of an ingest takes unit' : ''
  throw new CrowdbitError(
    'TIME_INVALID',
    `${label} takes a Date, whole milliseconds since 1970 or ISO 8601 text, but was given ${show(value)}${hint}`,
    { column: label, value },
  )
}

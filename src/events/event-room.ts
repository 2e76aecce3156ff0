import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { ValueDictionary } from '../columns/value-dictionary.ts'
import type { PropertyColumn } from './event-batch.ts'

/** Most events of one kind in one local day: what an array of doubles holds on Node 20, rounded down. */
export const maxEventsOfDay = 500_000_000

/** The error for a day that has no room for more events. */
export function tooManyEvents(day: string): CrowdbitError {
  return new CrowdbitError(
    'EVENT_TOO_MANY',
    `one kind of event holds at most ${maxEventsOfDay.toLocaleString('en')} events a local day, and ${day} would have more; split the event into several`,
    { day, limit: maxEventsOfDay },
  )
}

/**
 * Refuses a column whose texts would overflow the dictionary.
 *
 * @throws VALUES_EXHAUSTED
 */
export function reserveTexts(dictionary: ValueDictionary, column: PropertyColumn | undefined): void {
  if (column?.kind !== 'category' || column.texts.length <= dictionary.room) return
  dictionary.reserve(column.texts.filter((text) => dictionary.find(text) === -1).length)
}

import type { TrackChange, WrittenValue } from './population-change.ts'

/**
 * Rows of events as columns: one for each name that any of them has, `undefined` where an event has none. A column of
 * nothing but numbers is a typed array.
 */
export function eventColumnsOf(
  events: TrackChange['events'],
): Readonly<Record<string, readonly WrittenValue[] | Float64Array>> {
  const names = new Set(['at', ...events.flatMap(([, values]) => Object.keys(values))])
  return Object.fromEntries(
    [...names].map((name) => {
      const column = events.map(([, values]) => values[name])
      return [name, name !== 'eventId' && column.every(isNumber) ? Float64Array.from(column) : column]
    }),
  )
}

function isNumber(value: WrittenValue): value is number {
  return typeof value === 'number'
}

import type { TrackChange, WrittenValue } from './population-change.ts'

/** Rows of events as columns: one for each name that any of them has, `undefined` where an event has none. */
export function eventColumnsOf(events: TrackChange['events']): Readonly<Record<string, readonly WrittenValue[]>> {
  const names = new Set(['at', ...events.flatMap(([, values]) => Object.keys(values))])
  return Object.fromEntries([...names].map((name) => [name, events.map(([, values]) => values[name])]))
}

import type { ExternalId } from '../base/brand.ts'
import { noEventId } from './day-partition.ts'
import type { EventColumn } from './event-column.ts'
import type { PropertyValues } from './event-day.ts'
import { rowsOfPeople } from './rows-of-people.ts'

/** One event of a person as it is kept: texts, scaled integers and `true`; properties that are absent are left out. */
export interface KeptEvent {
  readonly at: number
  readonly eventId: ExternalId | null
  readonly values: ReadonlyMap<string, string | number | true>
}

/** Which events of a person are read. */
export interface PersonEventsQuery {
  /** The first instant. */
  readonly from: number
  /** The first instant that is too late. */
  readonly to: number
  /** The newest so many. */
  readonly limit: number
}

/**
 * The newest events of a person in a stretch of time, the newest last; of those at one instant the one that came last.
 *
 * Cost: a search in each day of the stretch, from its end on until there are enough.
 */
export function eventsOfPerson(
  column: EventColumn,
  person: number,
  { from, to, limit }: PersonEventsQuery,
): KeptEvent[] {
  const found: KeptEvent[] = []
  const partitions = column.partitions()
  for (let i = partitions.length - 1; i >= 0 && found.length < limit; i--) {
    const partition = partitions[i]!
    const day = partition.view()
    if (day.start >= to || day.end <= from) continue
    const [begin = 0, end = 0] = rowsOfPeople(day.people, day.size, Uint32Array.of(person))
    for (let row = end - 1; row >= begin && found.length < limit; row--) {
      const at = day.start + day.times[row]!
      if (at < from) break
      if (at >= to) continue
      const number = partition.eventIds?.[row] ?? noEventId
      found.push({
        at,
        eventId: number === noEventId ? null : column.eventIds.idOf(partition.epoch!, number),
        values: valuesOf(column, day.properties, row),
      })
    }
  }
  return found.reverse()
}

function valuesOf(
  column: EventColumn,
  properties: ReadonlyMap<string, PropertyValues>,
  row: number,
): Map<string, string | number | true> {
  const values = new Map<string, string | number | true>()
  for (const [name, cells] of properties) {
    switch (cells.kind) {
      case 'category':
        if (cells.codes[row] !== 0) values.set(name, column.category(name)!.textOf(cells.codes[row]! - 1))
        break
      case 'number':
        if (!isAbsent(cells.values[row]!, cells.absent)) values.set(name, cells.values[row]!)
        break
      case 'flag':
        if (cells.bits[row] === 1) values.set(name, true)
    }
  }
  return values
}

function isAbsent(value: number, absent: number): boolean {
  return value === absent || Number.isNaN(value)
}

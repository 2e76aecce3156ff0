import { decimalNumber } from '../base/decimal.ts'
import type { EventDay, PropertyValues } from '../events/event-day.ts'
import { scaleOf } from './compile-filter.ts'
import type { EventsOfKind } from './event-source.ts'

/** What an event has, by property, in the order of the schema; what is absent is left out. */
export function propertiesOfEvent(
  events: EventsOfKind,
  day: EventDay,
  row: number,
): Readonly<Record<string, true | string | number>> {
  const properties: [string, true | string | number][] = []
  for (const name of Object.keys(events.spec.properties)) {
    const cells = day.properties.get(name)
    const value = cells === undefined ? null : cellValue(name, cells, events, row)
    if (value !== null) properties.push([name, value])
  }
  // Unlike an assignment, it takes `__proto__` for a name like any other.
  return Object.fromEntries(properties)
}

function cellValue(
  name: string,
  cells: PropertyValues,
  events: EventsOfKind,
  row: number,
): true | string | number | null {
  switch (cells.kind) {
    case 'flag':
      return cells.bits[row] === 1 ? true : null
    case 'category': {
      const code = cells.codes[row]!
      return code === 0 ? null : events.category(name)!.textOf(code - 1)
    }
    case 'number': {
      const value = cells.values[row]!
      return value === cells.absent || Number.isNaN(value) ? null : decimalNumber(value, scaleOf(name, events)!)
    }
  }
}

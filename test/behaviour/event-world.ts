import type { ExternalId, Millis } from '../../src/base/brand.ts'
import { parseScaled } from '../../src/base/decimal.ts'
import { TimeZone } from '../../src/base/time-zone.ts'
import { bitmapOf } from '../../src/bitmap/bitmap.ts'
import { EventColumn, type PropertyColumn } from '../../src/events/event-column.ts'
import type { EventSpec } from '../../src/schema/column-spec.ts'
import { PlainBehaviours, type PlainEvent } from './plain-events.ts'

/** Events twice: in columns, and as plain objects. */
export class EventWorld {
  readonly zone: TimeZone
  readonly plain: PlainBehaviours
  readonly columns: Map<string, EventColumn>

  constructor(zone: string, kinds: Readonly<Record<string, EventSpec>>) {
    this.zone = TimeZone.of(zone)
    this.plain = new PlainBehaviours(this.zone)
    this.columns = new Map(Object.entries(kinds).map(([name, spec]) => [name, new EventColumn(spec, this.zone)]))
  }

  event(name: string): EventColumn | undefined {
    return this.columns.get(name)
  }

  add(events: readonly PlainEvent[], now: number): void {
    for (const [kind, column] of this.columns) {
      const own = events.filter((event) => event.kind === kind)
      if (own.length === 0) continue
      column.append({
        people: Uint32Array.from(own, ({ person }) => person),
        times: Float64Array.from(own, ({ at }) => at),
        eventIds: null as readonly (ExternalId | null)[] | null,
        properties: new Map(Object.keys(column.spec.properties).map((name) => [name, cells(own, column.spec, name)])),
        now: now as Millis,
      })
    }
    this.plain.events.push(...events)
  }

  remove(people: readonly number[]): void {
    const gone = bitmapOf(people)
    for (const column of this.columns.values()) column.forget(gone)
    gone.dispose()
    this.plain.events = this.plain.events.filter(({ person }) => !people.includes(person))
  }

  /** Drops the days before one, as retention does. */
  drop(kind: string, before: number): void {
    const column = this.columns.get(kind)!
    column.retain(before + (column.spec.retentionDays ?? 0))
    this.plain.events = this.plain.events.filter((event) => event.kind !== kind || this.zone.dayOf(event.at) >= before)
  }
}

function cells(events: readonly PlainEvent[], spec: EventSpec, name: string): PropertyColumn {
  const property = spec.properties[name]!
  const values = events.map((event) => event.values[name])
  switch (property.kind) {
    case 'flag':
      return { kind: 'flag', bits: Uint8Array.from(values, (value) => (value === undefined ? 0 : 1)) }
    case 'number':
      return {
        kind: 'number',
        values: Float64Array.from(values, (value) =>
          value !== undefined && 'decimal' in value
            ? (parseScaled(value.decimal, property.scale) as number)
            : Number.NaN,
        ),
      }
    case 'category': {
      const texts = [
        ...new Set(values.flatMap((value) => (value !== undefined && 'text' in value ? [value.text] : []))),
      ]
      const codes = values.map((value) => (value !== undefined && 'text' in value ? texts.indexOf(value.text) + 1 : 0))
      return { kind: 'category', texts, codes: Uint32Array.from(codes) }
    }
  }
}

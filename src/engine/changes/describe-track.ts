import type { DenseId } from '../../base/brand.ts'
import { decimalNumber } from '../../base/decimal.ts'
import { HeldNumber } from '../../dataset/held-number.ts'
import type { EventSpec, PropertySpec } from '../../schema/column-spec.ts'
import type { Schema } from '../../schema/schema.ts'
import { readCell, readFloat64s, readTexts, readUint32s } from '../journal/decode-values.ts'
import type { MessagePackReader } from '../journal/message-pack-reader.ts'
import { describeOrdered } from './describe-values.ts'
import type { DescribedChange, DescribedEvent } from './described-change.ts'

type Value = boolean | string | number
type Tracked = DescribedChange & { readonly kind: 'trackOne' | 'trackMany' }

/** What a record of one event says. */
export function describeTrackOne(reader: MessagePackReader, schema: Schema): Tracked {
  const { event, spec, now } = headOf(reader, schema)
  const id = reader.id()
  const at = new Date(reader.number())
  const eventId = reader.nil() ? null : reader.id()
  const values: Record<string, Value> = {}
  for (const [name, property] of Object.entries(spec.properties)) {
    const cell = readCell(reader)
    if (cell instanceof HeldNumber) values[name] = scaled(cell.value, property)
    else if (cell !== null && cell !== false) values[name] = cell as Value
  }
  return { kind: 'trackOne', event, now, events: [{ id, dense: null, at, eventId, values }] }
}

/** What a record of many events says. */
export function describeTrackMany(reader: MessagePackReader, schema: Schema): Tracked {
  const { event, spec, now } = headOf(reader, schema)
  const { ids, dense } = describeOrdered(reader)
  const times = readFloat64s(reader)
  const eventIds: DescribedEvent['eventId'][] = []
  if (!reader.nil()) {
    for (let left = reader.array(); left > 0; left--) eventIds.push(reader.nil() ? null : reader.id())
  }
  const events = Array.from(times, (at, i) => ({
    id: ids?.[i] ?? null,
    dense: (dense?.[i] ?? null) as DenseId | null,
    at: new Date(at),
    eventId: eventIds[i] ?? null,
    values: {} as Record<string, Value>,
  }))
  for (let left = reader.array(); left > 0; left -= 2) {
    const name = reader.text()
    const valueAt = propertyReader(reader, spec.properties[name])
    events.forEach(({ values }, i) => {
      const value = valueAt(i)
      if (value !== null) values[name] = value
    })
  }
  return { kind: 'trackMany', event, now, events }
}

function headOf(reader: MessagePackReader, schema: Schema): { event: string; spec: EventSpec; now: Date } {
  const event = reader.text()
  const spec = schema.get(event)
  if (spec?.kind !== 'event') throw reader.fault('the events of no kind', 'a kind of the schema')
  return { event, spec, now: new Date(reader.number()) }
}

/** Reads the values of one property, and gives each by its place. */
function propertyReader(reader: MessagePackReader, spec: PropertySpec | undefined): (place: number) => Value | null {
  switch (spec?.kind) {
    case 'category': {
      reader.arrayOf(2, 'texts and codes')
      const texts = readTexts(reader)
      const codes = readUint32s(reader)
      // 0 is for none.
      return (place) => texts[codes[place]! - 1] ?? null
    }
    case 'number': {
      const values = readFloat64s(reader)
      return (place) => (Number.isNaN(values[place]) ? null : scaled(values[place]!, spec))
    }
    case 'flag': {
      const bits = reader.binary('flags')
      return (place) => (bits[place] === 1 ? true : null)
    }
    default:
      throw reader.fault('the values of no property', 'a property of the event')
  }
}

function scaled(held: number, spec: PropertySpec): number {
  return spec.kind === 'number' ? decimalNumber(held, spec.scale) : held
}

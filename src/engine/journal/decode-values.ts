import type { ExternalId } from '../../base/brand.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { type Bitmap, bitmapFromCheckedBytes } from '../../bitmap/bitmap.ts'
import { checkPortableBitmap } from '../../bitmap/portable-format.ts'
import type { CheckedEvents, EventPeople } from '../../dataset/checked-events.ts'
import type { EventForm } from '../../dataset/event-form.ts'
import { HeldNumber } from '../../dataset/held-number.ts'
import type { GivenMembers } from '../../dataset/members.ts'
import type { PropertyForm } from '../../dataset/property-form.ts'
import type { PropertyColumn } from '../../events/event-column.ts'
import { float64sOf, uint32sOf } from './little-endian.ts'
import type { MessagePackReader } from './message-pack-reader.ts'

/** Ids in a row. */
export function readIds(reader: MessagePackReader): ExternalId[] {
  const ids: ExternalId[] = []
  for (let left = reader.array('a list of ids'); left > 0; left--) ids.push(reader.id())
  return ids
}

/** Texts in a row. */
export function readTexts(reader: MessagePackReader): string[] {
  const texts: string[] = []
  for (let left = reader.array('a list of texts'); left > 0; left--) texts.push(reader.text())
  return texts
}

/** A bitmap of the caller, in portable Roaring format. */
export function readBitmapBytes(reader: MessagePackReader): Bitmap {
  const bytes = reader.binary('a bitmap')
  try {
    const { runsTouch } = checkPortableBitmap(bytes)
    return bitmapFromCheckedBytes(bytes, runsTouch)
  } catch (error) {
    if (!(error instanceof CrowdbitError)) throw error
    throw reader.fault(error.message, 'a bitmap in portable Roaring format')
  }
}

/** Ids, or a bitmap of dense numbers. */
export function readMembers(reader: MessagePackReader): GivenMembers {
  return reader.isArray ? { form: 'ids', ids: readIds(reader) } : { form: 'dense', people: readBitmapBytes(reader) }
}

/** Ids, or dense numbers in an order. */
export function readOrdered(reader: MessagePackReader): EventPeople {
  return reader.isArray ? { form: 'ids', ids: readIds(reader) } : { form: 'dense', people: readUint32s(reader) }
}

export function readUint32s(reader: MessagePackReader): Uint32Array {
  const numbers = uint32sOf(reader.binary('32-bit numbers'))
  if (numbers === null) throw reader.fault('a length that is no multiple of 4', '32-bit numbers')
  return numbers
}

export function readFloat64s(reader: MessagePackReader): Float64Array {
  const numbers = float64sOf(reader.binary('doubles'))
  if (numbers === null) throw reader.fault('a length that is no multiple of 8', 'doubles')
  return numbers
}

/** A cell of a row as a user could have given it, numbers as they are held. The column judges it. */
export function readCell(reader: MessagePackReader): unknown {
  if (reader.nil()) return null
  if (reader.isBool) return reader.bool()
  if (reader.isText) return reader.name('a value')
  if (!reader.isArray) return new HeldNumber(reader.number())
  const length = reader.array()
  if (length === 2 && reader.isArray) {
    const add = readTexts(reader)
    return { add, remove: readTexts(reader) }
  }
  const texts: string[] = []
  for (let i = 0; i < length; i++) texts.push(reader.text())
  return texts
}

/** A value of a property of an event, a number as it is held. The property judges it. */
export function readScalar(reader: MessagePackReader): string | number | boolean | null {
  if (reader.nil()) return null
  if (reader.isText) return reader.name('a value')
  return reader.isBool ? reader.bool() : reader.number()
}

/** The values of many events for one property, each of which fits the property. @throws the VALUE_… codes too */
export function readProperty(reader: MessagePackReader, events: number, property: PropertyForm): PropertyColumn {
  switch (property.kind) {
    case 'category': {
      reader.arrayOf(2, 'texts and codes')
      const texts = readTexts(reader).map((text) => property.check(text) as string)
      const codes = readUint32s(reader)
      checkLength(reader, codes.length, events)
      for (let i = 0; i < codes.length; i++) {
        if (codes[i]! > texts.length) throw reader.fault(`the code ${codes[i]}`, `one from 0 to ${texts.length}`)
      }
      return { kind: 'category', texts, codes }
    }
    case 'number': {
      const values = readFloat64s(reader)
      checkLength(reader, values.length, events)
      for (let i = 0; i < values.length; i++) {
        if (!Number.isNaN(values[i])) property.check(new HeldNumber(values[i]!))
      }
      return { kind: 'number', values }
    }
    case 'flag': {
      const bits = reader.binary('flags')
      checkLength(reader, bits.length, events)
      if (bits.some((bit) => bit > 1)) throw reader.fault('a flag that is neither 0 nor 1', 'flags')
      return { kind: 'flag', bits }
    }
  }
}

/** Events of one kind, each of which fits it. @throws the codes of `track` too */
export function readManyEvents(reader: MessagePackReader, form: EventForm): CheckedEvents & { form: 'many' } {
  const of = readOrdered(reader)
  const length = of.form === 'ids' ? of.ids.length : of.people.length
  const times = readFloat64s(reader)
  checkLength(reader, times.length, length)
  for (let i = 0; i < times.length; i++) form.instant(times[i])
  let eventIds: (ExternalId | null)[] | null = null
  if (!reader.nil()) {
    reader.arrayOf(length, 'an id of each event')
    eventIds = []
    for (let i = 0; i < length; i++) eventIds.push(reader.nil() ? null : reader.id())
    for (const id of eventIds) form.eventId(id)
  }
  const properties = new Map<string, PropertyColumn>()
  for (let left = reader.array('properties'); left > 0; left -= 2) {
    const property = form.properties[form.placeOf(reader.name('the name of a property'))]!
    properties.set(property.name, readProperty(reader, length, property))
  }
  return { form: 'many', of, times, eventIds, properties }
}

function checkLength(reader: MessagePackReader, found: number, events: number): void {
  if (found !== events) throw reader.fault(`${found} values`, `one for each of ${events} events`)
}

import type { ExternalId } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { PropertyColumn } from '../events/event-column.ts'
import type { CheckedEvents, EventPeople } from './checked-events.ts'
import type { EventForm } from './event-form.ts'
import type { PropertyBuilder } from './property-form.ts'
import type { RawRow } from './raw-row.ts'

/**
 * Events of rows, as columns. An error says at which row.
 *
 * @throws TIME_INVALID, EVENT_UNKNOWN_PROPERTY, the VALUE_… and ID_… codes
 */
export function checkEventRows(
  form: EventForm,
  rows: readonly (readonly [ExternalId, RawRow])[],
): CheckedEvents & { form: 'many' } {
  const { length } = rows
  const ids: ExternalId[] = []
  const times = new Float64Array(length)
  const builders: (PropertyBuilder | undefined)[] = form.properties.map(() => undefined)
  let eventIds: (ExternalId | null)[] | null = null
  let row = 0
  try {
    for (; row < length; row++) {
      const [id, given] = rows[row]!
      const values = form.record(given)
      ids.push(id)
      times[row] = form.instant(values.at)
      for (const key of Object.keys(values)) {
        if (key === 'at') continue
        const value = values[key]
        if (key === 'eventId') {
          const eventId = form.eventId(value)
          if (eventId === null) continue
          eventIds ??= new Array<ExternalId | null>(length).fill(null)
          eventIds[row] = eventId
        } else {
          const place = form.placeOf(key)
          builders[place] ??= form.properties[place]!.builder(length)
          builders[place].put(row, value)
        }
      }
    }
  } catch (error) {
    throw atEvent(row, error)
  }
  const properties = new Map<string, PropertyColumn>()
  builders.forEach((builder, p) => {
    if (builder !== undefined) properties.set(form.properties[p]!.name, builder.done())
  })
  return { form: 'many', of: { form: 'ids', ids }, times, eventIds, properties }
}

/**
 * Events of arrays of one length. An error says at which place.
 *
 * @throws EVENT_LENGTHS_DIFFER, TIME_INVALID, EVENT_UNKNOWN_PROPERTY, MEMBERS_WRONG_TYPE, the VALUE_… and ID_… codes
 */
export function checkEventArrays(form: EventForm, given: unknown): CheckedEvents & { form: 'many' } {
  const { ids, dense, at, eventId, ...rest } = form.record(given)
  const of = checkPeople(form, ids, dense)
  const length = of.form === 'ids' ? of.ids.length : of.people.length
  const lengthFrom = of.form === 'ids' ? 'ids' : 'dense'
  const check = (name: string, column: unknown): ArrayLike<unknown> => {
    if (!Array.isArray(column) && !isNumberArray(column)) {
      const expected = name === 'eventId' ? 'an array' : 'an array, or an array of numbers such as a Float64Array,'
      const message = `${name} of event ${show(form.name)} is ${ArrayBuffer.isView(column) ? 'bytes' : show(column)}, where ${expected} is expected`
      throw new CrowdbitError('VALUE_WRONG_TYPE', message, { column: `${form.name}.${name}` })
    }
    if (column.length === length) return column
    throw new CrowdbitError(
      'EVENT_LENGTHS_DIFFER',
      `${name} of event ${show(form.name)} has ${column.length} ${column.length === 1 ? 'value' : 'values'}, where ${lengthFrom} has ${length}: the place of an event is the same in all arrays`,
      { event: form.name, name, found: column.length, expected: length },
    )
  }
  const times = checkTimes(form, check('at', at))
  const eventIds = eventId === undefined || eventId === null ? null : checkEventIds(form, check('eventId', eventId))
  const properties = new Map<string, PropertyColumn>()
  for (const [key, column] of Object.entries(rest)) {
    const property = form.properties[form.placeOf(key)]!
    // A column that is left out by a condition.
    if (column === undefined) continue
    const values = check(key, column)
    const builder = property.builder(length)
    let place = 0
    try {
      for (; place < length; place++) builder.put(place, values[place])
    } catch (error) {
      throw atEvent(place, error)
    }
    properties.set(property.name, builder.done())
  }
  return { form: 'many', of, times, eventIds, properties }
}

/** The error of one event among many, which says which. */
export function atEvent(index: number, error: unknown): unknown {
  if (!(error instanceof CrowdbitError) || error.code === 'INTERNAL') return error
  return new CrowdbitError(
    error.code,
    `event ${index}: ${error.messageAlone}`,
    { ...error.facts, index },
    { cause: error },
  )
}

function checkPeople(form: EventForm, ids: unknown, dense: unknown): EventPeople {
  const isGiven = (people: unknown): boolean => people !== undefined && people !== null
  if (isGiven(ids) !== isGiven(dense)) {
    if (dense instanceof Uint32Array) return { form: 'dense', people: dense }
    if (Array.isArray(ids) || isNumberArray(ids)) return { form: 'ids', ids: ids as readonly ExternalId[] }
  }
  const found = isGiven(ids) && isGiven(dense) ? 'both ids and dense' : show(dense ?? ids)
  throw new CrowdbitError(
    'MEMBERS_WRONG_TYPE',
    `the people of event ${show(form.name)} are ${found}, where ids, an array of ids, or dense, a Uint32Array of dense numbers, is expected`,
    { event: form.name },
  )
}

function isNumberArray(values: unknown): values is Float64Array | Int32Array | Uint32Array {
  return values instanceof Float64Array || values instanceof Int32Array || values instanceof Uint32Array
}

const lastInstant = 8.64e15

function checkTimes(form: EventForm, at: ArrayLike<unknown>): Float64Array {
  const { length } = at
  const times = at instanceof Float64Array ? at : new Float64Array(length)
  let place = 0
  try {
    if (at instanceof Float64Array) {
      for (; place < length; place++) {
        const time = times[place]!
        if (!Number.isInteger(time) || Math.abs(time) > lastInstant) form.instant(time)
      }
    } else {
      for (; place < length; place++) times[place] = form.instant(at[place])
    }
  } catch (error) {
    throw atEvent(place, error)
  }
  return times
}

function checkEventIds(form: EventForm, given: ArrayLike<unknown>): readonly (ExternalId | null | undefined)[] {
  let place = 0
  try {
    for (; place < given.length; place++) form.eventId(given[place])
  } catch (error) {
    throw atEvent(place, error)
  }
  return given as unknown as readonly (ExternalId | null | undefined)[]
}

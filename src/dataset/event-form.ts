import type { ExternalId } from '../base/brand.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import type { EventColumn, SingleEvent } from '../events/event-column.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import { instantValue } from './instant-value.ts'
import { type PropertyForm, propertyForm } from './property-form.ts'

/** What may be written of a kind of event. */
export class EventForm {
  readonly name: string
  readonly column: EventColumn
  /** In the order of the schema. */
  readonly properties: readonly PropertyForm[]
  readonly #places = new Map<string, number>()
  readonly #ids: IdDictionary

  /** @param ids any dictionary: it knows what an id is */
  constructor(name: string, column: EventColumn, ids: IdDictionary) {
    this.name = name
    this.column = column
    this.#ids = ids
    this.properties = Object.entries(column.spec.properties).map(([property, spec]) =>
      propertyForm(property, `${name}.${property}`, spec, column),
    )
    this.properties.forEach((property, place) => {
      this.#places.set(property.name, place)
    })
  }

  /**
   * The place of a property.
   *
   * @throws EVENT_UNKNOWN_PROPERTY
   */
  placeOf(name: string): number {
    const place = this.#places.get(name) ?? this.#places.get(name.normalize('NFC'))
    if (place !== undefined) return place
    const suggestion = nearestName(name, ['at', 'eventId', ...this.#places.keys()])
    throw new CrowdbitError(
      'EVENT_UNKNOWN_PROPERTY',
      `event ${show(this.name)} has no property ${show(name)}.${didYouMean(suggestion)}`,
      { event: this.name, name, suggestion },
    )
  }

  /**
   * The instant of an event, or another that is asked about it.
   *
   * @throws TIME_INVALID
   */
  instant(value: unknown, what = `${this.name}.at`): number {
    return instantValue(what, value, this.column.zone)
  }

  /**
   * The id of an event, `null` for none.
   *
   * @throws the ID_… codes
   */
  eventId(value: unknown): ExternalId | null {
    if (value === null || value === undefined) return null
    try {
      this.#ids.check(value)
    } catch (error) {
      if (!(error instanceof CrowdbitError)) throw error
      const column = `${this.name}.eventId`
      throw new CrowdbitError(error.code, `${column}: ${error.messageAlone}`, { ...error.facts, column, value })
    }
    return value as ExternalId
  }

  /**
   * The values of one event, or the arrays of many, by name.
   *
   * @throws VALUE_WRONG_TYPE for what is no object
   */
  record(given: unknown): Readonly<Record<string, unknown>> {
    if (typeof given === 'object' && given !== null && !(Symbol.iterator in given)) {
      return given as Record<string, unknown>
    }
    throw new CrowdbitError(
      'VALUE_WRONG_TYPE',
      `${this.name} takes an object with at and values by property, but was given ${show(given)}`,
      { column: this.name },
    )
  }

  /**
   * One event of the values that a user gives.
   *
   * @throws TIME_INVALID, EVENT_UNKNOWN_PROPERTY, the VALUE_… and ID_… codes
   */
  event(given: unknown): SingleEvent {
    const source = this.record(given)
    const { properties } = this
    const values: (string | number | boolean | null)[] = []
    for (let p = 0; p < properties.length; p++) values.push(null)
    for (const key of Object.keys(source)) {
      if (key === 'at' || key === 'eventId') continue
      const place = this.placeOf(key)
      values[place] = properties[place]!.check(source[key])
    }
    return { at: this.instant(source.at), eventId: this.eventId(source.eventId), values }
  }
}

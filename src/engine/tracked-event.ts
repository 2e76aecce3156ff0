import type { ExternalId } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalNumber } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { eventsOfPerson, type KeptEvent } from '../events/person-events.ts'
import type { ColumnSpec, EventSpec } from '../schema/column-spec.ts'
import type { Instant, Readable } from '../schema/row.ts'

/** One event of a person as it is kept. Properties that are absent are left out, and so is the id of an event without one. */
export type TrackedEvent<Spec extends ColumnSpec = EventSpec> = {
  readonly at: Date
  readonly eventId?: ExternalId
} & (Spec extends EventSpec<infer Properties>
  ? { readonly [Name in keyof Properties]?: Readable<Properties[Name]> }
  : Record<never, never>)

/** Which events of a person are read. */
export interface EventsOptions {
  /** The newest so many: a whole number, 1 or more. @default all */
  readonly limit?: number
  /** The first instant, included. @default as early as there are events */
  readonly from?: Instant
  /** The first instant that is too late. @default as late as there are events, future ones included */
  readonly to?: Instant
}

/**
 * The events of one kind that a person has, the newest last. Described at `Engine.events`.
 *
 * @throws EVENT_UNKNOWN, OPTION_INVALID, TIME_INVALID, the ID_… codes
 */
export function readEvents(dataset: Dataset, id: ExternalId, name: string, options: EventsOptions): TrackedEvent[] {
  const form = dataset.eventForm(name)
  checkKeys(options, ['limit', 'from', 'to'])
  const { limit = Number.POSITIVE_INFINITY, from, to } = options
  if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 1)) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `limit is ${show(limit)}, where a whole number of 1 or more is expected`,
      {
        limit,
      },
    )
  }
  const query = {
    limit,
    from: from === undefined ? Number.NEGATIVE_INFINITY : form.instant(from, 'from'),
    to: to === undefined ? Number.POSITIVE_INFINITY : form.instant(to, 'to'),
  }
  const person = dataset.find(id)
  if (person === -1) return []
  return eventsOfPerson(form.column, person, query).map((event) => shown(event, form.column.spec))
}

function shown({ at, eventId, values }: KeptEvent, { properties }: EventSpec): TrackedEvent {
  const event: Record<string, unknown> = { at: new Date(at) }
  if (eventId !== null) event.eventId = eventId
  for (const [name, value] of values) {
    const spec = properties[name]!
    event[name] = spec.kind === 'number' ? decimalNumber(value as number, spec.scale) : value
  }
  return event as unknown as TrackedEvent
}

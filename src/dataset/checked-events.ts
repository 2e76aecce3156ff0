import type { ExternalId } from '../base/brand.ts'
import type { EventBatch, SingleEvent } from '../events/event-column.ts'

/** Whose events: ids, of which new ones become people; or dense numbers of living people. */
export type EventPeople =
  | { readonly form: 'ids'; readonly ids: readonly ExternalId[] }
  | { readonly form: 'dense'; readonly people: Uint32Array }

/** Events of one kind as plain data, with values that fit the schema. Made by `check-events.ts`. */
export type CheckedEvents =
  | { readonly form: 'one'; readonly id: ExternalId; readonly event: SingleEvent }
  | ({ readonly form: 'many'; readonly of: EventPeople } & Pick<EventBatch, 'times' | 'eventIds' | 'properties'>)

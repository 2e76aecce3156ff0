import { checkKeys } from '../base/check-keys.ts'
import type { EventSpec, PropertiesSpec, SchemaSpec } from '../schema/column-spec.ts'
import type { EventNames } from '../schema/row.ts'
import type { ColumnMappings } from './column-mapping.ts'
import { checkIngestOptions, type IngestOptions, type IngestSettings, invalid } from './ingest-options.ts'

/** The column of the source that holds the time of an event. */
export interface AtMapping {
  readonly column: string
  /** What decimal numbers count since 1970 (UTC): `s` seconds, with up to three digits after the point, `ms` milliseconds. @default text is ISO 8601, a number milliseconds */
  readonly unit?: 's' | 'ms'
}

/** Source columns by name: the property of the event that each is written to. */
export type PropertyMappings<Spec> =
  Spec extends EventSpec<infer Properties extends PropertiesSpec> ? ColumnMappings<Properties> : never

/** How the rows of a source are tracked as events of one kind. */
export interface EventIngestOptions<S extends SchemaSpec = SchemaSpec, Name extends EventNames<S> = EventNames<S>>
  extends Omit<IngestOptions<S>, 'columns' | 'tag' | 'createTags'> {
  /** The event that each row is one of. */
  readonly event: Name
  /** The column of the source that holds the time: ISO 8601 text, which without an offset is a local time of the engine's zone (`2010-12-01 08:26:00`) or the beginning of a local day; or a number, see `unit`. */
  readonly at: string | AtMapping
  /** The column of the source that holds the id of the event (law 13); a row without a text there has none. @default events have no id */
  readonly eventId?: string
  /**
   * Which columns of the source are written to which properties of the event, compared after NFC.
   * @default each column of the source whose name the event has as a property
   */
  readonly columns?: PropertyMappings<S[Name]>
}

/** What is different where rows are events. */
export interface EventSettings {
  readonly name: string
  /** The column of the time, in NFC. */
  readonly at: string
  readonly unit: 's' | 'ms' | undefined
  /** The column of the event's id, in NFC. */
  readonly eventId: string | null
}

/** Options of rows or of events, with the defaults filled in. */
export interface AnyIngestSettings extends IngestSettings {
  /** `null` where rows are of values. */
  readonly event: EventSettings | null
}

/** Whether the options are of events. */
export function isOfEvents(options: IngestOptions | EventIngestOptions): options is EventIngestOptions {
  return typeof options === 'object' && options !== null && 'event' in options
}

/** @throws OPTION_INVALID */
export function checkAnyIngestOptions(options: IngestOptions | EventIngestOptions): AnyIngestSettings {
  if (!isOfEvents(options)) return { ...checkIngestOptions(options), event: null }
  const { event, at, eventId = null, ...rest } = options
  checkKeys(rest, keysBesideEvents)
  if (typeof event !== 'string') throw invalid('event', event, 'the name of an event')
  const time = typeof at === 'string' ? { column: at } : at
  if (typeof time !== 'object' || time === null || typeof time.column !== 'string') {
    throw invalid('at', at, 'the name of the column that holds the time, or { column, unit }')
  }
  checkKeys(time, ['column', 'unit'])
  if (eventId !== null && typeof eventId !== 'string') {
    throw invalid('eventId', eventId, 'the name of the column that holds the id of the event')
  }
  return {
    ...checkIngestOptions(rest as IngestOptions),
    event: {
      name: event,
      at: time.column.normalize('NFC'),
      unit: time.unit,
      eventId: eventId === null ? null : eventId.normalize('NFC'),
    },
  }
}

const keysBesideEvents: readonly string[] = [
  'id',
  'idType',
  'columns',
  'empty',
  'batchRows',
  'maxRejects',
  'keepRejects',
  'onProgress',
  'progressEvery',
  'signal',
]

import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import type { EventForm } from '../dataset/event-form.ts'
import type { ColumnSpec, ValueColumnSpec } from '../schema/column-spec.ts'
import type { Schema } from '../schema/schema.ts'
import { EventIdCell } from './event-id-cell.ts'
import type { EventSettings } from './event-ingest-options.ts'
import { TimestampCell } from './timestamp-cell.ts'
import type { ValueCell } from './value-cell.ts'

/** What columns of a source are written to: columns of the schema, or properties of an event. */
export interface MappingTarget {
  /** What a name in NFC is; `undefined` where nothing that can be written to has it. */
  specOf(name: string): ValueColumnSpec | undefined
  /** The error for a mapping to a name that there isn't. */
  unknown(source: string, to: string): CrowdbitError
  /** Cells beside the mapped ones. Their columns have to be there, and are no others. */
  readonly own: readonly ValueCell[]
  /** The name of what an error calls so. */
  nameOf(label: string): string
}

/** The columns that hold values. */
export function schemaTarget(schema: Schema): MappingTarget {
  const valueSpec = (spec: ColumnSpec | undefined) => (spec?.kind === 'event' ? undefined : spec)
  return {
    specOf: (name) => valueSpec(schema.get(name)),
    unknown(source, to) {
      if (schema.get(to) !== undefined) {
        return new CrowdbitError(
          'INGEST_MAPPING',
          `${show(source)} is mapped to ${show(to)}, which is an event: events are tracked, not written to people`,
          { source, to },
        )
      }
      return unknownName(source, to, schema.names, 'the schema has no such column')
    },
    own: [],
    nameOf: (label) => label,
  }
}

/** The properties of an event, and its time and id. */
export function eventTarget(form: EventForm, { at, unit, eventId }: EventSettings): MappingTarget {
  const { properties } = form.column.spec
  const time = new TimestampCell(at, { to: 'at', ...(unit === undefined ? {} : { unit }) }, 'value')
  const prefix = `${form.name}.`
  return {
    specOf: (name) => (Object.hasOwn(properties, name) ? properties[name] : undefined),
    unknown: (source, to) =>
      unknownName(source, to, Object.keys(properties), `event ${show(form.name)} has no such property`),
    own: eventId === null ? [time] : [time, new EventIdCell(eventId)],
    nameOf: (label) => (label.startsWith(prefix) ? label.slice(prefix.length) : label),
  }
}

function unknownName(source: string, to: string, names: Iterable<string>, statement: string): CrowdbitError {
  const suggestion = nearestName(to, names)
  return new CrowdbitError(
    'INGEST_MAPPING',
    `${show(source)} is mapped to ${show(to)}, and ${statement}.${didYouMean(suggestion)}`,
    { source, to, suggestion },
  )
}

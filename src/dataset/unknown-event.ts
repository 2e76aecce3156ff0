import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import type { DatasetParts } from './dataset-parts.ts'

/** The error for a name that no kind of event has, with the nearest name that one has. */
export function unknownEvent({ schema, events }: DatasetParts, name: unknown): CrowdbitError {
  const spec = typeof name === 'string' ? schema.get(name) : undefined
  if (spec !== undefined) {
    return new CrowdbitError('EVENT_UNKNOWN', `${show(name)} is a ${spec.kind}, not an event; write it with put`, {
      name,
      kind: spec.kind,
    })
  }
  const suggestion = typeof name === 'string' ? nearestName(name, events.keys()) : undefined
  return new CrowdbitError('EVENT_UNKNOWN', `no event ${show(name)} in this engine.${didYouMean(suggestion)}`, {
    name,
    suggestion,
  })
}

/** The error for a name that no column of values has. */
export function unknownColumn({ schema, events }: DatasetParts, name: string): CrowdbitError {
  if (!events.has(name.normalize('NFC'))) return schema.unknown(name)
  return new CrowdbitError('SCHEMA_COLUMN_WRONG_KIND', `${name} is an event: what people did is tracked`, {
    column: name,
  })
}

import type { ExternalId, Millis } from '../base/brand.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { Person } from '../schema/row.ts'
import type { DerivedTagKeeper } from './derived-tags.ts'

/**
 * The values of a person. Described at `Engine.get`.
 *
 * @param now the clock; it is looked at once, if at all: all of one answer is of one instant (law 11)
 */
export function readPerson<S extends SchemaSpec>(
  dataset: Dataset,
  derived: DerivedTagKeeper,
  id: ExternalId,
  now: () => Millis,
): Person<S> | undefined {
  const person = dataset.find(id)
  if (person === -1) return undefined
  const values: Record<string, unknown> = {}
  let asOf: Millis | undefined
  for (const [name, column] of dataset.columns()) {
    let value: unknown
    if (derived.isLive(name)) {
      asOf ??= now()
      value = derived.valueOf(name, id, asOf)
    } else value = column.get(person)
    if (value !== undefined) values[name] = value
  }
  return values as Person<S>
}

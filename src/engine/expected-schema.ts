import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { ColumnSpec, SchemaSpec } from '../schema/column-spec.ts'
import { Schema } from '../schema/schema.ts'

/**
 * The columns and kinds of events that a program has and the saved data lacks, in the order of the program's schema. All others have to be
 * the same in both, since nothing is changed or dropped by leaving it out.
 *
 * @throws STORE_SCHEMA_MISMATCH that names those which differ, or which the program lacks
 */
export function missingColumns(
  schema: SchemaSpec | undefined,
  dataset: Dataset,
): readonly (readonly [name: string, spec: ColumnSpec])[] {
  if (schema === undefined) return []
  const given = Schema.from(schema)
  const saved = dataset.schema
  const differing = [...saved.names].filter((name) => {
    // Derived tags are defined on a living engine, so a program's schema need not have them.
    if (given.get(name) === undefined) return dataset.derivedTag(name) === null
    return specText(given.get(name)) !== specText(saved.get(name))
  })
  if (differing.length === 0) return [...given.entries()].filter(([name]) => saved.get(name) === undefined)
  const list = differing.map(
    (name) => `${show(name)} (given ${specText(given.get(name))}, saved ${specText(saved.get(name))})`,
  )
  throw new CrowdbitError(
    'STORE_SCHEMA_MISMATCH',
    `the saved schema differs in ${list.join(', ')}. Columns that are new in the given schema are added; none is changed or dropped because a schema says so. Give these as they are saved, or open without a schema and use dropColumn and addColumn`,
    { columns: differing },
  )
}

/** A column as it is written in a program. */
function specText(spec: ColumnSpec | undefined): string {
  if (spec === undefined) return 'nothing'
  switch (spec.kind) {
    case 'flag':
      return 'flag()'
    case 'timestamp':
      return `timestamp(${optionsText({ merge: spec.merge ?? null })})`
    case 'category': {
      const values = spec.values === null ? '' : `values: ${JSON.stringify(spec.values)}`
      const merge = spec.many || spec.merge === undefined ? '' : `merge: ${spec.merge}`
      return `category(${[spec.many ? 'many' : '', values, merge].filter((part) => part !== '').join(', ')})`
    }
    case 'number': {
      const { scale, min, max, merge = null } = spec
      const parts = { scale: scale === 0 ? null : scale, min, max, merge }
      return `number(${optionsText(parts)})`
    }
    case 'event': {
      const properties = Object.entries(spec.properties).map(([name, property]) => `${name}: ${specText(property)}`)
      const options = optionsText({ retentionDays: spec.retentionDays })
      return `event({ ${properties.join(', ')} }${options === '' ? '' : `, ${options}`})`.replace('{  }', '{}')
    }
  }
}

/** Options that are there, as an object; nothing where none is. */
function optionsText(options: Readonly<Record<string, string | number | null>>): string {
  const parts = Object.entries(options).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`
}

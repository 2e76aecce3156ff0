import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { ColumnSpec, SchemaSpec } from '../schema/column-spec.ts'
import { Schema } from '../schema/schema.ts'
import { checkSettings, type EngineSettings } from './create-engine.ts'
import { type Engine, makeEngine } from './engine.ts'
import type { ReadEngine } from './read-engine.ts'
import { damaged } from './saved-fields.ts'
import { checkAudiences } from './workspace.ts'

/** What a program expects of a saved engine. */
export interface Expected<S extends SchemaSpec> extends EngineSettings {
  readonly schema?: S
}

/**
 * An engine of what was read, if it is what the program expects.
 *
 * @throws STORE_SCHEMA_MISMATCH, OPTION_INVALID, STORE_CORRUPT
 */
export function restoreEngine<S extends SchemaSpec>(read: ReadEngine, expected: Expected<S>): Engine<S> {
  const { dataset, sequence, meta, restoreAudiences } = read
  checkExpected(expected, dataset)
  if (expected.timeZone !== undefined && expected.timeZone !== meta.timeZone) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `the engine was saved in the time zone ${show(meta.timeZone)}, not ${show(expected.timeZone)}: days would begin at other instants`,
      { saved: meta.timeZone, given: expected.timeZone },
    )
  }
  const { schema: _, limits, ...settings } = expected
  const engine = fitting(() =>
    makeEngine<S>({
      dataset,
      sequence,
      ...checkSettings({ ...settings, timeZone: meta.timeZone, limits: { ...meta.limits, ...limits } }),
    }),
  )
  const workspaces = fitting(() => meta.workspaces.map(({ name }) => engine.workspace(name)))
  if (new Set(workspaces).size < workspaces.length) throw damaged('two workspaces have one name')
  workspaces.forEach((workspace, position) => {
    restoreAudiences(position, workspace)
  })
  for (const workspace of workspaces) fitting(() => checkAudiences(workspace))
  return engine
}

/**
 * Whether the schema that a program expects is the one that there is.
 *
 * @throws STORE_SCHEMA_MISMATCH
 */
export function checkExpected({ schema }: Expected<SchemaSpec>, dataset: Dataset): void {
  if (schema === undefined) return
  const derived = new Set(Array.from(dataset.derivedTags(), ([name]) => name))
  checkSchema(Schema.from(schema), dataset.schema, derived)
}

/** @throws STORE_SCHEMA_MISMATCH that names the columns which differ */
function checkSchema(given: Schema, saved: Schema, derived: ReadonlySet<string>): void {
  const names = new Set([...given.names, ...saved.names])
  // Derived tags are defined on a living engine, so a program's schema need not have them.
  const differing = [...names].filter(
    (name) =>
      specText(given.get(name)) !== specText(saved.get(name)) && !(derived.has(name) && given.get(name) === undefined),
  )
  if (differing.length === 0) return
  const list = differing.map(
    (name) => `${show(name)} (given ${specText(given.get(name))}, saved ${specText(saved.get(name))})`,
  )
  throw new CrowdbitError(
    'STORE_SCHEMA_MISMATCH',
    `the saved schema differs in ${list.join(', ')}. Load without a schema and change it by addColumn and dropColumn.`,
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

/**
 * Does what only a damaged save would make fail.
 *
 * @throws STORE_CORRUPT; a RULE_TOO_… code as it is, since it says that the limits given are below those of the save
 */
function fitting<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof CrowdbitError) || /^RULE_(TOO|LIST)_/.test(error.code)) throw error
    throw damaged(error.message, error)
  }
}

import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { ColumnSpec, SchemaSpec } from '../schema/column-spec.ts'
import { Schema } from '../schema/schema.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import { checkDirectory } from './check-directory.ts'
import { checkSettings, type EngineSettings } from './create-engine.ts'
import { type Engine, makeEngine } from './engine.ts'
import { readEngine } from './read-engine.ts'
import { damaged } from './saved-fields.ts'
import { checkAudiences } from './workspace.ts'

/** What `loadEngine` takes beside the folder. */
export interface LoadOptions<S extends SchemaSpec> extends EngineSettings {
  /**
   * The schema that the program is written for: it gives the engine its types, and the saved one has to be equal to it.
   * @default the saved one
   */
  readonly schema?: S
}

/**
 * An engine as it was saved: the same people, dense numbers, tags, workspaces and audiences.
 * Cost: reading and checking every byte once; the id table is built anew, some millions of ids a second.
 *
 * @example
 * ```ts
 * await crowd.save('./data')
 * const again = await loadEngine('./data', { schema })
 * ```
 * @throws STORE_NOT_FOUND, STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO, STORE_SCHEMA_MISMATCH, OPTION_INVALID
 */
export async function loadEngine<const S extends SchemaSpec = SchemaSpec>(
  directory: string,
  options: LoadOptions<S> = {},
): Promise<Engine<S>> {
  checkKeys(options, ['schema', 'timeZone', 'limits', 'clock'])
  checkDirectory(directory)
  checkSettings(options)
  const { dataset, meta, restoreAudiences } = await readEngine(nodeFileSystem, directory)
  if (options.schema !== undefined) {
    checkSchema(Schema.from(options.schema), meta.schema, new Set(meta.derived.map(([name]) => name)))
  }
  if (options.timeZone !== undefined && options.timeZone !== meta.timeZone) {
    throw new CrowdbitError(
      'OPTION_INVALID',
      `the engine was saved in the time zone ${show(meta.timeZone)}, not ${show(options.timeZone)}: days would begin at other instants`,
      { saved: meta.timeZone, given: options.timeZone },
    )
  }
  const engine = fitting(() =>
    makeEngine<S>({
      dataset,
      ...checkSettings({ ...options, timeZone: meta.timeZone, limits: { ...meta.limits, ...options.limits } }),
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
    case 'timestamp':
      return `${spec.kind}()`
    case 'category': {
      const values = spec.values === null ? '' : `values: ${JSON.stringify(spec.values)}`
      return `category(${[spec.many ? 'many' : '', values].filter((part) => part !== '').join(', ')})`
    }
    case 'number': {
      const { scale, min, max } = spec
      const parts = { scale: scale === 0 ? null : scale, min, max }
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

import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import { checkSettings, type EngineSettings } from './create-engine.ts'
import { type Engine, makeEngine } from './engine.ts'
import { missingColumns } from './expected-schema.ts'
import { fitting } from './fitting.ts'
import type { ReadEngine } from './read-engine.ts'
import { damaged } from './saved-fields.ts'
import { checkAudiences } from './workspace.ts'

/** What a program expects of a saved engine. */
export interface Expected<S extends SchemaSpec> extends EngineSettings {
  readonly schema?: S
}

/**
 * An engine of what was read, if it is what the program expects, and with the columns that the program has besides.
 *
 * @throws STORE_SCHEMA_MISMATCH, OPTION_INVALID, STORE_CORRUPT
 */
export function restoreEngine<S extends SchemaSpec>(read: ReadEngine, expected: Expected<S>): Engine<S> {
  const { dataset, sequence, meta, restoreAudiences } = read
  const missing = missingColumns(expected.schema, dataset)
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
  // Planning looks at columns: an engine of which not all is loaded checks its rules when it is.
  if (dataset.isLoaded) for (const workspace of workspaces) fitting(() => checkAudiences(workspace))
  for (const [column, spec] of missing) dataset.apply({ kind: 'addColumn', column, spec })
  return engine
}

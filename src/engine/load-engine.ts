import { checkKeys } from '../base/check-keys.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import { checkDirectory } from './check-directory.ts'
import { checkSettings, type EngineSettings, settingNames } from './create-engine.ts'
import type { Engine } from './engine.ts'
import { readEngine } from './read-engine.ts'
import { restoreEngine } from './restore-engine.ts'

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
  checkKeys(options, ['schema', ...settingNames])
  checkDirectory(directory)
  checkSettings(options)
  return restoreEngine(await readEngine(nodeFileSystem, directory), options)
}

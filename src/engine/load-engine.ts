import { checkKeys } from '../base/check-keys.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { FileSystem } from '../store/file-system.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import { openSettledStore } from '../store/open-settled-store.ts'
import { checkDirectory } from './check-directory.ts'
import { checkSettings, type EngineSettings, settingNames } from './create-engine.ts'
import type { Engine } from './engine.ts'
import { readStoredEngine } from './read-engine.ts'
import { restoreEngine } from './restore-engine.ts'

/** What `loadEngine` takes beside the folder. */
export interface LoadOptions<S extends SchemaSpec> extends EngineSettings {
  /**
   * The schema that the program is written for, which gives the engine its types. Columns that were not saved are added to the engine, in this
   * order, as `addColumn` does; all others have to be as they were saved, and none may be left out but derived tags.
   * @default the saved one
   */
  readonly schema?: S
}

/**
 * An engine as it was saved: the same people, dense numbers, tags, workspaces and audiences. It is in memory: the folder is only read, and no
 * lock is taken. The folder of `openEngine` is loaded once it was closed, or when its checkpoint has all; a log with more is refused, which
 * `openEngine` reads.
 * Cost: reading and checking every byte once; the table of ids is taken over as it was saved.
 *
 * @example
 * ```ts
 * await crowd.save('./data')
 * const again = await loadEngine('./data', { schema })
 * ```
 * @throws STORE_NOT_FOUND, STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO, STORE_SCHEMA_MISMATCH, OPTION_INVALID;
 * STORE_LOG_PENDING, STORE_LOG_DAMAGED for the log of `openEngine`; the SCHEMA_… codes
 */
export async function loadEngine<const S extends SchemaSpec = SchemaSpec>(
  directory: string,
  options: LoadOptions<S> = {},
): Promise<Engine<S>> {
  return loadEngineOn(nodeFileSystem, directory, options)
}

/** As `loadEngine`, on any file system. */
export async function loadEngineOn<const S extends SchemaSpec = SchemaSpec>(
  fs: FileSystem,
  directory: string,
  options: LoadOptions<S> = {},
): Promise<Engine<S>> {
  checkKeys(options, ['schema', ...settingNames])
  checkDirectory(directory)
  checkSettings(options)
  const store = await openSettledStore(fs, directory)
  try {
    return restoreEngine(await readStoredEngine(store), options)
  } finally {
    await store.close()
  }
}

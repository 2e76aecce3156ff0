import { checkKeys } from '../base/check-keys.ts'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { FileSystem } from '../store/file-system.ts'
import { nodeFileSystem } from '../store/node-file-system.ts'
import { openSettledStore } from '../store/open-settled-store.ts'
import { io } from '../store/store-fault.ts'
import { checkDirectory } from './check-directory.ts'
import { checkSettings, type EngineSettings, settingNames } from './create-engine.ts'
import type { Engine } from './engine.ts'
import { missingColumns } from './expected-schema.ts'
import { readStoredEngine, readStoredEngineLate } from './read-engine.ts'
import { restoreEngine } from './restore-engine.ts'

/** What `loadEngine` takes beside the folder. */
export interface LoadOptions<S extends SchemaSpec> extends EngineSettings {
  /**
   * The schema that the program is written for, which gives the engine its types. Columns that were not saved are added to the engine, in this
   * order, as `addColumn` does; all others have to be as they were saved, and none may be left out but derived tags.
   * @default the saved one
   */
  readonly schema?: S
  /**
   * Whether the promise resolves when the people and the audiences are there: ids, columns and events are read and checked when they
   * are first used, or by `loaded`. The first write and `save` load all that is left before they do anything. Until all is loaded the folder has to
   * stay as it is. A folder that was saved by a crowdbit that didn't save the people has its ids read at once.
   * @default false
   */
  readonly lazy?: boolean
}

/**
 * An engine as it was saved: the same people, dense numbers, tags, workspaces and audiences. It is in memory: the folder is only read, and no
 * lock is taken. The folder of `openEngine` is loaded once it was closed, or when its checkpoint has all; a log with more is refused, which
 * `openEngine` reads.
 * Cost: reading and checking every byte once; the table of ids is taken over as it was saved. With `lazy`: the people and the audiences;
 * then each question that is the first to need a column reads that, and waits for the disk.
 *
 * @example
 * ```ts
 * await crowd.save('./data')
 * const again = await loadEngine('./data', { schema })
 * const soon = await loadEngine('./data', { schema, lazy: true })
 * soon.count('精致妈妈 and 老客') // 50
 * soon.stats().columns.filter(({ isLoaded }) => isLoaded).map(({ name }) => name) // [ '精致妈妈', '老客' ]
 * ```
 * @throws STORE_NOT_FOUND, STORE_CORRUPT, STORE_VERSION_UNSUPPORTED, STORE_IO, STORE_SCHEMA_MISMATCH, OPTION_INVALID; with `lazy`, STORE_CORRUPT
 * and STORE_IO of what is damaged are thrown by each question and write that needs it, and change nothing;
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
  checkKeys(options, ['schema', 'lazy', ...settingNames])
  const { lazy = false, ...expected } = options
  checkDirectory(directory)
  checkSettings(expected)
  checkLazy(lazy)
  const store = await openSettledStore(fs, directory)
  try {
    if (!lazy) return restoreEngine(await readStoredEngine(store), expected)
    // A relative path would lead elsewhere when the process has moved on.
    const read = await readStoredEngineLate(store, store.late(fs, await realPathOf(fs, directory)))
    // To add a column is a write.
    if (missingColumns(expected.schema, read.dataset).length > 0) await read.dataset.load()
    return restoreEngine(read, expected)
  } finally {
    await store.close()
  }
}

function realPathOf(fs: FileSystem, directory: string): Promise<string> {
  return io('find', directory, () => fs.realPath(directory))
}

/** @throws OPTION_INVALID */
function checkLazy(lazy: unknown): void {
  if (typeof lazy === 'boolean') return
  throw new CrowdbitError('OPTION_INVALID', `lazy is ${show(lazy)}, where true or false is expected`, {
    option: 'lazy',
    found: lazy,
  })
}

import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { generationOf, isStoreName, lastGeneration, logOrdinalOf, manifestName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import type { Manifest } from './manifest.ts'
import { beginsAsManifest, decodeManifest } from './manifest-format.ts'
import { readManifestBytes } from './read-manifest.ts'
import { io } from './store-fault.ts'

/** What operating systems put into folders by themselves. */
const harmless: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', 'lost+found'])

/**
 * Makes the directory where it is missing, and gives its real path.
 *
 * @throws STORE_IO
 */
export async function makeSavePlace(fs: FileSystem, directory: string): Promise<string> {
  await io('make the folder', directory, () => fs.makeDirectory(directory))
  return io('find the folder', directory, () => fs.realPath(directory))
}

/** What a save finds in the folder that it goes into. */
export interface SavePlace {
  /** What the new save gets: above that of the saved store and of every left-over file of a crashed save. */
  readonly generation: number
  /** The manifest that is there; `null` where there is none, or a damaged one. */
  readonly present: Manifest | null
  readonly names: readonly string[]
}

/**
 * Looks whether a save may go into the directory, and what is there.
 *
 * A damaged store of ours may be saved over; a newer version's may not, nor may anything else be.
 *
 * @throws STORE_IO when the folder holds something else than a store; STORE_VERSION_UNSUPPORTED
 */
export async function lookAtSavePlace(fs: FileSystem, directory: string): Promise<SavePlace> {
  const names = await io('list the folder', directory, () => fs.list(directory))
  if (!names.includes(manifestName)) refuseForeignFiles(directory, names)
  const present = names.includes(manifestName) ? await savedManifest(fs, directory) : null
  const generation = 1 + names.reduce((most, name) => Math.max(most, generationOf(name) ?? 0), present?.generation ?? 0)
  if (generation > lastGeneration) {
    throw refusal(
      directory,
      `a file of generation ${generation - 1}`,
      'a lower one; remove the file if no store needs it',
    )
  }
  return { generation, present, names }
}

/**
 * Looks whether a store may be opened in the directory: it holds one, or nothing.
 *
 * @throws STORE_IO when the folder holds something else
 */
export async function refuseOtherFolder(fs: FileSystem, directory: string): Promise<void> {
  const names = await io('list the folder', directory, () => fs.list(directory))
  if (!names.includes(manifestName)) refuseForeignFiles(directory, names)
}

/**
 * A save that knows nothing of the log would leave one behind that doesn't fit it.
 *
 * @throws STORE_IO
 */
export function refuseLog(directory: string, names: readonly string[]): void {
  const segment = names.find((name) => logOrdinalOf(name) !== null)
  if (segment === undefined) return
  throw refusal(directory, `the log ${segment} of an engine that was opened there`, 'no log')
}

async function savedManifest(fs: FileSystem, directory: string): Promise<Manifest | null> {
  const bytes = await readManifestBytes(fs, directory).catch(orNullWhenCorrupt)
  if (bytes === null || !beginsAsManifest(bytes)) {
    throw refusal(directory, `a file ${manifestName} that is not crowdbit's`, 'a saved engine, or nothing')
  }
  try {
    return decodeManifest(bytes, pathOf(directory, manifestName))
  } catch (error) {
    return orNullWhenCorrupt(error)
  }
}

function orNullWhenCorrupt(error: unknown): null {
  if (error instanceof CrowdbitError && error.code === 'STORE_CORRUPT') return null
  throw error
}

function refuseForeignFiles(directory: string, names: readonly string[]): void {
  const foreign = names.find((name) => !isStoreName(name) && !harmless.has(name))
  if (foreign !== undefined) throw refusal(directory, `the file ${show(foreign)}`, 'a saved engine, or nothing')
}

function refusal(directory: string, found: string, expected: string): CrowdbitError {
  return new CrowdbitError(
    'STORE_IO',
    `the folder ${directory} holds ${found}, where ${expected} is expected. Nothing was written, to protect what is there: save into a new or empty folder`,
    { path: directory, found, expected, errno: null },
  )
}

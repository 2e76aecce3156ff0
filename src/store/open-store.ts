import { CrowdbitError } from '../base/crowdbit-error.ts'
import { besideWriter } from './beside-writer.ts'
import { manifestName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import type { Manifest } from './manifest.ts'
import { decodeManifest } from './manifest-format.ts'
import { readManifestBytes } from './read-manifest.ts'
import { corrupt, errnoOf, io } from './store-fault.ts'
import { type OpenSectionFile, StoreReader } from './store-reader.ts'

/**
 * Opens the store in `directory`: checks the manifest, that every file is there, and its length. The bytes of sections
 * are checked when they are read. The caller closes what it gets.
 *
 * Cost: O(manifest), and an open file for each file of the store: one for each section above 1 MiB, one for 4 MiB of others.
 *
 * @throws STORE_NOT_FOUND when nothing was saved there; STORE_CORRUPT; STORE_VERSION_UNSUPPORTED; STORE_IO
 */
export function openStore(fs: FileSystem, directory: string): Promise<StoreReader> {
  return besideWriter(fs, directory, () => openStoreOnce(fs, directory))
}

/** As `openStore`, which fails where a save lands meanwhile: for who begins again by itself. */
export async function openStoreOnce(fs: FileSystem, directory: string): Promise<StoreReader> {
  const manifest = decodeManifest(await manifestOf(fs, directory), pathOf(directory, manifestName))
  return new StoreReader(manifest, await openFiles(fs, directory, manifest))
}

async function manifestOf(fs: FileSystem, directory: string): Promise<Uint8Array> {
  const bytes = await readManifestBytes(fs, directory)
  if (bytes !== null) return bytes
  throw new CrowdbitError(
    'STORE_NOT_FOUND',
    `the folder ${directory} has no file ${manifestName}, where a saved engine has one. Save an engine there first, or check the path`,
    { path: directory, found: 'no manifest', expected: manifestName },
  )
}

async function openFiles(fs: FileSystem, directory: string, manifest: Manifest): Promise<OpenSectionFile[]> {
  const opened: OpenSectionFile[] = []
  try {
    for (const { name, bytes } of manifest.files) {
      const path = pathOf(directory, name)
      const file = await io('open', path, () =>
        fs.open(path).catch((error: unknown) => {
          if (errnoOf(error) === 'ENOENT') return null
          throw error
        }),
      )
      if (file === null) throw missingFile(path)
      opened.push({ path, file })
      if (file.size !== bytes) {
        throw corrupt(`${path} has ${file.size} bytes, where ${bytes} were saved`, {
          path,
          found: file.size,
          expected: bytes,
        })
      }
    }
    return opened
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

async function closeAll(files: readonly OpenSectionFile[]): Promise<void> {
  for (const { file } of files) await file.close().catch(() => {})
}

function missingFile(path: string): CrowdbitError {
  return corrupt(`${path} is missing, and the manifest names it`, { path, found: 'no file', expected: path })
}

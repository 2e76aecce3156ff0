import { CrowdbitError } from '../base/crowdbit-error.ts'
import { manifestName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import type { Manifest } from './manifest.ts'
import { decodeManifest } from './manifest-format.ts'
import { readManifestBytes } from './read-manifest.ts'
import { corrupt, errnoOf, io } from './store-fault.ts'
import { type OpenSectionFile, StoreReader } from './store-reader.ts'

/** A save may land, and remove the files of the one before, this many times while a store is being opened. */
const mostTries = 5

/**
 * Opens the store in `directory`: checks the manifest, that every file is there, and its length. The bytes of sections
 * are checked when they are read. The caller closes what it gets.
 *
 * Cost: O(manifest), and an open file for each file of the store: one for each section above 1 MiB, one for 4 MiB of others.
 *
 * @throws STORE_NOT_FOUND when nothing was saved there; STORE_CORRUPT; STORE_VERSION_UNSUPPORTED; STORE_IO
 */
export async function openStore(fs: FileSystem, directory: string): Promise<StoreReader> {
  let bytes = await manifestOf(fs, directory)
  for (let attempt = 1; ; attempt++) {
    const manifest = decodeManifest(bytes, pathOf(directory, manifestName))
    const files = await openFiles(fs, directory, manifest)
    if (Array.isArray(files)) return new StoreReader(manifest, files)
    const again = await manifestOf(fs, directory)
    if (attempt === mostTries || Buffer.compare(again, bytes) === 0) throw missingFile(files.missing)
    bytes = again
  }
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

async function openFiles(
  fs: FileSystem,
  directory: string,
  manifest: Manifest,
): Promise<OpenSectionFile[] | { readonly missing: string }> {
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
      if (file === null) {
        await closeAll(opened)
        return { missing: path }
      }
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

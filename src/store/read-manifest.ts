import { manifestName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { longestManifest } from './manifest-format.ts'
import { readFully } from './read-fully.ts'
import { corrupt, errnoOf, io } from './store-fault.ts'

/**
 * The bytes of a directory's manifest, unchecked; `null` where there is no such file.
 * Cost: O(size); a file that is too long is refused before anything is allocated.
 *
 * @throws STORE_IO, STORE_CORRUPT
 */
export async function readManifestBytes(fs: FileSystem, directory: string): Promise<Uint8Array | null> {
  const path = pathOf(directory, manifestName)
  const file = await io('open', path, () =>
    fs.open(path).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null
      throw error
    }),
  )
  if (file === null) return null
  try {
    if (file.size > longestManifest) {
      throw corrupt(`the manifest ${path} has ${file.size} bytes, where at most ${longestManifest} are expected`, {
        path,
        offset: longestManifest,
        found: file.size,
        expected: `at most ${longestManifest}`,
      })
    }
    const bytes = new Uint8Array(file.size)
    await readFully(file, path, 0, bytes)
    return bytes
  } finally {
    await file.close().catch(() => {})
  }
}

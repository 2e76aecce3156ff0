import type { FileSystem } from './file-system.ts'
import { readManifestBytes } from './read-manifest.ts'

/** So many checkpoints may land while a folder is read. */
const mostTries = 5

/**
 * Reads a folder in which somebody may be writing: again, where something was missing and a checkpoint has landed meanwhile, which removes
 * what the one before had.
 *
 * @param isWhole whether nothing was missing in what was read
 * @throws what `read` throws
 */
export async function besideWriter<T>(
  fs: FileSystem,
  directory: string,
  read: () => Promise<T>,
  isWhole: (result: T) => boolean = () => true,
): Promise<T> {
  for (let attempt = 1; attempt < mostTries; attempt++) {
    const before = await manifestOf(fs, directory)
    const hasLanded = async (): Promise<boolean> => !sameBytes(before, await manifestOf(fs, directory))
    try {
      const result = await read()
      if (isWhole(result) || !(await hasLanded())) return result
    } catch (error) {
      if (!(await hasLanded())) throw error
    }
  }
  return read()
}

/** `null` where there is none to be read. */
function manifestOf(fs: FileSystem, directory: string): Promise<Uint8Array | null> {
  return readManifestBytes(fs, directory).catch(() => null)
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === b || (a !== null && b !== null && Buffer.compare(a, b) === 0)
}

import type { FileSystem } from '../../src/store/file-system.ts'
import { forward, type MemoryFileSystem } from './memory-file-system.ts'

/** A file system on which something happens before its folder is listed, so many times: to a reader that has read the manifest, and looks for the log. */
export function landing(
  fs: MemoryFileSystem,
  times: number,
  land: () => Promise<void>,
): { readonly beside: FileSystem; landed(): number } {
  let landed = 0
  const beside = forward(fs, {
    list: async (folder) => {
      if (landed < times) {
        landed++
        await land()
      }
      return fs.list(folder)
    },
  })
  return { beside, landed: () => landed }
}

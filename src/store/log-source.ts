import { logOrdinalOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import type { LogSource } from './read-log.ts'
import { io } from './store-fault.ts'
import type { StoreReader } from './store-reader.ts'

/** What is to be read of the log in a folder, behind its snapshot. @throws STORE_IO */
export async function logSource(fs: FileSystem, directory: string, snapshot: StoreReader | null): Promise<LogSource> {
  const ordinals = await logOrdinals(fs, directory)
  const { storeId = null, sequence: snapshotSequence = 0, log = null } = snapshot ?? {}
  return { directory, ordinals, storeId, snapshotSequence, log }
}

/** Ordinals of the segments in a folder, rising. @throws STORE_IO */
export async function logOrdinals(fs: FileSystem, directory: string): Promise<number[]> {
  const names = await io('list the folder', directory, () => fs.list(directory))
  return names
    .map(logOrdinalOf)
    .filter((ordinal) => ordinal !== null)
    .sort((a, b) => a - b)
}

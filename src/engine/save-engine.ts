import type { FileSystem } from '../store/file-system.ts'
import { saveStore } from '../store/save-store.ts'
import { engineSections, type Savable } from './engine-sections.ts'

/** What a backup holds, and what it took. */
export interface BackupReport {
  /** It holds every mutation up to this one. */
  readonly sequence: number
  /** Bytes of its sections. */
  readonly bytes: number
  readonly milliseconds: number
}

/**
 * Saves an engine as it is at the moment of the call, in place of what the folder held.
 *
 * @throws STORE_IO, STORE_LOCKED
 */
export async function saveEngine(fs: FileSystem, directory: string, engine: Savable): Promise<BackupReport> {
  const began = performance.now()
  const { sequence } = engine
  const { sections, meta, release } = engineSections(engine)
  try {
    const { bytesWritten } = await saveStore(fs, directory, sections, meta, { sequence })
    return { sequence, bytes: bytesWritten, milliseconds: performance.now() - began }
  } finally {
    release()
  }
}

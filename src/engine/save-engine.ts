import type { FileSystem } from '../store/file-system.ts'
import { saveStore } from '../store/save-store.ts'
import { engineSections, type Savable } from './engine-sections.ts'

/**
 * Saves an engine as it is at the moment of the call, in place of what the folder held.
 *
 * @throws STORE_IO
 */
export async function saveEngine(fs: FileSystem, directory: string, engine: Savable): Promise<void> {
  const { sections, meta, release } = engineSections(engine)
  try {
    await saveStore(fs, directory, sections, meta, { sequence: engine.dataset.version })
  } finally {
    release()
  }
}

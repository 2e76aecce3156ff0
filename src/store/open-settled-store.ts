import { CrowdbitError } from '../base/crowdbit-error.ts'
import { besideWriter } from './beside-writer.ts'
import type { FileSystem } from './file-system.ts'
import { logDamaged } from './log-damaged.ts'
import { logSource } from './log-source.ts'
import { openStoreOnce } from './open-store.ts'
import { type LogContent, readLog } from './read-log.ts'
import type { StoreReader } from './store-reader.ts'

/**
 * As `openStore`, for who doesn't read logs: of a folder whose log has nothing that the snapshot hasn't. No lock is taken and nothing is
 * changed; somebody may be writing there. A torn record at the end of the log, which opening by its owner would cut off, doesn't count.
 *
 * Cost: that of `openStore`, and reading the log.
 *
 * @throws STORE_LOG_PENDING, STORE_LOG_DAMAGED, and as `openStore`
 */
export function openSettledStore(fs: FileSystem, directory: string): Promise<StoreReader> {
  return besideWriter(fs, directory, async () => {
    const store = await openStoreOnce(fs, directory)
    try {
      const content = await readLog(fs, await logSource(fs, directory, store), () => {})
      if (content.fault?.kind === 'damage') throw logDamaged(content.fault)
      if (content.records > 0) throw pending(directory, store, content)
      return store
    } catch (error) {
      await store.close()
      throw error
    }
  })
}

function pending(directory: string, store: StoreReader, { records, sequence, fault }: LogContent): CrowdbitError {
  const many = `${fault === null ? '' : 'at least '}${records} ${records === 1 ? 'mutation' : 'mutations'}`
  return new CrowdbitError(
    'STORE_LOG_PENDING',
    `the folder ${directory} has ${many} in its log behind the checkpoint, which loadEngine does not read. Open it by openEngine, or load a backup of it`,
    { path: directory, records, checkpoint: store.sequence, sequence },
  )
}

import { nodeFileSystem } from '../store/node-file-system.ts'
import { type StoreVerification, verifyStore } from '../store/verify-store.ts'
import { checkDirectory } from './check-directory.ts'

/**
 * Reads every byte of the folder of an engine, and says what isn't as it was written: without opening it, so also while it is
 * open elsewhere, or a backup. The end of a log that is being written may look torn.
 * Cost: reading the folder once; a few MiB of memory.
 *
 * @example
 * ```ts
 * await crowd.save('./data')
 * const { findings, sections } = await verifyEngine('./data')
 * findings // []
 * ```
 * @throws STORE_NOT_FOUND, STORE_VERSION_UNSUPPORTED, STORE_IO, OPTION_INVALID
 */
export async function verifyEngine(directory: string): Promise<StoreVerification> {
  checkDirectory(directory)
  return verifyStore(nodeFileSystem, directory)
}

import type { ReadFile } from './file-system.ts'
import { corrupt, io } from './store-fault.ts'

/**
 * Fills `into` from `offset` on, however many reads it takes.
 *
 * @throws STORE_IO; STORE_CORRUPT when the file ends before that, though it was longer when it was opened.
 */
export async function readFully(file: ReadFile, path: string, offset: number, into: Uint8Array): Promise<void> {
  let done = 0
  while (done < into.length) {
    const rest = into.subarray(done)
    const read = await io('read', path, () => file.read(offset + done, rest))
    if (read === 0) {
      throw corrupt(
        `${path} ends at byte ${offset + done}, where at least ${offset + into.length} bytes are expected`,
        {
          path,
          offset: offset + done,
          found: 'the end of the file',
          expected: `${into.length - done} more bytes`,
        },
      )
    }
    done += read
  }
}

import type { CrowdbitError } from '../base/crowdbit-error.ts'
import type { ReadFile, SyncReadFile } from './file-system.ts'
import { corrupt, io, ioSync } from './store-fault.ts'

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
    if (read === 0) throw endsAt(path, offset + done, into.length - done)
    done += read
  }
}

/** As `readFully`, without waiting. */
export function readFullySync(file: SyncReadFile, path: string, offset: number, into: Uint8Array): void {
  let done = 0
  while (done < into.length) {
    const rest = into.subarray(done)
    const read = ioSync('read', path, () => file.readSync(offset + done, rest))
    if (read === 0) throw endsAt(path, offset + done, into.length - done)
    done += read
  }
}

function endsAt(path: string, offset: number, missing: number): CrowdbitError {
  return corrupt(`${path} ends at byte ${offset}, where at least ${offset + missing} bytes are expected`, {
    path,
    offset,
    found: 'the end of the file',
    expected: `${missing} more bytes`,
  })
}

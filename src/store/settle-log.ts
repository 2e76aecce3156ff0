import { logOrdinalOf, logSegmentName, pathOf } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import type { LogContent, ReadSegment } from './read-log.ts'
import { io } from './store-fault.ts'

/**
 * Makes the log on the medium what was read of it: cuts off what isn't to stand, removes segments that are of no use any
 * more, and makes the rest durable, also what a process that died had only handed to the operating system.
 *
 * Power may be lost on the way: what is found then gives the same records.
 *
 * Gives the segments that stay. Cost: a sync a segment, and writing anew what wasn't known to be on the medium.
 *
 * @throws STORE_IO
 */
export async function settleLog(
  fs: FileSystem,
  directory: string,
  content: LogContent,
  log: number | null,
): Promise<readonly ReadSegment[]> {
  const { segments, fault } = content
  const last = fault === null ? segments.length - 1 : (fault.segment ?? -1)
  const kept = segments.filter(
    ({ sound, needed, ordinal }, place) => place <= last && sound && (needed || ordinal === log),
  )
  const names = new Set(kept.map(({ ordinal }) => logSegmentName(ordinal)))
  const there = await io('list the folder', directory, () => fs.list(directory))
  // The last ones first, so that what is left is always a beginning.
  const over = there
    .filter((name) => logOrdinalOf(name) !== null && !names.has(name))
    .sort()
    .reverse()
  for (const name of over) {
    const path = pathOf(directory, name)
    await io('remove', path, () => fs.remove(path))
  }
  // Before anything new is written, which those that come back would contradict.
  if (over.length > 0) await io('sync the folder', directory, () => fs.syncDirectory(directory))
  for (const { path, goodBytes, provenBytes } of kept) {
    await io('sync', path, () => fs.truncate(path, goodBytes, provenBytes))
  }
  return kept
}

import fc from 'fast-check'
import { expect } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import type { FileSystem } from '../../src/store/file-system.ts'
import { verifyStore } from '../../src/store/verify-store.ts'
import { directory, Journal, textsOf } from './journal.ts'
import { forward, MemoryFileSystem } from './memory-file-system.ts'

/** A store with a snapshot and two segments of a log, closed well. */
export async function closed(texts = 'abc'): Promise<{ fs: MemoryFileSystem; texts: string[] }> {
  const fs = new MemoryFileSystem()
  const first = await Journal.open(fs)
  for (const one of texts) first.append(`${one}${one}`)
  await first.checkpoint()
  first.append('behind')
  await first.store.flushed()
  first.append('the')
  first.append('snapshot')
  await first.store.close()
  const second = await Journal.open(fs)
  second.append('another segment')
  await second.store.close()
  return { fs, texts: second.texts }
}

export async function names(fs: MemoryFileSystem): Promise<string[]> {
  return (await fs.list(directory)).sort()
}

/** Every allocation is at most as long as a file: reads say how much is held. */
export function measured(fs: MemoryFileSystem): { fs: FileSystem; largest: () => number } {
  let largest = 0
  const watched = forward(fs, {
    open: async (path) => {
      const file = await fs.open(path)
      return {
        ...file,
        read(offset, into) {
          largest = Math.max(largest, into.buffer.byteLength)
          return file.read(offset, into)
        },
      }
    },
  })
  return { fs: watched, largest: () => largest }
}

/** What opening gives: all texts, a beginning of them, or the code of the error. Never anything else. */
export async function outcome(fs: MemoryFileSystem, texts: readonly string[], what: string): Promise<string | number> {
  const { fs: watched, largest } = measured(fs.clone())
  const sizes = await Promise.all((await fs.list(directory)).map((name) => fs.get(`${directory}/${name}`).length))
  try {
    const found = await textsOf(watched)
    expect(found, what).toEqual(texts.slice(0, found.length))
    return found.length
  } catch (error) {
    expect(error, what).toBeInstanceOf(CrowdbitError)
    return (error as CrowdbitError).code
  } finally {
    expect(largest(), what).toBeLessThanOrEqual(Math.max(1024, ...sizes))
  }
}

/** Bytes written over a file, and perhaps the file cut there. */
interface Change {
  readonly file: number
  readonly at: number
  readonly bytes: Uint8Array
  readonly cut: boolean
}

/** Some changes to the files of a store. */
export const anyChanges: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    file: fc.nat(),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    cut: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
)

/** Sees that a store with changed bytes gives a beginning of its texts or a coded error, and can be verified. */
export async function holds(fs: MemoryFileSystem, texts: readonly string[], changes: readonly Change[]): Promise<void> {
  const paths = (await names(fs)).map((name) => `${directory}/${name}`)
  const hurt = fs.clone()
  for (const { file, at, bytes, cut } of changes) {
    const path = paths[file % paths.length]!
    const there = hurt.get(path).slice()
    const start = there.length === 0 ? 0 : at % there.length
    there.set(bytes.subarray(0, there.length - start), start)
    hurt.set(path, cut ? there.slice(0, start) : there)
  }
  await outcome(hurt, texts, 'changed')
  await verifyStore(hurt, directory).catch((error: unknown) => expect(error).toBeInstanceOf(CrowdbitError))
}

import { type ReadonlyBitmap, writePortableBytes } from '../bitmap/bitmap.ts'
import { stretches } from '../threads/stretches.ts'
import type { Task, ThreadPool } from '../threads/thread-pool.ts'
import type { ForwardIndex } from './forward-index.ts'
import { type ProfileOrder, profileServer } from './profile-order.ts'

const container = 65_536

/**
 * As `ForwardIndex.count`, each thread counting a part of the people. Nothing of the index may be written meanwhile: give that of a view.
 *
 * @param values how many values there are
 * @returns people by the numbers of their values and 1, first those without one
 * @throws THREADS_FAILED, THREADS_CLOSED, and what the signal gives
 */
export async function countOnThreads(
  people: ReadonlyBitmap,
  index: ForwardIndex,
  values: number,
  threads: ThreadPool,
  signal: AbortSignal | undefined,
): Promise<Uint32Array> {
  const counts = new Uint32Array(values + 1)
  if (people.isEmpty) return counts
  const bytes = sharedBytes(people)
  const containers = Math.floor(people.maximum() / container) + 1
  const tasks = stretches(containers, threads.size).map(([from, end]): Task => {
    const order: ProfileOrder = { bytes, chunks: index.cells(from, end - from), from, length: values + 1 }
    return {
      to: profileServer,
      message: order,
      take: (message) => {
        const part = message as Uint32Array
        for (let i = 0; i < counts.length; i++) counts[i]! += part[i]!
      },
    }
  })
  await threads.run(tasks, signal).done
  return counts
}

/** Portable Roaring bytes where other threads can read them. */
function sharedBytes(people: ReadonlyBitmap): Uint8Array {
  const size = writePortableBytes(people, new Uint8Array(0))
  const bytes = new Uint8Array(new SharedArrayBuffer(size))
  writePortableBytes(people, bytes)
  return bytes
}

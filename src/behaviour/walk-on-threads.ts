import { type Bitmap, bitmapFromCheckedBytes } from '../bitmap/bitmap.ts'
import { joined } from '../bitmap/joined.ts'
import { stretches } from '../threads/stretches.ts'
import type { Task, ThreadPool } from '../threads/thread-pool.ts'
import { piecesOf, type ResolvedLeaf } from './resolved.ts'
import { type WalkAnswer, type WalkOrder, walkServer } from './walk-order.ts'

const container = 65_536
/** Containers that one thread may put together at a time. */
const mostContainers = 1024

/**
 * The people of a question that is measured, each thread walking over the events of a part of them. The days must be in memory that threads can read;
 * where they are written to meanwhile the answer is worth nothing. The bitmap is the caller's.
 *
 * @throws THREADS_FAILED, THREADS_CLOSED, and what the signal gives
 */
export async function walkOnThreads(
  { ask, slices }: ResolvedLeaf,
  threads: ThreadPool,
  signal: AbortSignal | undefined,
): Promise<{ readonly bitmap: Bitmap; readonly events: number }> {
  const pieces = piecesOf({ slices })
  const tests = ask.terms.map(({ test }) => test?.spec ?? null)
  const highest = pieces.reduce((most, { day }) => Math.max(most, day.people[day.size - 1]!), 0)
  const containers = Math.floor(highest / container) + 1
  const parts: Bitmap[] = []
  let events = 0
  const tasks = stretches(containers, threads.size, { most: mostContainers }).map(([from, end], position): Task => {
    const order: WalkOrder = { measure: ask.measure!, tests, pieces, from, end }
    return {
      to: walkServer,
      message: order,
      take: (message) => {
        const answer = message as WalkAnswer
        // Each part is of the same days.
        events = answer.events
        if (answer.bytes !== null) parts[position] = bitmapFromCheckedBytes(answer.bytes, false)
      },
    }
  })
  try {
    await threads.run(tasks, signal).done
    return { bitmap: await joined(parts), events }
  } catch (error) {
    for (const part of parts) part?.dispose()
    throw error
  }
}

import type { FileSystem } from './file-system.ts'

const queues = new WeakMap<FileSystem, Map<string, Promise<void>>>()

/** Runs `task` when every task that came before it for the same directory has ended, well or badly. */
export async function oneAtATime<T>(fs: FileSystem, realDirectory: string, task: () => Promise<T>): Promise<T> {
  const queue = queues.get(fs) ?? new Map<string, Promise<void>>()
  queues.set(fs, queue)
  const previous = queue.get(realDirectory)
  const result = previous === undefined ? task() : previous.then(task)
  const settled = result.then(
    () => {},
    () => {},
  )
  queue.set(realDirectory, settled)
  try {
    return await result
  } finally {
    if (queue.get(realDirectory) === settled) queue.delete(realDirectory)
  }
}

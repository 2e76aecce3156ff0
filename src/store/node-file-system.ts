import { constants, type FileHandle, mkdir, open, readdir, realpath, rename, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { FileSystem, ReadFile, WriteFile } from './file-system.ts'

/** Most bytes in one call of the operating system: 2 GiB and more are refused by some. */
const largestTransfer = 1024 * 1024 * 1024

/** The machine's own file system, through `node:fs/promises`. */
export const nodeFileSystem: FileSystem = Object.freeze({
  list: (directory: string) => readdir(directory),

  async makeDirectory(directory: string): Promise<void> {
    const first = await mkdir(directory, { recursive: true })
    if (first === undefined) return
    // A new directory is a new name in its parent, and so on up to the first that was made.
    const top = dirname(resolve(first))
    for (let parent = dirname(resolve(directory)); ; parent = dirname(parent)) {
      await syncDirectory(parent)
      if (parent === top || parent === dirname(parent)) return
    }
  },

  realPath: (directory: string) => realpath(directory),

  async open(path: string): Promise<ReadFile> {
    // Without O_NONBLOCK, opening a pipe of that name would wait for its other end.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'EINVAL' })
      return new NodeReadFile(handle, stats.size)
    } catch (error) {
      await handle.close().catch(() => {})
      throw error
    }
  },

  create: async (path: string): Promise<WriteFile> => new NodeWriteFile(await open(path, 'wx')),
  rename: (from: string, to: string) => rename(from, to),
  remove: (path: string) => unlink(path),
  syncDirectory,
})

class NodeReadFile implements ReadFile {
  readonly size: number
  readonly #handle: FileHandle

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle
    this.size = size
  }

  async read(offset: number, into: Uint8Array): Promise<number> {
    if (into.length === 0) return 0
    return (await this.#handle.read(into, 0, Math.min(into.length, largestTransfer), offset)).bytesRead
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

class NodeWriteFile implements WriteFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, largestTransfer)
      const { bytesWritten } = await this.#handle.write(bytes, done, length)
      if (bytesWritten === 0) throw Object.assign(new Error('no byte was written'), { code: 'EIO' })
      done += bytesWritten
    }
  }

  sync(): Promise<void> {
    return this.#handle.sync()
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** Windows opens no directory, and NTFS keeps its names by itself; some network file systems refuse with EINVAL. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error
  } finally {
    await handle.close()
  }
}

import { closeSync, fstatSync, ftruncateSync, openSync, readSync, type Stats, writeSync } from 'node:fs'
import { constants, type FileHandle, mkdir, open, readdir, realpath, rename, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { FileSystem, LogFile, ReadFile, SyncReadFile, WriteFile } from './file-system.ts'
import { retryInterrupted } from './retry-interrupted.ts'

/** Most bytes in one call of the operating system: 2 GiB and more are refused by some. */
const largestTransfer = 1024 * 1024 * 1024

/** Most bytes that are written anew in one go. */
const rewrittenPiece = 1024 * 1024

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
    const handle = await open(path, toRead)
    try {
      return new NodeReadFile(handle, sizeOf(await handle.stat()))
    } catch (error) {
      await handle.close().catch(() => {})
      throw error
    }
  },

  openSync(path: string): SyncReadFile {
    const fd = retryInterrupted(() => openSync(path, toRead))
    try {
      return new NodeSyncReadFile(fd, sizeOf(fstatSync(fd)))
    } catch (error) {
      closeSync(fd)
      throw error
    }
  },

  create: async (path: string): Promise<WriteFile> => new NodeWriteFile(await open(path, 'wx')),
  createLog: async (path: string): Promise<LogFile> => new NodeLogFile(await open(path, 'wx')),
  truncate,
  rename: (from: string, to: string) => rename(from, to),
  remove: (path: string) => unlink(path),
  syncDirectory,
})

/** Without O_NONBLOCK, opening a pipe of that name would wait for its other end. */
const toRead = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

function sizeOf(stats: Stats): number {
  if (stats.isFile()) return stats.size
  throw Object.assign(new Error('not a regular file'), { code: 'EINVAL' })
}

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

class NodeSyncReadFile implements SyncReadFile {
  readonly size: number
  readonly #fd: number

  constructor(fd: number, size: number) {
    this.#fd = fd
    this.size = size
  }

  readSync(offset: number, into: Uint8Array): number {
    if (into.length === 0) return 0
    return retryInterrupted(() => readSync(this.#fd, into, 0, Math.min(into.length, largestTransfer), offset))
  }

  closeSync(): void {
    closeSync(this.#fd)
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

class NodeLogFile implements LogFile {
  readonly #handle: FileHandle
  readonly #fd: number

  constructor(handle: FileHandle) {
    this.#handle = handle
    this.#fd = handle.fd
  }

  writeSync(offset: number, bytes: Uint8Array): void {
    const { length } = bytes
    // The common case: one call takes all.
    let done = length <= largestTransfer ? writeOnce(this.#fd, bytes, 0, length, offset) : 0
    while (done < length) {
      const part = Math.min(length - done, largestTransfer)
      const written = writeOnce(this.#fd, bytes, done, part, offset + done)
      if (written === 0) throw Object.assign(new Error('no byte was written'), { code: 'EIO' })
      done += written
    }
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  truncateSync(bytes: number): void {
    retryInterrupted(() => ftruncateSync(this.#fd, bytes))
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

function writeOnce(fd: number, bytes: Uint8Array, start: number, length: number, offset: number): number {
  try {
    return writeSync(fd, bytes, start, length, offset)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EINTR') throw error
    return retryInterrupted(() => writeSync(fd, bytes, start, length, offset))
  }
}

async function truncate(path: string, bytes: number, from: number): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.truncate(bytes)
    const piece = new Uint8Array(Math.min(rewrittenPiece, Math.max(0, bytes - from)))
    for (let at = from; at < bytes; ) {
      const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, bytes - at), at)
      if (bytesRead === 0) throw Object.assign(new Error('the file is shorter than it was'), { code: 'EIO' })
      for (let done = 0; done < bytesRead; ) {
        const { bytesWritten } = await handle.write(piece, done, bytesRead - done, at + done)
        if (bytesWritten === 0) throw Object.assign(new Error('no byte was written'), { code: 'EIO' })
        done += bytesWritten
      }
      at += bytesRead
    }
    // The bytes may be anyone's ids.
    piece.fill(0)
    await handle.sync()
  } finally {
    await handle.close()
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

import { type FileHandle, open } from 'node:fs/promises'
import { type OpenBytes, pieceBytes } from './open-bytes.ts'

/** The bytes of a file, which is opened by the first read. Nothing is read ahead. */
export class FileBytes implements OpenBytes {
  readonly #path: string
  #opening: Promise<FileHandle> | null = null
  #closed = false
  totalBytes: number | null = null
  bytesRead = 0

  constructor(path: string) {
    this.#path = path
  }

  async read(): Promise<Buffer | null> {
    if (this.#closed) return null
    this.#opening ??= this.#open()
    const handle = await this.#opening
    const buffer = Buffer.allocUnsafe(pieceBytes)
    const { bytesRead } = await handle.read(buffer, 0, pieceBytes, null)
    this.bytesRead += bytesRead
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead)
  }

  async close(): Promise<void> {
    this.#closed = true
    // A file that could not be opened needs no closing.
    const handle = await this.#opening?.catch(() => null)
    await handle?.close()
  }

  async #open(): Promise<FileHandle> {
    const handle = await open(this.#path)
    try {
      const stats = await handle.stat()
      // A pipe has no size.
      if (stats.isFile()) this.totalBytes = stats.size
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }
}

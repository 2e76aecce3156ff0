import { type FileHandle, open } from 'node:fs/promises'
import { type OpenBytes, pieceBytes } from './open-bytes.ts'

/** The bytes of a file. Nothing is read ahead. */
export class FileBytes implements OpenBytes {
  readonly totalBytes: number | null
  readonly #handle: FileHandle
  bytesRead = 0

  private constructor(handle: FileHandle, totalBytes: number | null) {
    this.#handle = handle
    this.totalBytes = totalBytes
  }

  /** Opens the file. A pipe has no `totalBytes`. */
  static async open(path: string): Promise<FileBytes> {
    const handle = await open(path)
    try {
      const stats = await handle.stat()
      return new FileBytes(handle, stats.isFile() ? stats.size : null)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async read(): Promise<Buffer | null> {
    const buffer = Buffer.allocUnsafe(pieceBytes)
    const { bytesRead } = await this.#handle.read(buffer, 0, pieceBytes, null)
    this.bytesRead += bytesRead
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

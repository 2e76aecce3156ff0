import { pathOf } from './file-names.ts'
import type { FileSystem, WriteFile } from './file-system.ts'
import { io } from './store-fault.ts'

/** Smaller pieces are gathered until this many bytes wait. */
const gatherBytes = 256 * 1024

/** A new file that is written from its beginning on, in pieces of any size. */
export class FileWriter {
  readonly path: string
  readonly #file: WriteFile
  #gathered: Uint8Array | null = null
  #gatheredLength = 0
  #bytes = 0

  private constructor(path: string, file: WriteFile) {
    this.path = path
    this.#file = file
  }

  /** @throws STORE_IO */
  static async create(fs: FileSystem, directory: string, name: string): Promise<FileWriter> {
    const path = pathOf(directory, name)
    return new FileWriter(path, await io('create', path, () => fs.create(path)))
  }

  /** Bytes appended. */
  get bytes(): number {
    return this.#bytes
  }

  /** The bytes may be used again when it resolves. @throws STORE_IO */
  async append(piece: Uint8Array): Promise<void> {
    this.#bytes += piece.length
    if (this.#gatheredLength + piece.length > gatherBytes) await this.#flush()
    if (piece.length >= gatherBytes) return this.#write(piece)
    this.#gathered ??= new Uint8Array(gatherBytes)
    this.#gathered.set(piece, this.#gatheredLength)
    this.#gatheredLength += piece.length
  }

  /** Ends the file: it is on the medium, and closed. @throws STORE_IO */
  async end(): Promise<void> {
    await this.#flush()
    this.#gathered = null
    await io('sync', this.path, () => this.#file.sync())
    await io('close', this.path, () => this.#file.close())
  }

  /** Closes the file, whatever comes of it. */
  async abandon(): Promise<void> {
    this.#gathered = null
    await this.#file.close().catch(() => {})
  }

  async #flush(): Promise<void> {
    const length = this.#gatheredLength
    this.#gatheredLength = 0
    if (length > 0) await this.#write(this.#gathered!.subarray(0, length))
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await io('write', this.path, () => this.#file.append(bytes))
  }
}

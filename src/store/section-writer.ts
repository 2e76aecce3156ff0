import { createHash } from 'node:crypto'
import { invariant } from '../base/invariant.ts'
import { show } from '../base/show.ts'
import { pathOf, sectionFileName } from './file-names.ts'
import type { FileSystem, WriteFile } from './file-system.ts'
import type { SectionFile, SectionPlace } from './manifest.ts'
import { isSectionName, isSectionVersion } from './manifest-fields.ts'
import type { SectionSource } from './section.ts'
import { io } from './store-fault.ts'

/** Most bytes that are hashed or written in one go, so that the event loop isn't held longer than milliseconds. */
const largestPiece = 4 * 1024 * 1024
/** Smaller pieces are gathered until this many bytes wait. */
const gatherBytes = 256 * 1024

/** A new file that is being written. */
interface OpenFile {
  readonly name: string
  readonly path: string
  readonly file: WriteFile
  bytes: number
}

/** Writes the files of one save. Whoever makes one ends it by `finish` or by `abandon`. */
export class SectionWriter {
  readonly #fs: FileSystem
  readonly #directory: string
  readonly #generation: number
  readonly #fileBytes: number
  readonly #files: SectionFile[] = []
  readonly #sections: SectionPlace[] = []
  readonly #names = new Set<string>()
  readonly #created: string[] = []
  #open: OpenFile | null = null
  readonly #gathered = new Uint8Array(gatherBytes)
  #gatheredLength = 0

  /** A file takes sections until it holds `fileBytes`. */
  constructor(fs: FileSystem, directory: string, generation: number, fileBytes: number) {
    this.#fs = fs
    this.#directory = directory
    this.#generation = generation
    this.#fileBytes = fileBytes
  }

  /** The files that are written, synced and closed. */
  get files(): readonly SectionFile[] {
    return this.#files
  }

  /** Names of all files that were made, for who has to remove them. A file that another process made isn't among them. */
  get created(): readonly string[] {
    return this.#created
  }

  /** The sections in the order in which they were added. */
  get sections(): readonly SectionPlace[] {
    return this.#sections
  }

  /**
   * Writes one section behind the others.
   * Cost: O(bytes), memory for a few MiB besides the caller's chunk.
   *
   * @throws STORE_IO; INTERNAL when name or version can't be one or the name is taken; what `source.chunks` throws.
   */
  async add(source: SectionSource): Promise<void> {
    const { name, version } = source
    invariant(isSectionName(name) && !this.#names.has(name), `a section has a new name, not ${show(name)}`)
    invariant(isSectionVersion(version), `a section's version is a whole number from 1, not ${show(version)}`)
    this.#names.add(name)
    const open = await this.#fileForNextSection()
    const offset = open.bytes
    const hash = createHash('sha256')
    for await (const chunk of source.chunks) {
      invariant(chunk instanceof Uint8Array, 'a chunk of a section is a Uint8Array')
      for (let start = 0; start < chunk.length; start += largestPiece) {
        const piece = chunk.subarray(start, start + largestPiece)
        // Hashed while it is on its way to the disk.
        const writing = this.#append(open, piece)
        hash.update(piece)
        await writing
      }
    }
    this.#sections.push({
      name,
      version,
      file: this.#files.length,
      offset,
      bytes: open.bytes - offset,
      sha256: hash.digest('hex'),
    })
  }

  /** Ends the last file. All files are on the medium when it resolves; their names in the directory perhaps not. */
  async finish(): Promise<void> {
    if (this.#open === null) return
    const { name, bytes } = await this.#end(this.#open)
    this.#files.push({ name, bytes })
  }

  /** Writes a file that is no file of sections, and puts it on the medium. Comes after `finish`. */
  async writeAside(name: string, bytes: Uint8Array): Promise<void> {
    invariant(this.#open === null, 'the files of sections are finished')
    const open = await this.#begin(name)
    await this.#write(open, bytes)
    await this.#end(open)
  }

  /** Closes the file that is open, whatever comes of it. */
  async abandon(): Promise<void> {
    await this.#open?.file.close().catch(() => {})
    this.#open = null
  }

  async #fileForNextSection(): Promise<OpenFile> {
    if (this.#open !== null && this.#open.bytes < this.#fileBytes) return this.#open
    await this.finish()
    return this.#begin(sectionFileName(this.#generation, this.#files.length + 1))
  }

  async #begin(name: string): Promise<OpenFile> {
    const path = pathOf(this.#directory, name)
    const file = await io('create', path, () => this.#fs.create(path))
    this.#created.push(name)
    this.#open = { name, path, file, bytes: 0 }
    return this.#open
  }

  async #end(open: OpenFile): Promise<OpenFile> {
    await this.#flush(open)
    await io('sync', open.path, () => open.file.sync())
    this.#open = null
    await io('close', open.path, () => open.file.close())
    return open
  }

  async #append(open: OpenFile, piece: Uint8Array): Promise<void> {
    open.bytes += piece.length
    if (this.#gatheredLength + piece.length > gatherBytes) await this.#flush(open)
    if (piece.length >= gatherBytes) return this.#write(open, piece)
    this.#gathered.set(piece, this.#gatheredLength)
    this.#gatheredLength += piece.length
  }

  async #flush(open: OpenFile): Promise<void> {
    const length = this.#gatheredLength
    this.#gatheredLength = 0
    if (length > 0) await this.#write(open, this.#gathered.subarray(0, length))
  }

  async #write(open: OpenFile, bytes: Uint8Array): Promise<void> {
    await io('write', open.path, () => open.file.append(bytes))
  }
}

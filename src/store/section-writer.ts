import { createHash, type Hash } from 'node:crypto'
import { invariant } from '../base/invariant.ts'
import { ShortTurns } from '../base/short-turns.ts'
import { show } from '../base/show.ts'
import { sectionFileName } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { FileWriter } from './file-writer.ts'
import type { SectionFile, SectionPlace } from './manifest.ts'
import { isSectionName, isSectionVersion } from './manifest-fields.ts'
import type { SectionSource } from './section.ts'

/** Most bytes that are hashed or written in one go, so that the event loop isn't held longer than milliseconds. */
const largestPiece = 4 * 1024 * 1024
/** Most files that are synced at the same time. */
const mostSyncs = 4

/** How the sections of a save are spread over files. */
export interface FileLayout {
  /** A file of several sections takes more until it holds this many bytes. */
  readonly fileBytes: number
  /** A section with more bytes than this has a file of its own. */
  readonly aloneBytes: number
}

/** A file that the manifest will name; its length grows while it is written. */
interface GrowingFile extends SectionFile {
  bytes: number
}

/** Writes the files of one save. Whoever makes one ends it by `finish` or by `abandon`. */
export class SectionWriter {
  readonly #fs: FileSystem
  readonly #directory: string
  readonly #generation: number
  readonly #layout: FileLayout
  readonly #files: GrowingFile[] = []
  readonly #sections: SectionPlace[] = []
  readonly #names = new Set<string>()
  readonly #created: string[] = []
  #written = 0
  readonly #turns = new ShortTurns()
  #beginning: Uint8Array | null = null
  /** The file that short sections go into. */
  #shared: { readonly place: number; readonly writer: FileWriter } | null = null
  readonly #open = new Set<FileWriter>()
  readonly #ending = new Set<Promise<void>>()
  #endFault: { readonly error: unknown } | null = null

  constructor(fs: FileSystem, directory: string, generation: number, layout: FileLayout) {
    this.#fs = fs
    this.#directory = directory
    this.#generation = generation
    this.#layout = layout
  }

  /** The files that the manifest is to name: those kept and those written. */
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

  /** Bytes written into files of sections. */
  get bytesWritten(): number {
    return this.#written
  }

  /** Takes over a file of an earlier save; gives its index for `keep`. */
  keepFile(file: SectionFile): number {
    return this.#files.push({ ...file }) - 1
  }

  /** Takes over a section of a file that is kept. */
  keep(section: SectionPlace, file: number): void {
    this.#take(section)
    this.#sections.push({ ...section, file })
  }

  /**
   * Writes one section.
   * Cost: O(bytes), memory for a few MiB besides the caller's chunk.
   *
   * @throws STORE_IO; INTERNAL when name or version can't be one or the name is taken; what `source.chunks` throws.
   */
  async add(source: SectionSource): Promise<void> {
    this.#take(source)
    const hash = createHash('sha256')
    // Until it is known whether the section is short, its beginning is held here.
    let begun = 0
    let alone = source.alone === true ? await this.#begin() : null
    for await (const chunk of source.chunks()) {
      // Chunks may be small, and dear to make.
      await this.#turns.mayEnd()
      invariant(chunk instanceof Uint8Array, 'a chunk of a section is a Uint8Array')
      if (alone === null && begun + chunk.length <= this.#layout.aloneBytes) {
        this.#beginning ??= new Uint8Array(this.#layout.aloneBytes)
        this.#beginning.set(chunk, begun)
        begun += chunk.length
        continue
      }
      if (alone === null) {
        alone = await this.#begin()
        if (begun > 0) await write(alone.writer, this.#beginning!.subarray(0, begun), hash)
      }
      await write(alone.writer, chunk, hash)
    }
    if (alone !== null) {
      this.#place(source, alone, 0, hash)
      return this.#end(alone)
    }
    const shared = await this.#fileForShortSection()
    const offset = shared.writer.bytes
    if (begun > 0) await write(shared.writer, this.#beginning!.subarray(0, begun), hash)
    this.#place(source, shared, offset, hash)
  }

  /** Ends the last files. All files are on the medium when it resolves; their names in the directory perhaps not. */
  async finish(): Promise<void> {
    if (this.#shared !== null) await this.#end(this.#shared)
    this.#shared = null
    await Promise.all(this.#ending)
    if (this.#endFault !== null) throw this.#endFault.error
  }

  /** Writes a file that is no file of sections, and puts it on the medium. Comes after `finish`. */
  async writeAside(name: string, bytes: Uint8Array): Promise<void> {
    invariant(this.#open.size === 0, 'the files of sections are finished')
    const writer = await this.#create(name)
    await writer.append(bytes)
    await writer.end()
    this.#open.delete(writer)
  }

  /** Closes the files that are open, whatever comes of it. */
  async abandon(): Promise<void> {
    await Promise.all(this.#ending)
    for (const writer of this.#open) await writer.abandon()
    this.#open.clear()
    this.#shared = null
  }

  #take({ name, version }: { readonly name: string; readonly version: number }): void {
    invariant(isSectionName(name) && !this.#names.has(name), `a section has a new name, not ${show(name)}`)
    invariant(isSectionVersion(version), `a section's version is a whole number from 1, not ${show(version)}`)
    this.#names.add(name)
  }

  #place(
    source: SectionSource,
    at: { readonly place: number; readonly writer: FileWriter },
    offset: number,
    hash: Hash,
  ): void {
    const bytes = at.writer.bytes - offset
    const { name, version } = source
    this.#sections.push({ name, version, file: at.place, offset, bytes, sha256: hash.digest('hex') })
    this.#written += bytes
    this.#files[at.place]!.bytes = at.writer.bytes
  }

  async #fileForShortSection(): Promise<{ readonly place: number; readonly writer: FileWriter }> {
    if (this.#shared !== null) {
      if (this.#shared.writer.bytes < this.#layout.fileBytes) return this.#shared
      const full = this.#shared
      this.#shared = null
      await this.#end(full)
    }
    this.#shared = await this.#begin()
    return this.#shared
  }

  async #begin(): Promise<{ readonly place: number; readonly writer: FileWriter }> {
    if (this.#endFault !== null) throw this.#endFault.error
    const name = sectionFileName(this.#generation, this.#created.length + 1)
    const writer = await this.#create(name)
    return { place: this.#files.push({ name, bytes: 0 }) - 1, writer }
  }

  async #create(name: string): Promise<FileWriter> {
    const writer = await FileWriter.create(this.#fs, this.#directory, name)
    this.#created.push(name)
    this.#open.add(writer)
    return writer
  }

  /** Syncs and closes a file while the next ones are written, a few at a time. */
  async #end({ writer }: { readonly writer: FileWriter }): Promise<void> {
    while (this.#ending.size >= mostSyncs) await Promise.race(this.#ending)
    const ending: Promise<void> = writer
      .end()
      .then(
        () => void this.#open.delete(writer),
        (error: unknown) => {
          this.#endFault ??= { error }
        },
      )
      .finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
  }
}

/** Hashes bytes while they are on their way to the disk. */
async function write(writer: FileWriter, bytes: Uint8Array, hash: Hash): Promise<void> {
  for (let start = 0; start < bytes.length; start += largestPiece) {
    const piece = bytes.subarray(start, start + largestPiece)
    const writing = writer.append(piece)
    hash.update(piece)
    await writing
  }
}

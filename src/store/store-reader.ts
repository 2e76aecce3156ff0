import { createHash, webcrypto } from 'node:crypto'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import { show } from '../base/show.ts'
import { pathOf } from './file-names.ts'
import type { FileSystem, ReadFile } from './file-system.ts'
import { changed, LateFile } from './late-file.ts'
import type { Manifest, SectionPlace } from './manifest.ts'
import type { PlainData } from './plain-data.ts'
import { readFully } from './read-fully.ts'
import type { Wanted } from './reading.ts'
import type { SectionInfo } from './section.ts'
import { corrupt } from './store-fault.ts'

/** A file of sections, open. */
export interface OpenSectionFile {
  readonly path: string
  readonly file: ReadFile
}

const { subtle } = webcrypto

/** Most bytes that are read or hashed in one go. */
const pieceBytes = 4 * 1024 * 1024
/** Most bytes of sections that are read before they are asked for. */
const mostAhead = 64 * 1024 * 1024
/** Most sections that are read before they are asked for. */
const mostSectionsAhead = 4
/** From so many bytes on a section is hashed by another thread. */
const leastApart = 256 * 1024

/** A saved store, open for reading: what was saved when it was opened, whatever is saved later. Made by `openStore`. */
export class StoreReader {
  /** The plain data that was saved beside the sections. */
  readonly meta: PlainData
  /** Names the store, 32 hexadecimal digits; `null` for a save of version 1 of the format. */
  readonly storeId: string | null
  /** The sections hold every mutation up to this one; 0 for a save of version 1 of the format. */
  readonly sequence: number
  /** Ordinal of the segment of the log that goes on behind the sections; `null` for a save without a log. */
  readonly log: number | null
  /** All sections in the order in which they were saved. */
  readonly sections: readonly SectionInfo[]
  readonly #manifest: Manifest
  readonly #places: ReadonlyMap<string, SectionPlace>
  /** `null` for a late reader. */
  readonly #files: readonly OpenSectionFile[] | null
  /** Of a late reader. */
  readonly #late: readonly LateFile[]
  #closed = false
  /** By section: the one behind it. */
  readonly #next: ReadonlyMap<SectionPlace, SectionPlace>
  /** Sections that were asked for: they aren't read ahead. */
  readonly #asked: Set<SectionPlace>
  /** Sections that are read before they are asked for. */
  readonly #ahead = new Map<SectionPlace, Promise<Uint8Array<ArrayBuffer>>>()

  constructor(
    manifest: Manifest,
    files: readonly OpenSectionFile[] | null,
    late: readonly LateFile[] = [],
    asked: Set<SectionPlace> = new Set(),
  ) {
    this.#manifest = manifest
    this.meta = manifest.meta
    this.storeId = manifest.storeId
    this.sequence = manifest.sequence
    this.log = manifest.log
    this.sections = Object.freeze(
      manifest.sections.map(({ name, version, bytes }) => Object.freeze({ name, version, bytes })),
    )
    this.#places = new Map(manifest.sections.map((section) => [section.name, section]))
    this.#files = files
    this.#late = late
    this.#asked = asked
    const next = new Map<SectionPlace, SectionPlace>()
    manifest.sections.forEach((section, i) => {
      if (i > 0) next.set(manifest.sections[i - 1]!, section)
    })
    this.#next = next
  }

  /**
   * The same sections, to be read long after this reader is closed: it holds no file open, and opens each by its path for each read. A
   * folder that isn't what it was by then is an error.
   */
  late(fs: FileSystem, directory: string): StoreReader {
    const { files } = this.#manifest
    const late = files.map(({ name, bytes }) => new LateFile(fs, pathOf(directory, name), bytes))
    return new StoreReader(this.#manifest, null, late, this.#asked)
  }

  /** Whether the store has a section of this name. */
  has(name: string): boolean {
    return this.#places.has(name)
  }

  /** The length of a section; 0 for one that there isn't. */
  bytesOf(name: string): number {
    return this.#places.get(name)?.bytes ?? 0
  }

  /**
   * A whole section in one piece, which owns its memory (`byteOffset` 0), handed out only when its SHA-256 is right.
   * Cost: O(bytes) of time and memory. Node 20 holds no more than 4 GiB in one piece: `readChunks` has no such limit.
   *
   * @throws STORE_CORRUPT, also when there is no such section; STORE_IO, also when there isn't the memory for it.
   */
  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const place = this.#find(name)
    const bytes = this.#take(place)
    // Sections are asked for in the order in which they were saved, mostly: the next ones are read while this one is looked at.
    this.#readAhead(place)
    return bytes
  }

  /** As `read`, for who isn't going to ask for the next section: none is read ahead. @throws as `read` */
  async readAlone(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#take(this.#find(name))
  }

  /** As `read`, without waiting. Of a late reader only. @throws as `read` */
  readSync(name: string): Uint8Array<ArrayBuffer> {
    const place = this.#find(name)
    this.#asked.add(place)
    const bytes = allocate(place)
    const hash = createHash('sha256')
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes)
      this.#readPieceSync(place, at, piece)
      hash.update(piece)
    }
    this.#checkHash(place, hash.digest('hex'))
    return bytes
  }

  /** A section, at once or later: of a late reader, if at once. */
  wanted(name: string): Wanted<Uint8Array<ArrayBuffer>> {
    return { now: () => this.readSync(name), later: () => this.read(name) }
  }

  /** The next chunk of a section each time that it is asked for; `null` behind the last: see `readChunks`. */
  wantedChunks(name: string): Wanted<Uint8Array<ArrayBuffer> | null> {
    let sync: Generator<Uint8Array<ArrayBuffer>, void, undefined> | null = null
    let async: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> | null = null
    return {
      now: () => {
        sync ??= this.chunksSync(name)
        return sync.next().value ?? null
      },
      later: async () => {
        async ??= this.readChunks(name)
        return (await async.next()).value ?? null
      },
    }
  }

  /** The bytes of a section that are being read, or are read from now on. */
  #take(place: SectionPlace): Promise<Uint8Array<ArrayBuffer>> {
    this.#asked.add(place)
    const ahead = this.#ahead.get(place)
    this.#ahead.delete(place)
    return ahead ?? this.#readWhole(place)
  }

  #readAhead(place: SectionPlace): void {
    let room = mostAhead
    const wanted = new Set<SectionPlace>()
    let next = this.#next.get(place)
    for (let i = 0; i < mostSectionsAhead && next !== undefined; i++, next = this.#next.get(next)) {
      room -= next.bytes
      if (room < 0) break
      if (!this.#asked.has(next)) wanted.add(next)
    }
    // What was passed over isn't kept.
    for (const known of this.#ahead.keys()) if (!wanted.has(known)) this.#ahead.delete(known)
    for (const next of wanted) {
      if (this.#ahead.has(next)) continue
      const reading = this.#readWhole(next)
      // Whoever asks for it is told.
      reading.catch(() => {})
      this.#ahead.set(next, reading)
    }
  }

  async #readWhole(place: SectionPlace): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = allocate(place)
    if (bytes.length >= leastApart && bytes.length <= mostAhead) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        await this.#readPiece(place, at, bytes.subarray(at, at + pieceBytes))
      }
      this.#checkHash(place, Buffer.from(await subtle.digest('SHA-256', bytes)).toString('hex'))
      return bytes
    }
    const hash = createHash('sha256')
    let hashed = 0
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const reading = this.#readPiece(place, at, bytes.subarray(at, at + pieceBytes))
      // One piece is hashed while the next one is read.
      hash.update(bytes.subarray(hashed, at))
      hashed = at
      await reading
    }
    hash.update(bytes.subarray(hashed))
    this.#checkHash(place, hash.digest('hex'))
    return bytes
  }

  /**
   * A section in chunks of at most 4 MiB, each its own memory. Its SHA-256 is known at the end only: until the iteration
   * has ended well, nothing of it is to be trusted. The next chunk is read while one is looked at.
   * Cost: O(bytes) of time; 8 MiB of memory.
   *
   * @throws STORE_CORRUPT, also when there is no such section; STORE_IO
   */
  async *readChunks(name: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    const place = this.#find(name)
    if (place.bytes > 0 && place.bytes <= pieceBytes) {
      yield await this.read(name)
      return
    }
    const hash = createHash('sha256')
    const readAt = async (at: number): Promise<Uint8Array<ArrayBuffer>> => {
      const piece = new Uint8Array(Math.min(pieceBytes, place.bytes - at))
      await this.#readPiece(place, at, piece)
      return piece
    }
    let reading: Promise<Uint8Array<ArrayBuffer>> | null = place.bytes > 0 ? readAt(0) : null
    try {
      for (let at = 0; at < place.bytes; at += pieceBytes) {
        const piece: Uint8Array<ArrayBuffer> = await reading!
        reading = at + pieceBytes < place.bytes ? readAt(at + pieceBytes) : null
        // Whoever asks for it is told; who doesn't need not know.
        reading?.catch(() => {})
        hash.update(piece)
        yield piece
      }
    } finally {
      // The file isn't closed under a read.
      await reading?.catch(() => {})
    }
    this.#checkHash(place, hash.digest('hex'))
  }

  /** As `readChunks`, without waiting. Of a late reader only. @throws as `readChunks` */
  *chunksSync(name: string): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
    const place = this.#find(name)
    this.#asked.add(place)
    const hash = createHash('sha256')
    for (let at = 0; at < place.bytes; at += pieceBytes) {
      const piece = new Uint8Array(Math.min(pieceBytes, place.bytes - at))
      this.#readPieceSync(place, at, piece)
      hash.update(piece)
      yield piece
    }
    this.#checkHash(place, hash.digest('hex'))
  }

  /** Gives the files back. Reads that are under way may fail. Does nothing the second time. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const { file } of this.#files ?? []) await file.close().catch(() => {})
  }

  #find(name: string): SectionPlace {
    invariant(!this.#closed, 'a store is read before it is closed')
    const place = this.#places.get(name)
    if (place !== undefined) return place
    throw corrupt(`the saved engine has no section ${show(name)}`, {
      section: name,
      found: [...this.#places.keys()].slice(0, 20),
      expected: name,
    })
  }

  #readPiece(place: SectionPlace, at: number, into: Uint8Array): Promise<void> {
    if (this.#files === null) return this.#late[place.file]!.read(place.offset + at, into)
    const { file, path } = this.#files[place.file]!
    return readFully(file, path, place.offset + at, into)
  }

  #readPieceSync(place: SectionPlace, at: number, into: Uint8Array): void {
    invariant(this.#files === null, 'only a late reader reads without waiting')
    this.#late[place.file]!.readSync(place.offset + at, into)
  }

  #checkHash(place: SectionPlace, found: string): void {
    if (found === place.sha256) return
    const { path } = (this.#files ?? this.#late)[place.file]!
    const where = `the section ${show(place.name)} in ${path}, ${place.bytes} bytes from byte ${place.offset}`
    const facts = { path, section: place.name, offset: place.offset, found, expected: place.sha256 }
    if (this.#files === null) throw changed(`${where}, has the SHA-256 ${found}, and had ${place.sha256}`, facts)
    throw corrupt(`${where}, has the SHA-256 ${found}, where ${place.sha256} is expected`, facts)
  }
}

function allocate(place: SectionPlace): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(place.bytes)
  } catch (cause) {
    throw new CrowdbitError(
      'STORE_IO',
      `the section ${show(place.name)} has ${place.bytes} bytes, more than this process can hold in one piece. Free memory, or upgrade Node: version 20 holds at most 4 GiB`,
      { section: place.name, found: place.bytes, expected: 'memory for it', errno: null },
      { cause },
    )
  }
}

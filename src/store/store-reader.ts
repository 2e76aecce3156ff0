import { createHash, webcrypto } from 'node:crypto'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { invariant } from '../base/invariant.ts'
import { show } from '../base/show.ts'
import type { ReadFile } from './file-system.ts'
import type { Manifest, SectionPlace } from './manifest.ts'
import type { PlainData } from './plain-data.ts'
import { readFully } from './read-fully.ts'
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
  readonly #places: ReadonlyMap<string, SectionPlace>
  readonly #files: readonly OpenSectionFile[]
  #closed = false
  /** By section: the one behind it. */
  readonly #next: ReadonlyMap<SectionPlace, SectionPlace>
  /** Sections that were asked for: they aren't read ahead. */
  readonly #asked = new Set<SectionPlace>()
  /** Sections that are read before they are asked for. */
  readonly #ahead = new Map<SectionPlace, Promise<Uint8Array<ArrayBuffer>>>()

  constructor(manifest: Manifest, files: readonly OpenSectionFile[]) {
    this.meta = manifest.meta
    this.storeId = manifest.storeId
    this.sequence = manifest.sequence
    this.log = manifest.log
    this.sections = Object.freeze(
      manifest.sections.map(({ name, version, bytes }) => Object.freeze({ name, version, bytes })),
    )
    this.#places = new Map(manifest.sections.map((section) => [section.name, section]))
    this.#files = files
    const next = new Map<SectionPlace, SectionPlace>()
    manifest.sections.forEach((section, i) => {
      if (i > 0) next.set(manifest.sections[i - 1]!, section)
    })
    this.#next = next
  }

  /** Whether the store has a section of this name. */
  has(name: string): boolean {
    return this.#places.has(name)
  }

  /**
   * A whole section in one piece, which owns its memory (`byteOffset` 0), handed out only when its SHA-256 is right.
   * Cost: O(bytes) of time and memory. Node 20 holds no more than 4 GiB in one piece: `readChunks` has no such limit.
   *
   * @throws STORE_CORRUPT, also when there is no such section; STORE_IO, also when there isn't the memory for it.
   */
  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const place = this.#find(name)
    this.#asked.add(place)
    const ahead = this.#ahead.get(place)
    this.#ahead.delete(place)
    const bytes = ahead ?? this.#readWhole(place)
    // Sections are asked for in the order in which they were saved, mostly: the next ones are read while this one is looked at.
    this.#readAhead(place)
    return bytes
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
   * has ended well, nothing of it is to be trusted.
   * Cost: O(bytes) of time; 4 MiB of memory.
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
    for (let at = 0; at < place.bytes; at += pieceBytes) {
      const piece = new Uint8Array(Math.min(pieceBytes, place.bytes - at))
      await this.#readPiece(place, at, piece)
      hash.update(piece)
      yield piece
    }
    this.#checkHash(place, hash.digest('hex'))
  }

  /** Gives the files back. Reads that are under way may fail. Does nothing the second time. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const { file } of this.#files) await file.close().catch(() => {})
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
    const { file, path } = this.#files[place.file]!
    return readFully(file, path, place.offset + at, into)
  }

  #checkHash(place: SectionPlace, found: string): void {
    if (found === place.sha256) return
    const { path } = this.#files[place.file]!
    throw corrupt(
      `the section ${show(place.name)} in ${path}, ${place.bytes} bytes from byte ${place.offset}, has the SHA-256 ${found}, where ${place.sha256} is expected`,
      { path, section: place.name, offset: place.offset, found, expected: place.sha256 },
    )
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

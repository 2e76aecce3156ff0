import { CrowdbitError, type ErrorFacts } from '../base/crowdbit-error.ts'
import type { FileSystem } from './file-system.ts'
import { readFully, readFullySync } from './read-fully.ts'
import { errnoOf, io, ioSync } from './store-fault.ts'

/**
 * A file of sections that is read long after its manifest was: opened by its path for each read, and given back at once, so that
 * an engine of a thousand files holds none of them open. It has to be there still, with the bytes that the manifest says.
 */
export class LateFile {
  readonly path: string
  readonly #fs: FileSystem
  readonly #bytes: number

  constructor(fs: FileSystem, path: string, bytes: number) {
    this.path = path
    this.#fs = fs
    this.#bytes = bytes
  }

  /** Fills `into` from `offset` on. @throws STORE_CORRUPT where the file isn't what it was, STORE_IO */
  async read(offset: number, into: Uint8Array): Promise<void> {
    const { path } = this
    const file = await io('open', path, () =>
      this.#fs.open(path).catch((error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return null
        throw error
      }),
    )
    if (file === null) throw this.#missing()
    try {
      this.#checkSize(file.size)
      await readFully(file, path, offset, into)
    } finally {
      await file.close().catch(() => {})
    }
  }

  /** As `read`, without waiting. */
  readSync(offset: number, into: Uint8Array): void {
    const { path } = this
    const file = ioSync('open', path, () => {
      try {
        return this.#fs.openSync(path)
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return null
        throw error
      }
    })
    if (file === null) throw this.#missing()
    try {
      this.#checkSize(file.size)
      readFullySync(file, path, offset, into)
    } finally {
      file.closeSync()
    }
  }

  #checkSize(found: number): void {
    const { path } = this
    if (found === this.#bytes) return
    throw changed(`${path} has ${found} bytes, and had ${this.#bytes}`, { path, found, expected: this.#bytes })
  }

  #missing(): CrowdbitError {
    const { path } = this
    return changed(`${path} is missing, and was there`, { path, found: 'no file', expected: path })
  }
}

/** The error for a folder that isn't what it was when its manifest was read. */
export function changed(statement: string, facts: ErrorFacts): CrowdbitError {
  return new CrowdbitError(
    'STORE_CORRUPT',
    `${statement} when the folder was opened: until all of it is loaded, it has to stay as it is. Load it again; where it is damaged, restore it from a backup first`,
    facts,
  )
}

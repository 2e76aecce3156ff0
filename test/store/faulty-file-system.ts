import type { FileSystem, LogFile, ReadFile, SyncReadFile, WriteFile } from '../../src/store/file-system.ts'
import { type MemoryFileSystem, systemError } from './memory-file-system.ts'

/**
 * How an operation goes wrong: `fail` does nothing (a write does half) and rejects; `lie` does it and rejects all the
 * same; `crash` is a `fail` after which nothing works any more; `crash-after` does it, and then nothing works.
 */
export type FaultKind = 'fail' | 'lie' | 'crash' | 'crash-after'

/** Makes the `at`-th operation (from 1) on a file system go wrong. */
export class FaultyFileSystem implements FileSystem {
  readonly #inner: MemoryFileSystem
  readonly #at: number
  readonly #kind: FaultKind
  /** The operations so far, in words. */
  readonly log: string[] = []
  #dead = false

  readonly #code: string | undefined

  /** @param code the system's code of the fault; `EIO` and `ENOSPC` by turns where none is given */
  constructor(inner: MemoryFileSystem, at: number, kind: FaultKind, code?: string) {
    this.#code = code
    this.#inner = inner
    this.#at = at
    this.#kind = kind
  }

  /** Whether the fault has come. */
  get struck(): boolean {
    return this.log.length >= this.#at
  }

  list(directory: string): Promise<string[]> {
    return this.#do(`list ${directory}`, () => this.#inner.list(directory))
  }

  makeDirectory(directory: string): Promise<void> {
    return this.#do(`makeDirectory ${directory}`, () => this.#inner.makeDirectory(directory))
  }

  realPath(directory: string): Promise<string> {
    return this.#do(`realPath ${directory}`, () => this.#inner.realPath(directory))
  }

  async open(path: string): Promise<ReadFile> {
    const file = await this.#do(`open ${path}`, () => this.#inner.open(path))
    return {
      size: file.size,
      read: (offset, into) => this.#do(`read ${path}`, () => file.read(offset, into)),
      close: () => this.#do(`close ${path}`, () => file.close()),
    }
  }

  openSync(path: string): SyncReadFile {
    const file = this.#doSync(`openSync ${path}`, () => this.#inner.openSync(path))
    return {
      size: file.size,
      readSync: (offset, into) => this.#doSync(`readSync ${path}`, () => file.readSync(offset, into)),
      closeSync: () => this.#doSync(`closeSync ${path}`, () => file.closeSync()),
    }
  }

  async create(path: string): Promise<WriteFile> {
    const file = await this.#do(`create ${path}`, () => this.#inner.create(path))
    return {
      append: (bytes) =>
        this.#do(
          `append ${path}`,
          () => file.append(bytes),
          () => file.append(bytes.subarray(0, bytes.length >> 1)),
        ),
      sync: () => this.#do(`sync ${path}`, () => file.sync()),
      close: () => this.#do(`close ${path}`, () => file.close()),
    }
  }

  async createLog(path: string): Promise<LogFile> {
    const file = await this.#do(`createLog ${path}`, () => this.#inner.createLog(path))
    return {
      writeSync: (offset, bytes) =>
        this.#doSync(
          `writeSync ${path}`,
          () => file.writeSync(offset, bytes),
          () => file.writeSync(offset, bytes.subarray(0, bytes.length >> 1)),
        ),
      sync: () =>
        this.#do(
          `sync ${path}`,
          () => file.sync(),
          async () => file.loseSync(),
        ),
      truncateSync: (bytes) => this.#doSync(`truncateSync ${path}`, () => file.truncateSync(bytes)),
      close: () => this.#do(`close ${path}`, () => file.close()),
    }
  }

  truncate(path: string, bytes: number, from: number): Promise<void> {
    return this.#do(`truncate ${path}`, () => this.#inner.truncate(path, bytes, from))
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do(`rename ${from} ${to}`, () => this.#inner.rename(from, to))
  }

  remove(path: string): Promise<void> {
    return this.#do(`remove ${path}`, () => this.#inner.remove(path))
  }

  syncDirectory(directory: string): Promise<void> {
    return this.#do(`syncDirectory ${directory}`, () => this.#inner.syncDirectory(directory))
  }

  async #do<T>(what: string, action: () => Promise<T>, half?: () => Promise<void>): Promise<T> {
    const strikes = this.#strikes(what)
    if (!strikes) return action()
    if (this.#doesIt) await action()
    else await half?.()
    throw this.#fault(what)
  }

  #doSync<T>(what: string, action: () => T, half?: () => void): T {
    if (!this.#strikes(what)) return action()
    if (this.#doesIt) action()
    else half?.()
    throw this.#fault(what)
  }

  #strikes(what: string): boolean {
    if (this.#dead) throw systemError('EIO', 'the machine is off')
    this.log.push(what)
    if (this.log.length !== this.#at) return false
    this.#dead = this.#kind === 'crash' || this.#kind === 'crash-after'
    return true
  }

  get #doesIt(): boolean {
    return this.#kind === 'lie' || this.#kind === 'crash-after'
  }

  #fault(what: string): Error {
    return systemError(this.#code ?? (this.#at % 2 === 0 ? 'EIO' : 'ENOSPC'), what)
  }
}

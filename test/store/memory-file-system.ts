import { logOrdinalOf } from '../../src/store/file-names.ts'
import type { FileSystem, LogFile, ReadFile, SyncReadFile, WriteFile } from '../../src/store/file-system.ts'
import { type Choose, MemoryInode } from './memory-inode.ts'

/**
 * A name's history since its directory was last synced: what the medium has, then every change, the last of which is
 * what programs see. `null` is "no such name".
 */
type History = (MemoryInode | null)[]

export type { Choose } from './memory-inode.ts'

/** An error as the operating system gives it. */
export function systemError(code: string, about: string): Error {
  return Object.assign(new Error(`${code}: ${about}`), { code })
}

/**
 * A file system in memory that knows what would survive a loss of power: names and bytes that weren't synced may be
 * lost, kept or torn, each by itself. Bytes of a log are so by sector.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #directories = new Map<string, Map<string, History>>()

  async list(directory: string): Promise<string[]> {
    return [...this.#directory(directory)].filter(([, history]) => history.at(-1) != null).map(([name]) => name)
  }

  async makeDirectory(directory: string): Promise<void> {
    if (!this.#directories.has(directory)) this.#directories.set(directory, new Map())
  }

  async realPath(directory: string): Promise<string> {
    this.#directory(directory)
    return directory
  }

  async open(path: string): Promise<ReadFile> {
    const { size, readSync } = this.openSync(path)
    return { size, read: async (offset, into) => readSync(offset, into), close: async () => {} }
  }

  openSync(path: string): SyncReadFile {
    const inode = this.#inode(path)
    return {
      size: inode.live.length,
      // One read in three comes short, as it may.
      readSync: (offset, into) => {
        const there = Math.max(0, Math.min(into.length, inode.live.length - offset))
        const length = there > 8 && offset % 3 === 0 ? there - 3 : there
        into.set(inode.live.subarray(offset, offset + length))
        return length
      },
      closeSync: () => {},
    }
  }

  async create(path: string): Promise<WriteFile> {
    const inode = this.#make(path, false)
    return {
      append: async (bytes) => inode.append(bytes),
      sync: async () => inode.sync(),
      close: async () => {},
    }
  }

  async createLog(path: string): Promise<LogFile & { loseSync(): void }> {
    const inode = this.#make(path, true)
    return {
      writeSync: (offset, bytes) => inode.write(offset, bytes),
      sync: async () => inode.sync(),
      truncateSync: (bytes) => inode.cut(bytes),
      close: async () => {},
      loseSync: () => inode.loseSync(),
    }
  }

  async truncate(path: string, bytes: number, from: number): Promise<void> {
    const inode = this.#inode(path)
    inode.cut(bytes)
    inode.rewrite(from)
    inode.sync()
  }

  async rename(from: string, to: string): Promise<void> {
    const inode = this.#inode(from)
    const source = this.#locate(from)
    const target = this.#locate(to)
    this.#bind(target.names, target.name, inode)
    this.#bind(source.names, source.name, null)
  }

  async remove(path: string): Promise<void> {
    this.#inode(path)
    const { names, name } = this.#locate(path)
    this.#bind(names, name, null)
  }

  async syncDirectory(directory: string): Promise<void> {
    const names = this.#directory(directory)
    for (const [name, history] of names) {
      const last = history.at(-1) ?? null
      if (last === null) names.delete(name)
      else names.set(name, [last])
    }
  }

  /** What the machine finds when the power comes back: every name and every unsynced byte by its own chance. */
  afterPowerLoss(choose: Choose): MemoryFileSystem {
    return this.#copy(choose, (inode) => inode.afterPowerLoss(choose))
  }

  /** What a killed process leaves behind: what programs see; names are taken to be durable. */
  clone(): MemoryFileSystem {
    return this.#copy(
      (choices) => choices - 1,
      (inode) => inode.clone(),
    )
  }

  #copy(choose: Choose, copyOf: (inode: MemoryInode) => MemoryInode): MemoryFileSystem {
    const found = new MemoryFileSystem()
    const copies = new Map<MemoryInode, MemoryInode>()
    const survivor = (inode: MemoryInode): MemoryInode => {
      const copy = copies.get(inode) ?? copyOf(inode)
      copies.set(inode, copy)
      return copy
    }
    for (const [directory, names] of this.#directories) {
      const kept = new Map<string, History>()
      for (const [name, history] of names) {
        const inode = history[choose(history.length)] ?? null
        if (inode !== null) kept.set(name, [survivor(inode)])
      }
      found.#directories.set(directory, kept)
    }
    return found
  }

  /** The bytes of a file. */
  get(path: string): Uint8Array {
    return this.#inode(path).live
  }

  /** Puts a durable file there, or removes it. */
  set(path: string, bytes: Uint8Array | null): void {
    const { names, name } = this.#locate(path)
    if (bytes === null) names.delete(name)
    else names.set(name, [new MemoryInode(bytes, logOrdinalOf(name) !== null)])
  }

  #directory(directory: string): Map<string, History> {
    const names = this.#directories.get(directory)
    if (names === undefined) throw systemError('ENOENT', directory)
    return names
  }

  #locate(path: string): { names: Map<string, History>; name: string } {
    const slash = path.lastIndexOf('/')
    return { names: this.#directory(path.slice(0, slash)), name: path.slice(slash + 1) }
  }

  #make(path: string, atOffsets: boolean): MemoryInode {
    const { names, name } = this.#locate(path)
    if (names.get(name)?.at(-1) != null) throw systemError('EEXIST', path)
    const inode = new MemoryInode(new Uint8Array(0), atOffsets)
    this.#bind(names, name, inode)
    return inode
  }

  #inode(path: string): MemoryInode {
    const { names, name } = this.#locate(path)
    const inode = names.get(name)?.at(-1)
    if (inode == null) throw systemError('ENOENT', path)
    return inode
  }

  #bind(names: Map<string, History>, name: string, inode: MemoryInode | null): void {
    const history = names.get(name)
    if (history === undefined) names.set(name, [null, inode])
    else history.push(inode)
  }
}

/** A file system that does as `fs` does, but for the methods given. */
export function forward(fs: MemoryFileSystem, changed: Partial<FileSystem>): FileSystem {
  return new Proxy(fs, {
    get: (target, key: keyof FileSystem) => {
      const value = changed[key] ?? target[key]
      return typeof value === 'function' && !(key in changed) ? value.bind(target) : value
    },
  })
}

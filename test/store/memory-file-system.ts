import type { FileSystem, ReadFile, WriteFile } from '../../src/store/file-system.ts'

/** A file's bytes as programs see them and as the medium has them: the second is a beginning of the first. */
interface Inode {
  live: Uint8Array
  synced: number
}

/**
 * A name's history since its directory was last synced: what the medium has, then every change, the last of which is
 * what programs see. `null` is "no such name".
 */
type History = (Inode | null)[]

/** Which of `choices` possibilities came true, 0 being the oldest. */
export type Choose = (choices: number) => number

/** An error as the operating system gives it. */
export function systemError(code: string, about: string): Error {
  return Object.assign(new Error(`${code}: ${about}`), { code })
}

/**
 * A file system in memory that knows what would survive a loss of power: names and bytes that weren't synced may be
 * lost, kept or torn, each by itself.
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
    const inode = this.#inode(path)
    return {
      size: inode.live.length,
      // One read in three comes short, as it may.
      read: async (offset, into) => {
        const there = Math.max(0, Math.min(into.length, inode.live.length - offset))
        const length = there > 8 && offset % 3 === 0 ? there - 3 : there
        into.set(inode.live.subarray(offset, offset + length))
        return length
      },
      close: async () => {},
    }
  }

  async create(path: string): Promise<WriteFile> {
    const { names, name } = this.#locate(path)
    if (names.get(name)?.at(-1) != null) throw systemError('EEXIST', path)
    const inode: Inode = { live: new Uint8Array(0), synced: 0 }
    this.#bind(names, name, inode)
    return {
      append: async (bytes) => {
        const longer = new Uint8Array(inode.live.length + bytes.length)
        longer.set(inode.live)
        longer.set(bytes, inode.live.length)
        inode.live = longer
      },
      sync: async () => {
        inode.synced = inode.live.length
      },
      close: async () => {},
    }
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
    const found = new MemoryFileSystem()
    const copies = new Map<Inode, Inode>()
    const survivor = (inode: Inode): Inode => {
      const copy = copies.get(inode) ?? durableCopy(inode, choose)
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

  /** The same as the programs see it, all of it durable: what a killed process leaves behind. */
  clone(): MemoryFileSystem {
    return this.afterPowerLoss((choices) => choices - 1)
  }

  /** The bytes of a file. */
  get(path: string): Uint8Array {
    return this.#inode(path).live
  }

  /** Puts a durable file there, or removes it. */
  set(path: string, bytes: Uint8Array | null): void {
    const { names, name } = this.#locate(path)
    if (bytes === null) names.delete(name)
    else names.set(name, [{ live: bytes, synced: bytes.length }])
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

  #inode(path: string): Inode {
    const { names, name } = this.#locate(path)
    const inode = names.get(name)?.at(-1)
    if (inode == null) throw systemError('ENOENT', path)
    return inode
  }

  #bind(names: Map<string, History>, name: string, inode: Inode | null): void {
    const history = names.get(name)
    if (history === undefined) names.set(name, [null, inode])
    else history.push(inode)
  }
}

/** Synced bytes are there; of the others a beginning is, perhaps with zeros or rubbish where the rest was to be. */
function durableCopy(inode: Inode, choose: Choose): Inode {
  const { live, synced } = inode
  const unsynced = live.length - synced
  if (unsynced === 0) return { live: live.slice(), synced }
  const arrived = synced + [0, Math.floor(unsynced / 3), Math.max(0, unsynced - 1), unsynced][choose(4)]!
  const tail = choose(3)
  if (arrived === live.length || tail === 2) return { live: live.slice(0, arrived), synced: arrived }
  const torn = live.slice()
  torn.fill(tail === 0 ? 0 : 0xa5, arrived)
  return { live: torn, synced: torn.length }
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

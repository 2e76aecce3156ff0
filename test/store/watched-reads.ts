import type { FileSystem } from '../../src/store/file-system.ts'
import { decodeManifest } from '../../src/store/manifest-format.ts'
import { forward, type MemoryFileSystem } from './memory-file-system.ts'

/** A file system that says which sections of a folder were read. */
export interface WatchedReads {
  readonly fs: FileSystem
  /** The sections of which bytes were read since the last call, in the order of the save, with how many. */
  taken(): Record<string, number>
  /** How many files are open for reading. */
  open(): number
}

/** Watches the reads of the folder `directory`, whose manifest stays as it is. */
export function watchReads(inner: MemoryFileSystem, directory: string): WatchedReads {
  const { files, sections } = decodeManifest(inner.get(`${directory}/MANIFEST`), 'MANIFEST')
  const read = new Map<string, number>()
  let open = 0
  const note = (path: string, offset: number, bytes: number): void => {
    const file = files.findIndex(({ name }) => path === `${directory}/${name}`)
    for (const section of sections) {
      const from = Math.max(offset, section.offset)
      const to = Math.min(offset + bytes, section.offset + section.bytes)
      if (section.file === file && from < to) read.set(section.name, (read.get(section.name) ?? 0) + to - from)
    }
  }
  const fs = forward(inner, {
    open: async (path) => {
      const file = await inner.open(path)
      open++
      return {
        size: file.size,
        read: async (offset, into) => {
          const length = await file.read(offset, into)
          note(path, offset, length)
          return length
        },
        close: async () => void open--,
      }
    },
    openSync: (path) => {
      const file = inner.openSync(path)
      open++
      return {
        size: file.size,
        readSync: (offset, into) => {
          const length = file.readSync(offset, into)
          note(path, offset, length)
          return length
        },
        closeSync: () => void open--,
      }
    },
  })
  return {
    fs,
    taken() {
      const names = sections.map(({ name }) => name).filter((name) => read.has(name))
      const taken = Object.fromEntries(names.map((name) => [name, read.get(name)!]))
      read.clear()
      return taken
    },
    open: () => open,
  }
}

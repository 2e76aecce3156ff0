import { expect } from 'vitest'
import type { FileSystem } from '../../src/store/file-system.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { PlainData } from '../../src/store/plain-data.ts'
import { type SaveOptions, saveStore } from '../../src/store/save-store.ts'

/** What a store holds, in a form to compare. */
export interface Content {
  readonly meta: PlainData
  readonly sections: readonly { readonly name: string; readonly version: number; readonly bytes: Uint8Array }[]
}

/** Saves a content, each section in chunks of `chunk` bytes. */
export async function save(
  fs: FileSystem,
  directory: string,
  content: Content,
  options: SaveOptions = {},
  chunk = 7,
): Promise<void> {
  const sections = content.sections.map(({ name, version, bytes }) => ({
    name,
    version,
    chunks: () => cut(bytes, chunk),
  }))
  await saveStore(fs, directory, sections, content.meta, options)
}

/** Chunks that all use the same memory, as a source may. */
function* cut(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  const memory = new Uint8Array(length)
  for (let at = 0; at < bytes.length; at += length) {
    const piece = bytes.subarray(at, at + length)
    memory.set(piece)
    yield memory.subarray(0, piece.length)
    memory.fill(0xee)
  }
}

/** Opens a store and reads all of it, both ways. */
export async function load(fs: FileSystem, directory: string): Promise<Content> {
  const reader = await openStore(fs, directory)
  try {
    const sections: Content['sections'][number][] = []
    for (const { name, version, bytes: length } of reader.sections) {
      const chunks: Uint8Array[] = []
      for await (const chunk of reader.readChunks(name)) chunks.push(chunk)
      const bytes = await reader.read(name)
      expect(bytes.length).toBe(length)
      expect(Buffer.compare(bytes, Buffer.concat(chunks))).toBe(0)
      sections.push({ name, version, bytes })
    }
    return { meta: reader.meta, sections }
  } finally {
    await reader.close()
  }
}

/** Whether two contents are the same, without printing megabytes. */
export function same(a: Content, b: Content): boolean {
  return (
    JSON.stringify(a.meta) === JSON.stringify(b.meta) &&
    a.sections.length === b.sections.length &&
    a.sections.every((section, i) => {
      const other = b.sections[i]!
      return (
        section.name === other.name &&
        section.version === other.version &&
        Buffer.compare(section.bytes, other.bytes) === 0
      )
    })
  )
}

/** Bytes that look random and depend on `seed` only. */
export function bytesOf(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = (seed * 0x9e3779b1) | 1
  for (let i = 0; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state
  }
  return bytes
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FileSystem } from '../../src/store/file-system.ts'
import { nodeFileSystem } from '../../src/store/node-file-system.ts'
import { openStore } from '../../src/store/open-store.ts'
import { type Reading, readLater, readLaterWhile, readNow, type Wanted, want } from '../../src/store/reading.ts'
import type { StoreReader } from '../../src/store/store-reader.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { bytesOf, type Content, save } from './store-content.ts'

const content: Content = {
  meta: null,
  sections: [
    { name: 'small', version: 1, bytes: bytesOf(3, 2) },
    { name: 'empty', version: 1, bytes: new Uint8Array(0) },
    { name: 'long', version: 1, bytes: bytesOf(9 * 1024 * 1024 + 11, 1) },
    { name: 'last', version: 1, bytes: bytesOf(1_000, 3) },
  ],
}

async function lateReader(fs: FileSystem, directory: string): Promise<StoreReader> {
  const store = await openStore(fs, directory)
  const late = store.late(fs, directory)
  await store.close()
  return late
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crowdbit-late-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** All chunks of a section, by a reading. */
function* chunksOf(store: StoreReader, name: string): Reading<Uint8Array[]> {
  const found: Uint8Array[] = []
  const chunks = store.wantedChunks(name)
  for (let chunk = yield* want(chunks); chunk !== null; chunk = yield* want(chunks)) found.push(chunk)
  return found
}

describe.each(['memory', 'node'])('a late reader, %s', (kind) => {
  const fs = (): FileSystem => (kind === 'node' ? nodeFileSystem : memory)
  const directory = (): string => (kind === 'node' ? folder : '/data')
  let memory: MemoryFileSystem
  beforeEach(async () => {
    memory = new MemoryFileSystem()
    await save(fs(), directory(), content)
  })

  test('reads every section after its reader was closed, at once and later, whole and in chunks', async () => {
    const late = await lateReader(fs(), directory())
    for (const { name, bytes } of content.sections) {
      expect(Buffer.compare(late.readSync(name), bytes)).toBe(0)
      expect(Buffer.compare(await late.read(name), bytes)).toBe(0)
      expect(Buffer.compare(readNow(want(late.wanted(name))), bytes)).toBe(0)
      expect(Buffer.compare(await readLater(want(late.wanted(name))), bytes)).toBe(0)
      const [now, later] = [readNow(chunksOf(late, name)), await readLater(chunksOf(late, name))]
      expect(Buffer.compare(Buffer.concat(now), bytes)).toBe(0)
      expect(Buffer.compare(Buffer.concat(later), bytes)).toBe(0)
      expect([now.length, later.length]).toEqual(Array(2).fill(Math.ceil(bytes.length / (4 * 1024 * 1024))))
    }
    expect([late.has('long'), late.bytesOf('last'), late.bytesOf('none')]).toEqual([true, 1_000, 0])
    expect(() => late.readSync('none')).toThrow(/STORE_CORRUPT: the saved engine has no section "none"/)
  })

  test('finds a byte that changed, at the end of the chunks', async () => {
    const late = await lateReader(fs(), directory())
    const bytes = content.sections[2]!.bytes.slice()
    bytes[0]! ^= 1
    const changed = {
      ...content,
      sections: content.sections.map((section) => (section.name === 'long' ? { ...section, bytes } : section)),
    }
    const other = new MemoryFileSystem()
    await save(other, '/data', changed)
    for (const name of await other.list('/data')) {
      if (name === 'MANIFEST') continue
      if (kind === 'node') await writeFile(join(folder, name), other.get(`/data/${name}`))
      else memory.set(`/data/${name}`, other.get(`/data/${name}`))
    }
    expect(() => late.readSync('long')).toThrow(/^STORE_CORRUPT: the section "long" in .* when the folder was opened/)
    await expect(late.read('long')).rejects.toMatchObject({ code: 'STORE_CORRUPT', facts: { section: 'long' } })
    expect(() => readNow(chunksOf(late, 'long'))).toThrow(/STORE_CORRUPT/)
    await expect(readLater(chunksOf(late, 'long'))).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    expect(Buffer.compare(late.readSync('last'), content.sections[3]!.bytes)).toBe(0)
  })
})

test('a late reader of a folder that is gone, or where something else has the name of a file', async () => {
  await save(nodeFileSystem, folder, content)
  const late = await lateReader(nodeFileSystem, folder)
  await rm(folder, { recursive: true })
  const path = join(folder, '000001-0001.crowdbit')
  expect(() => late.readSync('small')).toThrow(`STORE_CORRUPT: ${path} is missing, and was there when the folder`)
  await expect(late.read('small')).rejects.toMatchObject({ code: 'STORE_CORRUPT', facts: { path } })
  await writeFile(folder, 'now a file')
  expect(() => late.readSync('small')).toThrow(/^STORE_IO: could not open .*ENOTDIR/)
  await expect(late.read('small')).rejects.toMatchObject({ code: 'STORE_IO', facts: { errno: 'ENOTDIR' } })
})

test('a reader that holds its files open reads later only', async () => {
  const fs = new MemoryFileSystem()
  await save(fs, '/data', content)
  const store = await openStore(fs, '/data')
  expect(() => store.readSync('small')).toThrow(/INTERNAL/)
  await store.close()
})

describe('a reading', () => {
  const piece = (value: number, error: Error | null = null): Wanted<number> => {
    const now = (): number => {
      if (error !== null) throw error
      return value
    }
    return { now, later: async () => now() }
  }

  test('is told what went wrong where it asked, and may go on', async () => {
    const reading = function* (): Reading<number[]> {
      const found: number[] = [yield* want(piece(1))]
      try {
        found.push(yield* want(piece(2, new Error('gone'))))
      } catch (error) {
        found.push((error as Error).message.length)
      }
      found.push(yield* want(piece(3)))
      return found
    }
    expect(readNow(reading())).toEqual([1, 4, 3])
    expect(await readLater(reading())).toEqual([1, 4, 3])
    expect(await readLaterWhile(reading(), () => true)).toEqual([1, 4, 3])
  })

  test('is given up when nobody waits for it, also where it would have failed', async () => {
    const asked: number[] = []
    const reading = function* (error: Error | null): Reading<number> {
      asked.push(1)
      yield* want(piece(1, error))
      asked.push(2)
      return 2
    }
    expect(await readLaterWhile(reading(null), () => false)).toBeUndefined()
    expect(await readLaterWhile(reading(new Error('gone')), () => false)).toBeUndefined()
    expect(asked).toEqual([1, 1])
    await expect(readLaterWhile(reading(new Error('gone')), () => true)).rejects.toThrow('gone')
  })
})

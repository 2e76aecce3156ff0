import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { isWellFormed } from '../../src/base/well-formed.ts'
import { encodeManifest } from '../../src/store/manifest-format.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { PlainData } from '../../src/store/plain-data.ts'
import { saveStore } from '../../src/store/save-store.ts'
import { StoreReader } from '../../src/store/store-reader.ts'
import { forward, MemoryFileSystem } from './memory-file-system.ts'
import { bytesOf, type Content, load, same, save } from './store-content.ts'

const directory = '/store'

const small: Content = {
  meta: { schema: { 精致妈妈: { kind: 'flag' }, constructor: 1, toJSON: 'x' }, empty: {}, list: [null, true, -1.5] },
  sections: [
    { name: 'ids', version: 3, bytes: bytesOf(10, 1) },
    { name: '../../etc/passwd', version: 4294967295, bytes: bytesOf(3, 2) },
  ],
}

describe('round trip', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom('__proto__', '/', 'MANIFEST'),
  )
  const content = fc.record({
    meta: fc.jsonValue() as fc.Arbitrary<PlainData>,
    sections: fc.uniqueArray(
      fc.record({
        name: name.filter(isWellFormed),
        version: fc.integer({ min: 1, max: 0xffffffff }),
        bytes: fc.uint8Array({ maxLength: 200 }),
      }),
      { selector: (section) => section.name, maxLength: 12 },
    ),
  })

  test('any content comes back, in any number of files and chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 50 }),
        async (contents, fileBytes, chunk) => {
          const fs = new MemoryFileSystem()
          for (const one of contents) {
            fc.pre(!JSON.stringify(one.meta).includes('__proto__'))
            await save(fs, directory, one, { fileBytes }, chunk)
            const loaded = await load(fs, directory)
            expect(loaded.sections).toEqual(one.sections)
            expect(loaded.meta).toEqual(JSON.parse(JSON.stringify(one.meta)))
          }
        },
      ),
    )
  })

  test('sections larger than the pieces in which they are written and read', async () => {
    const fs = new MemoryFileSystem()
    const sizes = [4 * 2 ** 20 - 1, 4 * 2 ** 20, 4 * 2 ** 20 + 1, 9_000_001, 256 * 1024, 256 * 1024 - 1]
    const content = { meta: null, sections: sizes.map((n, i) => ({ name: `s${i}`, version: 1, bytes: bytesOf(n, i) })) }
    await save(fs, directory, content, { fileBytes: 10_000_000 }, 5_000_011)
    expect(same(await load(fs, directory), content)).toBe(true)
  })

  test('nothing at all is a store too', async () => {
    const fs = new MemoryFileSystem()
    await saveStore(fs, directory, [], {})
    expect(await load(fs, directory)).toEqual({ meta: {}, sections: [] })
    expect(await fs.list(directory)).toEqual(['MANIFEST'])
  })

  test('asynchronous sources, and the reader knows what there is', async () => {
    const fs = new MemoryFileSystem()
    async function* chunks() {
      yield Uint8Array.of(1, 2)
      await new Promise((resolve) => setImmediate(resolve))
      yield new Uint8Array(0)
      yield Uint8Array.of(3)
    }
    async function* sections() {
      yield { name: 'a', version: 9, chunks }
    }
    await saveStore(fs, directory, sections(), 'meta')
    const reader = await openStore(fs, directory)
    expect(reader.sections).toEqual([{ name: 'a', version: 9, bytes: 3 }])
    expect([reader.has('a'), reader.has('b')]).toEqual([true, false])
    const bytes = await reader.read('a')
    expect([...bytes]).toEqual([1, 2, 3])
    expect(bytes.byteOffset).toBe(0)
    expect(bytes.buffer.byteLength).toBe(3)
    await expect(reader.read('b')).rejects.toMatchObject({ code: 'STORE_CORRUPT', facts: { section: 'b' } })
    await reader.close()
    await reader.close()
    await expect(reader.read('a')).rejects.toMatchObject({ code: 'INTERNAL' })
  })

  test('the same content gives the same bytes', async () => {
    const images = [new MemoryFileSystem(), new MemoryFileSystem()]
    for (const fs of images) await save(fs, directory, small, { storeId: 'ab'.repeat(16) })
    for (const name of ['MANIFEST', '000001-0001.crowdbit']) {
      expect(images[0]!.get(`${directory}/${name}`)).toEqual(images[1]!.get(`${directory}/${name}`))
    }
  })

  test('small sections share a file; a file that is full enough gets no more', async () => {
    const fs = new MemoryFileSystem()
    const sections = Array.from({ length: 100 }, (_, i) => ({ name: `${i}`, version: 1, bytes: bytesOf(10, i) }))
    await save(fs, directory, { meta: null, sections })
    expect((await fs.list(directory)).sort()).toEqual(['000001-0001.crowdbit', 'MANIFEST'])
    await save(fs, directory, { meta: null, sections }, { fileBytes: 500 })
    expect((await fs.list(directory)).sort()).toEqual(['000002-0001.crowdbit', '000002-0002.crowdbit', 'MANIFEST'])
  })

  test('a section past 4 GiB of its file is read where it stands', async () => {
    const bytes = bytesOf(100, 1)
    const offset = 2 ** 33 + 7
    const { createHash } = await import('node:crypto')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const reader = new StoreReader(
      {
        generation: 1,
        storeId: null,
        sequence: 0,
        log: null,
        files: [{ name: '000001-0001.crowdbit', bytes: 2 ** 34 }],
        sections: [{ name: 'far', version: 1, file: 0, offset, bytes: 100, sha256 }],
        meta: null,
      },
      [
        {
          path: 'x',
          file: {
            size: 2 ** 34,
            read: async (at, into) => {
              into.set(bytes.subarray(at - offset, at - offset + into.length))
              return into.length
            },
            close: async () => {},
          },
        },
      ],
    )
    expect(await reader.read('far')).toEqual(bytes)
  })
})

describe('saves and readers at the same time', () => {
  test('saves into one folder run one after the other, in the order of the calls', async () => {
    const fs = new MemoryFileSystem()
    const contents = Array.from({ length: 6 }, (_, i) => ({ ...small, meta: { i } }))
    await Promise.all(contents.map((content) => save(fs, directory, content)))
    expect((await load(fs, directory)).meta).toEqual({ i: 5 })
    expect(await fs.list(directory)).toHaveLength(2)
  })

  test('a save that fails does not hold up the next', async () => {
    const fs = new MemoryFileSystem()
    // biome-ignore lint/correctness/useYield: the source fails before its first chunk
    const failing = function* (): Generator<Uint8Array> {
      throw new RangeError('the source failed')
    }
    const first = saveStore(fs, directory, [{ name: 'a', version: 1, chunks: failing }], null)
    const second = save(fs, directory, small)
    await expect(first).rejects.toThrow(RangeError)
    await second
    expect(same(await load(fs, directory), small)).toBe(true)
    expect(await fs.list(directory)).toHaveLength(2)
  })

  test('a reader keeps what it opened while others save', async () => {
    const fs = new MemoryFileSystem()
    await save(fs, directory, small)
    const reader = await openStore(fs, directory)
    await save(fs, directory, { meta: 2, sections: [{ name: 'ids', version: 1, bytes: bytesOf(10, 9) }] })
    expect(await reader.read('ids')).toEqual(small.sections[0]!.bytes)
    expect(reader.meta).toEqual(small.meta)
    await reader.close()
  })

  test('a save that lands between the manifest and the files: the reader takes the newer', async () => {
    const fs = new MemoryFileSystem()
    await save(fs, directory, small)
    const other = { meta: 2, sections: [{ name: 'ids', version: 1, bytes: bytesOf(11, 9) }] }
    let armed = true
    const interrupted = forward(fs, {
      open: async (path: string) => {
        if (armed && path.endsWith('.crowdbit')) {
          armed = false
          await save(fs, directory, other)
        }
        return fs.open(path)
      },
    })
    expect(same(await load(interrupted, directory), other)).toBe(true)
  })

  test('another process that saves there is noticed before the commit', async () => {
    const fs = new MemoryFileSystem()
    await save(fs, directory, small)
    const otherProcess = forward(fs, {})
    let armed = true
    const interrupted = forward(fs, {
      syncDirectory: (path: string) => fs.syncDirectory(path),
      create: async (path: string) => {
        if (armed && path.includes('MANIFEST')) {
          armed = false
          await save(otherProcess, directory, { ...small, meta: 'theirs' })
        }
        return fs.create(path)
      },
    })
    await expect(save(interrupted, directory, { ...small, meta: 'ours' })).rejects.toMatchObject({ code: 'STORE_IO' })
    expect((await load(fs, directory)).meta).toBe('theirs')
  })
})

test('two processes that choose the same generation: one fails, the other one is left alone', async () => {
  const fs = new MemoryFileSystem()
  await save(fs, directory, small)
  const otherProcess = forward(fs, {})
  async function* sections() {
    // This process has looked into the folder already.
    await save(otherProcess, directory, { ...small, meta: 'theirs' })
    yield { name: 'ids', version: 1, chunks: () => [Uint8Array.of(1)] }
  }
  await expect(saveStore(forward(fs, {}), directory, sections(), 'ours')).rejects.toMatchObject({
    code: 'STORE_IO',
    facts: { errno: 'EEXIST' },
  })
  expect((await load(fs, directory)).meta).toBe('theirs')
})

describe('what is in the way', () => {
  test('no store', async () => {
    const fs = new MemoryFileSystem()
    await expect(openStore(fs, directory)).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
      facts: { path: directory },
    })
    await fs.makeDirectory(directory)
    await expect(openStore(fs, directory)).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  })

  test.each([
    'notes.txt',
    'LOCK.txt',
    'log-1.crowdbit',
    'log-000000000000.crowdbit',
    'log-0000000000001.crowdbit',
    'manifest',
    'MANIFEST.tmp',
    '000001-0001.bin',
    '1-0001.crowdbit',
    '000001-1.crowdbit',
    '000000-0001.crowdbit',
    '0000001-0001.crowdbit',
    '000001-0001.crowdbit.bak',
    '.gitignore',
  ])("a folder with the user's file %s is refused and left alone", async (name) => {
    const fs = new MemoryFileSystem()
    await fs.makeDirectory(directory)
    fs.set(`${directory}/${name}`, Uint8Array.of(1))
    const error = await save(fs, directory, small).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'STORE_IO', facts: { path: directory } })
    expect((error as Error).message).toContain(name)
    expect(await fs.list(directory)).toEqual([name])
  })

  test('a MANIFEST that is not ours is refused', async () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(67, 82), bytesOf(500, 3)]) {
      const fs = new MemoryFileSystem()
      await fs.makeDirectory(directory)
      fs.set(`${directory}/MANIFEST`, bytes)
      await expect(save(fs, directory, small)).rejects.toMatchObject({ code: 'STORE_IO' })
      expect(fs.get(`${directory}/MANIFEST`)).toEqual(bytes)
    }
  })

  test("the user's files inside a store, and what systems leave in folders, are left alone", async () => {
    const fs = new MemoryFileSystem()
    await fs.makeDirectory(directory)
    for (const name of ['.DS_Store', 'lost+found', '000001-0003.crowdbit'])
      fs.set(`${directory}/${name}`, Uint8Array.of(1))
    await save(fs, directory, small)
    for (const name of ['notes.txt', '202401-0001.bin']) fs.set(`${directory}/${name}`, Uint8Array.of(2))
    await save(fs, directory, small)
    expect((await fs.list(directory)).sort()).toEqual(
      ['.DS_Store', '000003-0001.crowdbit', '202401-0001.bin', 'MANIFEST', 'lost+found', 'notes.txt'].sort(),
    )
    expect(same(await load(fs, directory), small)).toBe(true)
  })

  test('a generation above all that a name can hold is refused', async () => {
    const fs = new MemoryFileSystem()
    await fs.makeDirectory(directory)
    fs.set(`${directory}/999999999999-0001.crowdbit`, Uint8Array.of(1))
    await expect(save(fs, directory, small)).rejects.toMatchObject({ code: 'STORE_IO' })
  })

  test("a newer version's store is neither opened nor saved over", async () => {
    const fs = new MemoryFileSystem()
    await fs.makeDirectory(directory)
    const origin = { storeId: 'ab'.repeat(16), sequence: 0, log: null }
    const newer = { generation: 1, ...origin, files: [], sections: [], meta: null }
    fs.set(`${directory}/MANIFEST`, encodeManifest(newer, 3))
    const expected = { code: 'STORE_VERSION_UNSUPPORTED', facts: { found: 3, supported: 2 } }
    await expect(openStore(fs, directory)).rejects.toMatchObject(expected)
    await expect(save(fs, directory, small)).rejects.toMatchObject(expected)
  })

  test('a damaged store may be saved over', async () => {
    const fs = new MemoryFileSystem()
    await save(fs, directory, small)
    const manifest = fs.get(`${directory}/MANIFEST`)
    manifest[20] = manifest[20]! ^ 1
    await expect(openStore(fs, directory)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    await save(fs, directory, small)
    expect(same(await load(fs, directory), small)).toBe(true)
    expect((await fs.list(directory)).sort()).toEqual(['000002-0001.crowdbit', 'MANIFEST'])
  })

  test('sections and meta that are not well formed are our own bugs, and leave nothing behind', async () => {
    const fs = new MemoryFileSystem()
    await save(fs, directory, small)
    const one = (name: unknown, version: unknown, chunks: unknown) =>
      [{ name, version, chunks: () => chunks }] as unknown as Parameters<typeof saveStore>[2]
    const twice = [1, 2].map(() => ({ name: 'a', version: 1, chunks: () => [] }))
    const bad: [Parameters<typeof saveStore>[2], unknown][] = [
      [one('', 1, []), null],
      [one('\ud800', 1, []), null],
      [one('x'.repeat(1025), 1, []), null],
      [one('a', 0, []), null],
      [one('a', 1.5, []), null],
      [one('a', 1, ['text']), null],
      [twice, null],
      [[], undefined],
      [[], { at: new Date() }],
      [[], { big: 1n }],
    ]
    for (const [sections, meta] of bad) {
      const error = await saveStore(fs, directory, sections, meta as PlainData).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(CrowdbitError)
      expect(error).toMatchObject({ code: 'INTERNAL' })
      expect(same(await load(fs, directory), small)).toBe(true)
      expect(await fs.list(directory)).toHaveLength(2)
    }
  })
})

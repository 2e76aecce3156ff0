import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { Packr } from 'msgpackr'
import { describe, expect, test } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { decodeManifest, encodeManifest, longestManifest } from '../../src/store/manifest-format.ts'
import { openStore } from '../../src/store/open-store.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { bytesOf, type Content, load, save } from './store-content.ts'

const directory = '/store'

const content: Content = {
  meta: { schema: { a: { kind: 'flag' } }, n: 70_000 },
  sections: [
    { name: 'one', version: 1, bytes: bytesOf(30, 1) },
    { name: 'two', version: 1, bytes: bytesOf(30, 2) },
    { name: 'empty', version: 1, bytes: new Uint8Array(0) },
    { name: 'three', version: 1, bytes: bytesOf(20, 3) },
    { name: 'four', version: 1, bytes: bytesOf(20, 4) },
  ],
}

async function saved(what: Content = content): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  await save(fs, directory, what, { fileBytes: 40, storeId: 'ab'.repeat(16), sequence: 7 })
  return fs
}

async function paths(fs: MemoryFileSystem): Promise<string[]> {
  return (await fs.list(directory)).sort().map((name) => `${directory}/${name}`)
}

async function expectCorrupt(fs: MemoryFileSystem, what: string): Promise<void> {
  const outcome = await load(fs, directory).catch((error: unknown) => error)
  expect(outcome, what).toBeInstanceOf(CrowdbitError)
  expect(outcome, what).toMatchObject({ code: 'STORE_CORRUPT' })
  const { facts, message } = outcome as CrowdbitError
  expect(facts, what).toHaveProperty('found')
  expect(facts, what).toHaveProperty('expected')
  expect(message).toContain('Restore the folder from a backup')
}

describe('damage to the files', () => {
  test('every bit of every file', async () => {
    const fs = await saved()
    for (const path of await paths(fs)) {
      const bytes = fs.get(path)
      for (let at = 0; at < bytes.length; at++) {
        for (let bit = 1; bit < 256; bit <<= 1) {
          bytes[at] = bytes[at]! ^ bit
          await expectCorrupt(fs, `${path} byte ${at} bit ${bit}`)
          bytes[at] = bytes[at]! ^ bit
        }
      }
    }
    await load(fs, directory)
  })

  test('every truncation and extension of every file', async () => {
    const fs = await saved()
    for (const path of await paths(fs)) {
      const bytes = fs.get(path)
      for (let length = 0; length < bytes.length; length++) {
        fs.set(path, bytes.slice(0, length))
        await expectCorrupt(fs, `${path} cut to ${length}`)
      }
      for (const more of [1, 100]) {
        fs.set(path, Uint8Array.from([...bytes, ...new Uint8Array(more)]))
        await expectCorrupt(fs, `${path} with ${more} bytes more`)
      }
      fs.set(path, bytes)
    }
  })

  test('each file of sections missing; files swapped; sections swapped inside a file', async () => {
    const fs = await saved()
    const files = (await paths(fs)).filter((path) => path.endsWith('.crowdbit'))
    expect(files).toHaveLength(2)
    const [first, second] = files as [string, string]
    for (const path of files) {
      const bytes = fs.get(path)
      fs.set(path, null)
      await expectCorrupt(fs, `${path} missing`)
      fs.set(path, bytes)
    }
    const [a, b] = [fs.get(first), fs.get(second)]
    fs.set(first, b)
    fs.set(second, a)
    await expectCorrupt(fs, 'files swapped')
    fs.set(first, Uint8Array.from([...a.subarray(30, 60), ...a.subarray(0, 30), ...a.subarray(60)]))
    fs.set(second, b)
    await expectCorrupt(fs, 'sections swapped')
  })

  test('each file taken from another store of the same shape', async () => {
    const other = await saved({
      meta: content.meta,
      sections: content.sections.map((section, i) => ({ ...section, bytes: bytesOf(section.bytes.length, 100 + i) })),
    })
    for (const path of await paths(other)) {
      const fs = await saved()
      fs.set(path, other.get(path))
      await expectCorrupt(fs, `${path} of the other store`)
    }
  })

  test('a file that gets shorter while it is read', async () => {
    const fs = await saved()
    const reader = await openStore(fs, directory)
    const inode = fs.get(`${directory}/000001-0001.crowdbit`)
    inode.fill(0)
    await expect(reader.read('one')).rejects.toMatchObject({ code: 'STORE_CORRUPT', facts: { section: 'one' } })
    await reader.close()
  })

  test('files beside the store do not matter', async () => {
    const fs = await saved()
    fs.set(`${directory}/000001-0009.crowdbit`, Uint8Array.of(1))
    fs.set(`${directory}/notes.txt`, Uint8Array.of(1))
    await load(fs, directory)
  })
})

/** A frame whose length and SHA-256 are right, around any payload. */
function seal(payload: Uint8Array, version = 2): Buffer {
  const head = new Uint8Array(16)
  head.set(new TextEncoder().encode('CROWDBIT'))
  new DataView(head.buffer).setUint32(8, version, true)
  new DataView(head.buffer).setUint32(12, payload.length, true)
  const before = Buffer.concat([head, payload])
  return Buffer.concat([before, createHash('sha256').update(before).digest()])
}

/** Whether the manifest opens; anything but STORE_CORRUPT fails the test. */
function opens(bytes: Uint8Array): boolean {
  try {
    decodeManifest(bytes, 'MANIFEST')
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(CrowdbitError)
    expect(error).toMatchObject({ code: 'STORE_CORRUPT' })
    return false
  }
}

describe('manifests made to deceive, with the right checksum', () => {
  const packr = new Packr({ useRecords: false })
  const file = { name: '000001-0001.crowdbit', bytes: 10 }
  const section = { name: 'a', version: 1, file: 0, offset: 2, bytes: 5, sha256: 'a'.repeat(64) }
  const origin = { storeId: 'ab'.repeat(16), sequence: 12, log: 3 }
  const sound = { generation: 1, ...origin, files: [file], sections: [section], meta: null }
  const first = { generation: 1, files: [file], sections: [section], meta: null }

  test('the sound one opens', () => {
    expect(opens(seal(packr.pack(sound)))).toBe(true)
    expect(decodeManifest(seal(packr.pack(sound)), 'MANIFEST')).toEqual(sound)
    expect(decodeManifest(seal(packr.pack({ ...sound, log: null })), 'MANIFEST')).toEqual({ ...sound, log: null })
  })

  test('one of version 1 opens, and each version has its own fields', () => {
    const read = decodeManifest(seal(packr.pack(first), 1), 'MANIFEST')
    expect(read).toEqual({ ...first, storeId: null, sequence: 0, log: null })
    expect(opens(seal(packr.pack(first), 2))).toBe(false)
    expect(opens(seal(packr.pack(sound), 1))).toBe(false)
  })

  const twoSections = (one: object, other: object) => ({
    ...sound,
    sections: [
      { ...section, ...one },
      { ...section, name: 'b', ...other },
    ],
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['a list', []],
    ['no field', {}],
    ['a field too many', { ...sound, more: 1 }],
    ['a field less', { generation: 1, ...origin, files: [], sections: [] }],
    ['no store id', { ...sound, storeId: null }],
    ['a store id in capitals', { ...sound, storeId: 'AB'.repeat(16) }],
    ['half a sequence', { ...sound, sequence: 0.5 }],
    ['a sequence past 2^53', { ...sound, sequence: 2 ** 53 }],
    ['segment 0 of the log', { ...sound, log: 0 }],
    ['a segment past all names', { ...sound, log: 1e12 }],
    ['generation 0', { ...sound, generation: 0 }],
    ['half a generation', { ...sound, generation: 1.5 }],
    ['a generation past all names', { ...sound, generation: 1e12 }],
    ['generation NaN', { ...sound, generation: Number.NaN }],
    ['files that are an object', { ...sound, files: {} }],
    ['a file that is null', { ...sound, files: [null] }],
    ['a path', { ...sound, files: [{ ...file, name: '../000001-0001.crowdbit' }] }],
    ['an absolute path', { ...sound, files: [{ ...file, name: '/etc/passwd' }] }],
    ['the manifest as a file of sections', { ...sound, files: [{ ...file, name: 'MANIFEST' }] }],
    [
      'a manifest set aside as a file of sections',
      { ...sound, files: [{ ...file, name: '000001-MANIFEST.crowdbit' }] },
    ],
    ['a file name with NUL', { ...sound, files: [{ ...file, name: '000001-0001.crowdbit\0' }] }],
    ['a file name with a line break', { ...sound, files: [{ ...file, name: '000001-0001.crowdbit\n' }] }],
    ['a negative length of a file', { ...sound, files: [{ ...file, bytes: -1 }] }],
    ['a length past 2^53', { ...sound, files: [{ ...file, bytes: 2 ** 60 }] }],
    ['a bigint', { ...sound, generation: 2n ** 62n }],
    ['a file twice', { ...sound, files: [file, file] }],
    ['a section without a name', { ...sound, sections: [{ ...section, name: '' }] }],
    ['a section of a file that is not there', { ...sound, sections: [{ ...section, file: 1 }] }],
    ['a section of file -1', { ...sound, sections: [{ ...section, file: -1 }] }],
    ['a section before its file', { ...sound, sections: [{ ...section, offset: -1 }] }],
    ['a section behind its file', { ...sound, sections: [{ ...section, offset: 11, bytes: 0 }] }],
    ['a section longer than its file', { ...sound, sections: [{ ...section, bytes: 9 }] }],
    ['a section of 2^53 bytes', { ...sound, sections: [{ ...section, bytes: 2 ** 53 }] }],
    ['version 0 of a section', { ...sound, sections: [{ ...section, version: 0 }] }],
    ['a text as version', { ...sound, sections: [{ ...section, version: '1' }] }],
    ['a short SHA-256', { ...sound, sections: [{ ...section, sha256: 'aa' }] }],
    ['a SHA-256 in capitals', { ...sound, sections: [{ ...section, sha256: 'A'.repeat(64) }] }],
    ['a binary SHA-256', { ...sound, sections: [{ ...section, sha256: Buffer.alloc(32) }] }],
    ['a section twice', twoSections({ offset: 0, bytes: 2 }, { name: 'a', offset: 2, bytes: 2 })],
    ['sections that overlap', twoSections({ offset: 0, bytes: 3 }, { offset: 2, bytes: 2 })],
    ['sections at one place', twoSections({ offset: 2, bytes: 3 }, { offset: 2, bytes: 3 })],
    ['a date', { ...sound, meta: new Date(0) }],
    ['a set', { ...sound, meta: new Set([1]) }],
    ['a regular expression', { ...sound, meta: /(a+)+$/ }],
    ['an error', { ...sound, meta: new Error('x') }],
    ['undefined', { ...sound, meta: undefined }],
    ['binary data', { ...sound, meta: Buffer.alloc(3) }],
    ['a map with a key that is no text', { ...sound, meta: new Map([[1, 2]]) }],
    ['a key __proto__', { ...sound, meta: new Map([['__proto__', new Map([['polluted', 1]])]]) }],
    ['a key __proto__ above', new Map<string, unknown>([...Object.entries(sound), ['__proto__', {}]])],
  ])('refuses %s', (_, payload) => {
    expect(opens(seal(new Packr({ useRecords: false, moreTypes: true }).pack(payload)))).toBe(false)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('refuses cyclic references and records', () => {
    const cyclic: { self?: unknown } = {}
    cyclic.self = cyclic
    expect(opens(seal(new Packr({ structuredClone: true, useRecords: false }).pack({ ...sound, meta: cyclic })))).toBe(
      false,
    )
    expect(opens(seal(new Packr({ useRecords: true }).pack({ ...sound, meta: [{ a: 1 }, { a: 2 }] })))).toBe(false)
    expect(opens(seal(new Packr({ bundleStrings: true }).pack({ ...sound, meta: 'x'.repeat(300) })))).toBe(false)
  })

  test('refuses claimed lengths without the bytes, at once', () => {
    for (const type of [0xdb, 0xdd, 0xdf, 0xc6, 0xc9]) {
      for (const length of [0xffffffff, 0x7fffffff, 1000]) {
        const payload = Buffer.alloc(5)
        payload[0] = type
        payload.writeUInt32BE(length, 1)
        expect(opens(seal(payload))).toBe(false)
        expect(opens(seal(Buffer.concat([Buffer.of(0x81, 0xa1, 0x61), payload])))).toBe(false)
      }
    }
  })

  test('refuses depth, bad UTF-8, a key twice and bytes left over', () => {
    expect(opens(seal(Buffer.alloc(1_000_000, 0x91)))).toBe(false)
    expect(opens(seal(Buffer.alloc(1_000_000, 0x81)))).toBe(false)
    const meta = (bytes: number[]) => {
      const packed = packr.pack({ generation: 1, ...origin, files: [], sections: [], meta: null })
      return Buffer.concat([packed.subarray(0, packed.length - 1), Buffer.from(bytes)])
    }
    expect(opens(seal(meta([0xc0])))).toBe(true)
    expect(opens(seal(meta([0xa1, 0xff])))).toBe(false)
    expect(opens(seal(meta([0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2])))).toBe(false)
    expect(opens(seal(meta([0xc0, 0xc0])))).toBe(false)
    expect(opens(seal(meta([])))).toBe(false)
  })

  test('refuses version 0 and a claimed payload length that does not fit', () => {
    expect(opens(seal(packr.pack(sound), 0))).toBe(false)
    const bytes = seal(packr.pack(sound))
    bytes.writeUInt32LE(0xffffffff, 12)
    expect(opens(bytes)).toBe(false)
  })

  test('never throws anything else, whatever the payload', () => {
    const anyPayload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true }).map((value) => {
        try {
          return Uint8Array.from(new Packr({ moreTypes: true, structuredClone: true }).pack(value))
        } catch {
          return new Uint8Array(0)
        }
      }),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }).map((changes) => {
        const payload = Uint8Array.from(packr.pack(sound))
        for (const [at, byte] of changes) payload[at % payload.length] = byte
        return payload
      }),
    )
    fc.assert(
      fc.property(anyPayload, (payload) => {
        opens(seal(payload))
      }),
      { numRuns: 5000 },
    )
  })

  test('a manifest that is too long is refused before it is read', async () => {
    const fs = await saved()
    const huge = {
      open: async () => ({
        size: longestManifest + 1,
        read: () => Promise.reject(new Error('must not be read')),
        close: async () => {},
      }),
    }
    const deceiving = Object.assign(Object.create(fs) as MemoryFileSystem, huge)
    await expect(openStore(deceiving, directory)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  test('a section that claims more than its file has is refused before anything is allocated', async () => {
    const fs = new MemoryFileSystem()
    await fs.makeDirectory(directory)
    const bytes = 2 ** 50
    const manifest = encodeManifest({
      ...sound,
      files: [{ ...file, bytes }],
      sections: [{ ...section, offset: 0, bytes }],
    })
    fs.set(`${directory}/MANIFEST`, manifest)
    fs.set(`${directory}/${file.name}`, new Uint8Array(10))
    await expect(openStore(fs, directory)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      facts: { found: 10, expected: bytes },
    })
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { encodeFrame, encodeSegmentHeader, frameSeed } from '../../src/store/log-format.ts'
import { campaign } from '../fast-check-config.ts'
import { anyChanges, closed, holds, measured, names, outcome } from './hostile-store.ts'
import { directory, Journal, textsOf } from './journal.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

const segmentPath = (ordinal: number): string => `${directory}/log-${String(ordinal).padStart(12, '0')}.crowdbit`

describe('damage to a store that was closed well', () => {
  test('every byte of every file: a coded error, or the right records, all of them', async () => {
    const { fs, texts } = await closed()
    const seen = new Map<string | number, number>()
    for (const name of await names(fs)) {
      const bytes = fs.get(`${directory}/${name}`)
      for (let at = 0; at < bytes.length; at++) {
        for (const flip of [0x01, 0x80, 0xff]) {
          bytes[at] = bytes[at]! ^ flip
          const found = await outcome(fs, texts, `${name} byte ${at}`)
          // Only the mark at the end, which says that all before it is safe, may go unmissed: no record is lost with it.
          if (typeof found === 'number') expect(found, `${name} byte ${at}`).toBe(texts.length)
          seen.set(found, (seen.get(found) ?? 0) + 1)
          bytes[at] = bytes[at]! ^ flip
        }
      }
    }
    expect([...seen.keys()].sort()).toEqual([texts.length, 'STORE_CORRUPT', 'STORE_LOG_DAMAGED'])
    expect(seen.get(texts.length)).toBeLessThanOrEqual(3 * 24 * 4)
  })

  test('every truncation and extension of every file: a coded error, or a beginning of the records', async () => {
    const { fs, texts } = await closed()
    for (const name of await names(fs)) {
      const path = `${directory}/${name}`
      const bytes = fs.get(path).slice()
      for (let length = 0; length < bytes.length; length++) {
        fs.set(path, bytes.slice(0, length))
        const found = await outcome(fs, texts, `${name} cut to ${length}`)
        const isLast = name === 'log-000000000003.crowdbit'
        if (typeof found === 'number' && !isLast) expect(found, `${name} cut to ${length}`).toBe(texts.length)
        // The last record of the last segment may go: nothing else knows of it.
        if (typeof found === 'number') expect(found).toBeGreaterThanOrEqual(texts.length - 1)
      }
      for (const more of [[0], new Array(100).fill(0), new Array(30).fill(255)]) {
        fs.set(path, Uint8Array.from([...bytes, ...more]))
        const found = await outcome(fs, texts, `${name} with ${more.length} more`)
        if (name.startsWith('log-')) expect(found).toBe(texts.length)
        else expect(found).toBe('STORE_CORRUPT')
      }
      fs.set(path, bytes)
    }
  })

  test('each file missing, and each taken from another store or exchanged for another of its own', async () => {
    const { fs, texts } = await closed()
    const other = await closed('xyz')
    const all = await names(fs)
    for (const name of all) {
      const path = `${directory}/${name}`
      const bytes = fs.get(path)
      fs.set(path, null)
      const missing = await outcome(fs, texts, `${name} missing`)
      // Of the last segment nothing else knows.
      if (name === 'log-000000000003.crowdbit') expect(missing).toBe(texts.length - 1)
      else expect(['STORE_CORRUPT', 'STORE_LOG_DAMAGED']).toContain(missing)
      fs.set(path, other.fs.get(path))
      expect(['STORE_CORRUPT', 'STORE_LOG_DAMAGED'], `${name} of another`).toContain(await outcome(fs, texts, name))
      fs.set(path, bytes)
    }
    for (const [a, b] of [
      [2, 3],
      [3, 2],
    ] as const) {
      const there = fs.get(segmentPath(a))
      fs.set(segmentPath(a), fs.get(segmentPath(b)))
      expect(await outcome(fs, texts, 'segments exchanged')).toBe('STORE_LOG_DAMAGED')
      fs.set(segmentPath(a), there)
    }
  })

  test('repair keeps what is before the damage, says what is lost, and the store goes on', async () => {
    const { fs, texts } = await closed()
    // In the record "the", which is the second behind the snapshot.
    const bytes = fs.get(segmentPath(2))
    const at = Buffer.from(bytes).indexOf('the')
    bytes[at] = bytes[at]! ^ 1
    await expect(textsOf(fs)).rejects.toMatchObject({
      code: 'STORE_LOG_DAMAGED',
      facts: { path: segmentPath(2), sequence: 5 },
    })
    const journal = await Journal.open(fs, { repair: true })
    expect(journal.texts).toEqual(texts.slice(0, 4))
    expect(journal.report!.cut).toMatchObject({ kind: 'damage', fromSequence: 5, path: segmentPath(2) })
    journal.append('on')
    await journal.store.close()
    expect(await textsOf(fs)).toEqual([...texts.slice(0, 4), 'on'])
  })

  test.each([2, 3])('repair without segment %i, and the folder opens again after it', async (ordinal) => {
    const { fs, texts } = await closed()
    fs.set(segmentPath(ordinal), null)
    const journal = await Journal.open(fs, { repair: true })
    expect(journal.texts).toEqual(texts.slice(0, ordinal === 2 ? 3 : 6))
    await journal.store.close()
    expect(await textsOf(fs)).toEqual(journal.texts)
  })
})

describe('logs made to deceive', () => {
  const storeId = 'ab'.repeat(16)

  /** A segment of frames whose checksums are right, whatever they say. */
  function segment(
    frames: readonly (readonly [n: number, sequence: number, durable: number, says?: number])[],
  ): Uint8Array {
    const parts: Uint8Array[] = [encodeSegmentHeader(storeId, 1)]
    for (const [n, sequence, durable, says] of frames) {
      const frame = new Uint8Array(24 + n).fill(7)
      encodeFrame(new DataView(frame.buffer), n, sequence, durable, frameSeed(storeId))
      if (says !== undefined) new DataView(frame.buffer).setUint32(0, says, true)
      parts.push(frame)
    }
    return Buffer.concat(parts)
  }

  async function open(bytes: Uint8Array): Promise<{ found: number | string; largest: number }> {
    const fs = new MemoryFileSystem()
    await fs.makeDirectory(directory)
    fs.set(segmentPath(1), Uint8Array.from(bytes))
    const { fs: watched, largest } = measured(fs)
    const found = await textsOf(watched).then(
      (texts) => texts.length,
      (error: unknown) => (error as CrowdbitError).code,
    )
    return { found, largest: largest() }
  }

  test('lengths without the bytes allocate nothing', async () => {
    for (const says of [0xffffffff, 2 ** 30, 2 ** 30 + 1, 1000]) {
      const { found, largest } = await open(
        segment([
          [0, 0, 0],
          [4, 1, 0],
          [4, 2, 1, says],
        ]),
      )
      expect(found).toBe(1)
      expect(largest).toBeLessThan(2000)
    }
  })

  test.each<[string, Parameters<typeof segment>[0], number | string]>([
    [
      'sound',
      [
        [0, 0, 0],
        [1, 1, 0],
        [1, 2, 1],
      ],
      2,
    ],
    [
      'a record twice',
      [
        [0, 0, 0],
        [1, 1, 0],
        [1, 1, 0],
        [1, 2, 0],
      ],
      1,
    ],
    [
      'a gap that nobody knew to be safe',
      [
        [0, 0, 0],
        [1, 1, 0],
        [1, 3, 0],
      ],
      1,
    ],
    [
      'a gap that was safe',
      [
        [0, 0, 0],
        [1, 1, 0],
        [1, 3, 2],
      ],
      'STORE_LOG_DAMAGED',
    ],
    [
      'a record that was durable before it was written',
      [
        [0, 0, 0],
        [1, 1, 1],
      ],
      0,
    ],
    ['a mark ahead of the records', [[0, 5, 0]], 0],
    ['a mark ahead that knows', [[0, 5, 5]], 'STORE_LOG_DAMAGED'],
    [
      'a sequence past 2^53',
      [
        [0, 0, 0],
        [1, 2 ** 53 + 2, 0],
      ],
      0,
    ],
    ['record 0', [[1, 0, 0]], 0],
  ])('%s', async (_, frames, expected) => {
    expect((await open(segment(frames))).found).toBe(expected)
  })

  test('bytes that look like millions of frames are given up, not hashed for ever', async () => {
    // Each four bytes begin a frame as long as the rest, of which the checksum is wrong.
    const size = 6 * 2 ** 20
    const bytes = new Uint8Array(48 + 24 + size)
    bytes.set(segment([[0, 0, 0]]))
    const view = new DataView(bytes.buffer)
    for (let at = 73; at + 24 < bytes.length; at += 24) {
      view.setUint32(at, bytes.length - at - 24, true)
      view.setUint32(at + 8, 9, true)
      view.setUint32(at + 16, 8, true)
    }
    expect((await open(bytes)).found).toBe('STORE_LOG_DAMAGED')
  })

  test('a newer version of the log is refused with words', async () => {
    const bytes = segment([[0, 0, 0]])
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    view.setUint32(8, 2, true)
    const { xxhash32 } = await import('../../src/base/xxhash32.ts')
    view.setUint32(44, xxhash32(bytes, 0, 44, 0), true)
    expect((await open(bytes)).found).toBe('STORE_VERSION_UNSUPPORTED')
  })

  test('never anything else, whatever the bytes', async () => {
    const { fs, texts } = await closed()
    await fc.assert(
      fc.asyncProperty(anyChanges, (changes) => holds(fs, texts, changes)),
      campaign(500),
    )
  })
})

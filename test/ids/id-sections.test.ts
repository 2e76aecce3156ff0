import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExternalId } from '../../src/base/brand.ts'
import { xxhash32 } from '../../src/base/xxhash32.ts'
import { IdDictionary } from '../../src/ids/id-dictionary.ts'
import { codeOf, runs } from './code-of.ts'

const save = (ids: IdDictionary) => Buffer.concat([...ids.sections()])

function small(): IdDictionary {
  const ids = new IdDictionary({ seed: 1 })
  ids.addMany(['openid-1', 42, '精致妈咪', '😀', 2n ** 64n - 1n, 'gone', 0, 'last'])
  ids.remove(5)
  return ids
}

/** A save of one frame that is whole but for what its ids are. */
function forge(lengths: readonly number[], bytes: readonly number[], count: number = lengths.length): Uint8Array {
  const frame = new Uint8Array(12 + 2 * lengths.length + bytes.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, lengths.length, true)
  view.setUint32(4, bytes.length, true)
  lengths.forEach((length, i) => {
    view.setUint16(12 + 2 * i, length, true)
  })
  frame.set(bytes, 12 + 2 * lengths.length)
  view.setUint32(8, xxhash32(frame, 12, frame.length - 12, 0), true)
  return Buffer.concat([header(count), frame])
}

function header(count: number, version = 1): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  bytes.set(Buffer.from('CBID'))
  view.setUint32(4, version, true)
  view.setUint32(8, count, true)
  view.setUint32(12, xxhash32(bytes, 0, 12, 0), true)
  return bytes
}

const utf8 = (text: string) => [...Buffer.from(text)]

describe('a saved IdDictionary', () => {
  it('law 1: comes back equal, with another seed, and goes on as if nothing had been', () => {
    const ids = small()
    const again = IdDictionary.load(save(ids), { seed: 77 })
    expect([...again.entries()]).toEqual([...ids.entries()])
    expect([again.size, again.liveCount, again.isLive(5), again.find('gone')]).toEqual([8, 7, false, -1])
    expect(again.add('gone')).toBe(8)
    expect(again.remove(8)).toBe(true)
    expect(IdDictionary.load(save(new IdDictionary())).size).toBe(0)
  })

  it('law 3: holds nothing of a removed id', () => {
    expect(save(small()).includes('gone')).toBe(false)
  })

  it('law 25: the same history gives the same bytes, and a loaded dictionary saves as the saved one', () => {
    expect(save(small()).equals(save(small()))).toBe(true)
    expect(save(IdDictionary.load(save(small()))).equals(save(small()))).toBe(true)
  })

  it('has frames of bounded size, and leaves out what is added meanwhile', () => {
    const ids = new IdDictionary()
    ids.addMany(Array.from({ length: 50_000 }, (_, i) => `${'long '.repeat(i % 30)}${i}`))
    for (let dense = 0; dense < 50_000; dense += 7) ids.remove(dense)
    const pieces: Uint8Array[] = []
    for (const piece of ids.sections()) {
      pieces.push(piece)
      ids.add(`meanwhile ${pieces.length}`)
    }
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(1.1 * 2 ** 20)
    const again = IdDictionary.load(pieces)
    expect(again.size).toBe(50_000)
    expect(again.liveCount).toBe(ids.liveCount - pieces.length)
    const back = [...again.entries()]
    expect(back).toEqual([...ids.entries()].slice(0, back.length))
  })

  it('may be cut anywhere', () => {
    const ids = small()
    const bytes = save(ids)
    const expected = [...ids.entries()]
    for (const size of [1, 2, 3, 5, 7, 16, 1000]) {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size), new Uint8Array(0))
      expect([...IdDictionary.load(pieces).entries()]).toEqual(expected)
    }
  })

  it('is refused when it ends early, goes on, or one byte differs', () => {
    const bytes = save(small())
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => IdDictionary.load(bytes.subarray(0, length)))).toBe('STORE_CORRUPT')
    }
    expect(codeOf(() => IdDictionary.load(Buffer.concat([bytes, Buffer.of(0)])))).toBe('STORE_CORRUPT')
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 0x80, 0xff, bytes[at]! || 2]) {
        const wrong = Buffer.from(bytes)
        wrong[at]! ^= flip
        expect(codeOf(() => IdDictionary.load(wrong))).toBe('STORE_CORRUPT')
      }
    }
  })

  it('is refused when its ids are no ids, though the checksums hold', () => {
    expect([...IdDictionary.load(forge([1, 0, 3], utf8('axyz'))).entries()]).toEqual([
      [0, 'a'],
      [2, 'xyz'],
    ])
    const wrong: [string, readonly number[], readonly number[]][] = [
      ['twice', [1, 2, 1], utf8('abca')],
      ['twice, integers', [2, 2], [0xff, 7, 0xff, 7]],
      ['lone continuation', [2], [0x61, 0x80]],
      ['overlong 2', [2], [0xc1, 0xbf]],
      ['overlong 3', [3], [0xe0, 0x9f, 0xbf]],
      ['overlong 4', [4], [0xf0, 0x8f, 0xbf, 0xbf]],
      ['surrogate', [3], [0xed, 0xa0, 0x80]],
      ['beyond unicode', [4], [0xf4, 0x90, 0x80, 0x80]],
      ['0xf5', [4], [0xf5, 0x80, 0x80, 0x80]],
      ['cut short', [2, 2], [0xe7, 0xb2, 0xbe, 0x61]],
      ['bad third byte', [3], [0xe7, 0xb2, 0x61]],
      ['0xff inside', [2], [0x61, 0xff]],
      ['0xfe', [1], [0xfe]],
      ['integer not minimal', [3], [0xff, 1, 0]],
      ['zero not minimal', [2], [0xff, 0]],
      ['integer of nine bytes', [10], [0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ['lengths beyond the bytes', [1, 5], utf8('ab')],
      ['lengths short of the bytes', [1], utf8('ab')],
    ]
    for (const [what, lengths, bytes] of wrong) {
      expect([what, codeOf(() => IdDictionary.load(forge(lengths, bytes)))]).toEqual([what, 'STORE_CORRUPT'])
    }
    expect(codeOf(() => IdDictionary.load(forge([1], utf8('a'), 2)))).toBe('STORE_CORRUPT')
    expect(codeOf(() => IdDictionary.load(forge([1, 1], utf8('ab'), 1)))).toBe('STORE_CORRUPT')
    expect(codeOf(() => IdDictionary.load(header(0, 2)))).toBe('STORE_VERSION_UNSUPPORTED')
    expect(codeOf(() => IdDictionary.load(forge([1, 1], utf8('ab')), { capacity: 1 }))).toBe('IDS_EXHAUSTED')
  })

  it('takes no memory for ids that are only announced', () => {
    const frame = new Uint8Array(12)
    new DataView(frame.buffer).setUint32(0, 0xffff_ffff, true)
    for (const bytes of [header(0xffff_ffff), Buffer.concat([header(0xffff_ffff), frame])]) {
      const before = process.memoryUsage().arrayBuffers
      expect(codeOf(() => IdDictionary.load(bytes))).toBe('STORE_CORRUPT')
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * 2 ** 20)
    }
  })

  it('law 1: any ids come back', () => {
    const anyId: fc.Arbitrary<ExternalId> = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.maxSafeNat(),
    )
    fc.assert(
      fc.property(fc.array(anyId), fc.array(fc.nat(20)), (given, removed) => {
        const ids = new IdDictionary()
        ids.addMany(given)
        for (const dense of removed) ids.remove(dense)
        const again = IdDictionary.load(ids.sections())
        expect([...again.entries()]).toEqual([...ids.entries()])
        expect(again.size).toBe(ids.size)
      }),
      runs(100),
    )
  })
})

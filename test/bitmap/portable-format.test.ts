import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { RoaringBitmap32 } from 'roaring'
import { describe, expect, test } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { checkPortableBitmap, type PortableBitmapFacts } from '../../src/bitmap/portable-format.ts'
import { describeWithData } from '../shared-data.ts'

/** The slow, obviously right reader: values one by one, nothing checked. */
function slowValues(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const hasRuns = view.getUint16(0, true) === 12347
  const size = hasRuns ? view.getUint16(2, true) + 1 : view.getUint32(4, true)
  const descriptors = hasRuns ? 4 + Math.ceil(size / 8) : 8
  let at = descriptors + 4 * size + (!hasRuns || size >= 4 ? 4 * size : 0)
  const values: number[] = []
  for (let i = 0; i < size; i++) {
    const high = view.getUint16(descriptors + 4 * i, true) * 65536
    const cardinality = view.getUint16(descriptors + 4 * i + 2, true) + 1
    if (hasRuns && ((view.getUint8(4 + Math.floor(i / 8)) >> (i % 8)) & 1) === 1) {
      const runs = view.getUint16(at, true)
      at += 2
      for (let run = 0; run < runs; run++, at += 4) {
        const start = view.getUint16(at, true)
        for (let j = 0; j <= view.getUint16(at + 2, true); j++) values.push(high + start + j)
      }
    } else if (cardinality <= 4096) {
      for (let j = 0; j < cardinality; j++, at += 2) values.push(high + view.getUint16(at, true))
    } else {
      for (let j = 0; j < 65536; j++) {
        if (((view.getUint8(at + (j >> 3)) >> (j & 7)) & 1) === 1) values.push(high + j)
      }
      at += 8192
    }
  }
  return values
}

/** The same bytes at an address of each remainder by 4. */
function shifted(bytes: Uint8Array, shift: number): Uint8Array {
  const moved = new Uint8Array(bytes.length + 8).subarray(shift, shift + bytes.length)
  moved.set(bytes)
  return moved
}

/** The facts, or `null` when the bytes are refused as they should be; any other error fails the test. */
function check(bytes: Uint8Array): PortableBitmapFacts | null {
  try {
    return checkPortableBitmap(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(CrowdbitError)
    const { code, facts } = error as CrowdbitError
    expect(code).toBe('BITMAP_INVALID')
    expect(facts.offset).toBeTypeOf('number')
    expect(facts.found).toBeTypeOf('string')
    expect(facts.expected).toBeTypeOf('string')
    return null
  }
}

function expectSound(bytes: Uint8Array): void {
  const values = slowValues(bytes)
  for (const shift of [0, 1, 2, 3]) {
    const facts = checkPortableBitmap(shifted(bytes, shift))
    expect(facts.cardinality).toBe(values.length)
    expect(facts.maximum).toBe(values.at(-1) ?? -1)
  }
}

type Container = { key: number; kind: 'sparse' | 'array4096' | 'bitset' | 'full' | 'range' | 'single'; seed: number }

const container: fc.Arbitrary<Container> = fc.record({
  key: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0, 32767, 32768, 65535)),
  kind: fc.constantFrom('sparse', 'array4096', 'bitset', 'full', 'range', 'single'),
  seed: fc.integer({ min: 1, max: 65535 }),
})

function build(containers: readonly Container[], optimize: boolean): RoaringBitmap32 {
  const bitmap = new RoaringBitmap32()
  for (const { key, kind, seed } of containers) {
    const base = key * 65536
    if (kind === 'full') bitmap.addRange(base, base + 65536)
    else if (kind === 'range') bitmap.addRange(base + (seed >> 1), base + seed + 1)
    else if (kind === 'single') bitmap.add(base + seed)
    else {
      const count =
        kind === 'sparse' ? 1 + (seed % 300) : kind === 'array4096' ? 4095 + (seed % 3) : 5000 + (seed % 50000)
      // 40503 is odd, so its multiples visit all 65,536 values.
      for (let i = 0; i < count; i++) bitmap.add(base + ((seed + i * 40503) & 65535))
    }
  }
  if (optimize) bitmap.runOptimize()
  return bitmap
}

const bitmaps = fc.tuple(fc.array(container, { maxLength: 6 }), fc.boolean())

describe('checkPortableBitmap', () => {
  test('takes all that CRoaring writes, with the right facts', () => {
    fc.assert(
      fc.property(bitmaps, ([containers, optimize]) => {
        const bitmap = build(containers, optimize)
        const bytes = bitmap.serialize('portable')
        for (const shift of [0, 1, 2, 3]) {
          const facts = checkPortableBitmap(shifted(bytes, shift))
          expect(facts.cardinality).toBe(bitmap.size)
          expect(facts.maximum).toBe(bitmap.isEmpty ? -1 : bitmap.maximum())
          expect(facts.containers).toBe(new Set(containers.map(({ key }) => key)).size)
          expect(facts.runsTouch).toBe(false)
        }
      }),
    )
  })

  test('takes the empty bitmap, one value, and all 2^32', () => {
    expect(checkPortableBitmap(new RoaringBitmap32().serialize('portable'))).toEqual({
      cardinality: 0,
      containers: 0,
      maximum: -1,
      runsTouch: false,
    })
    expect(checkPortableBitmap(new RoaringBitmap32([4294967295]).serialize('portable'))).toEqual({
      cardinality: 1,
      containers: 1,
      maximum: 4294967295,
      runsTouch: false,
    })
    const all = RoaringBitmap32.fromRange(0, 2 ** 32)
    expect(checkPortableBitmap(all.serialize('portable'))).toEqual({
      cardinality: 2 ** 32,
      containers: 65536,
      maximum: 4294967295,
      runsTouch: false,
    })
  })

  test('takes more containers than one byte of run flags, around the offset threshold', () => {
    for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 100]) {
      const bitmap = new RoaringBitmap32()
      for (let key = 0; key < size; key++) bitmap.addRange(key * 65536 + 7, key * 65536 + 7 + (key % 2 === 0 ? 900 : 1))
      expectSound(bitmap.serialize('portable'))
      bitmap.runOptimize()
      expectSound(bitmap.serialize('portable'))
    }
  })

  test('refuses every truncation and every byte too many', () => {
    fc.assert(
      fc.property(bitmaps, fc.integer({ min: 0, max: 3 }), ([containers, optimize], shift) => {
        const bytes = build(containers.slice(0, 3), optimize).serialize('portable')
        const step = Math.max(1, Math.floor(bytes.length / 500))
        for (let length = 0; length < bytes.length; length += length < 300 ? 1 : step) {
          expect(check(shifted(bytes.subarray(0, length), shift))).toBeNull()
        }
        expect(check(Uint8Array.from([...bytes, 0]))).toBeNull()
      }),
      { numRuns: 20 },
    )
  })

  test('what it takes of mangled bytes, CRoaring reads as the slow reader does', () => {
    let taken = 0
    fc.assert(
      fc.property(
        bitmaps,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean()), { minLength: 1, maxLength: 3 }),
        ([containers, optimize], flips) => {
          const bytes = Uint8Array.from(build(containers, optimize).serialize('portable'))
          for (const [place, mask, early] of flips) {
            const at = place % (early ? Math.min(bytes.length, 120) : bytes.length)
            bytes[at] = bytes[at]! ^ mask
          }
          const facts = check(bytes)
          if (facts === null) return
          taken++
          const values = slowValues(bytes)
          const read = RoaringBitmap32.deserialize(bytes, 'portable')
          expect(facts.cardinality).toBe(values.length)
          expect(facts.maximum).toBe(values.at(-1) ?? -1)
          expect(read.size).toBe(values.length)
          expect(Buffer.from(read.toUint32Array().buffer).equals(Buffer.from(Uint32Array.from(values).buffer))).toBe(
            true,
          )
          expectSound(read.serialize('portable'))
        },
      ),
      { numRuns: 400 },
    )
    // Flips of keys and of array values often leave another sound bitmap: the test means something.
    expect(taken).toBeGreaterThan(10)
  })

  test('random bytes behind a true cookie never do anything but be refused or hold', () => {
    const cookie = fc.constantFrom([0x3a, 0x30, 0, 0, 1, 0, 0, 0], [0x3b, 0x30, 0, 0, 1], [0x3b, 0x30, 3, 0, 0x0a])
    fc.assert(
      fc.property(cookie, fc.uint8Array({ maxLength: 64 }), (start, rest) => {
        const bytes = Uint8Array.from([...start, ...rest])
        if (check(bytes) !== null) expectSound(bytes)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('each rule of the format', () => {
  const u16 = (...values: number[]) => values.flatMap((value) => [value & 255, value >> 8])
  const u32 = (...values: number[]) => values.flatMap((value) => [...u16(value & 65535), ...u16(value >>> 16)])
  /** One run container with key 0. */
  const runs = (cardinality: number, ...pairs: number[]) =>
    Uint8Array.from([...u16(12347, 0), 1, ...u16(0, cardinality - 1, pairs.length / 2, ...pairs)])
  /** Array containers of one value, by key. */
  const arrays = (keys: number[], offsets: number[]) =>
    Uint8Array.from([
      ...u32(12346, keys.length),
      ...keys.flatMap((key) => u16(key, 0)),
      ...u32(...offsets),
      ...keys.flatMap(() => u16(5)),
    ])

  test('says whether runs touch', () => {
    expect(check(runs(4, 0, 1, 2, 1))?.runsTouch).toBe(true)
    expect(check(runs(6, 0, 1, 3, 1, 5, 1))?.runsTouch).toBe(true)
    expect(check(runs(4, 0, 1, 3, 1))?.runsTouch).toBe(false)
    expect(check(runs(1, 0, 0))?.runsTouch).toBe(false)
  })

  test.each([
    ['no byte at all', new Uint8Array(0), 0],
    ['another cookie', Uint8Array.from(u32(12345, 0)), 0],
    ['the cookie without runs has 32 bits', Uint8Array.from([...u32(12346 + 65536, 0)]), 0],
    ['too many containers', Uint8Array.from(u32(12346, 65537)), 4],
    ['containers that are not there', Uint8Array.from(u32(12346, 65536)), 8],
    ['equal keys', arrays([3, 3], [24, 26]), 12],
    ['keys that fall', arrays([4, 3], [24, 26]), 12],
    ['a wrong offset', arrays([3, 4], [24, 24]), 20],
    ['a byte too many', Uint8Array.from([...arrays([3], [16]), 0]), 18],
    ['no run', runs(1), 9],
    ['runs that touch in a value', runs(11, 0, 5, 5, 4), 15],
    ['runs that fall', runs(2, 9, 0, 3, 0), 15],
    ['a run past 65535', runs(3, 65534, 2), 13],
    ['a wrong cardinality of runs', runs(4, 0, 2), 7],
  ])('refuses %s', (_, bytes, offset) => {
    expect(check(bytes)).toBeNull()
    try {
      checkPortableBitmap(bytes)
    } catch (error) {
      expect((error as CrowdbitError).facts.offset).toBe(offset)
    }
  })

  test('takes a true one of each', () => {
    expectSound(arrays([3, 4], [24, 26]))
    expectSound(runs(3, 65533, 2))
    expectSound(runs(4, 0, 1, 2, 1))
    expectSound(runs(65536, 0, 65535))
  })

  test('refuses a bitset whose bits are not as many as declared', () => {
    const bytes = Uint8Array.from(build([{ key: 0, kind: 'bitset', seed: 9 }], false).serialize('portable'))
    bytes[16] = bytes[16]! ^ 1
    for (const shift of [0, 1, 2, 3]) expect(check(shifted(bytes, shift))).toBeNull()
  })

  test('refuses an array out of order wherever it is', () => {
    const array = new RoaringBitmap32(Array.from({ length: 300 }, (_, i) => i * 3)).serialize('portable')
    for (let at = 0; at < 299; at++) {
      const swapped = Uint8Array.from(array)
      swapped.set(array.subarray(16 + 2 * at, 18 + 2 * at), 18 + 2 * at)
      swapped.set(array.subarray(18 + 2 * at, 20 + 2 * at), 16 + 2 * at)
      expect(check(swapped)).toBeNull()
      expect(check(shifted(swapped, 1))).toBeNull()
    }
  })
})

describeWithData("the format's own files", 'roaring-format', (folder) => {
  test.each(['bitmapwithruns.bin', 'bitmapwithoutruns.bin'])('takes %s', (name) => {
    const bytes = readFileSync(join(folder, name))
    expect(checkPortableBitmap(bytes)).toEqual({
      cardinality: 200_100,
      containers: 11,
      maximum: 799_999,
      runsTouch: false,
    })
    expectSound(bytes)
  })

  test('refuses all others, the 64-bit format and those made to crash readers', () => {
    const others = readdirSync(folder).filter((name) => !name.startsWith('bitmapwith'))
    expect(others.length).toBeGreaterThanOrEqual(11)
    for (const name of others) expect(check(readFileSync(join(folder, name))), name).toBeNull()
  })
})

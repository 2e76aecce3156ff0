import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { CrowdbitError, createEngine, type Engine, type FlagSpec, flag } from '../../src/index.ts'
import { describeWithData } from '../shared-data.ts'

describeWithData('portable bitmaps of the format’s own test files', 'roaring-format', (folder) => {
  const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)))
  let crowd: Engine<{ readonly vip: FlagSpec; readonly other: FlagSpec }>

  beforeAll(() => {
    crowd = createEngine({ schema: { vip: flag(), other: flag() } })
    for (let from = 0; from < 800_000; from += 200_000) {
      crowd.tags.vip.clear(Array.from({ length: 200_000 }, (_, i) => from + i))
    }
    crowd.tags.other.replace(Uint32Array.of(1, 3, 799_999))
  })

  test.each(['bitmapwithruns.bin', 'bitmapwithoutruns.bin'])('%s is 200,100 people where they exist', (file) => {
    const report = crowd.tags.vip.replace(bytesOf(file))
    expect(report).toEqual({ people: 200_100, created: 0 })
    expect(crowd.count('vip')).toBe(200_100)
    const list = crowd.audiences.createList({ name: file, members: bytesOf(file) })
    expect(list.size).toBe(200_100)
    expect(list.lastUpload).toEqual({ matched: 200_100, unknown: 0, duplicate: 0, invalid: 0 })
    expect(crowd.count(`vip xor audience "${file}"`)).toBe(0)
  })

  test('both files are the same people, and give the same bytes back', () => {
    const [withRuns, withoutRuns] = ['bitmapwithruns.bin', 'bitmapwithoutruns.bin'].map((file) => {
      crowd.tags.vip.replace(bytesOf(file))
      return crowd.select('vip')
    })
    expect(withRuns!.equals(withoutRuns!)).toBe(true)
    expect(Buffer.compare(withRuns!.portableBytes(), withoutRuns!.portableBytes())).toBe(0)
    crowd.tags.vip.replace(withRuns!.portableBytes())
    expect(crowd.select('vip').equals(withRuns!)).toBe(true)
  })

  test('numbers that nobody has are refused, and nothing is written', () => {
    const few = createEngine({ schema: { vip: flag() } })
    few.tags.vip.replace([10, 11, 12])
    const version = few.stats().dataVersion
    for (const file of ['bitmapwithruns.bin', 'bitmapwithoutruns.bin']) {
      const refusals = [
        () => few.tags.vip.replace(bytesOf(file)),
        () => few.tags.vip.add(bytesOf(file)),
        () => few.tags.vip.clear(bytesOf(file)),
        () => few.audiences.createList({ name: 'list', members: bytesOf(file), createUnknown: true }),
      ]
      for (const refused of refusals) expect(codeOf(refused)).toBe('DENSE_UNKNOWN')
    }
    expect([...few.select('vip')]).toEqual([10, 11, 12])
    expect(few.size).toBe(3)
    expect(few.audiences.list()).toEqual([])
    expect(few.stats().dataVersion).toBe(version)
  })

  describe('what is no 32-bit bitmap is refused whole', () => {
    const files = readdirSync(folder).filter((file) => !/^bitmapwith/.test(file))

    test('the folder has the files that the README describes', () => {
      expect(files.sort()).toEqual([
        'bad-bitmap.bin',
        'bitmap64.bin',
        ...Array.from({ length: 8 }, (_, i) => `crashproneinput${i + 1}.bin`),
        'portable_bitmap64.bin',
      ])
    })

    test.each(files)('%s', (file) => {
      crowd.tags.vip.replace(Uint32Array.of(0, 1, 2))
      const before = crowd.stats()
      const bytes = bytesOf(file)
      const refusals = [
        () => crowd.tags.vip.replace(bytes),
        () => crowd.tags.vip.add(bytes),
        () => crowd.tags.vip.clear(bytes),
        () => crowd.audiences.createList({ name: 'bad', members: bytes, bounds: { min: 0 } }),
      ]
      for (const refused of refusals) expect(codeOf(refused)).toBe('BITMAP_INVALID')
      expect([...crowd.select('vip').dense()]).toEqual([0, 1, 2])
      expect([...crowd.select('other').dense()]).toEqual([1, 3, 799_999])
      expect(crowd.audiences.has('bad')).toBe(false)
      expect({ ...crowd.stats(), nativeBitmapBytes: 0 }).toEqual({ ...before, nativeBitmapBytes: 0 })
    })
  })
})

function codeOf(refused: () => unknown): string {
  try {
    refused()
  } catch (error) {
    if (error instanceof CrowdbitError) return error.code
    throw error
  }
  return 'accepted'
}

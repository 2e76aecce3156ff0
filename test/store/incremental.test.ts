import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { saveStore } from '../../src/store/save-store.ts'
import type { SectionSource } from '../../src/store/section.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { bytesOf, load } from './store-content.ts'

const directory = '/store'
const layout = { fileBytes: 100, aloneBytes: 40 }

/** A section of some length, whose bytes depend on its seed. */
function section(name: string, length: number, seed: number, unchanged = false): SectionSource {
  return { name, version: 1, unchanged, chunks: () => [bytesOf(length, seed)] }
}

/** One that must not be asked for its bytes. */
function kept(name: string): SectionSource {
  return { name, version: 1, unchanged: true, chunks: () => expect.fail(`${name} is asked for its bytes`) }
}

async function names(fs: MemoryFileSystem): Promise<string[]> {
  return (await fs.list(directory)).sort()
}

async function bytesIn(fs: MemoryFileSystem): Promise<Record<string, Uint8Array>> {
  return Object.fromEntries((await load(fs, directory)).sections.map(({ name, bytes }) => [name, bytes]))
}

describe('a save keeps the files of which nothing has changed', () => {
  test('a long section has a file of its own, and is kept by itself', async () => {
    const fs = new MemoryFileSystem()
    await saveStore(fs, directory, [section('long', 41, 1), section('short', 40, 2), section('b', 9, 3)], null, layout)
    expect(await names(fs)).toEqual(['000001-0001.crowdbit', '000001-0002.crowdbit', 'MANIFEST'])
    const report = await saveStore(
      fs,
      directory,
      [kept('long'), section('short', 40, 9), section('b', 9, 3, true)],
      null,
      layout,
    )
    // `b` shares its file with one that has changed, so it is written anew: no file holds what is gone.
    expect(report).toEqual({ bytesWritten: 49, bytesKept: 41, files: 2 })
    expect(await names(fs)).toEqual(['000001-0001.crowdbit', '000002-0001.crowdbit', 'MANIFEST'])
    expect(await bytesIn(fs)).toEqual({ long: bytesOf(41, 1), short: bytesOf(40, 9), b: bytesOf(9, 3) })
  })

  test('nothing changed costs a manifest', async () => {
    const fs = new MemoryFileSystem()
    await saveStore(fs, directory, [section('long', 50, 1), section('short', 3, 2)], 'first', layout)
    const report = await saveStore(fs, directory, [kept('long'), kept('short')], 'second', layout)
    expect(report).toEqual({ bytesWritten: 0, bytesKept: 53, files: 2 })
    expect((await load(fs, directory)).meta).toBe('second')
  })

  test('a section that is gone takes its file with it', async () => {
    const fs = new MemoryFileSystem()
    await saveStore(fs, directory, [section('a', 10, 1), section('b', 10, 2), section('long', 90, 3)], null, layout)
    await saveStore(fs, directory, [section('a', 10, 1, true)], null, layout)
    expect(await names(fs)).toEqual(['000002-0001.crowdbit', 'MANIFEST'])
    expect(await bytesIn(fs)).toEqual({ a: bytesOf(10, 1) })
  })

  test('what is not there as it should be is written anew, whatever is said of it', async () => {
    const file = `${directory}/000001-0001.crowdbit`
    const damages: ((fs: MemoryFileSystem) => void)[] = [
      (fs) => fs.set(file, null),
      (fs) => fs.set(file, fs.get(file).slice(1)),
    ]
    for (const damage of damages) {
      const fs = new MemoryFileSystem()
      await saveStore(fs, directory, [section('long', 50, 1)], null, layout)
      damage(fs)
      const report = await saveStore(fs, directory, [section('long', 50, 1, true)], null, layout)
      expect(report).toEqual({ bytesWritten: 50, bytesKept: 0, files: 1 })
      expect(await bytesIn(fs)).toEqual({ long: bytesOf(50, 1) })
    }
    const fs = new MemoryFileSystem()
    await saveStore(fs, directory, [section('long', 50, 1)], null, layout)
    const other = { ...section('long', 50, 1, true), version: 2 }
    expect(await saveStore(fs, directory, [other, section('new', 5, 2, true)], null, layout)).toMatchObject({
      bytesKept: 0,
    })
    expect(await bytesIn(fs)).toEqual({ long: bytesOf(50, 1), new: bytesOf(5, 2) })
  })

  test('many small files are put together', async () => {
    const fs = new MemoryFileSystem()
    for (let i = 1; i <= 60; i++) {
      const sections = Array.from({ length: i }, (_, k) => section(`${k}`, 3, k, k < i - 1))
      const { files } = await saveStore(fs, directory, sections, null, layout)
      expect(files).toBeLessThanOrEqual(20)
    }
    expect(Object.keys(await bytesIn(fs))).toHaveLength(60)
  })

  test('any history of saves: what is loaded is what was saved last, and no file is there that is not needed', async () => {
    const step = fc.record({
      changes: fc.array(fc.record({ section: fc.nat({ max: 11 }), length: fc.nat({ max: 120 }) }), { maxLength: 4 }),
      removed: fc.option(fc.nat({ max: 11 })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const fs = new MemoryFileSystem()
        const state = new Map<string, { length: number; seed: number; saved: boolean }>()
        let seed = 0
        for (const { changes, removed } of steps) {
          for (const { section: at, length } of changes) state.set(`s${at}`, { length, seed: ++seed, saved: false })
          if (removed !== null) state.delete(`s${removed}`)
          const sections = [...state].map(([name, { length, seed, saved }]) => section(name, length, seed, saved))
          const report = await saveStore(fs, directory, sections, null, layout)
          for (const one of state.values()) one.saved = true
          const total = [...state.values()].reduce((sum, { length }) => sum + length, 0)
          expect(report.bytesWritten + report.bytesKept).toBe(total)
          expect(await bytesIn(fs)).toEqual(
            Object.fromEntries([...state].map(([name, { length, seed }]) => [name, bytesOf(length, seed)])),
          )
          const files = (await names(fs)).filter((name) => name !== 'MANIFEST')
          expect(files).toHaveLength(report.files)
          const onDisk = files.reduce((sum, name) => sum + fs.get(`${directory}/${name}`).length, 0)
          expect(onDisk).toBe(total)
        }
      }),
    )
  })
})

test('the store keeps its id from save to save; another folder has another', async () => {
  const { openStore } = await import('../../src/store/open-store.ts')
  const fs = new MemoryFileSystem()
  const ids: (string | null)[] = []
  for (const place of ['/a', '/a', '/b']) {
    await saveStore(fs, place, [], null, { sequence: ids.length })
    const reader = await openStore(fs, place)
    expect([reader.sequence, reader.log]).toEqual([ids.length, null])
    ids.push(reader.storeId)
    await reader.close()
  }
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(ids[1]).toBe(ids[0])
  expect(ids[2]).not.toBe(ids[0])
})

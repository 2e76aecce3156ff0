import { describe, expect, test } from 'vitest'
import { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { type FaultKind, FaultyFileSystem } from './faulty-file-system.ts'
import { type Choose, forward, MemoryFileSystem, systemError } from './memory-file-system.ts'
import { bytesOf, type Content, load, same, save } from './store-content.ts'

const directory = '/store'
const options = { fileBytes: 3000 }

// Sections large enough for several writes a file, and files enough for several syncs.
const old: Content = {
  meta: { save: 'old', people: 7 },
  sections: [
    { name: 'ids', version: 1, bytes: bytesOf(2000, 1) },
    { name: 'column 精致妈妈', version: 2, bytes: bytesOf(300_000, 2) },
    { name: 'empty', version: 1, bytes: new Uint8Array(0) },
    { name: 'column 2', version: 1, bytes: bytesOf(5, 3) },
  ],
}
const next: Content = {
  meta: { save: 'new', people: 8 },
  sections: [
    { name: 'ids', version: 1, bytes: bytesOf(2000, 4) },
    { name: 'column 精致妈妈', version: 2, bytes: bytesOf(290_000, 5) },
    { name: 'another', version: 1, bytes: bytesOf(100, 6) },
  ],
}
const third: Content = { meta: { save: 'third' }, sections: [{ name: 'ids', version: 1, bytes: bytesOf(40, 7) }] }

/** Ways in which a loss of power turns out. */
const fates: readonly (readonly [string, Choose])[] = [
  ['all that was not synced is lost', () => 0],
  ['all is kept', (choices) => choices - 1],
  ...[11, 12, 13, 14, 15, 16, 17, 18].map((seed) => [`by chance ${seed}`, chance(seed)] as const),
]

function chance(seed: number): Choose {
  let state = Math.imul(seed, 0x9e3779b1) | 1
  return (choices) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 8) % choices
  }
}

async function saved(content: Content): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  await save(fs, directory, content, options, 1000)
  return fs
}

/** Saves `content` with the `at`-th operation going wrong; `false` where there are fewer operations. */
async function saveWithFault(
  fs: MemoryFileSystem,
  content: Content,
  at: number,
  kind: FaultKind,
): Promise<{ readonly resolved: boolean; readonly log: readonly string[] } | null> {
  const faulty = new FaultyFileSystem(fs, at, kind)
  const outcome = await save(faulty, directory, content, options, 170_000).then(
    () => null,
    (error: unknown) => error,
  )
  if (!faulty.struck) {
    expect(outcome).toBeNull()
    return null
  }
  if (outcome !== null) {
    expect(outcome).toBeInstanceOf(CrowdbitError)
    expect(outcome).toMatchObject({ code: 'STORE_IO', facts: { errno: expect.stringMatching(/^(EIO|ENOSPC)$/) } })
    expect((outcome as Error).cause).toBeInstanceOf(Error)
  }
  return { resolved: outcome === null, log: faulty.log }
}

/** Which content opens, whole. */
async function which(fs: MemoryFileSystem): Promise<'old' | 'new'> {
  const content = await load(fs, directory)
  if (same(content, old)) return 'old'
  expect(same(content, next)).toBe(true)
  return 'new'
}

/** A later save works and leaves nothing of the earlier ones behind. */
async function expectRecovers(fs: MemoryFileSystem): Promise<void> {
  await save(fs, directory, third, options)
  expect(same(await load(fs, directory), third)).toBe(true)
  const names = await fs.list(directory)
  expect(names.filter((name) => name !== 'MANIFEST')).toHaveLength(1)
}

describe.each<FaultKind>(['fail', 'lie', 'crash', 'crash-after'])(
  'a save where one operation goes wrong: %s',
  (kind) => {
    test('over an older save: old or new, whole, whatever was lost', async () => {
      const seen = new Set<string>()
      let operations = 0
      for (let at = 1; ; at++) {
        const fs = await saved(old)
        const outcome = await saveWithFault(fs, next, at, kind)
        if (outcome === null) break
        operations++
        const killed = await which(fs.clone())
        if (outcome.resolved) expect(killed).toBe('new')
        for (const [fate, choose] of fates) {
          const found = fs.afterPowerLoss(choose)
          const content = await which(found).catch((error: unknown) => {
            throw new Error(`after ${outcome.log.join('; ')}: ${fate}`, { cause: error })
          })
          seen.add(content)
          if (outcome.resolved) expect(content).toBe('new')
          await expectRecovers(found)
        }
        await expectRecovers(fs)
      }
      expect(operations).toBeGreaterThan(20)
      expect(seen).toEqual(new Set(['old', 'new']))
    })

    test('the first save: nothing or all', async () => {
      for (let at = 1; ; at++) {
        const fs = new MemoryFileSystem()
        const outcome = await saveWithFault(fs, next, at, kind)
        if (outcome === null) break
        for (const [, choose] of fates) {
          const found = fs.afterPowerLoss(choose)
          const code = await which(found).catch((error: unknown) => (error as CrowdbitError).code)
          expect(outcome.resolved ? ['new'] : ['new', 'STORE_NOT_FOUND']).toContain(code)
          await expectRecovers(found)
        }
      }
    })
  },
)

test('a save that fails before its commit leaves the folder as it was', async () => {
  for (let at = 1; ; at++) {
    const fs = await saved(old)
    const before = (await fs.list(directory)).sort()
    const outcome = await saveWithFault(fs, next, at, 'fail')
    if (outcome === null) break
    if (outcome.resolved) continue
    const renamed = outcome.log.findIndex((line) => line.startsWith('rename '))
    // Only the sync behind the rename fails with the new save in place: then both generations have to stay.
    const committed = renamed >= 0 && renamed + 1 < at
    expect(await which(fs)).toBe(committed ? 'new' : 'old')
    if (!committed) expect((await fs.list(directory)).sort()).toEqual(before)
  }
})

test('a crash while the folder is cleaned up does no harm, and the next save cleans up', async () => {
  const fs = await saved(old)
  const before = await fs.list(directory)
  await save(fs, directory, next, options)
  // Power lost: the removed names came back.
  const found = fs.afterPowerLoss(() => 0)
  expect((await found.list(directory)).length).toBeGreaterThan(before.length)
  expect(await which(found)).toBe('new')
  await expectRecovers(found)
})

test('reading fails with STORE_IO wherever the disk does, and never gives wrong bytes', async () => {
  const fs = await saved(old)
  for (let at = 1; ; at++) {
    const faulty = new FaultyFileSystem(fs, at, 'fail')
    const outcome = await load(faulty, directory).catch((error: unknown) => error)
    if (!faulty.struck) break
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'STORE_IO' })
    else expect(same(outcome as Content, old)).toBe(true)
  }
})

test('a rename that is done but reported as failed, on a disk that then reads nothing: nothing is removed', async () => {
  const fs = await saved(old)
  let renamed = false
  const unreadable = forward(fs, {
    rename: async (from: string, to: string) => {
      await fs.rename(from, to)
      renamed = true
      throw systemError('EIO', 'rename')
    },
    open: (path: string) => (renamed ? Promise.reject(systemError('EIO', path)) : fs.open(path)),
  })
  await expect(save(unreadable, directory, next, options)).rejects.toMatchObject({ code: 'STORE_IO' })
  expect(await which(fs)).toBe('new')
  expect(await which(fs.afterPowerLoss(() => 0))).toBe('old')
  await expectRecovers(fs)
})

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeFileSystem } from '../../src/store/node-file-system.ts'
import { openStore } from '../../src/store/open-store.ts'
import { retryInterrupted } from '../../src/store/retry-interrupted.ts'
import { saveStore } from '../../src/store/save-store.ts'
import { Journal } from './journal.ts'
import { bytesOf, type Content, load, same, save } from './store-content.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crowdbit-store-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const content: Content = {
  meta: { people: 3 },
  sections: [
    { name: 'ids', version: 1, bytes: bytesOf(5_000_000, 1) },
    { name: 'a/../b', version: 2, bytes: bytesOf(3, 2) },
  ],
}

test('a round trip through new folders, twice', async () => {
  const directory = join(folder, 'a', 'b', 'c')
  for (const generation of ['000001', '000002']) {
    await save(nodeFileSystem, directory, content, {}, 100_000)
    expect(same(await load(nodeFileSystem, directory), content)).toBe(true)
    const files = [1, 2].map((index) => `${generation}-000${index}.crowdbit`)
    expect((await readdir(directory)).sort()).toEqual([...files, 'MANIFEST'])
  }
})

test('a reader keeps what it opened after its files were removed', async () => {
  await save(nodeFileSystem, folder, content)
  const reader = await openStore(nodeFileSystem, folder)
  await save(nodeFileSystem, folder, { meta: 1, sections: [] })
  expect(Buffer.compare(await reader.read('ids'), content.sections[0]!.bytes)).toBe(0)
  await reader.close()
})

test('one folder under two names is one folder for saves at the same time', async () => {
  const real = join(folder, 'real')
  await mkdir(real)
  await symlink(real, join(folder, 'link'), 'dir')
  const names = [real, join(folder, 'link'), join(folder, '.', 'real', '..', 'link')]
  await Promise.all(names.map((name, i) => save(nodeFileSystem, name, { meta: i, sections: content.sections })))
  expect(await readdir(real)).toHaveLength(3)
  // In the order of the calls: the last one stays.
  expect((await load(nodeFileSystem, real)).meta).toBe(2)
})

test('folders that are not stores', async () => {
  await expect(openStore(nodeFileSystem, join(folder, 'none'))).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  await writeFile(join(folder, 'thesis.doc'), 'years of work')
  await expect(openStore(nodeFileSystem, folder)).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  await expect(save(nodeFileSystem, folder, content)).rejects.toMatchObject({ code: 'STORE_IO' })
  await expect(save(nodeFileSystem, join(folder, 'thesis.doc'), content)).rejects.toMatchObject({
    code: 'STORE_IO',
    facts: { errno: 'EEXIST' },
  })
  await expect(openStore(nodeFileSystem, join(folder, 'thesis.doc'))).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  expect(await readdir(folder)).toEqual(['thesis.doc'])
})

test('a folder named MANIFEST is refused', async () => {
  await mkdir(join(folder, 'MANIFEST'))
  await expect(openStore(nodeFileSystem, folder)).rejects.toMatchObject({ code: 'STORE_IO' })
  await expect(save(nodeFileSystem, folder, content)).rejects.toMatchObject({ code: 'STORE_IO' })
})

test('the event loop turns while one large chunk is saved and read', async () => {
  let turns = 0
  let counting = true
  const count = (): void => {
    turns++
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  const bytes = new Uint8Array(64 * 1024 * 1024)
  await saveStore(nodeFileSystem, folder, [{ name: 'large', version: 1, chunks: () => [bytes] }], null)
  expect(turns).toBeGreaterThanOrEqual(16)
  turns = 0
  const reader = await openStore(nodeFileSystem, folder)
  await reader.read('large')
  expect(turns).toBeGreaterThanOrEqual(16)
  counting = false
  await reader.close()
})

test('a process killed while it saves, again and again: an earlier save opens, whole', async () => {
  const script = fileURLToPath(new URL('./save-forever.ts', import.meta.url))
  let last = -1
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(last + 1)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise((resolve) => child.once('close', resolve))
    let said = ''
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        // A different moment in each round, always after some saves that were reported as done.
        if (said.split('\n').length > 3 + round) setTimeout(resolve, round)
      })
    })
    child.kill('SIGKILL')
    await ended
    const done = Number(said.trim().split('\n').at(-1))
    const { meta, sections } = await load(nodeFileSystem, folder)
    const seed = (meta as { seed: number }).seed
    expect(seed).toBeGreaterThanOrEqual(done)
    expect(sections).toHaveLength(3)
    for (const [i, { bytes }] of sections.entries()) {
      expect(Buffer.compare(bytes, bytesOf(100_000, seed * 3 + i))).toBe(0)
    }
    last = seed
  }
})

test('a log is written at offsets, cut, and its name taken once', async () => {
  const path = join(folder, 'log')
  const log = await nodeFileSystem.createLog(path)
  await expect(nodeFileSystem.createLog(path)).rejects.toMatchObject({ code: 'EEXIST' })
  log.writeSync(0, bytesOf(3_000_000, 1))
  log.writeSync(3_000_000, bytesOf(10, 2))
  await log.sync()
  log.truncateSync(3_000_005)
  log.writeSync(3_000_004, Uint8Array.of(1, 2, 3))
  await log.sync()
  await log.close()
  const expected = Buffer.concat([bytesOf(3_000_000, 1), bytesOf(4, 2), Uint8Array.of(1, 2, 3)])
  expect(Buffer.compare(await readFile(path), expected)).toBe(0)
  await nodeFileSystem.truncate(path, 2_999_999, 700)
  expect(Buffer.compare(await readFile(path), expected.subarray(0, 2_999_999))).toBe(0)
  await nodeFileSystem.truncate(path, 100, 100)
  expect(await readFile(path)).toHaveLength(100)
  await expect(nodeFileSystem.truncate(join(folder, 'none'), 0, 0)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a call that a signal interrupts is done again', () => {
  let calls = 0
  const interrupted = () => {
    if (++calls < 3) throw Object.assign(new Error('interrupted'), { code: 'EINTR' })
    return calls
  }
  expect(retryInterrupted(interrupted)).toBe(3)
  const failing = () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  }
  expect(() => retryInterrupted(failing)).toThrow('full')
})

test('a store that lives through processes: snapshot, log, removal from the disk', async () => {
  const place = join(folder, 'store')
  for (let round = 0; round < 3; round++) {
    const journal = await Journal.open(nodeFileSystem, { directory: place })
    expect(journal.texts).toHaveLength(round * 100)
    for (let i = 0; i < 50; i++) journal.append(`${round}: ${i}`)
    await journal.store.flushed()
    await journal.checkpoint()
    for (let i = 50; i < 100; i++) journal.append(`${round}: ${i}`)
    await journal.store.close()
  }
  expect((await readdir(place)).filter((name) => name.startsWith('log-'))).toHaveLength(1)
})

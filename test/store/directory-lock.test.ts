import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { CrowdbitError } from '../../src/base/crowdbit-error.ts'
import { DirectoryLock } from '../../src/store/directory-lock.ts'
import { DurableStore } from '../../src/store/durable-store.ts'
import type { FileSystem } from '../../src/store/file-system.ts'
import { encodeLock } from '../../src/store/lock-owner.ts'
import { nodeFileSystem } from '../../src/store/node-file-system.ts'
import { type LockFacts, processFacts } from '../../src/store/process-facts.ts'
import { draw } from './draw.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { stillFacts } from './still-facts.ts'

const directory = '/store'
const path = `${directory}/LOCK`

/** A machine of one's own making: its processes are those that `running` has, with the tick at which they began. */
function machine(host: string, bootId: string | null, running: Map<number, number>) {
  return (pid: number, changed: Partial<LockFacts> = {}): LockFacts =>
    stillFacts({
      pid,
      host,
      bootId,
      space: 'pid:[1]',
      isRunning: (one) => running.has(one),
      startTicks: (one) => running.get(one) ?? null,
      ...changed,
    })
}

async function folder(): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  await fs.makeDirectory(directory)
  return fs
}

const acquire = (fs: FileSystem, facts: LockFacts, lost: (error: CrowdbitError) => void = () => {}) =>
  DirectoryLock.acquire(fs, directory, facts, lost)

describe('who gets the folder', () => {
  test('one at a time, also in one process; given back, the next', async () => {
    const fs = await folder()
    const process = machine('a', 'boot', new Map([[7, 100]]))
    const facts = process(7)
    const lock = await acquire(fs, facts)
    for (const other of [
      facts,
      process(7),
      machine(
        'a',
        'boot',
        new Map([
          [7, 100],
          [8, 200],
        ]),
      )(8),
    ]) {
      await expect(acquire(fs, other)).rejects.toMatchObject({
        code: 'STORE_LOCKED',
        facts: { path: directory, pid: 7, host: 'a', since: 1_700_000_000_000 },
      })
    }
    await lock.check()
    await lock.release()
    expect(await fs.list(directory)).toEqual([])
    await (await acquire(fs, process(7))).release()
  })

  test.each<[string, LockFacts]>([
    ['whose process ended', machine('a', 'boot', new Map([[8, 200]]))(8)],
    [
      'whose process id another has now',
      machine(
        'a',
        'boot',
        new Map([
          [7, 150],
          [8, 200],
        ]),
      )(8),
    ],
    ['of this process id, begun at another time', machine('a', 'boot', new Map([[7, 150]]))(7)],
    ['from before the machine was started again', machine('a', 'boot 2', new Map([[7, 100]]))(7)],
  ])('a lock %s is taken over at once', async (_, facts) => {
    const fs = await folder()
    await acquire(fs, machine('a', 'boot', new Map([[7, 100]]))(7))
    const lock = await acquire(fs, { ...facts, sleep: () => expect.fail('there is nothing to wait for') })
    await lock.check()
    await lock.release()
    expect(await fs.list(directory)).toEqual([])
  })

  test.each<[string, Partial<LockFacts>]>([
    ['of another machine', { host: 'b' }],
    ['of another container', { space: 'pid:[2]' }],
    ['of which the system says too little', { startTicks: () => null }],
  ])('a lock %s is watched for three beats', async (_, changed) => {
    const running = new Map([[7, 100]])
    const fs = await folder()
    const owner = await acquire(fs, machine('a', 'boot', running)(7))
    const other = machine('a', 'boot', running)
    let slept = 0
    const sleep = async (milliseconds: number) => {
      slept += milliseconds
    }
    const waited = { ...changed, sleep }
    const lock = await acquire(fs, other(8, waited))
    expect(slept).toBe(15_000)
    await expect(owner.check()).rejects.toMatchObject({ code: 'STORE_LOCK_LOST' })
    await owner.release()
    await lock.check()
    await lock.release()
  })

  test('an owner on another machine that beats keeps its lock', async () => {
    const fs = await folder()
    let beat: () => void = () => {}
    const every = (_: number, action: () => void) => {
      beat = action
      return () => {}
    }
    const owner = await acquire(fs, machine('a', 'boot', new Map([[7, 100]]))(7, { every }))
    const sleep = async () => {
      beat()
      // The beat looks before it writes.
      for (let turns = 0; turns < 20; turns++) await Promise.resolve()
    }
    const other = machine('b', 'boot', new Map())(7, { sleep })
    await expect(acquire(fs, other)).rejects.toMatchObject({ code: 'STORE_LOCKED', facts: { host: 'a' } })
    await owner.check()
    await owner.release()
  })

  test('a lock that is no lock is watched, and then put away', async () => {
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.of(123),
      new TextEncoder().encode('null'),
      new Uint8Array(5000),
    ]) {
      const fs = await folder()
      fs.set(path, bytes)
      await (await acquire(fs, stillFacts())).release()
      expect(await fs.list(directory)).toEqual([])
    }
  })

  test('what somebody left behind while taking over is put away', async () => {
    const fs = await folder()
    fs.set(`${directory}/LOCK-${'0'.repeat(32)}`, Uint8Array.of(1))
    const lock = await acquire(fs, stillFacts())
    expect(await fs.list(directory)).toEqual(['LOCK'])
    await lock.release()
  })

  test('of many that take a stale lock over at the same time, never two have it', async () => {
    let got = 0
    for (let seed = 0; seed < 300; seed++) {
      const choose = draw(seed)
      const fs = await folder()
      const owner = {
        pid: 1,
        host: 'a',
        bootId: 'boot',
        space: 'pid:[1]',
        startTicks: 5,
        token: '0'.repeat(32),
        since: 0,
        beat: 0,
      }
      fs.set(path, encodeLock(owner))
      const running = new Map([2, 3, 4, 5].map((pid) => [pid, pid * 10]))
      const process = machine('a', 'boot', running)
      // Each call takes its own time.
      const slow = new Proxy(fs, {
        get(target, key: keyof FileSystem) {
          const method = target[key] as (...of: unknown[]) => Promise<unknown>
          return async (...of: unknown[]) => {
            for (let turns = choose(12); turns > 0; turns--) await Promise.resolve()
            return method.apply(target, of)
          }
        },
      })
      const locks = await Promise.all(
        [...running.keys()].map((pid) => acquire(slow, process(pid)).catch((error: unknown) => error)),
      )
      const confirmed: unknown[] = []
      for (const lock of locks) {
        if (!(lock instanceof DirectoryLock)) expect(lock).toMatchObject({ code: 'STORE_LOCKED' })
        else if (
          await lock.check().then(
            () => true,
            () => false,
          )
        )
          confirmed.push(lock)
      }
      expect(confirmed.length, `seed ${seed}`).toBeLessThanOrEqual(1)
      got += confirmed.length
    }
    // Once in a while all of them give up.
    expect(got).toBeGreaterThan(250)
  })
})

describe('a store that loses its lock', () => {
  async function stolen() {
    const fs = new MemoryFileSystem()
    let beat: () => void = () => {}
    let now = 0
    const later = () => {
      now += 60_000
    }
    const every = (_: number, action: () => void) => {
      beat = action
      return () => {}
    }
    const store = await DurableStore.open(fs, directory, {
      durability: 'none',
      lock: stillFacts({ every, now: () => now }),
    })
    await store.replay(() => {})
    store.append(Uint8Array.of(1))
    await store.flushed()
    const other = await DurableStore.open(fs, directory, { durability: 'none', lock: stillFacts({ host: 'another' }) })
    return { fs, store, other, beat: () => beat(), later }
  }

  test('by the next beat it takes no more writes', async () => {
    const { store, other, beat } = await stolen()
    beat()
    await new Promise((done) => setImmediate(done))
    expect(() => store.append(Uint8Array.of(2))).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
    expect(store.health()).toMatchObject({ writable: false, problem: { code: 'STORE_LOCK_LOST' } })
    await expect(store.checkpoint(() => expect.fail('no freeze'))).rejects.toMatchObject({ code: 'STORE_LOCK_LOST' })
    await store.close()
    expect((await other.replay(() => {})).records).toBe(1)
    await other.close()
  })

  test('a checkpoint looks before its commit, and changes nothing', async () => {
    const { fs, store, other } = await stolen()
    await expect(store.checkpoint(() => expect.fail('no freeze'))).rejects.toMatchObject({ code: 'STORE_LOCK_LOST' })
    expect(await fs.list(directory)).not.toContain('MANIFEST')
    await store.close()
    await other.close()
  })

  test('what was held up for long is not acknowledged', async () => {
    const { store, other, later } = await stolen()
    store.append(Uint8Array.of(2))
    later()
    await expect(store.flushed()).rejects.toMatchObject({ code: 'STORE_LOCK_LOST' })
    await store.close().catch(() => {})
    await other.close()
  })

  test('what it writes after the other went on is not the log of the folder', async () => {
    const { fs, store, other } = await stolen()
    await other.replay(() => {})
    expect(other.append(Uint8Array.of(20))).toBe(2)
    store.append(Uint8Array.of(2))
    store.append(Uint8Array.of(3))
    await store.flushed()
    other.append(Uint8Array.of(30))
    await other.close()
    const third = await DurableStore.open(fs, directory, { durability: 'none', lock: stillFacts() })
    const found: number[] = []
    expect(await third.replay((_, bytes, start) => found.push(bytes[start]!))).toMatchObject({ cut: null })
    expect(found).toEqual([1, 20, 30])
    await third.close()
  })
})

test('real processes: a second is refused, and a killed one is taken over from', async () => {
  const place = await mkdtemp(join(tmpdir(), 'crowdbit-lock-'))
  const script = fileURLToPath(new URL('./hold-store.ts', import.meta.url))
  try {
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, ['--import', 'tsx', script, place, '50'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const ended = new Promise((resolve) => child.once('close', resolve))
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await expect(DurableStore.open(nodeFileSystem, place, { durability: 'none' })).rejects.toMatchObject({
        code: 'STORE_LOCKED',
        facts: { pid: child.pid, host: processFacts.host },
      })
      child.kill('SIGKILL')
      await ended
      const store = await DurableStore.open(nodeFileSystem, place, { durability: 'none' })
      const { records } = await store.replay(() => {})
      expect(records).toBe(50 * (round + 1))
      await expect(DurableStore.open(nodeFileSystem, place, { durability: 'none' })).rejects.toMatchObject({
        code: 'STORE_LOCKED',
        facts: { pid: process.pid },
      })
      await store.close()
      expect(await readdir(place)).not.toContain('LOCK')
    }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
})

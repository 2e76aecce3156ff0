import { describe, expect, test } from 'vitest'
import { DurableStore, type Frozen } from '../../src/store/durable-store.ts'
import type { FileSystem } from '../../src/store/file-system.ts'
import { saveStore } from '../../src/store/save-store.ts'
import { forward, MemoryFileSystem, systemError } from './memory-file-system.ts'
import { stillFacts } from './still-facts.ts'

const directory = '/store'

/** The mutations of a store, and a snapshot of them. */
class Journal {
  readonly store: DurableStore
  readonly texts: string[] = []

  constructor(store: DurableStore) {
    this.store = store
  }

  append(text: string): number {
    const sequence = this.store.append(new TextEncoder().encode(text))
    this.texts.push(text)
    return sequence
  }

  freeze = (sequence: number): Frozen => {
    expect(sequence).toBe(this.texts.length)
    const bytes = new TextEncoder().encode(JSON.stringify(this.texts))
    return { sections: [{ name: 'texts', version: 1, chunks: () => [bytes] }], meta: null, release() {} }
  }

  checkpoint() {
    return this.store.checkpoint(this.freeze)
  }
}

async function open(fs: FileSystem, options: { repair?: boolean; durability?: 'always' | 'none' } = {}) {
  const store = await DurableStore.open(fs, directory, { durability: 'none', lock: stillFacts(), ...options })
  const journal = new Journal(store)
  if (store.snapshot !== null) {
    journal.texts.push(...(JSON.parse(new TextDecoder().decode(await store.snapshot.read('texts'))) as string[]))
  }
  try {
    const report = await store.replay((sequence, bytes, start, end) => {
      journal.texts.push(new TextDecoder().decode(bytes.subarray(start, end)))
      expect(sequence).toBe(journal.texts.length)
    })
    return Object.assign(journal, { report })
  } catch (error) {
    await store.close()
    throw error
  }
}

describe('append and replay', () => {
  test('an empty or missing folder has no snapshot and no record', async () => {
    const fs = new MemoryFileSystem()
    const { store, report } = await open(fs)
    expect(store.snapshot).toBeNull()
    expect(report).toEqual({ sequence: 0, records: 0, bytes: 0, cut: null })
    expect([store.sequence, store.durableSequence]).toEqual([0, 0])
    expect((await fs.list(directory)).sort()).toEqual(['LOCK', 'log-000000000001.crowdbit'])
    await store.close()
    expect(await fs.list(directory)).toEqual(['log-000000000001.crowdbit'])
  })

  test('what was appended is there again, over many openings, and empty segments go', async () => {
    const fs = new MemoryFileSystem()
    const all: string[] = []
    for (let round = 0; round < 5; round++) {
      const journal = await open(fs)
      expect(journal.texts).toEqual(all)
      for (let i = 0; i < round; i++) expect(journal.append(`${round}.${i}`)).toBe(all.push(`${round}.${i}`))
      await journal.store.close()
    }
    const { store, texts, report } = await open(fs)
    expect(texts).toEqual(all)
    expect(report).toMatchObject({ sequence: 10, records: 10, cut: null })
    expect((await fs.list(directory)).filter((name) => name.startsWith('log-'))).toHaveLength(5)
    await store.close()
  })

  test('records of every size, past the frame buffer and the pieces in which they are read', async () => {
    const fs = new MemoryFileSystem()
    const { store } = await open(fs)
    const sizes = [1, 60, 65_511, 65_512, 65_513, 4 * 2 ** 20 - 24, 4 * 2 ** 20, 9_000_001, 3]
    for (const [i, size] of sizes.entries()) store.append(new Uint8Array(size).fill(i + 1))
    await store.close()
    const again = await DurableStore.open(fs, directory, { durability: 'none', lock: stillFacts() })
    const found: number[] = []
    await again.replay((sequence, bytes, start, end) => {
      expect([bytes[start], bytes[end - 1]]).toEqual([sequence, sequence])
      found.push(end - start)
    })
    expect(found).toEqual(sizes)
    await again.close()
  })

  test('a killed process loses nothing that was appended', async () => {
    const fs = new MemoryFileSystem()
    const journal = await open(fs)
    for (let i = 0; i < 100; i++) journal.append(`${i}`)
    const { texts, store } = await open(dead(fs))
    expect(texts).toEqual(journal.texts)
    await store.close()
    await journal.store.close()
  })

  test('a store is replayed once, written to when it is open only, and closed twice', async () => {
    const fs = new MemoryFileSystem()
    const store = await DurableStore.open(fs, directory, { durability: 'none', lock: stillFacts() })
    const record = Uint8Array.of(1)
    expect(() => store.append(record)).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
    await expect(store.flushed()).rejects.toMatchObject({ code: 'STORE_READ_ONLY' })
    await store.replay(() => {})
    await expect(store.replay(() => {})).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(() => store.append(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
    expect(store.append(record)).toBe(1)
    await store.close()
    await store.close()
    expect(store.health()).toMatchObject({ writable: false, sequence: 1, durableSequence: 1 })
    expect(() => store.append(record)).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
    await expect(store.checkpoint(() => expect.fail('no freeze'))).rejects.toMatchObject({ code: 'STORE_READ_ONLY' })
  })
})

/** The folder as a process leaves it that died with the machine's power on, without its lock. */
function dead(fs: MemoryFileSystem): MemoryFileSystem {
  const left = fs.clone()
  left.set(`${directory}/LOCK`, null)
  return left
}

describe('flushed', () => {
  /** Counts the syncs of logs. */
  function counting(fs: MemoryFileSystem): { fs: FileSystem; syncs: () => number } {
    let syncs = 0
    const counted = forward(fs, {
      createLog: async (path) => {
        const file = await fs.createLog(path)
        if (path.endsWith('LOCK')) return file
        const sync = (): Promise<void> => {
          syncs++
          return new Promise((done) => setTimeout(() => done(file.sync()), 1))
        }
        return { ...file, sync }
      },
    })
    return { fs: counted, syncs: () => syncs }
  }

  test('callers at the same time share a sync, and nothing to do costs none', async () => {
    const { fs, syncs } = counting(new MemoryFileSystem())
    const { store } = await open(fs)
    const before = syncs()
    await store.flushed()
    expect(syncs()).toBe(before)
    const waiting: Promise<void>[] = []
    for (let i = 0; i < 100; i++) {
      store.append(Uint8Array.of(i))
      waiting.push(store.flushed())
    }
    await Promise.all(waiting)
    expect(syncs() - before).toBe(2)
    expect(store.durableSequence).toBe(100)
    await store.close()
  })

  test("'always' begins a sync after a write, and writes that come meanwhile share the next", async () => {
    const { fs, syncs } = counting(new MemoryFileSystem())
    const { store } = await open(fs, { durability: 'always' })
    const before = syncs()
    for (let tick = 0; tick < 10; tick++) {
      for (let i = 0; i < 10; i++) store.append(Uint8Array.of(i))
      await Promise.resolve()
    }
    await new Promise((done) => setTimeout(done, 20))
    expect(store.durableSequence).toBe(100)
    expect(syncs() - before).toBe(2)
    await store.close()
  })

  test('an interval', async () => {
    const fs = new MemoryFileSystem()
    const store = await DurableStore.open(fs, directory, { durability: { intervalMs: 5 }, lock: stillFacts() })
    await store.replay(() => {})
    store.append(Uint8Array.of(1))
    expect(store.durableSequence).toBe(0)
    await new Promise((done) => setTimeout(done, 30))
    expect(store.durableSequence).toBe(1)
    await store.close()
  })
})

describe('checkpoint', () => {
  test('the log begins anew behind the snapshot, appends go on meanwhile', async () => {
    const fs = new MemoryFileSystem()
    const journal = await open(fs)
    for (let i = 0; i < 10; i++) journal.append(`${i}`)
    const saving = journal.checkpoint()
    journal.append('during')
    await Promise.resolve()
    journal.append('during too')
    const report = await saving
    expect(report.sequence).toBeGreaterThanOrEqual(11)
    expect(report).toMatchObject({ files: 1, bytesKept: 0 })
    expect(journal.store.health()).toMatchObject({ segments: 1, lastCheckpoint: { sequence: report.sequence } })
    journal.append('after')
    await journal.store.close()
    const again = await open(fs)
    expect(again.texts).toEqual(journal.texts)
    expect(again.report.records).toBe(13 - report.sequence)
    await again.store.close()
  })

  test('one at a time, each as of its own moment; nothing of the log is left by the last', async () => {
    const fs = new MemoryFileSystem()
    const journal = await open(fs)
    journal.append('secret-of-a-person')
    const all = await Promise.all([1, 2, 3].map(() => journal.checkpoint()))
    expect(all.map(({ sequence }) => sequence)).toEqual([1, 1, 1])
    expect((await fs.list(directory)).sort()).toEqual([
      '000003-0001.crowdbit',
      'LOCK',
      'MANIFEST',
      'log-000000000002.crowdbit',
    ])
    expect(Buffer.from(fs.get(`${directory}/log-000000000002.crowdbit`)).includes('secret')).toBe(false)
    await journal.store.close()
  })

  test('the store keeps its name over snapshots, and a plain save keeps out', async () => {
    const fs = new MemoryFileSystem()
    const journal = await open(fs)
    await expect(saveStore(fs, directory, [], null)).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    journal.append('a')
    await journal.checkpoint()
    await journal.store.close()
    await expect(saveStore(fs, directory, [], null)).rejects.toMatchObject({ code: 'STORE_IO' })
    const again = await open(fs)
    const name = again.store.snapshot!.storeId
    await again.checkpoint()
    await again.store.close()
    const third = await open(fs)
    expect(third.store.snapshot!.storeId).toBe(name)
    await third.store.close()
  })

  test('a save without a log is opened, and its sequence goes on', async () => {
    const fs = new MemoryFileSystem()
    const bytes = new TextEncoder().encode('["a","b","c"]')
    await saveStore(fs, directory, [{ name: 'texts', version: 1, chunks: () => [bytes] }], null, { sequence: 3 })
    const journal = await open(fs)
    expect(journal.append('d')).toBe(4)
    await journal.store.close()
    const again = await open(fs)
    expect(again.texts).toEqual(['a', 'b', 'c', 'd'])
    await again.store.close()
  })

  test('a freeze or a source that throws: the snapshot before stays, and the log', async () => {
    const fs = new MemoryFileSystem()
    const journal = await open(fs)
    journal.append('a')
    await journal.checkpoint()
    journal.append('b')
    const failing = (): never => {
      throw new RangeError('no')
    }
    await expect(journal.store.checkpoint(failing)).rejects.toThrow(RangeError)
    let released = 0
    const sections = [{ name: 'texts', version: 1, chunks: failing }]
    const frozen = { sections, meta: null, release: () => void released++ }
    await expect(journal.store.checkpoint(() => frozen)).rejects.toThrow(RangeError)
    expect(released).toBe(1)
    expect(journal.store.health().lastCheckpointFailure).toMatchObject({ code: 'INTERNAL' })
    journal.append('c')
    await journal.store.close()
    const again = await open(fs)
    expect(again.texts).toEqual(['a', 'b', 'c'])
    await again.store.close()
  })
})

describe('a device that fails', () => {
  /** A file system whose logs fail as told. */
  function failing(fs: MemoryFileSystem) {
    const fault = { write: '', sync: '', truncate: '' }
    const changed = forward(fs, {
      createLog: async (path) => {
        const file = await fs.createLog(path)
        return {
          ...file,
          writeSync(offset, bytes) {
            if (fault.write === '') return file.writeSync(offset, bytes)
            file.writeSync(offset, bytes.subarray(0, bytes.length / 2))
            throw systemError(fault.write, path)
          },
          async sync() {
            if (fault.sync === '') return file.sync()
            file.loseSync()
            throw systemError(fault.sync, path)
          },
          truncateSync(bytes) {
            if (fault.truncate !== '') throw systemError(fault.truncate, path)
            file.truncateSync(bytes)
          },
        }
      },
    })
    return { fs: changed, fault }
  }

  test('a disk that is full refuses a write, and takes the next when there is room', async () => {
    const inner = new MemoryFileSystem()
    const { fs, fault } = failing(inner)
    const journal = await open(fs)
    journal.append('a')
    fault.write = 'ENOSPC'
    expect(() => journal.append('b')).toThrow(
      expect.objectContaining({ code: 'STORE_IO', facts: expect.objectContaining({ errno: 'ENOSPC' }) }),
    )
    expect(journal.store.health()).toMatchObject({ writable: true, problem: { code: 'STORE_IO' }, sequence: 1 })
    fault.write = ''
    expect(journal.append('c')).toBe(2)
    expect(journal.store.health().problem).toBeNull()
    await journal.store.close()
    const again = await open(inner)
    expect(again.texts).toEqual(['a', 'c'])
    expect(again.report.cut).toBeNull()
    await again.store.close()
  })

  test('a sync that failed: no more writes, until a checkpoint has saved what was applied', async () => {
    const inner = new MemoryFileSystem()
    const { fs, fault } = failing(inner)
    const journal = await open(fs)
    journal.append('a')
    fault.sync = 'EIO'
    const both = [journal.store.flushed(), journal.store.flushed()]
    for (const one of both) await expect(one).rejects.toMatchObject({ code: 'STORE_IO' })
    fault.sync = ''
    await expect(journal.store.flushed()).rejects.toMatchObject({ code: 'STORE_IO' })
    expect(() => journal.append('b')).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
    expect(journal.store.health()).toMatchObject({ writable: false, problem: { code: 'STORE_IO' }, durableSequence: 0 })
    await journal.checkpoint()
    expect(journal.store.health()).toMatchObject({ writable: true, problem: null, durableSequence: 1 })
    journal.append('b')
    await journal.store.flushed()
    await expectBothKept(inner, journal)
  })

  test('a write that can neither be done nor taken back: no more writes, until a checkpoint', async () => {
    const inner = new MemoryFileSystem()
    const { fs, fault } = failing(inner)
    const journal = await open(fs)
    journal.append('a')
    Object.assign(fault, { write: 'EIO', truncate: 'EIO' })
    expect(() => journal.append('b')).toThrow(expect.objectContaining({ code: 'STORE_IO' }))
    Object.assign(fault, { write: '', truncate: '' })
    expect(() => journal.append('b')).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
    await journal.checkpoint()
    journal.append('c')
    await journal.store.close()
    const again = await open(inner)
    expect(again.texts).toEqual(['a', 'c'])
    await again.store.close()
  })

  /** A journal of `a`, flushed or not, and of `b`, whose sync fails during a checkpoint. */
  async function syncFailsDuringCheckpoint(flushBefore: boolean) {
    const inner = new MemoryFileSystem()
    const { fs, fault } = failing(inner)
    const journal = await open(fs)
    journal.append('a')
    if (flushBefore) await journal.store.flushed()
    await journal.store.checkpoint((sequence) => {
      const { sections, ...rest } = journal.freeze(sequence)
      async function* chunks() {
        journal.append('b')
        fault.sync = 'EIO'
        await expect(journal.store.flushed()).rejects.toMatchObject({ code: 'STORE_IO' })
        fault.sync = ''
        yield* [...sections][0]!.chunks()
      }
      return { ...rest, sections: [{ name: 'texts', version: 1, chunks }] }
    })
    return { inner, journal }
  }

  /** Both texts are there after a loss of power. */
  async function expectBothKept(inner: MemoryFileSystem, journal: Journal): Promise<void> {
    const again = await open(dead(inner.afterPowerLoss(() => 0)))
    expect(again.texts).toEqual(['a', 'b'])
    await again.store.close()
    await journal.store.close()
  }

  test('a sync of the new segment that fails during a checkpoint: the next checkpoint heals it', async () => {
    const { inner, journal } = await syncFailsDuringCheckpoint(true)
    expect(journal.store.health()).toMatchObject({ writable: false, sequence: 2, durableSequence: 1 })
    await journal.checkpoint()
    expect(journal.store.health()).toMatchObject({ writable: true, sequence: 2, durableSequence: 2 })
    await expectBothKept(inner, journal)
  })

  test('a sync of the old segment that fails during a checkpoint: that checkpoint heals it', async () => {
    const { inner, journal } = await syncFailsDuringCheckpoint(false)
    expect(journal.store.health()).toMatchObject({ writable: true, sequence: 2, durableSequence: 1 })
    await journal.store.flushed()
    await expectBothKept(inner, journal)
  })

  test('a sync that is asked for while one fails is not made: its success would say nothing', async () => {
    const inner = new MemoryFileSystem()
    const { fs, fault } = failing(inner)
    const journal = await open(fs)
    journal.append('a')
    fault.sync = 'EIO'
    const first = journal.store.flushed()
    fault.sync = ''
    journal.append('b')
    const second = journal.store.flushed()
    await expect(first).rejects.toMatchObject({ code: 'STORE_IO' })
    await expect(second).rejects.toMatchObject({ code: 'STORE_IO' })
    expect(journal.store.durableSequence).toBe(0)
    await expect(journal.store.close()).rejects.toMatchObject({ code: 'STORE_IO' })
  })

  test('a sync failed, and the process died: what is opened then survives the power', async () => {
    const inner = new MemoryFileSystem()
    const { fs, fault } = failing(inner)
    const journal = await open(fs)
    journal.append('a')
    fault.sync = 'EIO'
    await expect(journal.store.flushed()).rejects.toMatchObject({ code: 'STORE_IO' })
    const left = dead(inner)
    const again = await open(left)
    expect(again.store.durableSequence).toBe(1)
    const third = await open(dead(left.afterPowerLoss(() => 0)))
    expect(third.texts).toEqual(['a'])
    await third.store.close()
  })

  test('what was closed well is known to be safe: less of it is damage, not a torn tail', async () => {
    const fs = new MemoryFileSystem()
    const journal = await open(fs)
    journal.append('a')
    journal.append('the second')
    await journal.store.close()
    const found = dead(fs.afterPowerLoss(() => 0))
    const bytes = found.get(`${directory}/log-000000000001.crowdbit`)
    const at = Buffer.from(bytes).indexOf('the second')
    bytes[at] = bytes[at]! ^ 1
    await expect(open(found)).rejects.toMatchObject({ code: 'STORE_LOG_DAMAGED', facts: { sequence: 2 } })
  })
})

import { describe, expect, it } from 'vitest'
import { insideOf } from '../../src/engine/engine.ts'
import { openEngineOn } from '../../src/engine/open-engine.ts'
import { repairEngineOn } from '../../src/engine/repair-engine.ts'
import { saveEngine } from '../../src/engine/save-engine.ts'
import type { Engine, SchemaSpec } from '../../src/index.ts'
import { decodeManifest } from '../../src/store/manifest-format.ts'
import { verifyStore } from '../../src/store/verify-store.ts'
import { forward, MemoryFileSystem, systemError } from '../store/memory-file-system.ts'
import { stillFacts } from '../store/still-facts.ts'
import { stateOf } from './engine-state.ts'
import { scriptedClock, scriptedIds, scriptedSchema, scriptedWrite } from './scripted-writes.ts'

const lock = stillFacts()

async function open(fs: MemoryFileSystem, dir = '/data'): Promise<Engine<SchemaSpec>> {
  const options = { dir, schema: scriptedSchema, clock: scriptedClock, durability: 'none' } as const
  return (await openEngineOn(fs, options, lock)) as Engine<SchemaSpec>
}

/** A folder with a checkpoint of the first 600 writes, and a log of 300 more. */
async function folder(): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  const crowd = await open(fs)
  for (let i = 0; i < 600; i++) scriptedWrite(crowd, i)
  await crowd.checkpoint()
  for (let i = 600; i < 900; i++) scriptedWrite(crowd, i)
  await crowd.flushed()
  // As after the death of the process.
  const left = fs.clone()
  left.set('/data/LOCK', null)
  await crowd.close()
  return left
}

/** Where a section stands. */
async function flip(fs: MemoryFileSystem, path: string, at: number): Promise<void> {
  const bytes = fs.get(path).slice()
  bytes[at < 0 ? bytes.length + at : at]! ^= 0x10
  fs.set(path, bytes)
}

async function names(fs: MemoryFileSystem, dir: string): Promise<string[]> {
  return [...(await fs.list(dir))].sort()
}

describe('repairEngine', () => {
  it('saves all of a folder that is whole', async () => {
    const fs = await folder()
    const { lost, replayed, sequence, people } = await repairEngineOn(fs, { from: '/data', to: '/new' }, lock)
    const [expected, repaired] = [await open(fs), await open(fs, '/new')]
    expect(lost).toEqual([])
    expect([replayed, sequence, people]).toEqual([300, 900, expected.size])
    expect(stateOf(repaired, scriptedIds)).toEqual(stateOf(expected, scriptedIds))
  })

  it('cuts a damaged log before the damage, and says which mutation is the first that is lost', async () => {
    const fs = await folder()
    const log = (await names(fs, '/data')).findLast((name) => name.startsWith('log-'))!
    await flip(fs, `/data/${log}`, Math.floor(fs.get(`/data/${log}`).length / 2))
    await expect(open(fs)).rejects.toMatchObject({ code: 'STORE_LOG_DAMAGED' })
    const before = await names(fs, '/data')
    const { lost, sequence } = await repairEngineOn(fs, { from: '/data', to: '/new' }, lock)
    expect(lost).toMatchObject([{ kind: 'log', path: `/data/${log}`, fromSequence: sequence + 1 }])
    expect(sequence).toBeGreaterThan(600)
    expect(sequence).toBeLessThan(900)
    expect(await names(fs, '/data')).toEqual(before)
    const expected = await open(new MemoryFileSystem())
    for (let i = 0; i < sequence; i++) scriptedWrite(expected, i)
    expect(stateOf(await open(fs, '/new'), scriptedIds)).toEqual(stateOf(expected, scriptedIds))
  })

  it('a backup that was opened and written to, with no checkpoint since: its log counts', async () => {
    const fs = new MemoryFileSystem()
    const origin = await open(fs)
    for (let i = 0; i < 300; i++) scriptedWrite(origin, i)
    await saveEngine(fs, '/backup', insideOf(origin).savable())
    const crowd = await open(fs, '/backup')
    for (let i = 300; i < 600; i++) scriptedWrite(crowd, i)
    await crowd.flushed()
    const left = fs.clone()
    left.set('/backup/LOCK', null)
    const report = await repairEngineOn(left, { from: '/backup', to: '/new' }, lock)
    expect(report).toMatchObject({ lost: [], replayed: 300, sequence: 600 })
    expect(stateOf(await open(left, '/new'), scriptedIds)).toEqual(stateOf(crowd, scriptedIds))
  })

  it('says that the disk failed, where it is not the log that is damaged', async () => {
    const fs = await folder()
    const failing = forward(fs, {
      async open(path) {
        const file = await fs.open(path)
        const read = (): never => {
          throw systemError('EIO', path)
        }
        return path.includes('/log-') ? { ...file, read } : file
      },
    })
    const repair = repairEngineOn(failing, { from: '/data', to: '/new' }, lock)
    await expect(repair).rejects.toMatchObject({ code: 'STORE_IO' })
  })

  it('makes the table of ids anew where the disk can not read it', async () => {
    const fs = await folder()
    const { sections, files } = decodeManifest(fs.get('/data/MANIFEST'), 'MANIFEST')
    const { file, offset, bytes } = sections.find(({ name }) => name === 'ids-table-0-0')!
    const failing = forward(fs, {
      async open(path) {
        const opened = await fs.open(path)
        if (!path.endsWith(files[file]!.name)) return opened
        return {
          size: opened.size,
          close: () => opened.close(),
          read: async (at, into) => {
            if (at < offset + bytes && at + into.length > offset) throw systemError('EIO', path)
            return opened.read(at, into)
          },
        }
      },
    })
    const report = await repairEngineOn(failing, { from: '/data', to: '/new' }, lock)
    expect(report.lost).toEqual([])
    expect(stateOf(await open(fs, '/new'), scriptedIds)).toEqual(stateOf(await open(fs), scriptedIds))
  })

  it('leaves out what is damaged of a checkpoint, section by section, and keeps the rest', async () => {
    const whole = await open(await folder())
    const files = (await names(await folder(), '/data')).filter((name) => /^\d+-\d+\.crowdbit$/.test(name))
    const kinds = new Set<string>()
    let refused = 0
    let madeAnew = 0
    for (const file of files) {
      const { length } = (await folder()).get(`/data/${file}`)
      for (let at = 0; at < length; at += Math.max(1, Math.floor(length / 60))) {
        const fs = await folder()
        await flip(fs, `/data/${file}`, at)
        const report = await repairEngineOn(fs, { from: '/data', to: '/new' }, lock).catch(
          (error: { code: string }) => {
            expect(error.code).toBe('STORE_CORRUPT')
            return null
          },
        )
        // The ids: nothing means anything without them.
        if (report === null) {
          refused++
          continue
        }
        // The table of ids: it is made anew.
        if (report.lost.length === 0) {
          madeAnew++
          const repaired = await open(fs, '/new')
          for (const id of scriptedIds) expect([id, repaired.denseOf(id)]).toEqual([id, whole.denseOf(id)])
          continue
        }
        const loss = report.lost[0]!
        expect(report.lost).toHaveLength(1)
        kinds.add(loss.kind)
        expect((await verifyStore(fs, '/new')).findings).toEqual([])
        const repaired = await open(fs, '/new')
        expect(repaired.size).toBe(whole.size)
        const lostName = loss.kind === 'log' ? null : loss.name
        for (const id of scriptedIds) {
          const was = whole.get(id) as Record<string, unknown> | undefined
          const is = repaired.get(id) as Record<string, unknown> | undefined
          for (const name of ['vip', 'tier', 'likes', 'spend']) {
            if (loss.kind === 'column' && name === lostName) continue
            expect([id, name, is?.[name]]).toEqual([id, name, was?.[name]])
          }
          if (lostName !== 'buy') {
            expect(repaired.events(id, 'buy' as never)).toEqual(whole.events(id, 'buy' as never))
          }
        }
      }
    }
    expect([...kinds].sort()).toEqual(['audiences', 'column', 'events', 'order'])
    expect(refused).toBeGreaterThan(0)
    expect(madeAnew).toBeGreaterThan(0)
  })
})

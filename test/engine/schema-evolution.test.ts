import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadEngineOn } from '../../src/engine/load-engine.ts'
import { openEngineOn } from '../../src/engine/open-engine.ts'
import {
  CrowdbitError,
  category,
  event,
  flag,
  loadEngine,
  number,
  openEngine,
  type SchemaSpec,
} from '../../src/index.ts'
import { FaultyFileSystem } from '../store/faulty-file-system.ts'
import { forward, MemoryFileSystem, systemError } from '../store/memory-file-system.ts'
import { lockFacts } from './lock-facts.ts'

const first = { vip: flag(), buy: event({ amount: number() }) }
/** As a later version of the program has it. */
const later = { tier: category(), ...first, see: event({ page: category() }), spend: number({ scale: 2 }) }

let boot = 0
/** Opened after the process before ended in whatever way. */
function open<const S extends SchemaSpec>(
  fs: MemoryFileSystem,
  schema: S,
  changed: Parameters<typeof forward>[1] = {},
) {
  const clock = { now: () => Date.UTC(2026, 10, 20) as never }
  return openEngineOn(forward(fs, changed), { dir: '/data', schema, clock, durability: 'none' }, lockFacts(++boot))
}

/** A folder of the first version with a person, a checkpoint and a log behind it, all of it on the medium. */
async function folder(): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem()
  const crowd = await open(fs, first)
  crowd.put('u1', { vip: true })
  await crowd.checkpoint()
  crowd.track('u1', 'buy', { at: '2026-11-19', amount: 5 })
  await crowd.flushed()
  const left = fs.clone()
  await crowd.close()
  return left
}

describe('openEngine with a schema that has more than the folder', () => {
  test('adds what is missing, in the order of the schema, behind what there is', async () => {
    const fs = await folder()
    const crowd = await open(fs, later)
    expect(Object.keys(crowd.schema)).toEqual(['vip', 'buy', 'tier', 'see', 'spend'])
    expect(crowd.recovery).toMatchObject({ checkpoint: 1, replayed: 1 })
    expect([crowd.sequence, crowd.health().store!.durableSequence]).toEqual([5, 5])
    crowd.put('u1', { tier: 'T1', spend: '1.25' })
    crowd.tags.spend.set(['u2'], [7])
    crowd.track('u2', 'see', { at: '2026-11-19', page: 'home' })
    expect(crowd.count('vip and tier = "T1" and did buy')).toBe(1)
    expect(crowd.count('did see and spend >= 7')).toBe(1)
    await crowd.close()
    const again = await open(fs, later)
    expect(again.sequence).toBe(8)
    expect(again.get('u1')).toEqual({ vip: true, tier: 'T1', spend: 1.25 })
    await again.close()
  })

  test('each as a mutation of its own: in the log, so that it survives the power, and done again', async () => {
    const fs = await folder()
    const crowd = await open(fs, later)
    const left = fs.afterPowerLoss(() => 0)
    await crowd.close()
    const again = await openEngineOn(left, { dir: '/data' }, lockFacts(++boot))
    expect(again.recovery).toMatchObject({ checkpoint: 1, replayed: 4, cut: null })
    expect(again.schema).toEqual(crowd.schema)
    await again.close()
  })

  test('a change feed of a replica has them as any addColumn', async () => {
    const fs = await folder()
    const origin = await open(fs, first)
    const replica = await openEngineOn(fs.clone(), { dir: '/data' }, lockFacts(++boot))
    await origin.close()
    const wider = await open(fs, later)
    const changes = wider.changes()
    wider.addColumn('last', flag())
    const change = (await changes.next()).value!
    expect(change.describe()).toMatchObject({ kind: 'addColumn' })
    // Those of the opening were before anybody could listen: whoever follows starts again from a copy.
    expect(change.sequence).toBe(6)
    expect(() => replica.applyChange(change)).toThrow(expect.objectContaining({ code: 'CHANGE_OUT_OF_ORDER' }))
    await wider.close()
    await replica.close()
  })

  test('nothing is added where something differs or is missing: the folder stays as it is', async () => {
    const fs = await folder()
    const before = fs.clone()
    for (const [schema, columns] of [
      [{ ...later, vip: category() }, ['vip']],
      [{ ...later, buy: event({ amount: number(), shop: category() }) }, ['buy']],
      [{ ...later, buy: event({ amount: number() }, { retentionDays: 9 }) }, ['buy']],
      [{ vip: flag(), tier: category() }, ['buy']],
      [{ tier: category() }, ['vip', 'buy']],
    ] as const) {
      await expect(open(fs, schema as SchemaSpec)).rejects.toMatchObject({
        code: 'STORE_SCHEMA_MISMATCH',
        facts: { columns },
      })
    }
    const [crowd, untouched] = [await open(fs, first), await open(before, first)]
    expect([crowd.sequence, crowd.schema]).toEqual([untouched.sequence, untouched.schema])
    await crowd.close()
    await untouched.close()
  })

  test('a name in another form of Unicode is the same name; a new one is added as NFC', async () => {
    const fs = new MemoryFileSystem()
    await (await open(fs, { 'caf\u00e9': flag() })).close()
    const crowd = await open(fs, { 'cafe\u0301': flag(), 'the\u0301': flag() })
    expect(Object.keys(crowd.schema)).toEqual(['caf\u00e9', 'th\u00e9'])
    await crowd.close()
  })

  test('derived tags are of the folder: the program needs not name them, and gives a new column none of their names', async () => {
    const fs = await folder()
    const crowd = await open(fs, first)
    crowd.defineTag('buyer', 'did buy')
    await crowd.close()
    const wider = await open(fs, { ...first, tier: category() })
    expect(Object.keys(wider.schema)).toEqual(['vip', 'buy', 'buyer', 'tier'])
    expect(wider.count('buyer')).toBe(1)
    await wider.close()
    await expect(open(fs, { ...later, buyer: category() })).rejects.toMatchObject({
      code: 'STORE_SCHEMA_MISMATCH',
      facts: { columns: ['buyer'] },
    })
    await (await open(fs, { ...later, buyer: flag() })).close()
  })

  test.each([
    ['is full', 'ENOSPC', 'writeSync'],
    ['fails in a sync', 'EIO', 'sync'],
  ] as const)(
    'a disk that %s while they are added: refused with the code, and the folder is given back',
    async (_, errno, at) => {
      const fs = await folder()
      let failing = false
      const createLog: MemoryFileSystem['createLog'] = async (path) => {
        const file = await fs.createLog(path)
        if (!path.includes('/log-')) return file
        const fail = (): never => {
          throw systemError(errno, path)
        }
        return {
          ...file,
          writeSync: (offset, bytes) => (failing && at === 'writeSync' ? fail() : file.writeSync(offset, bytes)),
          // The header is on the medium before the columns come.
          sync: async () => {
            if (failing && at === 'sync') fail()
            await file.sync()
            failing = true
          },
        }
      }
      await expect(open(fs, later, { createLog })).rejects.toMatchObject({ code: 'STORE_IO', facts: { errno } })
      expect(await fs.list('/data')).not.toContain('LOCK')
      const again = await open(fs, later)
      expect(Object.keys(again.schema)).toEqual(['vip', 'buy', 'tier', 'see', 'spend'])
      expect(again.count('vip and did buy')).toBe(1)
      await again.close()
    },
  )

  test.each(['fail', 'lie', 'crash', 'crash-after'] as const)(
    'whichever operation goes wrong (%s), and then the power: what there was is there, and the columns are added by the next opening',
    async (kind) => {
      const before = await folder()
      const names = ['vip', 'buy', 'tier', 'see', 'spend']
      for (let at = 1; ; at++) {
        const fs = before.clone()
        const faulty = new FaultyFileSystem(fs, at, kind)
        const options = { dir: '/data', schema: later, durability: 'none' } as const
        const opened = await openEngineOn(faulty, options, lockFacts(++boot)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(CrowdbitError)
          expect((error as CrowdbitError).code).toMatch(/^STORE_/)
          return null
        })
        const left = fs.afterPowerLoss(() => 0)
        await opened?.close().catch(() => {})
        if (opened !== null) expect(Object.keys((await read(left)).schema)).toEqual(names)
        const found = Object.keys((await read(left)).schema)
        expect(names.slice(0, found.length)).toEqual(found)
        const again = await open(left, later)
        expect(Object.keys(again.schema)).toEqual(names)
        expect([again.sequence, again.count('vip and did buy')]).toEqual([5, 1])
        await again.close()
        if (!faulty.struck) break
      }
    },
  )

  /** As it is opened without a schema. */
  async function read(fs: MemoryFileSystem) {
    const crowd = await openEngineOn(fs.clone(), { dir: '/data' }, lockFacts(++boot))
    await crowd.close()
    return crowd
  }

  test('its type is that of the schema', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'crowdbit-evolution-'))
    try {
      await (await openEngine({ dir, schema: first })).close()
      const crowd = await openEngine({ dir, schema: later })
      crowd.put('u1', { spend: 3, tier: 'T1' })
      // @ts-expect-error: no such column
      expect(() => crowd.put('u1', { spent: 3 })).toThrow()
      expect(crowd.get('u1')?.spend).toBe(3)
      await crowd.close()
      const { tier: _, ...without } = later
      await expect(openEngine({ dir, schema: without })).rejects.toMatchObject({ code: 'STORE_SCHEMA_MISMATCH' })
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})

describe('loadEngine with a schema that has more than the folder', () => {
  test('adds it in memory; the folder stays as it is', async () => {
    const fs = await folder()
    await (await open(fs, first)).close()
    const names = (await fs.list('/data')).sort()
    const crowd = await loadEngineOn(fs, '/data', { schema: later })
    expect(Object.keys(crowd.schema)).toEqual(['vip', 'buy', 'tier', 'see', 'spend'])
    expect(crowd.sequence).toBe(5)
    crowd.put('u1', { spend: 3 })
    expect(crowd.get('u1')).toEqual({ vip: true, spend: 3 })
    expect((await fs.list('/data')).sort()).toEqual(names)
    await expect(loadEngineOn(fs, '/data', { schema: { ...later, vip: category() } })).rejects.toMatchObject({
      code: 'STORE_SCHEMA_MISMATCH',
      facts: { columns: ['vip'] },
    })
    const dir = mkdtempSync(join(tmpdir(), 'crowdbit-evolution-'))
    try {
      await crowd.save(dir)
      expect((await loadEngine(dir)).schema).toEqual(crowd.schema)
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})

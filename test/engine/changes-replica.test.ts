import { expect, test } from 'vitest'
import { insideOf } from '../../src/engine/engine.ts'
import { loadEngineOn } from '../../src/engine/load-engine.ts'
import { openEngineOn } from '../../src/engine/open-engine.ts'
import { saveEngine } from '../../src/engine/save-engine.ts'
import { type Change, createEngine, type Engine, type Millis, type SchemaSpec } from '../../src/index.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { MemoryFileSystem } from '../store/memory-file-system.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkAnswers, world } from '../testing/check-answers.ts'
import { applyToCrowdbit, playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'
import { stateOf } from './engine-state.ts'
import { lockFacts } from './lock-facts.ts'
import { recordsOf } from './recorded.ts'

type AnyEngine = Engine<SchemaSpec>

/** Reads what there is. */
async function read(changes: AsyncIterableIterator<Change>, upTo: number, into: Change[] = []): Promise<Change[]> {
  while ((into.at(-1)?.sequence ?? 0) < upTo) into.push((await changes.next()).value)
  return into
}

test('a replica that does each change again is equal to its origin', async () => {
  const check = async (tried: SegmentationCase, draw: (below: number) => number): Promise<void> => {
    const { schema, timeZone, now } = tried
    const clock = { now: () => now as Millis }
    const { engine, play, reference } = playCase(tried, 0)
    const replica = createEngine({ schema, timeZone, clock }) as unknown as AnyEngine
    const further = createEngine({ schema, timeZone, clock }) as unknown as AnyEngine
    // Some are read at once, and others when many are there.
    const quick = engine.changes()
    const slow = engine.changes()
    const chained = replica.changes()
    let late: AnyEngine | null = null
    const joins = draw(tried.changes.length + 1)
    const quickly: Change[] = []
    // What names a person is wiped with the id, so it is read before.
    const slowly: Change[] = []
    for (const [at, change] of tried.changes.entries()) {
      if (at === joins) late = await copyOf(engine, clock)
      await read(quick, engine.sequence, quickly)
      if (change.kind === 'remove' || change.kind === 'unlink' || draw(4) === 0)
        await read(slow, engine.sequence, slowly)
      play(change)
    }
    await read(quick, engine.sequence, quickly)
    await read(slow, engine.sequence, slowly)
    expect(quickly.map(({ sequence }) => sequence)).toEqual(Array.from({ length: engine.sequence }, (_, i) => i + 1))
    expect(slowly.map(({ record }) => record)).toEqual(quickly.map(({ record }) => record))
    for (const change of quickly) {
      expect(change.describe().kind).toBe(change.kind)
      replica.applyChange(change)
      expect(replica.sequence).toBe(change.sequence)
      if (late !== null && change.sequence === late.sequence + 1) late.applyChange(change)
      further.applyChange((await chained.next()).value)
    }
    for (const copy of [replica, further, late]) {
      if (copy === null) continue
      expect(stateOf(copy, world)).toEqual(stateOf(engine, world))
      expect(copy.sequence).toBe(engine.sequence)
      for (const asOf of tried.asOfs) checkAnswers(copy, reference.at(asOf), tried.rule)
    }
  }
  await assertOnCases(40, check)
  await assertOnCases(20, check, {}, widen)
})

/** What is saved now, and loaded. */
async function copyOf(engine: AnyEngine, clock: { now(): Millis }): Promise<AnyEngine> {
  const fs = new MemoryFileSystem()
  const { sequence } = await saveEngine(fs, '/copy', insideOf(engine).savable())
  expect(sequence).toBe(engine.sequence)
  return loadEngineOn<SchemaSpec>(fs, '/copy', { clock })
}

test('an engine in memory counts its mutations, whether somebody listens or not', async () => {
  await assertOnCases(60, (tried) => {
    const { engine, play } = playCase(tried, 0)
    for (const change of tried.changes) play(change)
    const other = playCase(tried, 0)
    const records = recordsOf(other.engine)
    for (const change of tried.changes) other.play(change)
    expect(engine.sequence).toBe(records.length)
  })
})

test('durable replicas follow a durable origin, and both are the same after they are opened again', async () => {
  await assertOnCases(40, async (tried, draw) => {
    const { schema, timeZone, now } = tried
    const clock = { now: () => now as Millis }
    const fs = new MemoryFileSystem()
    const open = (dir: string): Promise<AnyEngine> =>
      openEngineOn(
        fs,
        { dir, schema, timeZone, clock, durability: 'none' },
        lockFacts(1),
      ) as unknown as Promise<AnyEngine>
    const origin = await open('/origin')
    const replica = await open('/replica')
    const changes = origin.changes()
    const system = new CrowdbitSystem({}, {}, origin)
    for (const change of tried.changes) {
      applyToCrowdbit(change, system)
      if (draw(5) === 0) await origin.checkpoint()
      while (replica.sequence < origin.sequence) replica.applyChange((await changes.next()).value)
      if (draw(5) === 0) await replica.checkpoint()
    }
    expect(stateOf(replica, world)).toEqual(stateOf(origin, world))
    await origin.close()
    expect(await changes.next()).toEqual({ done: true, value: undefined })
    await replica.close()
    const [first, second] = [
      await openEngineOn(fs, { dir: '/origin', clock }, lockFacts(1)),
      await openEngineOn(fs, { dir: '/replica', clock }, lockFacts(1)),
    ] as unknown as AnyEngine[]
    expect(first!.sequence).toBe(origin.sequence)
    expect(second!.sequence).toBe(origin.sequence)
    expect(stateOf(first!, world)).toEqual(stateOf(origin, world))
    expect(stateOf(second!, world)).toEqual(stateOf(origin, world))
    await first!.close()
    await second!.close()
  })
})

import { expect } from 'vitest'
import { insideOf } from '../../src/engine/engine.ts'
import { openEngineOn } from '../../src/engine/open-engine.ts'
import { CrowdbitError, type Engine, type Millis, type SchemaSpec } from '../../src/index.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { FaultyFileSystem } from '../store/faulty-file-system.ts'
import { type Choose, MemoryFileSystem } from '../store/memory-file-system.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { world } from '../testing/check-answers.ts'
import { applyToCrowdbit, playCase } from '../testing/played-case.ts'
import { stateOf } from './engine-state.ts'
import { lockFacts } from './lock-facts.ts'
import { recordsOf, replayed } from './recorded.ts'

/** What was known when the machine went off. */
interface Run {
  /** The last mutation that `flushed` spoke for. */
  acknowledged: number
}

/** Plays a case on a file system until it is over, or the machine is off. */
async function play(tried: SegmentationCase, fs: FaultyFileSystem, draw: Choose): Promise<Run> {
  const run: Run = { acknowledged: 0 }
  let opened: Engine<SchemaSpec> | null = null
  try {
    const { schema, timeZone, now } = tried
    const durability = (['always', 'none', { intervalMs: 1 }] as const)[draw(3)]!
    const clock = { now: () => now as Millis }
    const engine = (await openEngineOn(
      fs,
      { dir: '/data', schema, timeZone, clock, durability },
      lockFacts(1),
    )) as unknown as Engine<SchemaSpec>
    opened = engine
    const system = new CrowdbitSystem({}, {}, engine)
    for (const change of tried.changes) {
      applyToCrowdbit(change, system)
      const sequence = engine.health().store!.sequence
      switch (draw(5)) {
        case 0:
          await engine.flushed()
          run.acknowledged = sequence
          break
        case 1:
          await engine.checkpoint()
          run.acknowledged = sequence
          break
        case 2:
          // In the background, while the next changes come.
          engine.checkpoint().catch(() => {})
          break
        case 3:
          await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await engine.close()
    run.acknowledged = engine.health().store!.sequence
  } catch (error) {
    if (!(error instanceof CrowdbitError && fs.struck)) throw error
    // The process is gone with the machine.
    await opened?.close().catch(() => {})
  }
  return run
}

/** Opens what is left, and checks that it is a prefix of what was written, with all that was acknowledged. */
async function checkFound(tried: SegmentationCase, found: MemoryFileSystem, run: Run, boot: number): Promise<void> {
  const { schema, timeZone, now } = tried
  const clock = { now: () => now as Millis }
  const engine = (await openEngineOn(found, { dir: '/data', schema: undefined as never, clock }, lockFacts(boot)).catch(
    async (error: unknown) => {
      // Nothing was acknowledged, and not even the folder's first checkpoint was there: it begins anew.
      if (error instanceof CrowdbitError && error.code === 'STORE_NOT_FOUND') return null
      throw error
    },
  )) as Engine<SchemaSpec> | null
  const sequence = engine === null ? 0 : engine.health().store!.sequence
  expect(sequence).toBeGreaterThanOrEqual(run.acknowledged)
  if (engine === null) return
  const shadow = playCase(tried, 0)
  const records = recordsOf(shadow.engine)
  for (const change of tried.changes) shadow.play(change)
  expect(sequence).toBeLessThanOrEqual(records.length)
  const isNew = Object.keys(engine.schema).length === 0 && sequence === 0
  if (!isNew) {
    expect(engine.timeZone).toBe(timeZone)
    expect(stateOf(engine, world)).toEqual(stateOf(replayed({ ...tried, schema }, records.slice(0, sequence)), world))
    expect(insideOf(engine).dataset.people.size).toBe(engine.size)
  }
  await engine.close()
}

/**
 * Loses power at a random operation of random workloads, and once more while what is left is opened: then what was acknowledged is
 * there, nothing is that was not written, and the engine is what the records up to there make of a new one.
 */
export async function losePower(lossPoints: number): Promise<void> {
  await assertOnCases(lossPoints, async (tried, draw) => {
    const whole = new FaultyFileSystem(new MemoryFileSystem(), Number.POSITIVE_INFINITY, 'crash')
    await play(tried, whole, draw)
    const inner = new MemoryFileSystem()
    const fs = new FaultyFileSystem(inner, 1 + draw(whole.log.length), draw(2) === 0 ? 'crash' : 'crash-after')
    const run = await play(tried, fs, draw)
    const found = inner.afterPowerLoss(draw)
    // A second loss, while it recovers.
    const second = new FaultyFileSystem(found, 1 + draw(30), 'crash-after')
    await openEngineOn(second, { dir: '/data', clock: { now: () => tried.now as Millis } }, lockFacts(2))
      .then((engine) => engine.close())
      .catch((error: unknown) => {
        if (!(error instanceof CrowdbitError && second.struck)) throw error
      })
    await checkFound(tried, found.afterPowerLoss(draw), run, 3)
  })
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Engine, type ExternalId, loadEngine, type Millis, type SchemaSpec } from '../../src/index.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import type { SegmentationCase } from '../../src/testing/population-change.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkAnswers, checkPreview, world } from '../testing/check-answers.ts'
import { applyToCrowdbit, playCase } from '../testing/played-case.ts'
import { widen } from '../testing/wide-case.ts'

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crowdbit-property-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** All that a person did, by kind of event. */
function eventsOf(engine: Engine<SchemaSpec>, id: ExternalId): unknown {
  const kinds = Object.entries(engine.schema).filter(([, { kind }]) => kind === 'event')
  return kinds.map(([name]) => [name, engine.events(id, name as never)])
}

test('a saved and loaded engine gives the same answers, and goes on as if nothing had been', async () => {
  const check = (tried: SegmentationCase): Promise<void> =>
    inFolder(async (folder) => {
      const half = Math.floor(tried.changes.length / 2)
      const { engine } = playCase(tried, half)
      await engine.save(folder)
      const loaded: Engine<SchemaSpec> = await loadEngine(folder, { clock: { now: () => tried.now as Millis } })
      expect(loaded.schema).toEqual(engine.schema)
      for (const id of world) {
        expect(loaded.denseOf(id)).toBe(engine.denseOf(id))
        expect(loaded.get(id)).toEqual(engine.get(id))
        expect(eventsOf(loaded, id)).toEqual(eventsOf(engine, id))
      }
      const continued = new CrowdbitSystem({}, {}, loaded)
      const { reference, play } = playCase(tried, half)
      for (const change of tried.changes.slice(half)) {
        play(change)
        applyToCrowdbit(change, continued)
      }
      for (const asOf of tried.asOfs) {
        checkAnswers(loaded, reference.at(asOf), tried.rule)
        checkPreview(loaded, reference.at(asOf), tried.rule)
      }
    })
  await assertOnCases(25, check)
  await assertOnCases(15, check, {}, widen)
})

test('a save holds the moment of the call, whatever is written meanwhile', async () => {
  await assertOnCases(25, (tried) =>
    inFolder(async (folder) => {
      const half = Math.floor(tried.changes.length / 2)
      const { engine, play } = playCase(tried, half)
      const values = world.map((id) => [engine.get(id), eventsOf(engine, id)])
      const { schema } = engine
      const saving = engine.save(folder)
      for (const change of tried.changes.slice(half)) play(change)
      await saving
      const loaded = await loadEngine(folder)
      expect(loaded.schema).toEqual(schema)
      expect(world.map((id) => [loaded.get(id), eventsOf(loaded, id)])).toEqual(values)
    }),
  )
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Engine, loadEngine, type Millis, type SchemaSpec } from '../../src/index.ts'
import type { CaseOptions } from '../../src/testing/case-arbitrary.ts'
import { changeFits } from '../../src/testing/change-fits.ts'
import { CrowdbitSystem } from '../../src/testing/crowdbit-system.ts'
import type { PopulationChange, SegmentationCase } from '../../src/testing/population-change.ts'
import type { ReferencePopulation } from '../../src/testing/reference-population.ts'
import { idAt } from '../../src/testing/value-arbitrary.ts'
import { assertOnCases } from '../testing/assert-on-cases.ts'
import { checkAnswers, shownValue, world } from '../testing/check-answers.ts'
import { applyToCrowdbit, playCase } from '../testing/played-case.ts'
import { stateOf } from './engine-state.ts'
import { recordsOf, replayed } from './recorded.ts'

/** Few kinds of change, so that links are many. */
const options: CaseOptions = {
  only: ['isSet', 'eq', 'behaviour', 'audience', 'and', 'not'].concat([
    ...['put', 'members', 'values', 'track', 'remove', 'link', 'unlink', 'listAudience', 'list', 'ruleAudience'],
  ]) as NonNullable<CaseOptions['only']>,
  people: 30,
  changes: 30,
}

/** Between each two changes now and then a link that fits. */
function withLinks(
  { changes }: SegmentationCase,
  reference: ReferencePopulation,
  draw: (below: number) => number,
  play: (change: PopulationChange) => void,
): void {
  for (const change of changes) {
    if (changeFits(change, reference)) play(change)
    if (draw(4) !== 0) continue
    const pairs = Array.from({ length: 1 + draw(3) }, () => [idAt(draw(20)), idAt(draw(60))] as const)
    const link = { kind: 'link', pairs } as const
    if (changeFits(link, reference)) play(link)
  }
}

function check(engine: Engine<SchemaSpec>, reference: ReferencePopulation, { rule, asOfs }: SegmentationCase): void {
  expect([engine.size, [...engine.select('everyone')]]).toEqual([reference.people.size, [...reference.people.keys()]])
  for (const id of world) {
    expect(engine.idsOf(id)).toEqual(reference.idsOf(id))
    const name = reference.aliases.get(id) ?? id
    const person = reference.people.get(name)
    const found: Record<string, unknown> = { ...engine.get(id) }
    expect(Object.keys(found).sort()).toEqual([...(person?.keys() ?? [])].sort())
    for (const [column, value] of person ?? []) expect(found[column]).toEqual(shownValue(value, found[column]))
    for (const [kind, { kind: isEvent }] of Object.entries(engine.schema)) {
      if (isEvent !== 'event') continue
      const times = (reference.events.get(name) ?? []).filter(({ event }) => event === kind).map(({ at }) => at)
      expect(engine.events(id, kind as never).map(({ at }) => at.getTime())).toEqual(times.sort((a, b) => a - b))
    }
  }
  for (const asOf of asOfs) checkAnswers(engine, reference.at(asOf), rule)
}

test('law 4: any links among other changes come to what the reference says', async () => {
  await assertOnCases(
    150,
    (tried, draw) => {
      const { engine, reference, play } = playCase(tried, 0)
      withLinks(tried, reference, draw, play)
      check(engine, reference, tried)
    },
    options,
  )
})

test('law 4: the log does them again, with the same numbers and the same later merges', async () => {
  await assertOnCases(
    100,
    (tried, draw) => {
      const { engine, reference, play } = playCase(tried, 0)
      const records = recordsOf(engine)
      withLinks(tried, reference, draw, play)
      const again = replayed(tried, records)
      expect(stateOf(again, world)).toEqual(stateOf(engine, world))
      check(again, reference, tried)
    },
    options,
  )
})

test('law 4: a save in between changes nothing of what comes after', async () => {
  await assertOnCases(
    40,
    async (tried, draw) => {
      const folder = await mkdtemp(join(tmpdir(), 'crowdbit-links-'))
      try {
        const { engine, reference, play } = playCase(tried, 0)
        const half = Math.floor(tried.changes.length / 2)
        withLinks({ ...tried, changes: tried.changes.slice(0, half) }, reference, draw, play)
        await engine.save(folder)
        const loaded: Engine<SchemaSpec> = await loadEngine(folder, { clock: { now: () => tried.now as Millis } })
        const continued = new CrowdbitSystem({}, {}, loaded)
        withLinks({ ...tried, changes: tried.changes.slice(half) }, reference, draw, (change) => {
          play(change)
          applyToCrowdbit(change, continued)
        })
        expect(stateOf(loaded, world)).toEqual(stateOf(engine, world))
        check(loaded, reference, tried)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
    options,
  )
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadEngine } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { describeWithData } from '../shared-data.ts'
import { ecomEngine, openEcom } from './ecom-log.ts'
import { behaviourIn } from './random-behaviours.ts'
import { sequenceIn } from './random-sequences.ts'
import { combined, compareMany, type Sides } from './same-people.ts'

/** West of UTC, with a change of the clock in March: days are not those of the file. */
const zone = 'America/New_York'

describeWithData('clicks in a shop', 'events/ecom_events.csv.gz', (path) => {
  let sides: Sides & { readonly crowd: ReturnType<typeof ecomEngine> }
  let events: readonly string[]
  let asOf: number

  beforeAll(async () => {
    const log = await openEcom(path, zone)
    sides = { log, crowd: ecomEngine(path, log) }
    events = Object.keys(log.schema)
    asOf = log.instants.at(-1)!
  })

  afterAll(() => {
    sides?.log.database.close()
  })

  test('the file is the one that the README describes', () => {
    const { crowd, log } = sides
    expect(crowd.size).toBe(600)
    expect(events).toHaveLength(19)
    expect([log.instants[0], asOf]).toEqual([Date.parse('2024-01-04T11:45:38Z'), Date.parse('2024-06-29T22:02:40Z')])
    const all = events.map((event) => ({ event }))
    expect(totalOf((count) => crowd.count({ did: all, gte: count }, { asOf }))).toBe(31_106)
  })

  test('3,605 sessions: as different values, and as gaps of half an hour', async () => {
    const { crowd, log } = sides
    const all = events.map((event) => ({ event, property: 'session' }))
    expect(totalOf((count) => crowd.count({ did: all, measure: 'distinct', gte: count }, { asOf }))).toBe(3_605)
    const gap = 'at_ms - lag(at_ms) over (partition by person order by at_ms)'
    expect(
      await log.database.column(
        `select count(*) from (select ${gap} as gap from events) where coalesce(gap, 1e9) > 1800000`,
      ),
    ).toEqual([3_605])
  })

  test('random sequences have the people that SQL has', async () => {
    const sequence = sequenceIn(sides.log, { links: ['session', 'session', 'platform', 'channel'] })
    const telling = await compareMany(sides, sequence, { seed: 20_240_104, ...campaign(300) })
    expect(telling).toBeGreaterThan(0.4)
  })

  test('random behaviours have the people that SQL has', async () => {
    const telling = await compareMany(sides, combined(behaviourIn(sides.log)), { seed: 20_240_629, ...campaign(100) })
    expect(telling).toBeGreaterThan(0.3)
  })

  test('and so they have when the engine was saved and loaded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crowdbit-ecom-'))
    try {
      await sides.crowd.save(folder)
      const crowd = await loadEngine(folder)
      const question = fc.oneof(behaviourIn(sides.log), sequenceIn(sides.log, { links: ['session'] }))
      const telling = await compareMany({ crowd, log: sides.log }, question, { seed: 20_240_501, ...campaign(60) })
      expect(telling).toBeGreaterThan(0.3)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

/** The sum of a whole number over all people, given how many have at least so much. */
function totalOf(peopleWithAtLeast: (count: number) => number): number {
  let total = 0
  for (let count = 1, people = 1; people > 0; count++) {
    people = peopleWithAtLeast(count)
    total += people
  }
  return total
}

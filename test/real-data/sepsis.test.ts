import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaign } from '../fast-check-config.ts'
import { describeWithData } from '../shared-data.ts'
import { behaviourIn } from './random-behaviours.ts'
import { sequenceIn } from './random-sequences.ts'
import { combined, compareMany, type Sides } from './same-people.ts'
import { openSepsis, sepsisEngine } from './sepsis-log.ts'

/** Half an hour off the hours of UTC, and north of the equator's other side: its clock goes back in April. */
const zone = 'Australia/Adelaide'

describeWithData('events in a hospital, many at the same second', 'events/sepsis_events.csv.gz', (path) => {
  let sides: Sides

  beforeAll(async () => {
    const log = await openSepsis(path, zone)
    sides = { log, crowd: sepsisEngine(path, log) }
  })

  afterAll(() => {
    sides?.log.database.close()
  })

  test('the file is the one that the README describes', async () => {
    const { crowd, log } = sides
    expect(crowd.size).toBe(1_050)
    expect(Object.keys(log.schema)).toHaveLength(16)
    expect(await log.database.column('select count(*) from events')).toEqual([15_214])
    const asOf = log.instants.at(-1)!
    expect(crowd.count('did "ER Registration" exactly 1 times', { asOf })).toBe(1_050)
    expect(crowd.count('did "Return ER"', { asOf })).toBe(294)
    expect(crowd.count('did Leucocytes at least 74 times', { asOf })).toBe(1)
  })

  test('random sequences have the people that SQL has', async () => {
    const sequence = sequenceIn(sides.log, { links: ['shift'] })
    const telling = await compareMany(sides, sequence, { seed: 20_131_107, ...campaign(300) })
    expect(telling).toBeGreaterThan(0.4)
  })

  test('random behaviours have the people that SQL has', async () => {
    const telling = await compareMany(sides, combined(behaviourIn(sides.log)), { seed: 20_150_605, ...campaign(100) })
    expect(telling).toBeGreaterThan(0.3)
  })
})

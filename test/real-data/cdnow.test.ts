import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { describeWithData } from '../shared-data.ts'
import { cdnowSchema, cdnowZone, openCdnow, readCdnow } from './cdnow-log.ts'
import type { EventLog } from './event-log.ts'
import { behaviourIn } from './random-behaviours.ts'
import { combined, compareMany } from './same-people.ts'

/** After the last purchase, which was on 1998-06-30. */
const asOf = '1998-07-01'

describeWithData('purchases at CDNOW', 'cdnow/CDNOW_master.txt', (path) => {
  let crowd: Engine<typeof cdnowSchema>
  let log: EventLog

  beforeAll(async () => {
    log = await openCdnow(path)
    crowd = createEngine({ schema: cdnowSchema, timeZone: cdnowZone })
    await crowd.ingest(readCdnow(path), { event: 'purchase', id: 'customer', idType: 'integer', at: 'at' })
  })

  afterAll(() => {
    log?.database.close()
  })

  test('23,570 customers, 69,659 purchases, $2,500,315.63', async () => {
    expect(crowd.size).toBe(23_570)
    expect(await log.database.rows('select count(*), sum(dollars)::varchar from events')).toEqual([
      [69_659, '2500315.63'],
    ])
    const kept = Array.from({ length: crowd.size }, (_, dense) => crowd.events(crowd.idOf(dense)!, 'purchase')).flat()
    expect(kept).toHaveLength(69_659)
    expect(kept.reduce((cents, { dollars }) => cents + Math.round(dollars! * 100), 0)).toBe(250_031_563)
  })

  test.each([
    ['new purchase from "1997-01-01" to "1997-02-01"', 7_846],
    ['new purchase from "1997-02-01" to "1997-03-01"', 8_476],
    ['new purchase from "1997-03-01" to "1997-04-01"', 7_248],
    ['new purchase from "1997-04-01"', 0],
    ['did purchase exactly 1 time', 11_908],
    ['did purchase exactly 2 times', 4_079],
    ['did purchase exactly 3 times', 2_217],
    ['distinct days of purchase >= 2', 11_516],
    ['distinct days of purchase >= 5', 3_835],
    ['distinct days of purchase >= 10', 1_074],
    ['did not purchase', 0],
  ])('%s: %i customers', (rule, people) => {
    expect(crowd.count(rule, { asOf })).toBe(people)
    expect(crowd.select(rule, { asOf }).size).toBe(people)
  })

  test('the same months as months: in the window that ends when the next one begins', () => {
    const counts = ['1997-02-01', '1997-03-15', '1997-04-30'].map((asOf) =>
      crowd.count('new purchase in last 1 month', { asOf }),
    )
    expect(counts).toEqual([7_846, 8_476, 7_248])
  })

  test('recency, frequency and money together', async () => {
    const threshold = {
      days: fc.integer({ min: 0, max: 545 }),
      orders: fc.integer({ min: 1, max: 12 }),
      dollars: fc.constantFrom(...log.numbers.get('dollars')!).map((cents) => cents / 100),
    }
    await fc.assert(
      fc.asyncProperty(fc.record(threshold), async ({ days, orders, dollars }) => {
        const rule = `days since last purchase <= ${days} and did purchase at least ${orders} times and sum dollars of purchase >= ${dollars}`
        const [[people, ids]] = (await log.database.rows(
          `select count(*), coalesce(sum(person), 0) from
             (select person, date '${asOf}' - max(day) as r, count(*) as f, sum(dollars) as m from events group by person)
           where r <= ${days} and f >= ${orders} and m >= ${dollars}`,
        )) as [[number, number]]
        const set = crowd.select(rule, { asOf })
        const found = [...set.ids()].map(Number)
        set.release()
        expect([found.length, found.reduce((a, b) => a + b, 0)], rule).toEqual([people, ids])
      }),
      { seed: 1_998_0630, ...campaign(100) },
    )
  })

  test('random behaviours have the people that SQL has', async () => {
    const telling = await compareMany({ crowd, log }, combined(behaviourIn(log)), { seed: 1_997_0101, ...campaign(60) })
    expect(telling).toBeGreaterThan(0.4)
  })
})

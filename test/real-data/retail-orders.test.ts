import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { describeWithData } from '../shared-data.ts'
import type { EventLog } from './event-log.ts'
import { behaviourIn, countedIn, lifecycleIn, measuredIn, occurrenceIn } from './random-behaviours.ts'
import { openOrders, orderOptions, type orderSchema, ordersEngine, readOrders } from './retail-log.ts'
import { combined, compareMany } from './same-people.ts'

describeWithData('18,532 orders of Online Retail', 'events/online_retail_orders.csv.gz', (path) => {
  // The shop is open from 6 to 21 in UTC: in Sydney that is around midnight, and the clock there changes twice in the file.
  describe.each(['UTC', 'Australia/Sydney'])('in %s', (zone) => {
    let crowd: Engine<typeof orderSchema>
    let log: EventLog

    beforeAll(async () => {
      log = await openOrders(path, zone)
      crowd = await ordersEngine(path, log)
    })

    afterAll(() => {
      log?.database.close()
    })

    test('the orders come to 8,911,407.904 pounds', () => {
      const orders = Array.from({ length: crowd.size }, (_, dense) => crowd.events(crowd.idOf(dense)!, 'order')).flat()
      expect([crowd.size, orders.length]).toEqual([4_338, 18_532])
      expect(orders.reduce((milli, { amount }) => milli + Math.round(amount! * 1000), 0)).toBe(8_911_407_904)
    })

    test.each([
      ['counts, distinct days and recency', 90, countedIn],
      ['sums, averages, extremes and distinct values', 90, measuredIn],
      ['first and last orders', 60, occurrenceIn],
      ['stopped, resumed, new and regular', 60, lifecycleIn],
    ] as const)('%s have the people that SQL has: %i rules', async (_, runs, questions) => {
      const telling = await compareMany({ crowd, log }, combined(questions(log)), {
        seed: 20_101_201,
        ...campaign(runs),
      })
      expect(telling).toBeGreaterThan(0.3)
    })

    test('orders that are read again are not counted again', async () => {
      const report = await crowd.ingest(readOrders(path), orderOptions)
      expect(report).toMatchObject({ rows: 18_532, applied: 0, duplicates: 18_532, created: 0 })
      await compareMany({ crowd, log }, countedIn(log), { seed: 20_110_104, ...campaign(10) })
    })

    // The last one: it changes both sides.
    test('who was removed is nobody, and who came back has no more than came back with them', async () => {
      const rows = readOrders(path)
      const every = (n: number): number[] =>
        [...new Set(rows.map((row) => Number(row.user_id)))].filter((id) => id % n === 0)
      expect(crowd.removeMany(every(3)).unknown).toBe(0)
      const back = rows.filter((row) => Number(row.user_id) % 9 === 0).map(({ order_id, ...row }) => row)
      const { eventId, ...options } = orderOptions
      expect((await crowd.ingest(back, options)).applied).toBe(back.length)
      for (const table of ['events', 'people'])
        await log.database.run(`delete from ${table} where person % 3 = 0 and person % 9 <> 0`)
      expect(await log.database.column('select count(*) from people')).toEqual([crowd.size])
      const telling = await compareMany({ crowd, log }, combined(behaviourIn(log)), {
        seed: 20_111_031,
        ...campaign(60),
      })
      expect(telling).toBeGreaterThan(0.3)
    })
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { category, createEngine, csvFile, event, loadEngine, number } from '../../src/index.ts'
import { describeWithData } from '../shared-data.ts'

/** The rows of a plain CSV file. */
function rowsOf(path: string): string[][] {
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1)
  return lines.map((line) => line.split(','))
}

describeWithData('31,106 clicks in a shop', 'events/ecom_events.csv.gz', (path) => {
  const rows = rowsOf(path)
  const properties = { event: category(), platform: category(), session_id: category(), user_lifecycle: category() }
  const make = () => createEngine({ schema: { click: event(properties) } })

  it('are events of 600 people, in order of time, with their properties', async () => {
    const crowd = make()
    const report = await crowd.ingest(csvFile(path), { event: 'click', id: 'user_id', at: 'timestamp' })
    expect(report).toMatchObject({ rows: 31_106, applied: 31_106, rejected: 0, duplicates: 0, people: 600 })
    expect(report.ignored).toEqual(['acquisition_channel', 'user_cohort'])
    const byUser = new Map<string, string[][]>()
    for (const row of rows) byUser.set(row[0]!, [...(byUser.get(row[0]!) ?? []), row])
    expect(byUser.size).toBe(600)
    for (const [user, expected] of byUser) {
      // A stable sort: rows of one second stay as they are.
      const sorted = expected.sort((a, b) => (a[3]! < b[3]! ? -1 : Number(a[3]! > b[3]!)))
      expect(crowd.events(user, 'click')).toEqual(
        sorted.map(([, session_id, name, time, platform, , , user_lifecycle]) => ({
          at: new Date(`${time!.replace(' ', 'T')}Z`),
          event: name,
          platform,
          session_id,
          user_lifecycle,
        })),
      )
    }
    const days = new Set(rows.map((row) => row[3]!.slice(0, 10)))
    expect(crowd.stats().events[0]).toMatchObject({ events: 31_106, days: days.size })
  })

  it('with their session and time as id come once, however often they are read', async () => {
    const crowd = createEngine({ schema: { session: event() } })
    const options = { event: 'session', id: 'user_id', at: 'timestamp', eventId: 'session_id' } as const
    const first = await crowd.ingest(csvFile(path), options)
    expect(first).toMatchObject({ applied: 3_605, duplicates: 31_106 - 3_605 })
    const again = await crowd.ingest(csvFile(path), { ...options, batchRows: 77 })
    expect(again).toMatchObject({ applied: 0, duplicates: 31_106, created: 0 })
    expect(crowd.stats().events[0]).toMatchObject({ events: 3_605, eventIds: 3_605 })
  })
})

describeWithData('18,532 orders', 'events/online_retail_orders.csv.gz', (path) => {
  const rows = rowsOf(path)
  const schema = { order: event({ amount: number({ scale: 3 }), lines: number(), units: number() }) }

  it('are there once, exact to the thousandth of a pound, before and after a save', async () => {
    const crowd = createEngine({ schema, timeZone: 'Europe/London' })
    const options = {
      event: 'order',
      id: 'user_id',
      idType: 'integer',
      at: 'ts',
      eventId: 'order_id',
      columns: { lines: 'lines', units: 'units' },
    } as const
    expect(await crowd.ingest(csvFile(path), options)).toMatchObject({
      rows: 18_532,
      applied: 18_532,
      duplicates: 0,
      rejected: 0,
      people: 4_338,
      ignored: ['amount_milli'],
    })
    expect(await crowd.ingest(csvFile(path), options)).toMatchObject({ applied: 0, duplicates: 18_532, created: 0 })
    const amounts = rows.map(([user, order, at, milli]) => ({
      id: Number(user),
      at: at!,
      eventId: `again-${order}`,
      amount: `${milli!.slice(0, -3) || '0'}.${milli!.padStart(3, '0').slice(-3)}`,
    }))
    const report = await crowd.ingest(amounts, {
      event: 'order',
      id: 'id',
      idType: 'integer',
      at: 'at',
      eventId: 'eventId',
    })
    expect(report).toMatchObject({ applied: 18_532 })
    const place = mkdtempSync(join(tmpdir(), 'crowdbit-orders-'))
    await crowd.save(place)
    const again = await loadEngine(place, { schema })
    rmSync(place, { recursive: true, force: true })
    for (const engine of [crowd, again]) {
      let milli = 0
      let units = 0
      for (const user of new Set(rows.map(([user]) => user))) {
        for (const { amount = 0, units: count = 0 } of engine.events(Number(user), 'order')) {
          milli += Math.round(amount * 1000)
          units += count
        }
      }
      expect(milli).toBe(8_911_407_904)
      expect(units).toBe(rows.reduce((sum, row) => sum + Number(row[5]), 0))
      expect(engine.stats().events[0]).toMatchObject({ events: 2 * 18_532, eventIds: 2 * 18_532 })
    }
  })
})

import { describe, expect, it } from 'vitest'
import { category, createEngine, csv, type Engine, event, flag, type Millis, ndjson, number } from '../../src/index.ts'
import type { EventIngestOptions } from '../../src/ingest/event-ingest-options.ts'
import type { EventIngestReport } from '../../src/ingest/ingest-report.ts'

const schema = {
  vip: flag(),
  purchase: event({
    product: category(),
    channel: category({ values: ['app', 'web'] }),
    amount: number({ scale: 2 }),
    gift: flag(),
  }),
  visit: event({}, { retentionDays: 30 }),
}
type Shop = Engine<typeof schema>
type Options = Partial<EventIngestOptions<typeof schema, 'purchase'>>

const present = Date.UTC(2026, 10, 21, 4) as Millis
const shop = (): Shop => createEngine({ schema, timeZone: 'Asia/Shanghai', clock: { now: () => present } })

async function read(
  source: string | object[],
  options: Options = {},
  crowd = shop(),
): Promise<{ crowd: Shop; report: EventIngestReport }> {
  const rows = typeof source === 'string' ? csv(source) : source
  const report = await crowd.ingest(rows, { event: 'purchase', id: 'id', at: 'at', ...options })
  return { crowd, report }
}

describe('events of rows', () => {
  it('come with time, id and properties, and the report says what became of each', async () => {
    const text = [
      '用户,paidAt,order_id,产品,amount,gift,note',
      'u1,2026-11-20 09:00:00,o1,奶粉,129.90,是,x',
      'u2,2026-11-20T09:00:00.250+09:00,o2,,-5,no,',
      'u1,2026-11-20 09:00:00,o1,奶粉,129.90,1,again',
      'u3,2026-11-19,,cafe\u0301,,,',
    ].join('\n')
    const { crowd, report } = await read(text, {
      id: '用户',
      at: 'paidAt',
      eventId: 'order_id',
      columns: { 产品: 'product', amount: 'amount', gift: 'gift' },
    })
    expect(report).toMatchObject({
      rows: 4,
      applied: 3,
      duplicates: 1,
      expired: 0,
      rejected: 0,
      people: 3,
      created: 3,
      ignored: ['note'],
      ended: true,
    })
    const at = new Date('2026-11-20T01:00:00Z')
    expect(crowd.events('u1', 'purchase')).toEqual([{ at, eventId: 'o1', product: '奶粉', amount: 129.9, gift: true }])
    expect(crowd.events('u2', 'purchase')).toEqual([
      { at: new Date('2026-11-20T00:00:00.250Z'), eventId: 'o2', amount: -5 },
    ])
    expect(crowd.events('u3', 'purchase')).toEqual([{ at: new Date('2026-11-18T16:00:00Z'), product: 'café' }])
  })

  it('take the columns that the event has, without columns, and no others', async () => {
    const { crowd, report } = await read('at,id,product,vip,Amount\n2026-11-20,u1,A,1,5\n')
    expect(crowd.events('u1', 'purchase')).toEqual([{ at: new Date('2026-11-19T16:00:00Z'), product: 'A' }])
    expect(report.ignored).toEqual(['vip', 'Amount'])
    expect(crowd.get('u1')).toEqual({})
  })

  it('take times as seconds, as milliseconds, and as the objects have them', async () => {
    const seconds = await read('id,at\nu,1790000000\nu,1790000000.5\nu,1790000000.0625\nu,\nu,x\n', {
      at: { column: 'at', unit: 's' },
    })
    expect(seconds.crowd.events('u', 'purchase').map(({ at }) => at.getTime())).toEqual([
      1_790_000_000_000, 1_790_000_000_500,
    ])
    expect(seconds.report.rejects.map(({ row, code, column }) => [row, code, column])).toEqual([
      [3, 'TIME_INVALID', 'at'],
      [4, 'TIME_INVALID', 'at'],
      [5, 'TIME_INVALID', 'at'],
    ])
    const millis = await read('id,ts\nu,1790000000000\nu,5\n', { at: { column: 'ts', unit: 'ms' } })
    expect(millis.crowd.events('u', 'purchase').map(({ at }) => at.getTime())).toEqual([5, 1_790_000_000_000])
    const objects = await read([
      { id: 'u', at: new Date(3) },
      { id: 'u', at: 2 },
      { id: 'u', at: '1970-01-01T00:00:00.001Z' },
      { id: 'u', at: '1790000000000' },
      { id: 'u' },
    ])
    expect(objects.crowd.events('u', 'purchase').map(({ at }) => at.getTime())).toEqual([1, 2, 3])
    expect(objects.report.rejects.map(({ row, code, column, value }) => [row, code, column, value])).toEqual([
      [4, 'TIME_INVALID', 'at', '1790000000000'],
      [5, 'TIME_INVALID', 'at', null],
    ])
  })

  it('reject what does not fit by its column, and go on', async () => {
    const text = [
      'id,at,product,channel,amount,gift,order',
      'u1,2026-11-20,A,app,1,0,o1',
      ',2026-11-20,A,app,1,0,o2',
      'u3,20.11.2026,A,app,1,0,o3',
      'u4,2026-11-20,A,ap,1,0,o4',
      'u5,2026-11-20,A,web,1.005,0,o5',
      'u6,2026-11-20,A,web,much,0,o6',
      'u7,2026-11-20,A,web,1,perhaps,o7',
      'u8,2026-11-20,A',
      'u9,2026-11-20,A,app,1e3,0,o1',
    ].join('\n')
    const { crowd, report } = await read(text, { eventId: 'order' })
    expect(report).toMatchObject({ rows: 9, applied: 1, duplicates: 1, rejected: 7, people: 2 })
    expect(report.rejects.map(({ line, column, code, value }) => [line, column, code, value])).toEqual([
      [3, 'id', 'ID_EMPTY', ''],
      [4, 'at', 'TIME_INVALID', '20.11.2026'],
      [5, 'channel', 'VALUE_NOT_ALLOWED', 'ap'],
      [6, 'amount', 'VALUE_TOO_MANY_DIGITS', '1.005'],
      [7, 'amount', 'VALUE_WRONG_TYPE', 'much'],
      [8, 'gift', 'VALUE_WRONG_TYPE', 'perhaps'],
      [9, null, 'INGEST_ROW_MALFORMED', null],
    ])
    expect(report.rejects[1]!.reason).toContain('purchase.at takes a Date')
    expect(crowd.size).toBe(2)
  })

  it('of NDJSON have ids of their own kind, and null for nothing', async () => {
    const crowd = shop()
    const lines = [
      { user: 7, at: 1, order: 1, product: 'A', channel: null, gift: true },
      { user: 7, at: 1, order: '1', product: '', amount: 12.5 },
      { user: '8', at: 2, order: null, amount: '0.10' },
      { user: 8, at: 2, order: 1 },
      { user: 8, at: 2, order: 1.5 },
    ]
    const report = await crowd.ingest(ndjson(lines.map((line) => JSON.stringify(line)).join('\n')), {
      event: 'purchase',
      id: 'user',
      idType: 'integer',
      at: 'at',
      eventId: 'order',
    })
    expect(report).toMatchObject({ rows: 5, applied: 3, duplicates: 1, rejected: 1 })
    expect(report.rejects[0]).toMatchObject({ column: 'order', code: 'ID_NOT_AN_INTEGER' })
    expect(crowd.events(7, 'purchase')).toEqual([
      { at: new Date(1), eventId: 1, product: 'A', gift: true },
      { at: new Date(1), eventId: '1', product: '', amount: 12.5 },
    ])
    expect(crowd.events(8, 'purchase')).toEqual([{ at: new Date(2), amount: 0.1 }])
  })

  it('of days that retention has dropped are counted, and not stored', async () => {
    const crowd = shop()
    const report = await crowd.ingest(
      [
        { u: 'u1', t: 0 },
        { u: 'u2', t: present },
        { u: 'u2', t: '2026-10-22' },
      ],
      {
        event: 'visit',
        id: 'u',
        at: 't',
      },
    )
    expect(report).toMatchObject({ rows: 3, applied: 2, expired: 1, people: 2 })
    expect(crowd.stats().events[1]).toMatchObject({ events: 2 })
  })

  it('in batches of any size give the same, duplicates across batches included', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({
      id: `u${i % 37}`,
      at: (i * 7919) % 1000,
      order: i % 150,
      product: `p${i % 9}`,
    }))
    const [one, all] = await Promise.all([1, 7, 2_048].map((batchRows) => read(rows, { eventId: 'order', batchRows })))
    expect(one!.report).toMatchObject({ rows: 400, applied: 150, duplicates: 250 })
    expect({ ...all!.report, milliseconds: 0 }).toEqual({ ...one!.report, milliseconds: 0 })
    for (let i = 0; i < 37; i++) {
      expect(all!.crowd.events(`u${i}`, 'purchase')).toEqual(one!.crowd.events(`u${i}`, 'purchase'))
    }
  })

  it('tell their progress, and stop at too many rejects with what was stored', async () => {
    const seen: number[] = []
    const { report } = await read('id,at\nu,2026-11-20\nu,2026-11-21\n', {
      onProgress: ({ rows, applied }) => void seen.push(rows, applied),
    })
    expect([seen, report.bytes > 0]).toEqual([[2, 2], true])
    const crowd = shop()
    const failing = read('id,at\nu,2026-11-20\nu,x\nu,y\n', { batchRows: 1, maxRejects: 1 }, crowd)
    await expect(failing).rejects.toMatchObject({
      code: 'INGEST_TOO_MANY_REJECTS',
      facts: { report: { applied: 1, duplicates: 0, expired: 0, rejected: 2, ended: false } },
    })
    expect(crowd.events('u', 'purchase')).toHaveLength(1)
  })
})

describe('a mapping to an event', () => {
  const codeOf = (source: string | object[], options: object): Promise<string> =>
    read(source, options as Options).then(
      () => 'none',
      ({ message }: Error) => message,
    )

  it('that does not fit is refused before any row', async () => {
    const text = 'id,at,product\nu,2026-11-20,A\n'
    expect(await codeOf(text, { event: 'purchse' })).toMatch(/^EVENT_UNKNOWN: no event "purchse".*purchase\?/)
    expect(await codeOf(text, { event: 'vip' })).toMatch(/^EVENT_UNKNOWN: "vip" is a flag/)
    expect(await codeOf(text, { at: 'time' })).toMatch(/^INGEST_MAPPING: the source has no column "time"/)
    expect(await codeOf(text, { eventId: 'order' })).toMatch(/^INGEST_MAPPING: the source has no column "order"/)
    expect(await codeOf(text, { columns: { product: 'produkt' } })).toMatch(
      /^INGEST_MAPPING: "product" is mapped to "produkt", and event "purchase" has no such property. Did you mean product\?/,
    )
    expect(await codeOf(text, { columns: { product: 'vip' } })).toMatch(/^INGEST_MAPPING/)
    expect(await codeOf(text, { columns: { product: 'at' } })).toMatch(/^INGEST_MAPPING/)
    expect(await codeOf(text, { columns: { product: 'product', id: 'product' } })).toMatch(
      /^INGEST_MAPPING: "product" and "id"/,
    )
    for (const options of [
      { at: 5 },
      { at: { column: 5 } },
      { at: { column: 'at', unit: 'h' } },
      { at: { column: 'at', zone: 'UTC' } },
      { at: undefined },
      { eventId: 5 },
      { event: undefined },
      { event: 5 },
      { tag: 'product' },
      { createTags: true },
      { evnt: 'purchase' },
      { columns: { product: { to: 'product', thousands: ',' } } },
    ]) {
      expect(await codeOf(text, options), JSON.stringify(options)).toMatch(/^OPTION_INVALID/)
    }
  })

  it('may write the column of the time, the id and the order to properties too', async () => {
    const { crowd, report } = await read('id,at,order\nu1,2026-11-20T00:00Z,o1\n', {
      eventId: 'order',
      columns: { order: 'product' },
    })
    expect(crowd.events('u1', 'purchase')).toEqual([{ at: new Date('2026-11-20'), eventId: 'o1', product: 'o1' }])
    expect(report.ignored).toEqual([])
    const objects = await read([{ id: 'u1', at: 1, order: 'o1' }], { eventId: 'order', columns: { id: 'product' } })
    expect(objects.crowd.events('u1', 'purchase')).toEqual([{ at: new Date(1), eventId: 'o1', product: 'u1' }])
  })

  it('takes the options of its kinds: other words, thousands, what an empty text means', async () => {
    const { crowd } = await read('id,at,gift,amount,product\nu1,2026-11-20,ja,"1,234.50",\n', {
      empty: 'value',
      columns: {
        gift: { to: 'gift', truthy: ['ja'] },
        amount: { to: 'amount', thousands: ',' },
        product: { to: 'product', empty: 'value' },
      },
    })
    expect(crowd.events('u1', 'purchase')).toMatchObject([{ gift: true, amount: 1234.5, product: '' }])
    const skipped = await read('id,at,product,amount\nu1,2026-11-20,,\n')
    expect(skipped.crowd.events('u1', 'purchase')).toEqual([{ at: new Date('2026-11-19T16:00:00Z') }])
  })

  it('of an event that is dropped meanwhile rejects the rows that follow', async () => {
    const crowd = shop()
    const rows = (function* () {
      for (let i = 0; i < 6; i++) {
        if (i === 4) crowd.dropColumn('purchase')
        yield { id: `u${i}`, at: i }
      }
    })()
    const report = await crowd.ingest(rows, { event: 'purchase', id: 'id', at: 'at', batchRows: 2 })
    expect(report.applied + report.rejected).toBe(6)
    expect(report.rejects.every(({ code }) => code === 'EVENT_UNKNOWN')).toBe(true)
  })
})

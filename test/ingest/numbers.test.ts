import { describe, expect, it } from 'vitest'
import {
  createEngine,
  csv,
  event,
  type IngestOptions,
  type IngestReport,
  ndjson,
  number,
  timestamp,
} from '../../src/index.ts'
import { contentOf } from './ingest-engine.ts'

const schema = { spend: number({ scale: 2, min: 0 }), joinedAt: timestamp(), purchase: event() }
type Options = Omit<IngestOptions<typeof schema>, 'id'>

async function read(
  source: 'csv' | 'ndjson',
  text: string,
  options: Options = {},
): Promise<{ content: unknown; report: IngestReport }> {
  const crowd = createEngine({ schema, timeZone: 'Asia/Shanghai' })
  crowd.putMany([['old', { spend: 1, joinedAt: 1 }]])
  const report = await crowd.ingest(source === 'csv' ? csv(text) : ndjson(text), { id: 'id', ...options })
  return { content: contentOf(crowd).slice(1), report }
}

const rejectsOf = ({ rejects }: IngestReport): unknown[] =>
  rejects.map(({ row, column, code, value }) => [row, column, code, value])

describe('numbers', () => {
  it('are read as decimal text, white space around it aside', async () => {
    const { content, report } = await read('csv', 'id,spend\na,129.90\nb,  7\nc,"1e3 "\nd,\nold,\n')
    expect(content).toEqual([
      ['a', { spend: 129.9 }],
      ['b', { spend: 7 }],
      ['c', { spend: 1000 }],
      ['d', {}],
    ])
    expect(report.rejected).toBe(0)
  })

  it('that do not fit are rejected with row, column and reason', async () => {
    const { content, report } = await read('csv', 'id,Betrag\na,1.234\nb,x\nc,-1\nd,"1,5"\ne,1e30\nf,2\n', {
      columns: { Betrag: 'spend' },
    })
    expect(content).toEqual([['f', { spend: 2 }]])
    expect(rejectsOf(report)).toEqual([
      [1, 'Betrag', 'VALUE_TOO_MANY_DIGITS', '1.234'],
      [2, 'Betrag', 'VALUE_WRONG_TYPE', 'x'],
      [3, 'Betrag', 'VALUE_OUT_OF_RANGE', '-1'],
      [4, 'Betrag', 'VALUE_WRONG_TYPE', '1,5'],
      [5, 'Betrag', 'VALUE_OUT_OF_RANGE', '1e30'],
    ])
    expect(report.rejects[0]!.reason).toBe('spend holds 2 digits after the point, and "1.234" has more')
  })

  it('have groups of three digits on demand only', async () => {
    const text = 'id,spend\na,"1,234,567.50"\nb,12\nc,"1,23"\nd,",123"\n'
    const { content, report } = await read('csv', text, { columns: { spend: { to: 'spend', thousands: ',' } } })
    expect(content).toEqual([
      ['a', { spend: 1_234_567.5 }],
      ['b', { spend: 12 }],
    ])
    expect(rejectsOf(report)).toEqual([
      [3, 'spend', 'VALUE_WRONG_TYPE', '1,23'],
      [4, 'spend', 'VALUE_WRONG_TYPE', ',123'],
    ])
  })

  it('of objects are numbers, texts or null', async () => {
    const rows = [
      { id: 'a', spend: 12.5 },
      { id: 'b', spend: '12.50' },
      { id: 'old', spend: null },
      { id: 'd', spend: '' },
      { id: 'e', spend: true },
      { id: 'f', spend: 0.001 },
    ]
    const { content, report } = await read('ndjson', rows.map((row) => JSON.stringify(row)).join('\n'))
    expect(content).toEqual([
      ['a', { spend: 12.5 }],
      ['b', { spend: 12.5 }],
    ])
    expect(rejectsOf(report)).toEqual([
      [4, 'spend', 'VALUE_WRONG_TYPE', ''],
      [5, 'spend', 'VALUE_WRONG_TYPE', 'true'],
      [6, 'spend', 'VALUE_TOO_MANY_DIGITS', '0.001'],
    ])
  })

  it('are cleared by empty cells on demand, and empty cells rejected on demand', async () => {
    const crowd = createEngine({ schema })
    crowd.put('a', { spend: 1, joinedAt: 1 })
    await crowd.ingest(csv('id,spend,joinedAt\na,, \n'), { id: 'id' })
    expect(crowd.get('a')).toEqual({ spend: 1, joinedAt: new Date(1) })
    const report = await crowd.ingest(csv('id,spend,joinedAt\na,,\n'), { id: 'id', empty: 'value' })
    expect(report.rejects[0]).toMatchObject({ column: 'spend', code: 'VALUE_WRONG_TYPE' })
    await crowd.ingest(csv('id,spend,joinedAt\na,, \n'), { id: 'id', empty: 'clear' })
    expect(crowd.get('a')).toEqual({})
  })

  it('of many rows are as they would be one by one, later rows winning', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => `u${(i * 7) % 1_000},${i},${i * 1_000}`)
    const { content } = await read('csv', `id,spend,joinedAt\n${rows.join('\n')}\n`, {
      batchRows: 500,
      columns: { spend: 'spend', joinedAt: { to: 'joinedAt', unit: 'ms' } },
    })
    const expected = new Map<string, { spend: number; joinedAt: Date }>()
    for (let i = 0; i < 3_000; i++) expected.set(`u${(i * 7) % 1_000}`, { spend: i, joinedAt: new Date(i * 1_000) })
    expect(content).toEqual([...expected])
  })
})

describe('timestamps', () => {
  it('are read as ISO 8601, in the zone of the engine where they have no offset', async () => {
    const { content, report } = await read(
      'csv',
      'id,joinedAt\na,2010-12-01 08:26:00\nb,2010-12-01T08:26:00Z\nc, 2010-12-01 \nd,01/12/2010\ne,1291163160000\n',
    )
    expect(content).toEqual([
      ['a', { joinedAt: new Date('2010-12-01T08:26:00+08:00') }],
      ['b', { joinedAt: new Date('2010-12-01T08:26:00Z') }],
      ['c', { joinedAt: new Date('2010-12-01T00:00:00+08:00') }],
    ])
    expect(rejectsOf(report)).toEqual([
      [4, 'joinedAt', 'TIME_INVALID', '01/12/2010'],
      [5, 'joinedAt', 'TIME_INVALID', '1291163160000'],
    ])
    expect(report.rejects[1]!.reason).toContain('takes unit')
  })

  it('are counted in seconds or milliseconds on demand', async () => {
    const columns = (unit: 's' | 'ms'): Options => ({ columns: { joinedAt: { to: 'joinedAt', unit } } })
    const seconds = await read(
      'csv',
      'id,joinedAt\na,1291163160\nb, -1.5 \nc,1.2345\nd,2010-12-01\ne,1e99\n',
      columns('s'),
    )
    expect(seconds.content).toEqual([
      ['a', { joinedAt: new Date(1_291_163_160_000) }],
      ['b', { joinedAt: new Date(-1_500) }],
    ])
    expect(rejectsOf(seconds.report)).toEqual([
      [3, 'joinedAt', 'TIME_INVALID', '1.2345'],
      [4, 'joinedAt', 'TIME_INVALID', '2010-12-01'],
      [5, 'joinedAt', 'TIME_INVALID', '1e99'],
    ])
    expect(seconds.report.rejects[0]!.reason).toBe(
      'joinedAt was given "1.2345", where seconds with up to three digits after the point since 1970 are expected; without the mapping\'s unit, text is ISO 8601',
    )
    const rows =
      '{"id":"a","joinedAt":5}\n{"id":"b","joinedAt":"6"}\n{"id":"c","joinedAt":7.5}\n{"id":"d","joinedAt":null}\n'
    const millis = await read('ndjson', rows, columns('ms'))
    expect(millis.content).toEqual([
      ['a', { joinedAt: new Date(5) }],
      ['b', { joinedAt: new Date(6) }],
      ['d', {}],
    ])
    expect(millis.report.rejected).toBe(1)
  })
})

describe('mappings', () => {
  it('to an event are refused, and columns of its name ignored', async () => {
    await expect(read('csv', 'id,x\na,1\n', { columns: { x: 'purchase' as never } })).rejects.toThrow(
      'INGEST_MAPPING: "x" is mapped to "purchase", which is an event: events are tracked, not written to people',
    )
    const { report } = await read('csv', 'id,purchase\na,1\n')
    expect(report.ignored).toEqual(['purchase'])
  })

  it.each<[string, object]>([
    ['thousands is "."', { to: 'spend', thousands: '.' }],
    ['thousands is 7', { to: 'spend', thousands: 7 }],
    ['unit', { to: 'spend', unit: 's' }],
    ['unit is "h"', { to: 'joinedAt', unit: 'h' }],
    ['separator', { to: 'joinedAt', separator: ',' }],
  ])('with an option that does not fit are refused: %s', async (message, mapping) => {
    await expect(read('csv', 'id,x\na,1\n', { columns: { x: mapping as never } })).rejects.toThrow(message)
  })
})

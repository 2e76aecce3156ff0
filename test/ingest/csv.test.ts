import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { CrowdbitError, type CsvOptions, csv, type IngestReport } from '../../src/index.ts'
import { contentOf, ingestEngine } from './ingest-engine.ts'

async function read(
  text: string | Uint8Array,
  options?: CsvOptions,
): Promise<{ content: unknown; report: IngestReport }> {
  const crowd = ingestEngine()
  const report = await crowd.ingest(csv(text, options), { id: 'id' })
  return { content: contentOf(crowd), report }
}

const places = ({ rejects }: IngestReport): unknown => rejects.map(({ row, line, code }) => [row, line, code])

describe('CSV is read as', () => {
  it.each([
    ['LF', 'id,vip\nu1,1\nu2,0\n'],
    ['CRLF', 'id,vip\r\nu1,1\r\nu2,0\r\n'],
    ['CR', 'id,vip\ru1,1\ru2,0\r'],
    ['mixed ends of lines', 'id,vip\r\nu1,1\nu2,0\r'],
    ['no last end of line', 'id,vip\nu1,1\nu2,0'],
    ['blank lines', '\n\r\nid,vip\n\n\nu1,1\n\r\nu2,0\n\n'],
    ['a byte order mark', '\ufeffid,vip\nu1,1\nu2,0\n'],
    ['quotes', '"id","vip"\n"u1","1"\n"u2",0\n'],
  ])('%s', async (_, text) => {
    const { content, report } = await read(text)
    expect(content).toEqual([
      ['u1', { vip: true }],
      ['u2', {}],
    ])
    expect(report).toMatchObject({ rows: 2, applied: 2, rejected: 0, people: 2, created: 2, ended: true })
    expect(report.bytes).toBe(Buffer.byteLength(text))
  })

  it('quoted cells with delimiters, quotes and ends of lines', async () => {
    const { content } = await read('id,city\nu1,"a,""b""\r\nc\n"\n')
    expect(content).toEqual([['u1', { city: 'a,"b"\r\nc\n' }]])
  })

  it('another delimiter, no quoting, no header row', async () => {
    const { content } = await read('u1\t5" pipe\nu2\t"x\n', { delimiter: '\t', quote: null, columns: ['id', 'city'] })
    expect(content).toEqual([
      ['u1', { city: '5" pipe' }],
      ['u2', { city: '"x' }],
    ])
  })

  it('gzip, on demand', async () => {
    const { content } = await read(gzipSync('id,vip\nu1,1\n'), { gzip: true })
    expect(content).toEqual([['u1', { vip: true }]])
  })

  it('names and values in NFC', async () => {
    const crowd = ingestEngine()
    const report = await crowd.ingest(csv('ide\u0301,cite\u0301\nu1,Zu\u0308rich\n'), {
      id: 'idé',
      columns: { cité: 'city' },
    })
    expect(contentOf(crowd)).toEqual([['u1', { city: 'Zürich' }]])
    expect(report.ignored).toEqual([])
  })

  it('nothing, where only a header is', async () => {
    const { report } = await read('id,vip\n')
    expect(report).toMatchObject({ rows: 0, applied: 0, rejects: [], ended: true })
  })
})

describe('a CSV row is rejected', () => {
  it('with too few or too many cells', async () => {
    const { content, report } = await read('id,vip\nu1\n\nu2,1,2\nu3,1\n')
    expect(content).toEqual([['u3', { vip: true }]])
    expect(places(report)).toEqual([
      [1, 2, 'INGEST_ROW_MALFORMED'],
      [2, 4, 'INGEST_ROW_MALFORMED'],
    ])
    expect(report.rejects.map(({ reason }) => reason)).toEqual([
      'the row has 1 cell, where the header has 2; quote cells that hold the delimiter',
      'the row has 3 cells, where the header has 2; quote cells that hold the delimiter',
    ])
  })

  it('with a quote in a bare cell, and the next rows are read', async () => {
    const { content, report } = await read('id,city\nu1,x"y\nu2,a\nu3,b"\nu4,"c"\n')
    expect(content).toEqual([
      ['u2', { city: 'a' }],
      ['u4', { city: 'c' }],
    ])
    expect(places(report)).toEqual([
      [1, 2, 'INGEST_ROW_MALFORMED'],
      [3, 4, 'INGEST_ROW_MALFORMED'],
    ])
  })

  it('with something after a closing quote, and the next rows are read', async () => {
    const { content, report } = await read('id,city\r\nu1,"x"y\r\nu2,a\r\nu3,"b" \r\n"u4"x')
    expect(content).toEqual([['u2', { city: 'a' }]])
    expect(places(report)).toEqual([
      [1, 2, 'INGEST_ROW_MALFORMED'],
      [3, 4, 'INGEST_ROW_MALFORMED'],
      [4, 5, 'INGEST_ROW_MALFORMED'],
    ])
    expect(report.rejects[0]!.reason).toContain('something follows the quote that closes a cell')
  })

  it('from a quote that is never closed to the end: what is inside is no row', async () => {
    const { content, report } = await read('id,city\nu1,a\nu2,"b\nu3,c\nu4,d\n')
    expect(content).toEqual([['u1', { city: 'a' }]])
    expect(places(report)).toEqual([[2, 3, 'INGEST_ROW_MALFORMED']])
  })

  it('and the row after it is read, however short', async () => {
    const crowd = ingestEngine()
    expect(await crowd.ingest(csv('id\na"\nz'), { id: 'id' })).toMatchObject({ applied: 1, rejected: 1 })
    expect(crowd.has('z')).toBe(true)
  })

  it('from an open quote to the end, also behind a NUL', async () => {
    const { content, report } = await read('id,city\n"u1"\0,"b\nu2,c')
    expect([content, places(report)]).toEqual([[], [[1, 2, 'INGEST_ROW_MALFORMED']]])
  })

  it('on the lines that it goes over, counting ends of lines in cells', async () => {
    const { content, report } = await read('id,city\nu1,"a\r\nb\rc"\nu2,"x\ny"z,"\nu3,d,e\nu4,f\n')
    expect(content).toEqual([
      ['u1', { city: 'a\r\nb\rc' }],
      ['u4', { city: 'f' }],
    ])
    expect(places(report)).toEqual([
      [2, 5, 'INGEST_ROW_MALFORMED'],
      [3, 7, 'INGEST_ROW_MALFORMED'],
    ])
  })

  it('with bytes that are not UTF-8, and only that', async () => {
    const gbk = Buffer.from([0xbd, 0xf0])
    const text = Buffer.concat([Buffer.from('id,city\nu1,\ufffd\nu2,'), gbk, Buffer.from('\nu3,金\n')])
    const { content, report } = await read(text)
    expect(content).toEqual([
      ['u1', { city: '\ufffd' }],
      ['u3', { city: '金' }],
    ])
    expect(places(report)).toEqual([[2, 3, 'INGEST_ROW_MALFORMED']])
    expect(report.rejects[0]!.reason).toContain('not UTF-8')
  })

  it('longer than maxRowBytes, also inside quotes, without being taken apart', async () => {
    const long = 'x,\n'.repeat(100_000)
    const { content, report } = await read(
      `id,city\nu1,"${long}"\nu2,${'y'.repeat(93)}\nu3,${'y'.repeat(94)}\nu4,a\n`,
      {
        maxRowBytes: 96,
      },
    )
    expect(content).toEqual([
      ['u2', { city: 'y'.repeat(93) }],
      ['u4', { city: 'a' }],
    ])
    expect(places(report)).toEqual([
      [1, 2, 'INGEST_ROW_TOO_LONG'],
      [3, 100_004, 'INGEST_ROW_TOO_LONG'],
    ])
  })

  it('but not many blank lines', async () => {
    const { content, report } = await read(`id,city\n${'\n'.repeat(300_000)}u1,a\nu2\n`, { maxRowBytes: 50 })
    expect(content).toEqual([['u1', { city: 'a' }]])
    expect(places(report)).toEqual([[2, 300_003, 'INGEST_ROW_MALFORMED']])
  })
})

describe('CSV options', () => {
  it.each([
    { delimiter: ',,' },
    { delimiter: '\n' },
    { delimiter: '"' },
    { delimiter: '；' },
    { quote: '`' },
    { columns: [] },
    { columns: 'id' },
    { gzip: 1 },
    { maxRowBytes: 0 },
    { maxRowBytes: 1.5 },
    { delimeter: ';' },
  ])('%j is refused', (options) => {
    expect(() => csv('', options as CsvOptions)).toThrow(CrowdbitError)
    expect(() => csv('', options as CsvOptions)).toThrow(/^OPTION_INVALID: /)
  })
})

describe('a CSV source is refused', () => {
  const fault = (text: string | Uint8Array): Promise<unknown> =>
    read(text).then(
      () => null,
      (error: unknown) => error,
    )
  it.each(['', '\n\n\r\n', '\ufeff'])('without a header: %j', async (text) => {
    expect(await fault(text)).toMatchObject({ code: 'INGEST_MAPPING' })
  })
  it('with a header that is no row', async () => {
    expect(await fault('id,"vip"x\nu1,1\n')).toMatchObject({
      code: 'INGEST_MAPPING',
      message: expect.stringContaining("the header row can't be read: something follows the quote"),
    })
  })
  it('in UTF-16', async () => {
    expect(await fault(Buffer.from('\ufeffid,vip\n', 'utf16le'))).toMatchObject({
      code: 'INGEST_SOURCE',
      message: expect.stringContaining('UTF-16'),
    })
  })
})

import { describe, expect, it } from 'vitest'
import { type IngestReport, type NdjsonOptions, ndjson } from '../../src/index.ts'
import { contentOf, ingestEngine } from './ingest-engine.ts'

async function read(
  text: string | Uint8Array,
  options?: NdjsonOptions,
): Promise<{ content: unknown; report: IngestReport }> {
  const crowd = ingestEngine()
  const report = await crowd.ingest(ndjson(text, options), { id: 'id' })
  return { content: contentOf(crowd), report }
}

const places = ({ rejects }: IngestReport): unknown => rejects.map(({ row, line, code }) => [row, line, code])

describe('NDJSON is read', () => {
  it.each([
    ['LF', '{"id":"u1","vip":true}\n{"id":"u2"}\n'],
    ['CRLF', '{"id":"u1","vip":true}\r\n{"id":"u2"}\r\n'],
    ['no last end of line', '{"id":"u1","vip":true}\n{"id":"u2"}'],
    ['blank lines', '\n \t\n{"id":"u1","vip":true}\r\n\r\n{"id":"u2"}\n\n'],
    ['a byte order mark', '\ufeff{"id":"u1","vip":true}\n{"id":"u2"}\n'],
  ])('with %s', async (_, text) => {
    const { content, report } = await read(text)
    expect(content).toEqual([
      ['u1', { vip: true }],
      ['u2', {}],
    ])
    expect(report).toMatchObject({ rows: 2, applied: 2, rejected: 0, ended: true, bytes: Buffer.byteLength(text) })
  })

  it('with characters cut anywhere', async () => {
    const bytes = Buffer.from('{"id":"𝄞é金","city":"城市𝄞"}\r\n{"id":"u2","vip":"是"}\n')
    for (let size = 1; size < 9; size++) {
      const crowd = ingestEngine()
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      await crowd.ingest(ndjson(chunks), { id: 'id' })
      expect(contentOf(crowd)).toEqual([
        ['𝄞é金', { city: '城市𝄞' }],
        ['u2', { vip: true }],
      ])
    }
  })

  it('as nothing, where nothing is', async () => {
    expect((await read('\n\n')).report).toMatchObject({ rows: 0, ended: true })
    expect((await read('')).report).toMatchObject({ rows: 0, ended: true })
  })
})

describe('an NDJSON line is rejected', () => {
  it('that is no JSON object, or not UTF-8', async () => {
    const lines = ['{"id":"u1"', '[1]', '7', 'null', '{"id":"u2"}', '"x"']
    const text = Buffer.concat([
      Buffer.from(`${lines.join('\n')}\n{"id":"`),
      Buffer.of(0xbd),
      Buffer.from('"}\n{"id":"u3"}'),
    ])
    const { content, report } = await read(text)
    expect(content).toEqual([
      ['u2', {}],
      ['u3', {}],
    ])
    expect(places(report)).toEqual([1, 2, 3, 4, 6, 7].map((row) => [row, row, 'INGEST_ROW_MALFORMED']))
    expect(report.rejects.map(({ value }) => value)).toEqual(['{"id":"u1"', '[1]', '7', 'null', '"x"', null])
    expect(report.rejects[1]!.reason).toBe('the line holds an array of 1, where an object is expected')
  })

  it('that is too long, without being held', async () => {
    const max = 100
    const line = (length: number): string => `{"id":"${'x'.repeat(length - 9)}"}`
    async function* chunks(): AsyncGenerator<string> {
      yield `${line(100)}\r\n${line(101)}\n${line(100)}\n{"id":"`
      const before = process.memoryUsage().arrayBuffers
      for (let i = 0; i < 400; i++) yield 'y'.repeat(100_000)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
      yield '"}\n{"id":"last"}'
    }
    const crowd = ingestEngine()
    const report = await crowd.ingest(ndjson(chunks(), { maxRowBytes: max }), { id: 'id' })
    expect(report).toMatchObject({ rows: 5, applied: 3, people: 2 })
    expect(places(report)).toEqual([
      [2, 2, 'INGEST_ROW_TOO_LONG'],
      [4, 4, 'INGEST_ROW_TOO_LONG'],
    ])
    expect(crowd.has('last')).toBe(true)
  })

  it('whose length in bytes is too long, though not in characters', async () => {
    const { report } = await read(`{"id":"${'金'.repeat(30)}"}\n`, { maxRowBytes: 98 })
    expect(report.rejects).toMatchObject([{ code: 'INGEST_ROW_TOO_LONG' }])
    expect((await read(`{"id":"${'金'.repeat(30)}"}\n`, { maxRowBytes: 99 })).report.applied).toBe(1)
  })
})

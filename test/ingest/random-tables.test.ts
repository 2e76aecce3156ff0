import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csv, type ExternalId, ndjson } from '../../src/index.ts'
import { campaign } from '../fast-check-config.ts'
import { contentOf, ingestEngine } from './ingest-engine.ts'

/** Text that is hard on readers of text. */
const nasty = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    '0',
    ' ',
    ',',
    '"',
    "'",
    ';',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\\',
    '|',
    '\u0000',
    '\ufeff',
    'é',
    'e\u0301',
    '金',
    '𝄞',
    '\u2028',
    '\ufffd',
  ),
  maxLength: 12,
})
const anyId = fc.oneof(
  fc.constantFrom('u1', 'u2', 'u3'),
  nasty.filter((text) => text !== ''),
)

interface Person {
  readonly id: string
  readonly vip: boolean | null
  readonly city: string | null
  readonly interests: readonly string[]
}

const person: fc.Arbitrary<Person> = fc.record({
  id: anyId,
  vip: fc.constantFrom(true, false, null),
  city: fc.option(nasty.filter((text) => text !== '')),
  interests: fc.array(
    nasty.map((text) => text.replaceAll('|', '')).filter((text) => text !== ''),
    { maxLength: 3 },
  ),
})

/** What a CSV file may look like and still mean the same. */
const dialect = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  delimiter: fc.constantFrom(',', ';', '\t'),
  mark: fc.boolean(),
  lastEnd: fc.boolean(),
  quoteAll: fc.boolean(),
  blankLines: fc.boolean(),
})
type Dialect = typeof dialect extends fc.Arbitrary<infer D> ? D : never

function writeCsv(rows: readonly (readonly string[])[], style: Dialect): string {
  const needsQuotes = /["\r\n]/
  const cell = (text: string): string =>
    style.quoteAll || needsQuotes.test(text) || text.includes(style.delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text
  const lines = rows.map((row) => row.map(cell).join(style.delimiter))
  const end = style.blankLines ? style.lineEnd.repeat(2) : style.lineEnd
  return `${style.mark ? '\ufeff' : ''}${lines.join(end)}${style.lastEnd ? style.lineEnd : ''}`
}

/** Bytes in chunks of the given sizes, in turn. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 })
const batchRows = fc.constantFrom(1, 2, 5, 1_000)

/** What `putMany` makes of the same people. An empty CSV cell leaves the value as it is. */
function expected(people: readonly Person[], skipsEmpty: boolean): unknown {
  const crowd = ingestEngine()
  crowd.putMany(
    people.map(({ id, vip, city, interests }): [ExternalId, object] => [
      id,
      skipsEmpty
        ? {
            ...(vip === null ? {} : { vip }),
            ...(city === null ? {} : { city }),
            ...(interests.length === 0 ? {} : { interests }),
          }
        : { vip, city, interests },
    ]),
  )
  return contentOf(crowd)
}

const cells = ({ id, vip, city, interests }: Person): string[] => [
  id,
  vip === null ? '' : String(vip),
  city ?? '',
  interests.join('|'),
]

describe('any table gives what putMany gives', () => {
  it('as CSV, however written and cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { maxLength: 12 }),
        dialect,
        sizes,
        batchRows,
        async (people, style, at, batch) => {
          const text = writeCsv([['id', 'vip', 'city', 'interests'], ...people.map(cells)], style)
          const crowd = ingestEngine()
          const source = csv(cut(Buffer.from(text), at), { delimiter: style.delimiter })
          const report = await crowd.ingest(source, { id: 'id', batchRows: batch })
          expect(report).toMatchObject({ rows: people.length, applied: people.length, rejects: [] })
          expect(contentOf(crowd)).toEqual(expected(people, true))
        },
      ),
      campaign(400),
    )
  })

  it('as NDJSON, however cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', '\n\n'),
        sizes,
        batchRows,
        async (people, lineEnd, at, batch) => {
          const text = people.map((one) => JSON.stringify(one)).join(lineEnd)
          const crowd = ingestEngine()
          await crowd.ingest(ndjson(cut(Buffer.from(text), at)), { id: 'id', batchRows: batch })
          expect(contentOf(crowd)).toEqual(expected(people, false))
        },
      ),
      campaign(300),
    )
  })

  it('as records', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { maxLength: 12 }), batchRows, async (people, batch) => {
        const crowd = ingestEngine()
        await crowd.ingest(people, { id: 'id', batchRows: batch })
        expect(contentOf(crowd)).toEqual(expected(people, false))
      }),
      campaign(200),
    )
  })

  it('cut at every byte', async () => {
    const text = '\ufeffid,city\r\n"u,1","é\r\n""金"\r\n\r\n𝄞,"x"\r\nu2,"bad"x\r\nu3,\r\n'
    const bytes = Buffer.from(text)
    for (let at = 1; at < bytes.length; at++) {
      const crowd = ingestEngine()
      const report = await crowd.ingest(csv([bytes.subarray(0, at), bytes.subarray(at)]), { id: 'id' })
      expect(contentOf(crowd)).toEqual([
        ['u,1', { city: 'é\r\n"金' }],
        ['𝄞', { city: 'x' }],
        ['u3', {}],
      ])
      expect(report.rejects.map(({ row, line }) => [row, line])).toEqual([[3, 6]])
    }
  })
})

/** A row, and the code of its fault, if it has one. */
type Judged = readonly [text: string, code: string | null, lines: number]

const judgedRow: fc.Arbitrary<Judged> = fc.constantFrom<Judged>(
  ['u1,true,a', null, 1],
  ['u2,,"b\nc\r\n"', null, 3],
  ['"u3",no,""', null, 1],
  [',true,a', 'ID_EMPTY', 1],
  ['u4,maybe,"\n"', 'VALUE_WRONG_TYPE', 2],
  ['u5,true', 'INGEST_ROW_MALFORMED', 1],
  ['u6,true,a,b', 'INGEST_ROW_MALFORMED', 1],
  ['u7,true,"a"b,"', 'INGEST_ROW_MALFORMED', 1],
  ['u8,true,a"b', 'INGEST_ROW_MALFORMED', 1],
  ['u9,true,"\n"b', 'INGEST_ROW_MALFORMED', 2],
  ['u13,a"b,"c', 'INGEST_ROW_MALFORMED', 1],
  [`u10,true,${'x'.repeat(200)}`, 'INGEST_ROW_TOO_LONG', 1],
  [`u11,true,"${'x\n'.repeat(200)}"`, 'INGEST_ROW_TOO_LONG', 201],
  [`u12,true,"${'x'.repeat(200)}"y"`, 'INGEST_ROW_', 1],
  [`${'i'.repeat(70_000)},true,a`, 'INGEST_ROW_TOO_LONG', 1],
)

it('exactly the bad rows are rejected, with their numbers and lines', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(judgedRow, { maxLength: 15 }),
      fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 5 }),
      batchRows,
      fc.constantFrom('\n', '\r\n', '\n\n'),
      async (rows, at, batch, lineEnd) => {
        const text = `id,vip,city${lineEnd}${rows.map(([row]) => row).join(lineEnd)}${lineEnd}`
        const crowd = ingestEngine()
        const source = csv(cut(Buffer.from(text), at), { maxRowBytes: 100 })
        const report = await crowd.ingest(source, { id: 'id', batchRows: batch })
        const blank = lineEnd === '\n\n' ? 1 : 0
        let line = 2 + blank
        const faults: unknown[] = []
        rows.forEach(([, code, lines], i) => {
          if (code !== null) faults.push({ row: i + 1, line, code: expect.stringContaining(code) })
          line += lines + blank
        })
        expect(report.rejects.map(({ row, line, code }) => ({ row, line, code }))).toEqual(faults)
        expect(report).toMatchObject({ rows: rows.length, rejected: faults.length, ended: true })
        const good = new Set(rows.flatMap(([row, code]) => (code === null ? [/u\d+/.exec(row)![0]] : [])))
        expect(new Set(contentOf(crowd).map(([id]) => id))).toEqual(good)
      },
    ),
    campaign(150),
  )
})

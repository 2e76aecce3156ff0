import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CellRows } from '../../src/ingest/cell-rows.ts'
import { type CsvSettings, checkCsvOptions } from '../../src/ingest/csv-options.ts'
import { CsvRows } from '../../src/ingest/csv-rows.ts'
import { RowFault } from '../../src/ingest/row-fault.ts'
import { campaign } from '../fast-check-config.ts'

/** What comes of a row: its texts, or the code and reason of its fault; and its line. */
type Seen = readonly [row: readonly string[] | string, line: number | null]

interface Reading {
  readonly rows: readonly Seen[]
  /** How many of them csv-parse had no part in. */
  readonly plain: number
}

async function readingOf(pieces: readonly Buffer[], settings: CsvSettings, readsPlain: boolean): Promise<Reading> {
  const reader = new CsvRows(settings, readsPlain)
  const rows: Seen[] = []
  let plain = 0
  for (const piece of [...pieces, null]) {
    for (const block of await reader.rowsOf(piece)) {
      if (block instanceof CellRows) plain += block.length
      for (let i = 0; i < block.length; i++) {
        const row = block.row(i)
        rows.push([row instanceof RowFault ? `${row.code} ${row.reason}` : row, block.line(i)])
      }
    }
  }
  return { rows, plain }
}

/** Pieces of the given sizes, in turn; none is empty. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

const settings = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', 'a', "'"),
  quote: fc.constantFrom('"' as const, null),
  maxRowBytes: fc.constantFrom(1_048_576, 1_048_576, 5, 40),
})
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 400 })), {
  minLength: 1,
  maxLength: 4,
})

/** Anything that means something to CSV or to UTF-8, and halves of it. */
const token = fc.constantFrom<string | readonly number[]>(
  ',',
  ',',
  ';',
  '\t',
  '\n',
  '\n',
  '\r\n',
  '\r\n',
  '\r',
  '"',
  '""',
  "'",
  'a',
  'bc',
  '"x"',
  '"y,z"',
  '"\n"',
  ' ',
  '\0',
  '\ufeff',
  'é',
  '金',
  '𝄞',
  [0xe9],
  [0xff],
  [0xe9, 0x87],
)
const anyBytes = fc
  .array(token, { maxLength: 60 })
  .map((tokens) => Buffer.concat(tokens.map((one) => (typeof one === 'string' ? Buffer.from(one) : Buffer.from(one)))))

/** Lines that are mostly plain, so that csv-parse comes in and goes again. */
const line = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('u1,a,b', 'u2,"c",', '"u3","d,e","f"', '金,é,𝄞', ',,') },
  { weight: 1, arbitrary: fc.constantFrom('', 'u4', 'u5,a,b,c', '""') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('u6,"a""b",c', 'u7,"\n",c', 'u8,a"b,c', 'u9,"a"b,c', 'u10,"', 'u11\rb', '\0,"a"\0,b'),
  },
)
const mostlyPlain = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n', '\r'), fc.boolean())
  .map(([lines, lineEnd, ends]) => Buffer.from(lines.join(lineEnd) + (ends ? lineEnd : '')))

describe('reading plain rows without csv-parse', () => {
  it.each([
    ['of any bytes', anyBytes, 3_000],
    ['of lines', mostlyPlain, 1_500],
  ] as const)('gives the same rows, faults and lines: %s', async (_, bytes, runs) => {
    await fc.assert(
      fc.asyncProperty(bytes, settings, sizes, async (text, given, at) => {
        const checked = checkCsvOptions(given, null)
        const pieces = cut(text, at)
        const [mine, theirs] = [await readingOf(pieces, checked, true), await readingOf(pieces, checked, false)]
        expect(mine.rows).toEqual(theirs.rows)
        expect(theirs.plain).toBe(0)
      }),
      campaign(runs),
    )
  })

  it('comes back to them after csv-parse had 64 KiB', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('x""y', 'x\r\ny', '"', 'x"y'), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 70_000 }),
        fc.integer({ min: 1_000, max: 65_536 }),
        async (cells, before, size) => {
          const many = (bytes: number): string => 'some,plain,row\r\n'.repeat(Math.ceil(bytes / 16))
          const text = cells.map((cell) => `${many(before)}u,"${cell}",v\r\n`).join('')
          const pieces = cut(Buffer.from(text + many(300_000)), [size])
          const checked = checkCsvOptions({}, null)
          const mine = await readingOf(pieces, checked, true)
          expect(mine).toMatchObject({ rows: (await readingOf(pieces, checked, false)).rows })
          if (!cells.includes('"')) expect(mine.plain).toBeGreaterThan(9_000)
        },
      ),
      campaign(10),
    )
  })

  it.each([
    [
      ['\ra\n', '\nb\n'],
      [2, 4],
    ],
    [
      ['a\r', '\n\nb\n'],
      [1, 3],
    ],
    [
      ['a\n\r', '\nb\r', '\n"c\nd"\n', 'e\n'],
      [1, 3, 4, 6],
    ],
  ])('counts lines whose ends are cut: %j', async (pieces, lines) => {
    const texts = pieces.map((piece) => Buffer.from(piece))
    for (const readsPlain of [true, false]) {
      const { rows } = await readingOf(texts, checkCsvOptions({}, null), readsPlain)
      expect(rows.map(([, line]) => line)).toEqual(lines)
    }
  })

  it('takes plain rows alone for plain', async () => {
    const plainOf = async (text: string | Buffer): Promise<number> =>
      (await readingOf([Buffer.from(text)], checkCsvOptions({}, null), true)).plain
    expect(await plainOf('a,b\n\r\n"c,d",\r\n"",e\n')).toBe(3)
    for (const hard of ['"a""b"\n', '"a\nb"\n', 'a"b\n', '"a"b\n', 'a\rb\n', '"a"\0\n', 'a']) {
      expect([hard, await plainOf(`x\n${hard}`)]).toEqual([hard, 1])
    }
    expect(await plainOf(Buffer.from([0x61, 10, 0xff, 10]))).toBe(0)
  })
})

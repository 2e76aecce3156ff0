import { describe, expect, it } from 'vitest'
import {
  category,
  createEngine,
  csv,
  flag,
  type IngestOptions,
  type IngestReport,
  ndjson,
  records,
  type SchemaSpec,
} from '../../src/index.ts'
import { contentOf, ingestEngine, type TestSchema } from './ingest-engine.ts'

type Options = Omit<IngestOptions<TestSchema>, 'id'>

async function readCsv(text: string, options: Options = {}): Promise<{ content: unknown; report: IngestReport }> {
  const crowd = ingestEngine()
  const report = await crowd.ingest(csv(text), { id: 'id', ...options })
  return { content: contentOf(crowd), report }
}

async function readRows(rows: object[], options: Options = {}): Promise<{ content: unknown; report: IngestReport }> {
  const crowd = ingestEngine()
  const report = await crowd.ingest(rows, { id: 'id', ...options })
  return { content: contentOf(crowd), report }
}

const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  )

describe('columns', () => {
  it('go by name to those of the schema, and the others are ignored and listed', async () => {
    const { content, report } = await readCsv('name,vip,id,city,Vip\nA,1,u1,X,0\n')
    expect(content).toEqual([['u1', { vip: true, city: 'X' }]])
    expect(report.ignored).toEqual(['name', 'Vip'])
  })

  it('go where columns says, and nowhere else', async () => {
    const { content, report } = await readCsv('id,等级,city\nu1,金,X\n', { columns: { 等级: 'level' } })
    expect(content).toEqual([['u1', { level: '金' }]])
    expect(report.ignored).toEqual(['city'])
  })

  it('may be the id too, on demand only', async () => {
    expect((await readCsv('city\nX\n', { columns: { city: 'city' }, id: 'city' } as Options)).content).toEqual([
      ['X', { city: 'X' }],
    ])
    const { content, report } = await readCsv('city\nX\n', { id: 'city' } as Options)
    expect([content, report.ignored]).toEqual([[['X', {}]], []])
  })

  it('of objects are compared after NFC', async () => {
    const crowd = createEngine({ schema: { Zürich: flag() } })
    await crowd.ingest([{ 'ide\u0301': 'u1', 'Zu\u0308rich': true }], { id: 'idé' })
    expect(crowd.get('u1')).toEqual({ Zürich: true })
  })

  it('of objects are known as they come', async () => {
    const { content, report } = await readRows([
      { id: 'u1', vip: true, extra: 1 },
      { city: 'X', more: 2, id: 'u2' },
    ])
    expect(content).toEqual([
      ['u1', { vip: true }],
      ['u2', { city: 'X' }],
    ])
    expect(report.ignored).toEqual(['extra', 'more'])
  })

  it.each([
    [
      'an id column that is missing',
      'openid,vip\nu1,1\n',
      {},
      'the source has no column "id". Its columns are "openid", "vip"',
    ],
    ['a near miss', 'ids,vip\nu1,1\n', {}, 'Did you mean ids?'],
    ['a mapped column that is missing', 'id,levle\nu1,金\n', { columns: { level: 'level' } }, 'Did you mean levle?'],
    ['a tag column that is missing', 'id,vip\nu1,1\n', { tag: 'tag' }, 'the source has no column "tag"'],
    ['a column that the schema lacks', 'id,x\nu1,1\n', { columns: { x: 'citty' } }, 'Did you mean city?'],
    ['two columns to one', 'id,a,b\nu1,1,2\n', { columns: { a: 'city', b: 'city' } }, '"a" and "b": only one of them'],
    ['a needed column twice', 'id,id\nu1,u2\n', {}, 'the source has two columns "id"'],
    ['a written column twice', 'id,city,city\nu1,a,b\n', {}, 'the source has two columns "city"'],
  ])('are refused before any row is written: %s', async (_, text, options, message) => {
    const crowd = ingestEngine()
    const fault = await faultOf(crowd.ingest(csv(text), { id: 'id', ...options } as IngestOptions<TestSchema>))
    expect(fault).toMatchObject({ code: 'INGEST_MAPPING', message: expect.stringContaining(message) })
    expect(crowd.size).toBe(0)
  })

  it('of no meaning may be there twice', async () => {
    expect((await readCsv('id,x,x\nu1,a,b\n')).report).toMatchObject({ applied: 1, ignored: ['x', 'x'] })
  })

  it('are typed by the schema', async () => {
    const crowd = ingestEngine()
    const wrong: IngestOptions<TestSchema>[] = [
      // @ts-expect-error no such column
      { id: 'id', columns: { x: 'vipp' } },
      // @ts-expect-error a flag has no separator
      { id: 'id', columns: { x: { to: 'vip', separator: ',' } } },
      // @ts-expect-error a category has no words
      { id: 'id', columns: { x: { to: 'city', truthy: ['a'] } } },
      // @ts-expect-error a one-value category has no mode
      { id: 'id', columns: { x: { to: 'city', mode: 'add' } } },
      // @ts-expect-error no such mode
      { id: 'id', columns: { x: { to: 'interests', mode: 'merge' } } },
      // @ts-expect-error the id is needed
      { columns: { x: 'vip' } },
      // @ts-expect-error no such option
      { id: 'id', batch: 3 },
    ]
    for (const options of wrong) {
      const fault = await faultOf(crowd.ingest(csv('id,x\n'), options))
      expect(fault).toMatchObject({ code: expect.stringMatching(/^(OPTION_INVALID|INGEST_MAPPING)$/) })
    }
    const anySchema: IngestOptions<SchemaSpec> = { id: 'id', columns: { x: { to: 'y', separator: ',' }, z: 'z' } }
    expect(anySchema).toBeDefined()
  })
})

describe('a flag', () => {
  it('takes the usual words in either case, and refuses others', async () => {
    const words = ['true', '1', 'yes', '是', 'YES', 'True', 'false', '0', 'no', '否', 'No', 'y', ' 1', '真']
    const { content, report } = await readCsv(`id,vip\n${words.map((word, i) => `u${i},${word}`).join('\n')}\n`)
    expect(content).toEqual(words.slice(0, 11).map((_, i) => [`u${i}`, i < 6 ? { vip: true } : {}]))
    expect(report.rejects[0]).toEqual({
      row: 12,
      line: 13,
      column: 'vip',
      code: 'VALUE_WRONG_TYPE',
      value: 'y',
      reason:
        'vip is a flag, and was given "y", where true ("true", "1", "yes", "是") or false ("false", "0", "no", "否") is expected; the mapping\'s truthy and falsy take other words',
    })
  })

  it('takes other words', async () => {
    const columns = { vip: { to: 'vip', truthy: ['J', ''], falsy: ['N'] } } as const
    const { content, report } = await readCsv('id,vip\nu1,j\nu2,\nu3,n\nu4,1\n', { columns })
    expect(content).toEqual([
      ['u1', { vip: true }],
      ['u2', { vip: true }],
      ['u3', {}],
    ])
    expect(report.rejected).toBe(1)
  })

  it('takes words that are usually of the other meaning, but none of both', async () => {
    const { content } = await readCsv('id,vip\nu1,0\n', { columns: { vip: { to: 'vip', truthy: ['0'] } } })
    expect(content).toEqual([['u1', { vip: true }]])
    const fault = await faultOf(readCsv('id,vip\n', { columns: { vip: { to: 'vip', truthy: ['A'], falsy: ['a'] } } }))
    expect(fault).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('"a" is in both') })
  })

  it('of an object takes true, false, null, 1 and 0 as well', async () => {
    const given = [true, false, null, undefined, 1, 0, 'yes', 2, [], 'x', '']
    const { content, report } = await readRows(given.map((vip, i) => ({ id: `u${i}`, vip })))
    expect(content).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => [`u${i}`, [0, 4, 6].includes(i) ? { vip: true } : {}]))
    expect(report.rejects.map(({ row, code }) => [row, code])).toEqual(
      [8, 9, 10, 11].map((row) => [row, 'VALUE_WRONG_TYPE']),
    )
  })

  it('is taken by a false word', async () => {
    const crowd = ingestEngine()
    crowd.put('u1', { vip: true })
    await crowd.ingest(csv('id,vip\nu1,no\n'), { id: 'id' })
    expect(crowd.count('vip')).toBe(0)
  })
})

describe('a category', () => {
  it('takes a listed value, and tells the nearest to another', async () => {
    const crowd = createEngine({ schema: { tier: category({ values: ['gold', 'silver'] }) } })
    const text = 'id,tier\nu1,gold\nu2,gild\nu3,gold\nu4,gild\nu5,Gold\n'
    for (const batchRows of [1, 2, 100]) {
      const report = await crowd.ingest(csv(text), { id: 'id', batchRows })
      expect(report).toMatchObject({ applied: 2, rejected: 3 })
      expect(report.rejects.map(({ row, column, code, value }) => [row, column, code, value])).toEqual([
        [2, 'tier', 'VALUE_NOT_ALLOWED', 'gild'],
        [4, 'tier', 'VALUE_NOT_ALLOWED', 'gild'],
        [5, 'tier', 'VALUE_NOT_ALLOWED', 'Gold'],
      ])
      expect(report.rejects[0]!.reason).toBe(
        'tier does not list the value "gild". Did you mean gold? It lists "gold", "silver".',
      )
    }
  })

  it('of an object takes text and null only', async () => {
    const { content, report } = await readRows([
      { id: 'u1', city: 'X' },
      { id: 'u1', city: null },
      { id: 'u2', city: 7 },
      { id: 'u3', city: ['X'] },
      { id: 'u4', city: '' },
    ])
    expect(content).toEqual([
      ['u1', {}],
      ['u4', { city: '' }],
    ])
    expect(report.rejects.map(({ row, code, value }) => [row, code, value])).toEqual([
      [3, 'VALUE_WRONG_TYPE', '7'],
      [4, 'VALUE_WRONG_TYPE', 'an array of 1'],
    ])
  })
})

describe('a many-value category', () => {
  it('takes the values between separators, exactly, in place of those there are', async () => {
    const { content } = await readCsv('id,interests\nu1,x|y\nu1, a|b |b \nu2,|c||d|\n')
    expect(content).toEqual([
      ['u1', { interests: [' a', 'b '] }],
      ['u2', { interests: ['c', 'd'] }],
    ])
  })

  it('takes another separator, or none, and adds on demand', async () => {
    const long = 'id,interest\nu1,a;b\nu1,c\nu2,a|b\n'
    const split = await readCsv(long, { columns: { interest: { to: 'interests', separator: ';', mode: 'add' } } })
    expect(split.content).toEqual([
      ['u1', { interests: ['a', 'b', 'c'] }],
      ['u2', { interests: ['a|b'] }],
    ])
    const whole = await readCsv(long, { columns: { interest: { to: 'interests', separator: null, mode: 'add' } } })
    expect(whole.content).toEqual([
      ['u1', { interests: ['a;b', 'c'] }],
      ['u2', { interests: ['a|b'] }],
    ])
  })

  it('of an object takes arrays, edits, text and null', async () => {
    const given = [['a', 'b'], { add: ['c'], remove: ['a'] }, 'd|e', null, [], ['f', 7], { plus: [] }, 5, '']
    const { content, report } = await readRows(given.map((interests, i) => ({ id: i < 2 ? 'u' : `u${i}`, interests })))
    expect(content).toEqual([
      ['u', { interests: ['b', 'c'] }],
      ['u2', { interests: ['d', 'e'] }],
      ['u3', {}],
      ['u4', {}],
      ['u8', { interests: [''] }],
    ])
    expect(report.rejects.map(({ row }) => row)).toEqual([6, 7, 8])
    const added = await readRows(
      [
        { id: 'u', interests: ['a'] },
        { id: 'u', interests: ['b'] },
      ],
      {
        columns: { interests: { to: 'interests', mode: 'add' } },
      },
    )
    expect(added.content).toEqual([['u', { interests: ['a', 'b'] }]])
  })
})

describe('an empty text', () => {
  const text = 'id,vip,city,interests\nu1,1,X,a|b\nu1,,,\n'
  it('gives no value, in CSV', async () => {
    expect((await readCsv(text)).content).toEqual([['u1', { vip: true, city: 'X', interests: ['a', 'b'] }]])
  })
  it('clears, on demand', async () => {
    expect((await readCsv(text, { empty: 'clear' })).content).toEqual([['u1', {}]])
  })
  it('is a value, on demand, but none of a flag', async () => {
    const { content, report } = await readCsv('id,city,interests\nu1,,\nu2,,a||b\n', { empty: 'value' })
    expect(content).toEqual([
      ['u1', { city: '', interests: [''] }],
      ['u2', { city: '', interests: ['', 'a', 'b'] }],
    ])
    expect(report.rejected).toBe(0)
    expect((await readCsv('id,vip\nu1,\n', { empty: 'value' })).report.rejects).toMatchObject([
      { column: 'vip', code: 'VALUE_WRONG_TYPE', value: '' },
    ])
  })
  it('is a value in objects, and follows the option', async () => {
    const rows = [
      { id: 'u1', city: 'X' },
      { id: 'u1', city: '' },
    ]
    expect((await readRows(rows)).content).toEqual([['u1', { city: '' }]])
    expect((await readRows(rows, { empty: 'skip' })).content).toEqual([['u1', { city: 'X' }]])
    expect((await readRows(rows, { columns: { city: { to: 'city', empty: 'clear' } } })).content).toEqual([['u1', {}]])
  })
  it('is never an id', async () => {
    expect((await readCsv('id,city\n,X\n')).report.rejects).toEqual([
      {
        row: 1,
        line: 2,
        column: 'id',
        code: 'ID_EMPTY',
        reason: 'the id is the empty string; give people without an id no row',
        value: '',
      },
    ])
  })
})

describe('an id', () => {
  it('is text by default', async () => {
    expect((await readCsv('id\n7\n007\n')).content).toEqual([
      ['7', {}],
      ['007', {}],
    ])
  })

  it('is read as an integer up to 2^64 - 1 on demand', async () => {
    const given = ['7', '007', '0', '9007199254740991', '9007199254740992', '18446744073709551615', '0'.repeat(50)]
    const wrong = ['18446744073709551616', '9'.repeat(100_000), '-1', '+1', '1.0', '1e3', ' 1', 'x', '', '１']
    const { content, report } = await readCsv(`id,city\n${[...given, ...wrong].join(',\n')},\n`, { idType: 'integer' })
    expect(content).toEqual([7, 0, 9007199254740991, 9007199254740992n, 18446744073709551615n].map((id) => [id, {}]))
    expect(report.rejects.map(({ code }) => code)).toEqual([
      'ID_OUT_OF_RANGE',
      'ID_OUT_OF_RANGE',
      ...Array.from({ length: 6 }, () => 'ID_NOT_AN_INTEGER'),
      'ID_EMPTY',
      'ID_NOT_AN_INTEGER',
    ])
    expect(report.rejects[0]!.value).toBe('18446744073709551616')
    expect(report.rejects[1]!.value).toHaveLength(201)
  })

  it('of an object has to be of the type', async () => {
    const given = ['u', 7, 8n, null, undefined, {}, 1.5, -1, true, 2n ** 64n]
    const texts = await readRows(given.map((id) => ({ id })))
    expect(texts.content).toEqual([['u', {}]])
    expect(texts.report.rejects.map(({ row, column }) => [row, column])).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9, 10].map((row) => [row, 'id']),
    )
    expect(texts.report.rejects[0]!.reason).toContain("pass idType: 'integer'")
    const integers = await readRows(
      [...given, '9'].map((id) => ({ id })),
      { idType: 'integer' },
    )
    expect(integers.content).toEqual([7, 8, 9].map((id) => [id, {}]))
  })

  it('that the engine refuses for its length or letters rejects its row only', async () => {
    const { content, report } = await readRows([{ id: 'a' }, { id: 'x'.repeat(65_536) }, { id: '\ud800' }, { id: 'b' }])
    expect(content).toEqual([
      ['a', {}],
      ['b', {}],
    ])
    expect(report.rejects.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, 'id', 'ID_TOO_LONG'],
      [3, 'id', 'ID_LONE_SURROGATE'],
    ])
  })
})

describe('a file of memberships', () => {
  const text = 'tag,user_id\nvip,u1\n老客,u1\nvip,u2\nlevel,u3\nvpi,u4\n'
  const options = { id: 'user_id', tag: 'tag' }

  it('gives the flags that its cells name', async () => {
    const crowd = createEngine({ schema: { vip: flag(), 老客: flag(), level: category() } })
    const report = await crowd.ingest(csv(text), options)
    expect(contentOf(crowd)).toEqual([
      ['u1', { vip: true, 老客: true }],
      ['u2', { vip: true }],
    ])
    expect(report.rejects).toMatchObject([
      { row: 4, column: 'tag', code: 'SCHEMA_COLUMN_WRONG_KIND', value: 'level' },
      { row: 5, column: 'tag', code: 'SCHEMA_COLUMN_UNKNOWN', value: 'vpi' },
    ])
    expect(report.rejects[1]!.reason).toBe('no column "vpi" in this engine. Did you mean vip?')
    expect(report.createdTags).toEqual([])
  })

  it('adds flags on demand', async () => {
    const crowd = createEngine({ schema: { vip: flag(), level: category() } })
    const report = await crowd.ingest(csv(`${text}\u0001,u5\n,u6\nnew,\n`), { ...options, createTags: true })
    expect(report.createdTags).toEqual(['老客', 'vpi'])
    expect(report.rejects.map(({ row, code }) => [row, code])).toEqual([
      [4, 'SCHEMA_COLUMN_WRONG_KIND'],
      [6, 'SCHEMA_NAME_INVALID'],
      [7, 'SCHEMA_NAME_INVALID'],
      [8, 'ID_EMPTY'],
    ])
    expect(crowd.count('老客')).toBe(1)
    expect(Object.keys(crowd.schema)).toEqual(['vip', 'level', '老客', 'vpi'])
  })

  it('finds flags after NFC', async () => {
    const crowd = createEngine({ schema: { Zürich: flag() } })
    const report = await crowd.ingest(csv('tag,user_id\nZu\u0308rich,u1\nGe\u0301ne\u0300ve,u1\n'), {
      ...options,
      createTags: true,
    })
    expect(crowd.get('u1')).toEqual({ Zürich: true, Génève: true })
    expect(report.createdTags).toEqual(['Génève'])
  })

  it('writes other columns as well', async () => {
    const crowd = ingestEngine()
    await crowd.ingest(
      records([
        { tag: 'vip', id: 'u1', city: 'X' },
        { tag: 7, id: 'u2' },
      ]),
      { id: 'id', tag: 'tag' },
    )
    expect(contentOf(crowd)).toEqual([['u1', { vip: true, city: 'X' }]])
  })
})

describe('a later row wins', () => {
  it.each([1, 2, 3, 100])('in batches of %i', async (batchRows) => {
    const { content, report } = await readCsv('id,city\nu1,a\nu2,b\nu1,c\nu1,d\nu2,e\n', { batchRows })
    expect(content).toEqual([
      ['u1', { city: 'd' }],
      ['u2', { city: 'e' }],
    ])
    expect(report).toMatchObject({ rows: 5, applied: 5, people: 2, created: 2 })
  })
})

it('NDJSON goes the same way', async () => {
  const crowd = ingestEngine()
  const text = '{"id":"u1","level":"金","interests":["a"]}\n{"id":"u1","level":null,"interests":{"add":["b"]}}\n'
  await crowd.ingest(ndjson(text), { id: 'id' })
  expect(contentOf(crowd)).toEqual([['u1', { interests: ['a', 'b'] }]])
})

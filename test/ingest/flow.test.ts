import { createReadStream, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import {
  CrowdbitError,
  csv,
  csvFile,
  type IngestOptions,
  type IngestProgress,
  type IngestReport,
  ndjson,
  ndjsonFile,
} from '../../src/index.ts'
import { contentOf, ingestEngine, type TestSchema } from './ingest-engine.ts'

const folder = mkdtempSync(join(tmpdir(), 'crowdbit-ingest-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Whether this process holds the file open. Only Linux tells; elsewhere the question is not asked. */
function isOpen(path: string): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path
    } catch {
      return false
    }
  })
}

async function faultOf(promise: Promise<unknown>): Promise<CrowdbitError & { report: IngestReport }> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(CrowdbitError)
  return Object.assign(error as CrowdbitError, { report: (error as CrowdbitError).facts.report as IngestReport })
}

const manyRows = (count: number): string =>
  `id,city\n${Array.from({ length: count }, (_, i) => `u${i},c${i % 7}\n`).join('')}`

/** Rows without end, and how many were taken; notes when it was told to stop. */
function endless(
  onRow: (row: number) => void = () => {},
): AsyncGenerator<object> & { taken: number; stopped: boolean } {
  async function* rows(): AsyncGenerator<object> {
    try {
      for (;;) {
        state.taken++
        onRow(state.taken)
        yield { id: `u${state.taken}` }
      }
    } finally {
      state.stopped = true
    }
  }
  const state = Object.assign(rows(), { taken: 0, stopped: false })
  return state
}

describe('sources', () => {
  it('are files, packed or not, which are closed at the end', async () => {
    const text = manyRows(10_000)
    const lines = Array.from({ length: 10_000 }, (_, i) => `{"id":"u${i}","city":"c${i % 7}"}\n`).join('')
    const paths = [
      fileOf('a.csv', text),
      fileOf('a.csv.gz', gzipSync(text)),
      fileOf('a.ndjson', lines),
      fileOf('a.ndjson.GZ', gzipSync(lines)),
    ]
    for (const path of paths) {
      const crowd = ingestEngine()
      const source = path.includes('.csv') ? csvFile(path) : ndjsonFile(path)
      const report = await crowd.ingest(source, { id: 'id' })
      expect(report).toMatchObject({ rows: 10_000, applied: 10_000, created: 10_000, ended: true })
      expect(crowd.count('city = "c3"')).toBe(1_429)
      expect(isOpen(path)).toBe(false)
      // A file is opened anew each time.
      expect(await crowd.ingest(source, { id: 'id' })).toMatchObject({ applied: 10_000, created: 0 })
    }
  })

  it('are several gzip members behind each other', async () => {
    const path = fileOf('members.gz', Buffer.concat([gzipSync('id\nu1\n'), gzipSync('u2\n')]))
    expect(await ingestEngine().ingest(csvFile(path), { id: 'id' })).toMatchObject({ applied: 2 })
  })

  it('are streams, web streams, iterables, texts, bytes and objects', async () => {
    const text = 'id,vip\nu1,1\nu2,0\n'
    const chunks = ['id,v', 'ip\nu1,', '1\nu2,0\n']
    const packed = gzipSync(text)
    const sources = [
      csv(text),
      csv(Buffer.from(text)),
      csv(chunks),
      csv(Readable.from(chunks)),
      csv(Readable.from([Buffer.from(text)], { objectMode: false })),
      csv(new Blob([text]).stream()),
      csv(createReadStream(fileOf('b.csv', text))),
      csv([packed.subarray(0, 9), packed.subarray(9)], { gzip: true }),
      ndjson(Readable.from(['{"id":"u1","vip":1}\n', '{"id":"u2"}'])),
      [{ id: 'u1', vip: true }, { id: 'u2' }],
      Readable.from([{ id: 'u1', vip: true }, { id: 'u2' }]),
      new Set([{ id: 'u1', vip: true }, { id: 'u2' }]),
    ]
    for (const source of sources) {
      const crowd = ingestEngine()
      expect(await crowd.ingest(source, { id: 'id' })).toMatchObject({ rows: 2, applied: 2, ended: true })
      expect(crowd.count('vip')).toBe(1)
    }
  })

  it('may use the memory of a chunk again', async () => {
    const text = manyRows(5_000)
    function* chunks(): Generator<Uint8Array> {
      const memory = Buffer.alloc(1_000)
      for (let at = 0; at < text.length; at += memory.length) {
        const length = memory.write(text.slice(at, at + memory.length))
        yield memory.subarray(0, length)
        memory.fill(0x22)
      }
    }
    const crowd = ingestEngine()
    expect(await crowd.ingest(csv(chunks()), { id: 'id' })).toMatchObject({ applied: 5_000, rejected: 0 })
    expect(contentOf(crowd)).toEqual(Array.from({ length: 5_000 }, (_, i) => [`u${i}`, { city: `c${i % 7}` }]))
  })

  it('may cut a surrogate pair, but not hold half of one', async () => {
    const crowd = ingestEngine()
    const chunks = ['id,city\nu1,\ud834', '\udd1e\nu2,\ud834x\nu3,\udd1e\nu4,\ud834']
    const report = await crowd.ingest(csv(chunks), { id: 'id' })
    expect(crowd.get('u1')).toEqual({ city: '𝄞' })
    expect(report.rejects.map(({ row, code }) => [row, code])).toEqual(
      [2, 3, 4].map((row) => [row, 'INGEST_ROW_MALFORMED']),
    )
  })

  it.each([
    ['a name', 'members.csv'],
    ['bytes', Buffer.from('id\n')],
    ['a stream of bytes', Readable.from(['id\n'], { objectMode: false })],
    ['nothing', undefined],
    ['a number', 7],
  ])('are never %s', async (_, source) => {
    expect(await faultOf(ingestEngine().ingest(source as never, { id: 'id' }))).toMatchObject({
      code: 'OPTION_INVALID',
    })
  })

  it('of records reject what is no object', async () => {
    const rows = [{ id: 'u1' }, null, [1], 'x', Buffer.from('y'), { id: 'u2' }]
    const report = await ingestEngine().ingest(rows as object[], { id: 'id' })
    expect(report.rejects.map(({ row, line, code }) => [row, line, code])).toEqual(
      [2, 3, 4, 5].map((row) => [row, null, 'INGEST_ROW_MALFORMED']),
    )
  })
})

describe('a source that fails', () => {
  it.each([
    ['a missing file', () => csvFile(join(folder, 'none.csv')), 'ENOENT'],
    ['a folder', () => csvFile(folder), 'EISDIR'],
    ['a file that is not gzip', () => csvFile(fileOf('not.csv.gz', 'id\nu1\n')), 'Z_DATA_ERROR'],
    ['a file cut short', () => csvFile(fileOf('cut.csv.gz', gzipSync(manyRows(9)).subarray(0, -9))), 'Z_BUF_ERROR'],
    ['an empty file', () => ndjsonFile(fileOf('empty.gz', '')), 'Z_BUF_ERROR'],
  ])('as %s does, tells why and is closed', async (_, source, errno) => {
    const opened = source()
    const fault = await faultOf(ingestEngine().ingest(opened, { id: 'id' }))
    expect(fault).toMatchObject({ code: 'INGEST_SOURCE', facts: { errno, source: opened.name } })
    expect(fault.cause).toBeInstanceOf(Error)
    expect(fault.report).toMatchObject({ applied: 0, ended: false })
    expect(isOpen(opened.name)).toBe(false)
  })

  it('keeps what was applied', async () => {
    const cause = new Error('the line went dead')
    async function* rows(): AsyncGenerator<string> {
      yield manyRows(1_000)
      throw cause
    }
    const crowd = ingestEngine()
    const fault = await faultOf(crowd.ingest(csv(rows()), { id: 'id', batchRows: 300 }))
    expect(fault).toMatchObject({ code: 'INGEST_SOURCE', cause })
    expect(fault.message).toBe(
      'INGEST_SOURCE: the CSV input could not be read to its end: the line went dead. 900 rows were applied, and stay so',
    )
    expect(fault.report).toMatchObject({ applied: 900, created: 900, ended: false })
    expect(crowd.size).toBe(900)
  })

  it('as a stream may', async () => {
    const stream = new PassThrough()
    stream.write('id\nu1\n')
    setTimeout(() => stream.destroy(new Error('gone')), 5)
    expect(await faultOf(ingestEngine().ingest(csv(stream), { id: 'id' }))).toMatchObject({ code: 'INGEST_SOURCE' })
    const destroyed = Readable.from(['id\n'])
    destroyed.destroy()
    expect(await faultOf(ingestEngine().ingest(csv(destroyed), { id: 'id' }))).toMatchObject({ code: 'INGEST_SOURCE' })
    const wrong = csv([7 as never])
    expect(await faultOf(ingestEngine().ingest(wrong, { id: 'id' }))).toMatchObject({
      code: 'INGEST_SOURCE',
      message: expect.stringContaining('a chunk is 7'),
    })
  })
})

describe('rejects', () => {
  const text = `id,city\n${Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? ',x' : `u${i},c`)).join('\n')}\n`

  it('are all counted, and the first listed', async () => {
    for (const batchRows of [1, 7, 1_000]) {
      const report = await ingestEngine().ingest(csv(text), { id: 'id', keepRejects: 3, batchRows })
      expect(report).toMatchObject({ rows: 50, applied: 40, rejected: 10 })
      expect(report.rejects.map(({ row, line }) => [row, line])).toEqual([
        [1, 2],
        [6, 7],
        [11, 12],
      ])
      expect((await ingestEngine().ingest(csv(text), { id: 'id', keepRejects: 0 })).rejects).toEqual([])
    }
  })

  it('are listed in order, whoever finds them', async () => {
    const rows = ['gold', '', '7'].flatMap((level) => [
      { id: '', level: '金' },
      { id: 'u', level },
    ])
    for (const batchRows of [1, 2, 4, 100]) {
      const report = await ingestEngine().ingest(rows, { id: 'id', batchRows, keepRejects: 5 })
      expect(report.rejects.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5])
      expect(report.rejected).toBe(6)
    }
  })

  it('above maxRejects end the ingest, and the batches before stay', async () => {
    const crowd = ingestEngine()
    const fault = await faultOf(crowd.ingest(csv(text), { id: 'id', maxRejects: 5, batchRows: 10 }))
    expect(fault).toMatchObject({ code: 'INGEST_TOO_MANY_REJECTS', facts: { rejected: 6, maxRejects: 5 } })
    expect(fault.report).toMatchObject({ rows: 30, applied: 16, rejected: 6, ended: false })
    expect(fault.report.rejects).toHaveLength(6)
    expect(crowd.size).toBe(16)
    expect(await crowd.ingest(csv(text), { id: 'id', maxRejects: 10 })).toMatchObject({ rejected: 10 })
  })

  it('that the engine finds count as well', async () => {
    const crowd = ingestEngine()
    const source = csv('id,level\nu1,金\nu2,x\nu3,银\n')
    const fault = await faultOf(crowd.ingest(source, { id: 'id', maxRejects: 0 }))
    expect(fault).toMatchObject({ code: 'INGEST_TOO_MANY_REJECTS', report: { rejected: 1, applied: 0 } })
    expect(crowd.size).toBe(0)
  })
})

describe('an abort', () => {
  it('before the start reads nothing', async () => {
    const rows = endless()
    const fault = await faultOf(ingestEngine().ingest(rows, { id: 'id', signal: AbortSignal.abort('no') }))
    expect(fault).toMatchObject({ code: 'INGEST_ABORTED', cause: 'no', report: { rows: 0, applied: 0 } })
    expect(rows.taken).toBe(0)
  })

  it('ends between two batches, and keeps those before', async () => {
    const controller = new AbortController()
    const rows = endless((row) => row === 10_000 && controller.abort())
    const crowd = ingestEngine()
    const fault = await faultOf(crowd.ingest(rows, { id: 'id', batchRows: 1_000, signal: controller.signal }))
    expect(fault.code).toBe('INGEST_ABORTED')
    expect(fault.report).toMatchObject({ ended: false, applied: crowd.size })
    expect(crowd.size % 1_000).toBe(0)
    expect(crowd.size).toBeGreaterThanOrEqual(9_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(rows.stopped).toBe(true)
    expect(crowd.size).toBe(fault.report.applied)
  })

  it('does not wait for a source that gives nothing', async () => {
    const controller = new AbortController()
    const options = { id: 'id', signal: controller.signal }
    const stream = new PassThrough()
    const packed = new PassThrough()
    async function* silent(): AsyncGenerator<string> {
      yield await new Promise<string>(() => {})
    }
    const sources = [csv(stream), csv(packed, { gzip: true }), ndjson(silent()), csv(silent(), { gzip: true })]
    const ingests = sources.map((source) => faultOf(ingestEngine().ingest(source, options)))
    setTimeout(() => controller.abort(), 5)
    for (const fault of await Promise.all(ingests)) expect(fault.code).toBe('INGEST_ABORTED')
    expect([stream.destroyed, packed.destroyed]).toEqual([true, true])
  })

  it('closes a file', async () => {
    for (const name of ['c.csv', 'c.csv.gz']) {
      const text = manyRows(50_000)
      const path = fileOf(name, name.endsWith('.gz') ? gzipSync(text) : text)
      const controller = new AbortController()
      const onProgress = (): void => {
        expect(isOpen(path)).toBe(process.platform === 'linux')
        controller.abort()
      }
      const options = { id: 'id', batchRows: 100, progressEvery: 0, onProgress, signal: controller.signal }
      const fault = await faultOf(ingestEngine().ingest(csvFile(path), options))
      expect(fault).toMatchObject({ code: 'INGEST_ABORTED', report: { applied: 100 } })
      expect(isOpen(path)).toBe(false)
    }
  })
})

describe('whatever ends an ingest', () => {
  const endings: [string, Partial<IngestOptions<TestSchema>>][] = [
    ['its end', {}],
    ['a wrong mapping', { columns: { x: 'city' } }],
    ['a column that the schema lacks', { columns: { city: 'x' as 'city' } }],
    ['too many rejects', { columns: { city: 'level' }, maxRejects: 0 }],
    [
      'a throwing onProgress',
      {
        onProgress: () => {
          throw new Error('mine')
        },
      },
    ],
    ['a rejecting onProgress', { onProgress: () => Promise.reject(new Error('mine')), progressEvery: 0, batchRows: 1 }],
  ]
  it.each(endings)('%s closes the source', async (name, options) => {
    const path = fileOf('d.csv', manyRows(100_000))
    const stream = createReadStream(path)
    const generator = endless()
    for (const source of [csvFile(path), csv(stream)]) {
      const error = await ingestEngine()
        .ingest(source, { id: 'id', ...options })
        .then(
          () => null,
          (reason: unknown) => reason as Error,
        )
      expect(error === null).toBe(name === 'its end')
      if (name.includes('onProgress')) expect(error!.message).toBe('mine')
    }
    expect(stream.destroyed).toBe(true)
    // The file is closed by the thread pool, which a busy machine may keep waiting.
    await expect.poll(() => isOpen(path), { timeout: 10_000 }).toBe(false)
    await generator.return(undefined)
  })
})

describe('a source is not read far ahead', () => {
  it('of records', async () => {
    const crowd = ingestEngine()
    let furthest = 0
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ id: `u${i}` }))
    function* watched(): Generator<object> {
      for (const [i, row] of rows.entries()) {
        furthest = Math.max(furthest, i + 1 - crowd.size)
        yield row
      }
    }
    await crowd.ingest(watched(), { id: 'id', batchRows: 500 })
    expect(crowd.size).toBe(20_000)
    expect(furthest).toBeLessThanOrEqual(500 + 256)
  })

  it.each([false, true])('of bytes (gzip: %s)', async (gzip) => {
    const crowd = ingestEngine()
    const rows = 60_000
    const bytes = gzip ? gzipSync(manyRows(rows), { level: 0 }) : Buffer.from(manyRows(rows))
    const chunk = 4_096
    let furthest = 0
    async function* watched(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += chunk) {
        furthest = Math.max(furthest, at + chunk - (crowd.size / rows) * bytes.length)
        yield bytes.subarray(at, at + chunk)
      }
    }
    await crowd.ingest(csv(watched(), { gzip }), { id: 'id', batchRows: 500 })
    expect(crowd.size).toBe(rows)
    expect(furthest).toBeLessThan(gzip ? 300_000 : 20_000)
  })

  it('while onProgress is waited for', async () => {
    const rows = endless()
    const controller = new AbortController()
    let taken = 0
    const onProgress = async (): Promise<void> => {
      taken = rows.taken
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(rows.taken).toBe(taken)
      controller.abort()
    }
    await faultOf(
      ingestEngine().ingest(rows, {
        id: 'id',
        batchRows: 300,
        progressEvery: 0,
        onProgress,
        signal: controller.signal,
      }),
    )
    expect(taken).toBe(512)
  })

  it('and other work gets its turn between batches', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await ingestEngine().ingest(csv(manyRows(100_000)), { id: 'id', batchRows: 1_000 })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(20)
  })

  it('and other work gets its turn where no row is', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await ingestEngine().ingest(ndjson(`{"id":"${'x'.repeat(100_000_000)}`, { maxRowBytes: 10 }), { id: 'id' })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })
})

describe('progress', () => {
  it('is told between batches and at the end', async () => {
    const text = manyRows(1_000)
    const path = fileOf('p.csv', text)
    const told: IngestProgress[] = []
    const onProgress = (progress: IngestProgress): void => void told.push(progress)
    const report = await ingestEngine().ingest(csvFile(path), {
      id: 'id',
      batchRows: 300,
      progressEvery: 0,
      onProgress,
    })
    expect(told.map(({ rows, applied }) => [rows, applied])).toEqual([
      [300, 300],
      [600, 600],
      [900, 900],
      [1_000, 1_000],
    ])
    for (const { totalBytes, bytes, milliseconds, rowsPerSecond, bytesPerSecond, rows } of told) {
      expect(totalBytes).toBe(text.length)
      expect(bytes).toBe(text.length)
      expect(rowsPerSecond).toBeCloseTo((rows / milliseconds) * 1_000)
      expect(bytesPerSecond).toBeCloseTo((bytes / milliseconds) * 1_000)
    }
    expect(report.milliseconds).toBeGreaterThanOrEqual(told.at(-1)!.milliseconds)
  })

  it('is told no more often than asked, but always at the end', async () => {
    let told = 0
    const onProgress = (): void => void told++
    await ingestEngine().ingest(csv(manyRows(5_000)), { id: 'id', batchRows: 10, progressEvery: 1e9, onProgress })
    expect(told).toBe(1)
  })

  it('has the packed size of a packed file, and none of records', async () => {
    const packed = gzipSync(manyRows(20_000))
    const sizes: unknown[] = []
    const onProgress = ({ bytes, totalBytes }: IngestProgress): void => void sizes.push([bytes, totalBytes])
    await ingestEngine().ingest(csvFile(fileOf('p.csv.gz', packed)), { id: 'id', onProgress })
    await ingestEngine().ingest([{ id: 'u' }], { id: 'id', onProgress })
    expect(sizes).toEqual([
      [packed.length, packed.length],
      [0, null],
    ])
  })
})

describe('options', () => {
  const wrong: object[] = [
    {},
    { id: 7 },
    { id: 'id', idType: 'number' },
    { id: 'id', columns: [] },
    { id: 'id', columns: { x: 7 } },
    { id: 'id', columns: { x: { to: 'vip', separator: ',' } } },
    { id: 'id', columns: { x: { to: 'vip', truthy: 'yes' } } },
    { id: 'id', columns: { x: { to: 'interests', separator: '' } } },
    { id: 'id', columns: { x: { to: 'interests', mode: 'merge' } } },
    { id: 'id', columns: { x: { to: 'city', empty: 'keep' } } },
    { id: 'id', tag: 1 },
    { id: 'id', createTags: true },
    { id: 'id', empty: 'keep' },
    { id: 'id', batchRows: 0 },
    { id: 'id', maxRejects: -1 },
    { id: 'id', keepRejects: 0.5 },
    { id: 'id', progressEvery: Number.NaN },
    { id: 'id', onProgress: 1 },
    { id: 'id', signal: {} },
    { id: 'id', idtype: 'integer' },
  ]
  it.each(wrong)('%j are refused', async (options) => {
    const fault = await faultOf(ingestEngine().ingest(csv('id,x\nu1,1\n'), options as IngestOptions<TestSchema>))
    expect(fault.code).toBe('OPTION_INVALID')
  })
})

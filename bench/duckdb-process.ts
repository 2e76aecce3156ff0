/** DuckDB in a process of its own: takes requests from the bench that started it, one at a time, and answers each. */
import {
  BOOLEAN,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  ENUM,
  INTEGER,
  TIMESTAMP,
  USMALLINT,
} from '@duckdb/node-api'
import type { DuckReply, DuckRequest } from './duckdb.ts'
import { hasTag, type Numbered, numberOf } from './numbered.ts'
import { categories, channels, liveBatch, type Shop, type ShopBatch, shopBatches, shopEvents } from './shop.ts'

/** Rows of a chunk, as DuckDB has them. */
const chunkSize = 2_048

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const statements = new Map<string, Promise<DuckDBPreparedStatement>>()

/** A table of DuckDB that takes whole columns. */
class Table {
  readonly #name: string
  readonly #types: readonly DuckDBType[]
  readonly #connection: DuckDBConnection

  constructor(connection: DuckDBConnection, name: string, types: readonly DuckDBType[]) {
    this.#connection = connection
    this.#name = name
    this.#types = types
  }

  /** Appends `count` rows; `column(c, from, to)` gives the values of column c. */
  async append(count: number, column: (c: number, from: number, to: number) => DuckDBValue[]): Promise<void> {
    const appender = await this.#connection.createAppender(this.#name)
    for (let from = 0; from < count; from += chunkSize) {
      const to = Math.min(from + chunkSize, count)
      const chunk = DuckDBDataChunk.create(this.#types, to - from)
      for (let c = 0; c < this.#types.length; c++) chunk.setColumnValues(c, column(c, from, to))
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
  }
}

const eventTypes = [INTEGER, TIMESTAMP, ENUM(categories), ENUM(channels), INTEGER]

function appendEvents(table: Table, batch: ShopBatch): Promise<void> {
  const columns: ((from: number, to: number) => DuckDBValue[])[] = [
    (from, to) => Array.from(batch.people.subarray(from, to)),
    (from, to) =>
      Array.from(
        batch.times.subarray(from, to),
        (at) => new DuckDBTimestampValue(BigInt(at) * 1_000n),
      ) as DuckDBValue[],
    (from, to) => Array.from(batch.categories.subarray(from, to), (code) => categories[code]!),
    (from, to) => Array.from(batch.channels.subarray(from, to), (code) => channels[code]!),
    (from, to) => Array.from(batch.cents.subarray(from, to)),
  ]
  return table.append(batch.people.length, (c, from, to) => columns[c]!(from, to))
}

/** The events as they came, so in the order of time, which lets DuckDB leave out what a window doesn't touch. */
async function loadShop(shop: Shop): Promise<number> {
  const values = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ')
  await connection.run(`CREATE TYPE category AS ENUM (${values(categories)})`)
  await connection.run(`CREATE TYPE channel AS ENUM (${values(channels)})`)
  let rows = 0
  for (const event of shopEvents) {
    await connection.run(
      `CREATE TABLE ${event} (person INTEGER, moment TIMESTAMP, category category, channel channel, cents INTEGER)`,
    )
    const table = new Table(connection, event, eventTypes)
    for (const batch of shopBatches(shop, event)) {
      await appendEvents(table, batch)
      rows += batch.people.length
    }
  }
  return rows
}

async function loadLive(shop: Shop, round: number): Promise<number> {
  for (const event of shopEvents) {
    await appendEvents(new Table(connection, event, eventTypes), liveBatch(shop, event, round))
  }
  return round
}

async function loadNumbered(numbered: Numbered): Promise<number> {
  await connection.run('CREATE TABLE people (a BOOLEAN, n16 USMALLINT, n24 INTEGER)')
  const table = new Table(connection, 'people', [BOOLEAN, USMALLINT, INTEGER])
  const of = [
    (person: number) => hasTag(numbered, person),
    (person: number) => numberOf(numbered, 16, person),
    (person: number) => numberOf(numbered, 24, person),
  ] as const
  await table.append(numbered.people, (c, from, to) =>
    Array.from({ length: to - from }, (_, i): DuckDBValue => of[c]!(from + i)),
  )
  return numbered.people
}

/** Runs a query that gives one number. It is prepared when it comes first, with its constants, so that those steer the plan. */
async function query(sql: string): Promise<{ answer: number; ms: number }> {
  let statement = statements.get(sql)
  if (statement === undefined) {
    statement = connection.prepare(sql)
    statements.set(sql, statement)
  }
  const prepared = await statement
  const start = performance.now()
  const reader = await prepared.runAndReadAll()
  const answer = Number(reader.value(0, 0))
  return { answer, ms: performance.now() - start }
}

async function replyTo(request: DuckRequest): Promise<DuckReply> {
  switch (request.do) {
    case 'query':
      return query(request.sql)
    case 'shop':
      return { answer: await loadShop(request.shop), ms: 0 }
    case 'live':
      return { answer: await loadLive(request.shop, request.round), ms: 0 }
    case 'numbered':
      return { answer: await loadNumbered(request.numbered), ms: 0 }
    case 'memory':
      return { answer: process.memoryUsage.rss(), ms: 0 }
  }
}

process.on('message', (request: DuckRequest) => {
  replyTo(request).then(
    (reply) => process.send!(reply),
    (error: unknown) => process.send!({ error: String(error) } satisfies DuckReply),
  )
})
// The bench has ended, or failed.
process.on('disconnect', () => process.exit())

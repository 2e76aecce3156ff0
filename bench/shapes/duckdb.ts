import { DuckDBInstance, type DuckDBPreparedStatement } from '@duckdb/node-api'
import { eventKinds, type ShapesCrowd } from './crowd.ts'
import type { Peer, Way } from './questions.ts'
import {
  conditions,
  type Dialect,
  eventColumns,
  eventsOf,
  peopleColumns,
  peopleQueries,
  zipfConditions,
} from './sql.ts'

const dialect: Dialect = {
  low32: (value) => `((${value}) & 4294967295)`,
  xor: (a, b) => `xor(${a}, ${b})`,
  shiftRight: (value, bits) => `(${value} >> ${bits})`,
  double: (value) => `CAST(${value} AS DOUBLE)`,
  wide: (value) => `CAST(${value} AS UBIGINT)`,
}
const types: Readonly<Record<string, string>> = {
  t: 'UBIGINT',
  n16: 'USMALLINT',
  n24: 'UINTEGER',
  c50: 'UTINYINT',
  c5000: 'USMALLINT',
}

/**
 * DuckDB, in memory, with its default settings: as many threads as the machine has cores. Flags are columns of their own, the 50 tags of "10 of 50" the bits of
 * one number, the 200 tags of a union rows of tag and person; events are rows in the order of time, as they come.
 */
export async function duckdbPeer(crowd: ShapesCrowd): Promise<Peer> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const columns = peopleColumns(crowd, dialect).map(
    ([name, value]) => `CAST(${value} AS ${types[name] ?? 'BOOLEAN'}) AS ${name}`,
  )
  await connection.run(
    `CREATE TABLE p AS SELECT CAST(person AS UINTEGER) AS person, ${columns.join(', ')} FROM range(${crowd.people}) AS r(person)`,
  )
  await connection.run('CREATE TABLE zipf (tag UTINYINT, person UINTEGER)')
  for (const [tag, condition] of zipfConditions(crowd, dialect).entries()) {
    await connection.run(
      `INSERT INTO zipf SELECT ${tag}, person FROM range(${crowd.people}) AS r(person) WHERE ${condition}`,
    )
  }
  for (const kind of eventKinds) {
    const { person, day, category } = eventColumns(crowd, kind, dialect)
    await connection.run(
      `CREATE TABLE ${kind} AS SELECT CAST(${person} AS UINTEGER) AS person, CAST(${day} AS USMALLINT) AS day, CAST(${category} AS UTINYINT) AS category ` +
        `FROM range(${eventsOf(crowd)}) AS r(i) ORDER BY day`,
    )
  }
  const prepared = new Map<string, DuckDBPreparedStatement>()
  const one = async (sql: string): Promise<number> => {
    let statement = prepared.get(sql)
    if (statement === undefined) {
      statement = await connection.prepare(sql)
      prepared.set(sql, statement)
    }
    return Number((await statement.runAndReadAll()).value(0, 0))
  }
  const where = conditions({
    bitCount: (value) => `bit_count(${value})`,
    bitAnd: (a, b) => `(${a} & ${b})`,
    truth: (name) => name,
  })
  const ways: Record<string, { count?: Way; set?: Way }> = {}
  for (const [key, query] of Object.entries(peopleQueries(where))) {
    ways[key] = {
      count: (turn) => {
        const sql = query(turn)
        return one(
          key === 'S5b'
            ? 'SELECT count(DISTINCT person) FROM zipf'
            : sql.includes(' GROUP BY ')
              ? `SELECT count(*) FROM (${sql})`
              : sql.replace('SELECT person', 'SELECT count(*)'),
        )
      },
      set: async (turn) => {
        const result = await connection.run(`CREATE OR REPLACE TEMP TABLE audience AS ${query(turn)}`)
        return Number((await result.getRows())[0]![0])
      },
    }
  }
  ways.S8a = { count: () => one(`SELECT sum(n16), avg(n16) FROM p WHERE ${where.S2}`) }
  ways.S8b = { count: () => one(`SELECT quantile_disc(n16, 0.5) FROM p WHERE ${where.S2}`) }
  for (const [key, name] of [
    ['S10a', 'c50'],
    ['S10b', 'c5000'],
  ] as const) {
    ways[key] = {
      count: () =>
        one(
          `SELECT sum((value + 1) * people) FROM (SELECT ${name} AS value, count(*) AS people FROM p WHERE ${where.S2} GROUP BY ${name})`,
        ),
    }
  }
  return { ways }
}

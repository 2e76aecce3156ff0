import { DuckDBInstance, type DuckDBPreparedStatement } from '@duckdb/node-api'
import { eventKinds, eventsOf, type ShapesCrowd, zipfTags } from './crowd.ts'
import { type Peer, profiles, type Way } from './questions.ts'
import {
  conditions,
  type Dialect,
  eventColumns,
  peopleColumns,
  peopleQueries,
  profileQuery,
  zipfConditions,
} from './sql.ts'

/** Salts of the hashes that an expression uses, which `hashed` gives the columns of. */
const used = new Set<number>()
const dialect: Dialect = {
  low32: (value) => `((${value}) & 4294967295)`,
  xor: (a, b) => `xor(${a}, ${b})`,
  shiftRight: (value, bits) => `(${value} >> ${bits})`,
  double: (value) => `CAST(${value} AS DOUBLE)`,
  wide: (value) => `CAST(${value} AS UBIGINT)`,
  hashed(salt) {
    used.add(salt)
    return `h${salt}`
  },
}

/** What expressions say about a number, its hashes worked out step by step: as one expression each step would be done several times. */
function hashed(number: string, from: string, expressions: () => string): string {
  used.clear()
  const what = expressions()
  const each = (step: (salt: number) => string): string =>
    [...used].map((salt) => `${step(salt)} AS h${salt}`).join(', ')
  const mixed = (salt: number, bits: number, factor: number): string =>
    `(xor(h${salt}, h${salt} >> ${bits}) * ${factor}) & 4294967295`
  const started = `SELECT ${number}, ${each((salt) => `(CAST(${number} AS UBIGINT) + ${Math.imul(salt, 0x9e3779b9) >>> 0}) & 4294967295`)} FROM ${from}`
  const first = `SELECT ${number}, ${each((salt) => mixed(salt, 16, 0x85ebca6b))} FROM (${started})`
  const second = `SELECT ${number}, ${each((salt) => mixed(salt, 13, 0xc2b2ae35))} FROM (${first})`
  const last = `SELECT ${number}, ${each((salt) => `xor(h${salt}, h${salt} >> 16)`)} FROM (${second})`
  return what.replace('$source', `(${last})`)
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
  // A table first, which several threads read at once.
  await connection.run(
    `CREATE TABLE everyone AS SELECT CAST(person AS UINTEGER) AS person FROM range(${crowd.people}) AS r(person)`,
  )
  await connection.run(
    hashed('person', 'everyone', () => {
      const columns = peopleColumns(crowd, dialect)
      return `CREATE TABLE p AS SELECT person, ${columns.map(([name, value]) => `CAST(${value} AS ${types[name] ?? 'BOOLEAN'}) AS ${name}`).join(', ')} FROM $source`
    }),
  )
  await connection.run('CREATE TABLE zipf (tag UTINYINT, person UINTEGER)')
  const tags = Array.from({ length: zipfTags }, (_, tag) => tag)
  for (const tag of tags) {
    await connection.run(
      hashed(
        'person',
        'everyone',
        () => `INSERT INTO zipf SELECT ${tag}, person FROM $source WHERE ${zipfConditions(crowd, dialect, [tag])[0]}`,
      ),
    )
  }
  await connection.run('DROP TABLE everyone')
  for (const kind of eventKinds) {
    await connection.run(
      hashed('i', `range(${eventsOf(crowd)}) AS r(i)`, () => {
        const { person, day, category } = eventColumns(crowd, kind, dialect)
        return `CREATE TABLE ${kind} AS SELECT CAST(${person} AS UINTEGER) AS person, CAST(${day} AS USMALLINT) AS day, CAST(${category} AS UTINYINT) AS category FROM $source ORDER BY day`
      }),
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
  for (const [key, name] of profiles) {
    ways[key] = {
      count: () => one(profileQuery('p', name, where.S2!)),
    }
  }
  return { ways }
}

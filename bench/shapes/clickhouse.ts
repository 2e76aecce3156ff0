import { openClickHouse } from '../../scripts/clickhouse/clickhouse.ts'
import { eventKinds, eventsOf, type ShapesCrowd, tagShares } from './crowd.ts'
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

const dialect: Dialect = {
  low32: (value) => `bitAnd(${value}, 4294967295)`,
  xor: (a, b) => `bitXor(${a}, ${b})`,
  shiftRight: (value, bits) => `bitShiftRight(${value}, ${bits})`,
  double: (value) => `toFloat64(${value})`,
  wide: (value) => `toUInt64(${value})`,
}
const types: Readonly<Record<string, string>> = {
  t: 'toUInt64',
  n16: 'toUInt16',
  n24: 'toUInt32',
  c50: 'toUInt8',
  c5000: 'toUInt16',
}
const block = 10_000_000

/**
 * ClickHouse through chdb, with its default settings: as many threads as the machine has cores. As plain columns: MergeTree tables ordered by person, and by day. As
 * bitmaps: one `AggregateFunction(groupBitmap, UInt32)` a tag in an AggregatingMergeTree, as its documentation advises for tags.
 *
 * @throws Error where there is no chdb
 */
export function clickhousePeer(crowd: ShapesCrowd, form: 'columns' | 'bitmaps'): Peer {
  const clickhouse = openClickHouse()
  if (clickhouse === null) throw new Error('there is no ClickHouse here')
  const one = (sql: string): number => Number(clickhouse.rows(sql)[0]![0])
  const names = ['person', ...peopleColumns(crowd, dialect).map(([name]) => name)]
  const kinds = names.map((name) => (name === 'person' ? 'UInt32' : (types[name]?.slice(2) ?? 'UInt8')))
  clickhouse.run('CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic')
  const each = (work: (from: number, to: number) => void): void => {
    for (let from = 0; from < crowd.people; from += block) work(from, Math.min(crowd.people, from + block))
  }
  const ways: Record<string, { count?: Way; set?: Way }> = {}
  if (form === 'bitmaps') {
    clickhouse.run(
      'CREATE TABLE bench.tags (tag String, users AggregateFunction(groupBitmap, UInt32)) ENGINE = AggregatingMergeTree ORDER BY tag',
    )
    const all: (readonly [string, string])[] = [
      ...peopleColumns(crowd, dialect).filter(([name]) => name in tagShares),
      ...zipfConditions(crowd, dialect).map((condition, i) => [`P${i + 1}`, condition] as const),
    ]
    for (const [tag, condition] of all) {
      each((from, to) =>
        clickhouse.run(
          `INSERT INTO bench.tags SELECT '${tag}', groupBitmapState(toUInt32(number)) FROM (SELECT number, number AS person FROM numbers(${from}, ${to - from})) WHERE ${condition}`,
        ),
      )
    }
    clickhouse.run('OPTIMIZE TABLE bench.tags FINAL')
    const tag = (name: string): string => `(SELECT groupBitmapMergeState(users) FROM bench.tags WHERE tag = '${name}')`
    const of: Readonly<Record<string, readonly [count: string, set: string]>> = {
      S1: [`bitmapAndCardinality(${tag('A')}, ${tag('B')})`, `bitmapAnd(${tag('A')}, ${tag('B')})`],
      S2: [
        `bitmapAndnotCardinality(bitmapAnd(${tag('A')}, ${tag('B')}), ${tag('C')})`,
        `bitmapAndnot(bitmapAnd(${tag('A')}, ${tag('B')}), ${tag('C')})`,
      ],
      S3: [
        `bitmapAndnotCardinality(bitmapAnd(bitmapOr(${tag('A')}, ${tag('B')}), bitmapOr(${tag('C')}, ${tag('D')})), ${tag('E')})`,
        `bitmapAndnot(bitmapAnd(bitmapOr(${tag('A')}, ${tag('B')}), bitmapOr(${tag('C')}, ${tag('D')})), ${tag('E')})`,
      ],
      S4a: [`bitmapAndCardinality(${tag('sparse')}, ${tag('rare')})`, `bitmapAnd(${tag('sparse')}, ${tag('rare')})`],
      S4b: [`bitmapAndCardinality(${tag('sparse')}, ${tag('B')})`, `bitmapAnd(${tag('sparse')}, ${tag('B')})`],
    }
    for (const [key, [count, set]] of Object.entries(of)) {
      ways[key] = {
        count: () => one(`SELECT ${count}`),
        set: () => one(`SELECT bitmapCardinality(x) FROM (SELECT ${set} AS x)`),
      }
    }
    const union = (where: string): string => `SELECT groupBitmapMerge(users) FROM bench.tags WHERE ${where}`
    ways.S5a = { count: () => one(union("tag IN ('A', 'B', 'C', 'D', 'E', 'F', 'G')")) }
    ways.S5b = { count: () => one(union("tag LIKE 'P%'")) }
    return { ways, close: () => clickhouse.close() }
  }
  clickhouse.run(
    `CREATE TABLE bench.p (${names.map((name, i) => `${name} ${kinds[i]}`).join(', ')}) ENGINE = MergeTree ORDER BY person`,
  )
  const columns = peopleColumns(crowd, dialect).map(
    ([name, value]) => `${types[name] ?? 'toUInt8'}(${value}) AS ${name}_`,
  )
  each((from, to) =>
    clickhouse.run(
      `INSERT INTO bench.p SELECT toUInt32(person), ${columns.join(', ')} FROM (SELECT number AS person FROM numbers(${from}, ${to - from}))`,
    ),
  )
  clickhouse.run('CREATE TABLE bench.zipf (tag UInt8, person UInt32) ENGINE = MergeTree ORDER BY (tag, person)')
  for (const [tag, condition] of zipfConditions(crowd, dialect).entries()) {
    each((from, to) =>
      clickhouse.run(
        `INSERT INTO bench.zipf SELECT ${tag}, toUInt32(person) FROM (SELECT number AS person FROM numbers(${from}, ${to - from})) WHERE ${condition}`,
      ),
    )
  }
  for (const kind of eventKinds) {
    const { person, day, category } = eventColumns(crowd, kind, dialect)
    clickhouse.run(
      `CREATE TABLE bench.${kind} (person UInt32, day UInt16, category UInt8) ENGINE = MergeTree ORDER BY (day, person)`,
    )
    const count = eventsOf(crowd)
    for (let from = 0; from < count; from += block) {
      clickhouse.run(
        `INSERT INTO bench.${kind} SELECT ${person}, ${day}, ${category} FROM (SELECT number AS i FROM numbers(${from}, ${Math.min(block, count - from)}))`,
      )
    }
  }
  for (const table of ['p', 'zipf', ...eventKinds]) clickhouse.run(`OPTIMIZE TABLE bench.${table} FINAL`)
  const where = conditions({
    bitCount: (value) => `bitCount(${value})`,
    bitAnd: (a, b) => `bitAnd(${a}, ${b})`,
    truth: (name) => name,
  })
  for (const [key, query] of Object.entries(peopleQueries(where))) {
    const sql = (turn: number): string => query(turn).replace(/\b(FROM) (p|zipf|view|buy)\b/g, '$1 bench.$2')
    ways[key] = {
      count: (turn) =>
        one(key === 'S5b' ? 'SELECT uniqExact(person) FROM bench.zipf' : `SELECT count() FROM (${sql(turn)})`),
      set: (turn) => {
        clickhouse.run('DROP TABLE IF EXISTS bench.audience')
        clickhouse.run(`CREATE TABLE bench.audience ENGINE = Memory AS ${sql(turn)}`)
        return one('SELECT count() FROM bench.audience')
      },
    }
  }
  ways.S8a = { count: () => one(`SELECT sum(n16), avg(n16) FROM bench.p WHERE ${where.S2}`) }
  ways.S8b = { count: () => one(`SELECT quantileExactLow(0.5)(n16) FROM bench.p WHERE ${where.S2}`) }
  for (const [key, name] of profiles) {
    ways[key] = {
      count: () => one(profileQuery('bench.p', name, where.S2!)),
    }
  }
  return { ways, close: () => clickhouse.close() }
}

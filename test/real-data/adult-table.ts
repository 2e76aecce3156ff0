import { type CategorySpec, category, createEngine, type Engine, type NumberSpec, number } from '../../src/index.ts'
import { readTable } from './csv-table.ts'
import { type Database, openDatabase } from './duck.ts'
import { readMemberships } from './memberships.ts'
import { named, quoted } from './sql-text.ts'

type Columns = Readonly<Record<string, CategorySpec | NumberSpec>>

/** The integers of the file. */
export const integers = ['age', 'fnlwgt', 'education_num', 'capital_gain', 'capital_loss', 'hours_per_week'] as const

/**
 * Numbers made of them, for what the file lacks: absent values, values below 0, digits after the point. Each as SQL, and as a
 * function of a row that gives decimal text.
 */
export const madeNumbers: Readonly<
  Record<
    string,
    { readonly scale: number; readonly sql: string; of(row: Readonly<Record<string, string>>): string | null }
  >
> = {
  gain: {
    scale: 0,
    sql: 'nullif(capital_gain, 0)',
    of: (row) => (row.capital_gain === '0' ? null : row.capital_gain!),
  },
  balance: {
    scale: 0,
    sql: 'capital_gain - capital_loss',
    of: (row) => String(Number(row.capital_gain) - Number(row.capital_loss)),
  },
  rate: {
    scale: 3,
    sql: '(capital_loss - fnlwgt) * 0.001',
    of: (row) => ((Number(row.capital_loss) - Number(row.fnlwgt)) / 1000).toFixed(3),
  },
}

/** All numbers by name, with their scales. */
export const adultNumbers: ReadonlyMap<string, number> = new Map([
  ...integers.map((name) => [name, 0] as const),
  ...Object.entries(madeNumbers).map(([name, { scale }]) => [name, scale] as const),
])

/** UCI Adult on both sides: an engine, and a table `people(person, …)` with a column for each category and number. */
export interface Adult {
  readonly crowd: Engine<Columns>
  readonly database: Database
  /** Values by category, the frequent ones first. */
  readonly texts: ReadonlyMap<string, readonly string[]>
  /** Values that occur by number, scaled, ascending, at most 200 of each. */
  readonly numbers: ReadonlyMap<string, readonly number[]>
  readonly schema: Columns
}

export async function openAdult(tagsPath: string, numbersPath: string): Promise<Adult> {
  const members = readMemberships(tagsPath)
  const categories = [...new Set([...members.keys()].map((tag) => tag.split(':', 1)[0]!))]
  const schema: Columns = {
    ...Object.fromEntries(categories.map((name) => [name, category()])),
    ...Object.fromEntries([...adultNumbers].map(([name, scale]) => [name, number({ scale })])),
  }
  const crowd = createEngine({ schema })
  for (const [tag, ids] of members) {
    const [name] = tag.split(':', 1) as [string]
    crowd.putMany(ids.map((id) => [id, { [name]: tag.slice(name.length + 1) }]))
  }
  const rows = readTable(numbersPath)
  crowd.putMany(
    rows.map((row) => [
      Number(row.user_id),
      {
        ...Object.fromEntries(integers.map((name) => [name, row[name]])),
        ...Object.fromEntries(Object.entries(madeNumbers).map(([name, { of }]) => [name, of(row)])),
      },
    ]),
  )

  const database = await openDatabase()
  const columns = [
    ...integers.map((name) => `${name}::decimal(18, 0) as ${name}`),
    ...Object.entries(madeNumbers).map(([name, { sql, scale }]) => `(${sql})::decimal(18, ${scale}) as ${name}`),
    ...categories.map(
      (name) =>
        `max(substr(tag, ${name.length + 2})) filter (starts_with(tag, ${quoted(`${name}:`)})) as ${named(name)}`,
    ),
  ]
  await database.run(
    `create table people as
     select n.user_id::integer as person, ${columns.join(', ')}
     from read_csv(${quoted(numbersPath)}) n join read_csv(${quoted(tagsPath)}, all_varchar = true) t on t.user_id::integer = n.user_id
     group by all`,
  )
  const texts = new Map<string, readonly string[]>()
  for (const name of categories) {
    const found = await database.column(
      `select ${named(name)} from people where ${named(name)} is not null group by 1 order by count(*) desc, 1`,
    )
    texts.set(name, found as string[])
  }
  const numbers = new Map<string, readonly number[]>()
  for (const [name, scale] of adultNumbers) {
    const found = await database.column(
      `select v from (select distinct (${name} * ${10 ** scale})::bigint as v from people where ${name} is not null) order by hash(v), v limit 200`,
    )
    numbers.set(
      name,
      (found as number[]).sort((a, b) => a - b),
    )
  }
  return { crowd, database, texts, numbers, schema }
}

import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { isParameter, type RuleNode } from '../../src/rules/ast.ts'
import { setSql } from './set-sql.ts'
import { quoted } from './sql-text.ts'

/** Another engine to check against: a DuckDB in memory. */
export interface Database {
  run(sql: string): Promise<void>
  /** The rows of a query, as arrays of texts, numbers, and `null`. Whole numbers beyond 2^53 and decimals come as text. */
  rows(sql: string): Promise<(string | number | null)[][]>
  /** The first column of a query. */
  column(sql: string): Promise<(string | number | null)[]>
  close(): void
}

/** DuckDB with the memberships of a file as the table `members(tag, user_id)`. */
export interface Duck {
  /** The rows of a query, as arrays of numbers and texts. */
  rows(sql: string): Promise<(string | number)[][]>
  /** How many people a rule on flags has, answered by set operations of SQL. */
  count(rule: RuleNode, tagOf: TagOf): Promise<number>
  close(): void
}

/** The tag of the file that a column, or a value of one, stands for. */
export type TagOf = (column: string, value: string | null) => string

/** A database without tables, on one thread, so that test files run side by side. */
export async function openDatabase(): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('set threads = 1')
  return {
    async run(sql) {
      await connection.run(sql)
    },
    rows: (sql) => rows(connection, sql),
    async column(sql) {
      return (await rows(connection, sql)).map(([first]) => first!)
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

export async function openDuck(csv: string): Promise<Duck> {
  const { run, rows, close } = await openDatabase()
  await run(
    `create table members as select tag::varchar as tag, user_id::integer as user_id from read_csv(${quoted(csv)}, header = true, all_varchar = true)`,
  )
  return {
    rows: (sql) => rows(sql) as Promise<(string | number)[][]>,
    async count(rule, tagOf) {
      const [[count]] = (await rows(`select count(*) from (${membersSql(rule, tagOf)})`)) as [[number]]
      return count
    },
    close,
  }
}

async function rows(connection: DuckDBConnection, sql: string): Promise<(string | number | null)[][]> {
  const reader = await connection.runAndReadAll(sql)
  return reader.getRows().map((row) => row.map(cellOf))
}

function cellOf(cell: unknown): string | number | null {
  if (cell === null || typeof cell === 'string' || typeof cell === 'number') return cell
  const number = Number(cell)
  return Number.isSafeInteger(number) ? number : String(cell)
}

/** A rule on flags and lists of values as a query of the people of it, each once. */
function membersSql(rule: RuleNode, tagOf: TagOf): string {
  const having = (column: string, value: string | null): string =>
    `select distinct user_id from members where tag = ${quoted(tagOf(column, value))}`
  return setSql(rule, 'user_id', 'select distinct user_id from members', (node) => {
    switch (node.kind) {
      case 'has':
        return having(plain(node.tag), null)
      case 'hasAny':
        return `select distinct user_id from members where tag in (${listOf(node).map((value) => quoted(tagOf(plain(node.tag), value)))})`
      case 'hasAll':
        return listOf(node)
          .map((value) => `(${having(plain(node.tag), value)})`)
          .join(' intersect ')
      default:
        throw new Error(`no SQL for ${node.kind}`)
    }
  })
}

function listOf(node: RuleNode): readonly string[] {
  if (!('values' in node) || isParameter(node.values)) throw new Error('a list is expected')
  return node.values.map(plain)
}

function plain(slot: unknown): string {
  if (typeof slot !== 'string') throw new Error('text is expected')
  return slot
}

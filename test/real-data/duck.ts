import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { childRules, isParameter, type RuleNode } from '../../src/rules/ast.ts'

/** Another engine to check against: DuckDB with the memberships of a file as the table `members(tag, user_id)`. */
export interface Duck {
  /** The rows of a query, as arrays of numbers and texts. */
  rows(sql: string): Promise<(string | number)[][]>
  /** How many people a rule on flags has, answered by set operations of SQL. */
  count(rule: RuleNode, tagOf: TagOf): Promise<number>
  close(): void
}

/** The tag of the file that a column, or a value of one, stands for. */
export type TagOf = (column: string, value: string | null) => string

export async function openDuck(csv: string): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('set threads = 1')
  await connection.run(
    `create table members as select tag::varchar as tag, user_id::integer as user_id from read_csv(${quoted(csv)}, header = true, all_varchar = true)`,
  )
  return {
    rows: (sql) => rows(connection, sql),
    async count(rule, tagOf) {
      const [[count]] = (await rows(connection, `select count(*) from (${setOf(rule, tagOf)})`)) as [[number]]
      return count
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

async function rows(connection: DuckDBConnection, sql: string): Promise<(string | number)[][]> {
  const reader = await connection.runAndReadAll(sql)
  return reader.getRows().map((row) => row.map((cell) => (typeof cell === 'string' ? cell : Number(cell))))
}

const everyone = 'select distinct user_id from members'

/** A rule as a query of the people of it, each once. */
function setOf(node: RuleNode, tagOf: TagOf): string {
  const having = (column: string, value: string | null): string =>
    `select distinct user_id from members where tag = ${quoted(tagOf(column, value))}`
  const parts = childRules(node).map((part) => `(${setOf(part, tagOf)})`)
  switch (node.kind) {
    case 'everyone':
      return everyone
    case 'has':
      return having(plain(node.tag), null)
    case 'hasAny':
      return `select distinct user_id from members where tag in (${listOf(node).map((value) => quoted(tagOf(plain(node.tag), value)))})`
    case 'hasAll':
      return listOf(node)
        .map((value) => `(${having(plain(node.tag), value)})`)
        .join(' intersect ')
    case 'not':
      return `(${everyone}) except ${parts[0]}`
    case 'and':
      return parts.join(' intersect ')
    case 'or':
      return parts.join(' union ')
    case 'minus':
      return `${parts[0]} except (${parts.slice(1).join(' union ')})`
    case 'xor':
      return `select user_id from (${parts.join(' union all ')}) group by user_id having count(*) % 2 = 1`
    case 'atLeast':
      return `select user_id from (${parts.join(' union all ')}) group by user_id having count(*) >= ${node.k}`
    default:
      throw new Error(`no SQL for ${node.kind}`)
  }
}

function listOf(node: RuleNode): readonly string[] {
  if (!('values' in node) || isParameter(node.values)) throw new Error('a list is expected')
  return node.values.map(plain)
}

function plain(slot: unknown): string {
  if (typeof slot !== 'string') throw new Error('text is expected')
  return slot
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

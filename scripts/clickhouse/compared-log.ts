import { resolve } from 'node:path'
import { type ExternalId, Rule } from '../../src/index.ts'
import type { EventTerm, RuleNode, Window } from '../../src/rules/ast.ts'
import { peopleSql } from '../../test/real-data/event-sql.ts'
import { type Dialect, rowSql } from '../../test/real-data/row-sql.ts'
import type { Sides } from '../../test/real-data/same-people.ts'
import { decimalSql, given, quoted } from '../../test/real-data/sql-text.ts'
import { inWindow } from '../../test/real-data/term-sql.ts'
import type { ClickHouse } from './clickhouse.ts'

/** A log that is in three engines: crowdbit, DuckDB with the SQL of the laws, and ClickHouse as a table of its own. */
export interface ComparedLog extends Sides {
  readonly clickhouse: ClickHouse
  /** The table in ClickHouse: person, event, at_ms (UInt64), and a column for each property. */
  readonly table: string
  /** When questions are asked: after the last event. */
  readonly asOf: number
}

/** Where the shared data is. */
export function dataPath(file: string): string {
  return resolve(process.env.CROWDBIT_DATA ?? resolve(import.meta.dirname, '..', '..', '..', 'shared', 'data'), file)
}

export const clickhouseDialect: Dialect = {
  decimal: (constant) => `toDecimal64(${quoted(decimalSql(constant))}, 3)`,
  startsWith: (text, start) => `startsWith(${text}, ${start})`,
  contains: (text, part) => `position(${text}, ${part}) > 0`,
  matches: (text, pattern) => `match(${text}, ${pattern})`,
}

/** The event is of the kind of a term, and fits its filter, in ClickHouse. */
export function clickhouseTerm({ event, where }: EventTerm): string {
  return `(event = ${quoted(given(event))}${where === null ? '' : ` and (${rowSql(where, clickhouseDialect)})`})`
}

/** The event lies in a window, in ClickHouse: ever, or between two instants with offsets. */
export function clickhouseRange(window: Window): string {
  if (window.kind === 'ever') return 'true'
  if (window.kind !== 'range') throw new Error('a range is expected')
  const ends = [window.from, window.to].map((text) => (text === null ? null : Date.parse(given(text))))
  return `at_ms >= ${ends[0] ?? 0}${ends[1] === null ? '' : ` and at_ms < ${ends[1]}`}`
}

/** The people of a rule in crowdbit. */
export function ourPeople({ crowd, asOf }: ComparedLog, node: RuleNode): Set<ExternalId> {
  const set = crowd.select(Rule.of(node), { asOf })
  const ids = new Set(set.ids())
  set.release()
  if (crowd.count(Rule.of(node), { asOf }) !== ids.size)
    throw new Error(`count and select differ: ${String(Rule.of(node))}`)
  return ids
}

/** @throws Error unless crowdbit's people are those of the law's own SQL */
export async function checkByLaw(compared: ComparedLog, node: RuleNode, ours: ReadonlySet<ExternalId>): Promise<void> {
  const { log, asOf } = compared
  const sql = peopleSql(node, { asOf, zone: log.zone })
  const law = await log.database.column(sql)
  if (law.length === ours.size && law.every((id) => ours.has(id!))) return
  throw new Error(`crowdbit has ${ours.size} people, the law ${law.length}: ${describe(compared, node)}\n${sql}`)
}

/** People with an event of one term and at the same instant another event of another term, or one event that fits both. */
export async function peopleWithTies(
  { log, asOf }: ComparedLog,
  pairs: readonly (readonly [EventTerm, EventTerm])[],
  window: Window,
  which: 'another event' | 'one event',
): Promise<Set<ExternalId>> {
  const events = (term: EventTerm): string =>
    `(select n, person, at_ms from events where ${inWindow(term, window, { asOf, zone: log.zone })})`
  const found = await log.database.column(
    pairs
      .map(
        ([a, b]) =>
          `select a.person from ${events(a)} a join ${events(b)} b using (person, at_ms) where a.n ${which === 'one event' ? '=' : '<>'} b.n`,
      )
      .join(' union '),
  )
  return new Set(found as ExternalId[])
}

export function describe({ asOf, table }: Pick<ComparedLog, 'asOf' | 'table'>, node: RuleNode): string {
  return `${String(Rule.of(node))}, asOf ${new Date(asOf).toISOString()}, of ${table}`
}

/** Who is in one set and not in another. */
export function missingFrom<Id>(set: ReadonlySet<Id>, other: ReadonlySet<Id>): Id[] {
  return [...set].filter((id) => !other.has(id))
}

import type { EventSpec } from '../../src/index.ts'
import type { Database } from './duck.ts'
import { named, quoted } from './sql-text.ts'
import type { Moment } from './window-sql.ts'

/** What there is to ask of a log of events: the tables of `event-sql.ts`, and values that occur, so that questions hit. */
export interface EventLog {
  readonly database: Database
  readonly zone: Moment['zone']
  readonly schema: Readonly<Record<string, EventSpec>>
  /** Names of events, as often as fits how many there are of each. */
  readonly events: readonly string[]
  /** Some instants at which events are, ascending: the first and last of all are there. */
  readonly instants: readonly number[]
  /** Texts of category properties, the frequent ones first. */
  readonly texts: ReadonlyMap<string, readonly string[]>
  /** Values of number properties, scaled, ascending; sums of them over one person are there too. */
  readonly numbers: ReadonlyMap<string, readonly number[]>
  /** The events of some people with two or more, each in order of time. */
  readonly histories: readonly (readonly PastEvent[])[]
}

/** An event that somebody did. */
export interface PastEvent {
  readonly event: string
  readonly at: number
}

/** Most values that are remembered of a property. */
const mostTexts = 60
const mostNumbers = 120
const mostHistories = 200

/** Looks at the tables. */
export async function eventLog(
  database: Database,
  zone: string,
  schema: Readonly<Record<string, EventSpec>>,
): Promise<EventLog> {
  const texts = new Map<string, readonly string[]>()
  const numbers = new Map<string, readonly number[]>()
  for (const { properties } of Object.values(schema)) {
    for (const [name, spec] of Object.entries(properties)) {
      const column = named(name)
      if (spec.kind === 'category' && !texts.has(name)) {
        const found = await database.column(
          `select ${column} from events where ${column} is not null group by 1 order by count(*) desc, 1 limit ${mostTexts}`,
        )
        texts.set(name, found.map(String))
      }
      if (spec.kind === 'number' && !numbers.has(name)) {
        const sums = `select sum(${column}) as value from events group by person`
        const found = await database.column(
          `select value from (select distinct (value * ${10 ** spec.scale})::bigint as value from (select ${column} as value from events union all ${sums}) where value is not null)
           order by hash(value), value limit ${mostNumbers}`,
        )
        numbers.set(
          name,
          found.map(Number).sort((a, b) => a - b),
        )
      }
    }
  }
  const counted = (await database.rows(
    'select event, ceil(sqrt(count(*)) / 4)::integer from events group by 1 order by 2 desc, 1',
  )) as [string, number][]
  const instants = await database.column(
    `select at_ms from (select distinct at_ms from events) order by at_ms = (select max(at_ms) from events) desc, at_ms = (select min(at_ms) from events) desc, hash(at_ms), at_ms limit 400`,
  )
  const histories = new Map<string | number, PastEvent[]>()
  const past = await database.rows(
    `select person, event, at_ms from events semi join
       (select person from events group by 1 having count(*) > 1 order by hash(person), person limit ${mostHistories}) using (person)
     order by person, at_ms, n`,
  )
  for (const [person, event, at] of past as [string | number, string, number][]) {
    histories.set(person, [...(histories.get(person) ?? []), { event, at }])
  }
  return {
    database,
    zone,
    schema,
    events: counted.flatMap(([event, weight]) => Array.from({ length: weight }, () => event)),
    instants: instants.map(Number).sort((a, b) => a - b),
    texts,
    numbers,
    histories: [...histories.values()],
  }
}

/** Columns that every table of events has, from a source with `person`, `event` and an instant in milliseconds. */
export function eventColumns(at: string, zone: string, event: string): string {
  const day = `timezone(${quoted(zone)}, make_timestamptz((${at}) * 1000))::date`
  return `row_number() over () as n, ${event} as event, (${at})::bigint as at_ms, ${day} as day`
}

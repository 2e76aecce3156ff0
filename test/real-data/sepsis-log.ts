import {
  type CategorySpec,
  category,
  createEngine,
  type Engine,
  type EventSpec,
  event,
  type NumberSpec,
  number,
} from '../../src/index.ts'
import { readTable } from './csv-table.ts'
import { openDatabase } from './duck.ts'
import { type EventLog, eventColumns, eventLog } from './event-log.ts'
import { quoted } from './sql-text.ts'

/** What the hospital's log says of every event: its line, and which of the eight hours of a shift it was in. */
export const sepsisProperties: { readonly seq: NumberSpec; readonly shift: CategorySpec } = {
  seq: number(),
  shift: category(),
}

/** 15,214 events of 16 kinds in a hospital, many at the same second: the tables of `event-sql.ts`. Its times are UTC here. */
export async function openSepsis(path: string, zone: string): Promise<EventLog> {
  const database = await openDatabase()
  await database.run(
    `create table events as select user_id::integer as person, ${eventColumns('epoch_ms(timestamp::timestamp)', zone, 'event')},
       seq::decimal(18, 0) as seq, ${shiftSql} as shift
     from read_csv(${quoted(path)}, all_varchar = true)`,
  )
  await database.run('create table people as select distinct person from events')
  const kinds = await database.column('select event from events group by 1 order by min(n)')
  return eventLog(database, zone, Object.fromEntries(kinds.map((kind) => [String(kind), event(sepsisProperties)])))
}

/** Late shifts are left out, so that there are absent properties. */
const shiftSql = `case hour(timestamp::timestamp) // 8 when 0 then 'night' when 1 then 'day' end`

/** The same of a row of the file. */
function shiftOf(timestamp: string): string | null {
  return ['night', 'day', null][Math.floor(Number(timestamp.slice(11, 13)) / 8)]!
}

/** An engine with the same events, which come late: the second half of the log, a question, then the first half. */
export function sepsisEngine(path: string, { zone, schema }: EventLog): Engine<Readonly<Record<string, EventSpec>>> {
  const crowd = createEngine({ schema, timeZone: zone })
  const rows = readTable(path)
  const middle = Math.floor(rows.length / 2)
  for (const half of [rows.slice(middle), rows.slice(0, middle)]) {
    for (const name of Object.keys(schema)) {
      crowd.trackMany(
        name,
        half
          .filter(({ event }) => event === name)
          .map((row) => [
            Number(row.user_id),
            { at: `${row.timestamp}Z`, seq: row.seq, shift: shiftOf(row.timestamp!) },
          ]),
      )
      crowd.count({ did: name, gte: 2 })
    }
  }
  return crowd
}

import { type CategorySpec, category, createEngine, type Engine, type EventSpec, event } from '../../src/index.ts'
import { readTable } from './csv-table.ts'
import { openDatabase } from './duck.ts'
import { type EventLog, eventColumns, eventLog } from './event-log.ts'
import { quoted } from './sql-text.ts'

/** What the shop's log says of every event. */
export const ecomProperties: Readonly<Record<'session' | 'platform' | 'channel' | 'lifecycle', CategorySpec>> = {
  session: category(),
  platform: category({ values: ['desktop', 'mobile', 'tablet'] }),
  channel: category(),
  lifecycle: category(),
}

/** The columns of the file, by property. */
export const ecomColumns: Readonly<Record<keyof typeof ecomProperties, string>> = {
  session: 'session_id',
  platform: 'platform',
  channel: 'acquisition_channel',
  lifecycle: 'user_lifecycle',
}

/** 31,106 events of 19 kinds in a shop: the tables of `event-sql.ts`. Its times are UTC. */
export async function openEcom(path: string, zone: string): Promise<EventLog> {
  const database = await openDatabase()
  const properties = Object.entries(ecomColumns).map(([property, column]) => `${column} as ${property}`)
  await database.run(
    `create table events as select user_id as person, ${eventColumns('epoch_ms(timestamp::timestamp)', zone, 'event')}, ${properties.join(', ')}
     from read_csv(${quoted(path)}, all_varchar = true)`,
  )
  await database.run('create table people as select distinct person from events')
  const kinds = await database.column('select event from events group by 1 order by min(n)')
  return eventLog(database, zone, Object.fromEntries(kinds.map((kind) => [String(kind), event(ecomProperties)])))
}

/** An engine with the same events. */
export function ecomEngine(path: string, { zone, schema }: EventLog): Engine<Readonly<Record<string, EventSpec>>> {
  const crowd = createEngine({ schema, timeZone: zone })
  const rows = readTable(path)
  for (const event of Object.keys(schema)) {
    const some = rows.filter((row) => row.event === event)
    const column = (name: string): string[] => some.map((row) => row[name]!)
    crowd.trackColumns(event, {
      ids: column('user_id'),
      at: column('timestamp').map((time) => `${time}Z`),
      ...Object.fromEntries(Object.entries(ecomColumns).map(([property, name]) => [property, column(name)])),
    })
  }
  return crowd
}

import { readFileSync } from 'node:fs'
import { type EventSpec, event, type NumberSpec, number } from '../../src/index.ts'
import { openDatabase } from './duck.ts'
import { type EventLog, eventColumns, eventLog } from './event-log.ts'
import { quoted } from './sql-text.ts'

/** Where a CD shop's days begin. */
export const cdnowZone = 'America/New_York'

export const cdnowSchema: {
  readonly purchase: EventSpec<{ readonly units: NumberSpec; readonly dollars: NumberSpec }>
} = { purchase: event({ units: number(), dollars: number({ scale: 2 }) }) }

/** 69,659 purchases of CDs, each at the beginning of its day: the tables of `event-sql.ts`. */
export async function openCdnow(path: string): Promise<EventLog> {
  const database = await openDatabase()
  const instant = `epoch_ms(timezone(${quoted(cdnowZone)}, strptime(f[2], '%Y%m%d')))`
  await database.run(
    `create table events as select f[1]::integer as person, ${eventColumns(instant, cdnowZone, "'purchase'")},
       f[3]::decimal(18, 0) as units, f[4]::decimal(18, 2) as dollars
     from (select string_split_regex(trim(line, ' ' || chr(13)), '\\s+') as f
           from read_csv(${quoted(path)}, columns = {line: 'varchar'}, delim = chr(1), header = false, quote = '', escape = ''))
     where f[1] <> 'customer_id'`,
  )
  await database.run('create table people as select distinct person from events')
  return eventLog(database, cdnowZone, cdnowSchema)
}

/** A line of the file, read without SQL. */
export interface CdnowPurchase {
  readonly customer: number
  /** A local date. */
  readonly at: string
  readonly units: string
  readonly dollars: string
}

export function readCdnow(path: string): CdnowPurchase[] {
  const [, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  return lines.map((line) => {
    const [customer, date, units, dollars] = line.trim().split(/\s+/) as [string, string, string, string]
    return { customer: Number(customer), at: date.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3'), units, dollars }
  })
}

/**
 * Compares crowdbit with ClickHouse on real data: its own windowFunnel, sequenceMatch and retention, its functions of time,
 * and plain columns. Where ClickHouse answers otherwise than the laws, crowdbit must be right by the SQL of the law in
 * DuckDB, and the difference of a kind that is known; any other ends the script with an error.
 *
 *   CROWDBIT_CHDB=/tmp/chdb npm run compare:clickhouse
 *   … -- --runs 1000 --seed 7         more questions of each kind, and others
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import type { RuleNode } from '../src/rules/ast.ts'
import { openAdult } from '../test/real-data/adult-table.ts'
import { ecomColumns, ecomEngine, openEcom } from '../test/real-data/ecom-log.ts'
import { countedIn, measuredIn } from '../test/real-data/random-behaviours.ts'
import { instantIn } from '../test/real-data/random-windows.ts'
import { openOrders, ordersEngine } from '../test/real-data/retail-log.ts'
import { openSepsis, sepsisEngine } from '../test/real-data/sepsis-log.ts'
import { quoted } from '../test/real-data/sql-text.ts'
import { type ClickHouse, openClickHouse } from './clickhouse/clickhouse.ts'
import { columnQuestion, compareColumns, loadAdult } from './clickhouse/compare-columns.ts'
import { compareFunnel } from './clickhouse/compare-funnels.ts'
import { compareMeasure } from './clickhouse/compare-measures.ts'
import { comparePattern } from './clickhouse/compare-patterns.ts'
import { compareRetention, deedsIn } from './clickhouse/compare-retention.ts'
import { type ComparedLog, dataPath } from './clickhouse/compared-log.ts'
import { chainIn, simpleTerm } from './clickhouse/random-chains.ts'
import { Tally } from './clickhouse/tally.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' }, seed: { type: 'string' } } })
const runs = Number(values.runs)
const seed = values.seed === undefined ? 26 : Number(values.seed)
/** West of UTC, with a change of the clock in the logs. */
const zone = 'America/New_York'

const clickhouse = openClickHouse()
if (clickhouse === null) process.exitCode = 1
else {
  console.log(`ClickHouse ${clickhouse.version}, seed ${seed}, ${runs} questions of each kind\n`)
  try {
    await compareLogs(clickhouse)
    await compareAdult(clickhouse)
  } finally {
    clickhouse.close()
  }
}

async function compareLogs(clickhouse: ClickHouse): Promise<void> {
  for (const compared of [await openShop(clickhouse), await openHospital(clickhouse)]) {
    const { log, table } = compared
    const chains = sample(fc.tuple(chainIn(log, 4), simpleTerm(log, log.events[0]!)), runs)
    const [increasing, anyOrder] = [
      new Tally(`windowFunnel strict_increase, ${table}`),
      new Tally(`windowFunnel, same time allowed, ${table}`),
    ]
    const [gaps, without] = [
      new Tally(`sequenceMatch with gaps, ${table}`),
      new Tally(`sequenceMatch without, ${table}`),
    ]
    for (const [chain, other] of chains) {
      await compareFunnel(compared, chain, false, increasing)
      await compareFunnel(compared, chain, true, anyOrder)
      await comparePattern(compared, chain, null, gaps)
      await comparePattern(compared, chain, other, without)
    }
    const retention = new Tally(`retention, ${table}`)
    for (const deeds of sample(deedsIn(log), runs)) compareRetention(compared, deeds, retention)
    for (const tally of [increasing, anyOrder, gaps, without, retention]) console.log(`${String(tally)}\n`)
    log.database.close()
  }
  const orders = await openShopOrders(clickhouse)
  const tally = new Tally('counts, days, sums, averages, extremes, recency in windows, orders')
  const questions = fc.tuple(
    fc.oneof(countedIn(orders.log), measuredIn(orders.log)).filter(hasOneTerm),
    instantIn(orders.log),
  )
  for (const [node, asOf] of sample(questions, runs)) compareMeasure({ ...orders, asOf }, node, tally)
  console.log(`${String(tally)}\n`)
  orders.log.database.close()
}

async function compareAdult(clickhouse: ClickHouse): Promise<void> {
  const [tags, numbers] = [dataPath('tags/adult.csv.gz'), dataPath('tags/adult_numeric.csv.gz')]
  const adult = await openAdult(tags, numbers)
  loadAdult(clickhouse, tags, numbers, adult)
  const tally = new Tally('sums, extremes and quantiles of columns, adult')
  for (const question of sample(columnQuestion(adult), runs)) compareColumns(clickhouse, adult, question, tally)
  console.log(String(tally))
  adult.database.close()
}

function hasOneTerm(node: RuleNode): boolean {
  return node.kind === 'behaviour' && node.events.length === 1
}

function sample<Value>(arbitrary: fc.Arbitrary<Value>, numRuns: number): Value[] {
  return fc.sample(arbitrary, { seed, numRuns })
}

// ─── The logs ────────────────────────────────────────────────────────────────────────────────────────────────────────

// Numbers are decimals of three digits, all of one type: ClickHouse's `in` is particular about that.

/** Milliseconds of a column of texts in UTC. */
function millis(column: string): string {
  return `toUInt64(toUnixTimestamp64Milli(toDateTime64(${column}, 3, 'UTC')))`
}

async function openShop(clickhouse: ClickHouse): Promise<ComparedLog> {
  const path = dataPath('events/ecom_events.csv.gz')
  const log = await openEcom(path, zone)
  const properties = Object.entries(ecomColumns).map(([property, column]) => `${column} as ${property}`)
  clickhouse.run(
    `create table ecom engine = Memory as select user_id as person, event, ${millis('timestamp')} as at_ms, ${properties.join(', ')}
     from file(${quoted(path)}, 'CSVWithNames', 'user_id String, session_id String, event String, timestamp String, platform String, acquisition_channel String, user_cohort String, user_lifecycle String')`,
  )
  return { log, crowd: ecomEngine(path, log), clickhouse, table: 'ecom', asOf: log.instants.at(-1)! }
}

async function openHospital(clickhouse: ClickHouse): Promise<ComparedLog> {
  const path = dataPath('events/sepsis_events.csv.gz')
  const log = await openSepsis(path, zone)
  clickhouse.run(
    `create table sepsis engine = Memory as select user_id as person, event, ${millis('timestamp')} as at_ms, toDecimal64(seq, 3) as seq,
       if(hour < 16, if(hour < 8, 'night', 'day'), null) as shift, toUInt8(substring(timestamp, 12, 2)) as hour
     from file(${quoted(path)}, 'CSVWithNames', 'user_id UInt32, case_id String, event String, timestamp String, seq Int64')`,
  )
  return { log, crowd: sepsisEngine(path, log), clickhouse, table: 'sepsis', asOf: log.instants.at(-1)! }
}

async function openShopOrders(clickhouse: ClickHouse): Promise<ComparedLog> {
  const path = dataPath('events/online_retail_orders.csv.gz')
  const log = await openOrders(path, zone)
  clickhouse.run(
    `create table orders engine = Memory as select user_id as person, 'order' as event, ${millis('ts')} as at_ms,
       toDecimal64(amount_milli, 3) * toDecimal64('0.001', 3) as amount, toDecimal64(lines, 3) as lines, toDecimal64(units, 3) as units
     from file(${quoted(path)}, 'CSVWithNames', 'user_id UInt32, order_id String, ts String, amount_milli Int64, lines Int64, units Int64')`,
  )
  return { log, crowd: await ordersEngine(path, log), clickhouse, table: 'orders', asOf: log.instants.at(-1)! }
}

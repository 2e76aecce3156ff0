import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
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

/** Orders of Online Retail, whole. */
export const orderSchema: {
  readonly order: EventSpec<Readonly<Record<'amount' | 'lines' | 'units', NumberSpec>>>
} = { order: event({ amount: number({ scale: 3 }), lines: number(), units: number() }) }

/** 18,532 orders: the tables of `event-sql.ts`. Times of the file are UTC. */
export async function openOrders(path: string, zone: string): Promise<EventLog> {
  const database = await openDatabase()
  await database.run(
    `create table events as select user_id::integer as person, ${eventColumns('epoch_ms(ts::timestamp)', zone, "'order'")},
       (amount_milli::decimal(15, 0) * 0.001)::decimal(18, 3) as amount, lines::decimal(18, 0) as lines, units::decimal(18, 0) as units
     from read_csv(${quoted(path)}, all_varchar = true)`,
  )
  await database.run('create table people as select distinct person from events')
  return eventLog(database, zone, orderSchema)
}

/** How the orders of `readOrders` are ingested. */
export const orderOptions = { event: 'order', id: 'user_id', idType: 'integer', at: 'ts', eventId: 'order_id' } as const

/** The orders of the file, read without SQL, with their amounts in pounds. */
export function readOrders(path: string): Readonly<Record<string, string>>[] {
  return readTable(path).map((row) => ({
    ...row,
    ts: `${row.ts}Z`,
    amount: (Number(row.amount_milli) / 1000).toFixed(3),
  }))
}

/** An engine with the same orders: read from the last one to the first. */
export async function ordersEngine(path: string, { zone }: EventLog): Promise<Engine<typeof orderSchema>> {
  const crowd = createEngine({ schema: orderSchema, timeZone: zone })
  await crowd.ingest(readOrders(path).reverse(), orderOptions)
  return crowd
}

const lineProperties: Readonly<Record<'product' | 'country', CategorySpec>> &
  Readonly<Record<'quantity' | 'price' | 'amount', NumberSpec>> = {
  product: category(),
  country: category(),
  /** Below 0 in refunds. */
  quantity: number(),
  price: number({ scale: 3 }),
  /** What was paid, or paid back: quantity times price, above 0. */
  amount: number({ scale: 3 }),
}

/** Lines of orders and of cancellations. */
export const lineSchema: Readonly<Record<'purchase' | 'refund', EventSpec<typeof lineProperties>>> = {
  purchase: event(lineProperties),
  refund: event(lineProperties),
}

/**
 * 397,884 lines bought and 8,905 given back, of customers who are known: the tables of `event-sql.ts`. Times of the file are
 * those of a clock in London.
 */
export async function openLines(path: string, zone: string): Promise<EventLog> {
  const database = await openDatabase()
  const instant = `epoch_ms(timezone('Europe/London', "InvoiceDate"::timestamp))`
  const kind = `case when "InvoiceNo" like 'C%' then 'refund' when "Quantity"::integer > 0 and "UnitPrice"::decimal(18, 3) > 0 then 'purchase' end`
  await database.run(
    `create table events as select "CustomerID"::integer as person, ${eventColumns(instant, zone, kind)},
       "StockCode" as product, "Country" as country, "Quantity"::decimal(18, 0) as quantity, "UnitPrice"::decimal(18, 3) as price,
       abs("Quantity"::integer * "UnitPrice"::decimal(18, 3))::decimal(18, 3) as amount
     from read_csv(${quoted(path)}, all_varchar = true) where "CustomerID" <> ''`,
  )
  await database.run('delete from events where event is null')
  await database.run('create table people as select distinct person from events')
  return eventLog(database, zone, lineSchema)
}

/** An engine with the same lines. */
export async function linesEngine(
  lines: readonly RetailLine[],
  { zone }: EventLog,
): Promise<Engine<typeof lineSchema>> {
  const crowd = createEngine({ schema: lineSchema, timeZone: zone })
  for (const event of ['purchase', 'refund'] as const) {
    const some = lines.filter(({ kind, customer }) => kind === event && customer !== '')
    await crowd.ingest(some, { event, id: 'customer', idType: 'integer', at: 'at' })
  }
  return crowd
}

/** A line of the file, read without SQL. */
export interface RetailLine {
  readonly kind: 'purchase' | 'refund' | 'nothing'
  readonly invoice: string
  /** Empty where nobody is known. */
  readonly customer: string
  /** Local time in London. */
  readonly at: string
  readonly product: string
  readonly country: string
  readonly quantity: number
  readonly price: string
  readonly amount: string
}

/** The 541,909 lines of the file. Descriptions, which have commas and quotes, are passed over. */
export function* readLines(path: string): Generator<RetailLine> {
  const [, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split(/\r?\n/)
  for (const line of lines) {
    const [, invoice, product, count, at, price, customer, country] = shape.exec(line)!
    const quantity = Number(count)
    const milli = Math.abs(quantity) * Math.round(Number(price) * 1000)
    const isPurchase = quantity > 0 && Number(price) > 0
    yield {
      kind: invoice!.startsWith('C') ? 'refund' : isPurchase ? 'purchase' : 'nothing',
      invoice: invoice!,
      customer: customer!,
      at: at!,
      product: product!,
      country: country!,
      quantity,
      price: price!,
      amount: (milli / 1000).toFixed(3),
    }
  }
}

const shape = /^"([^"]*)","([^"]*)",.*,(-?\d+),([^,]*),(-?[\d.]+),(\d*),"([^"]*)"$/

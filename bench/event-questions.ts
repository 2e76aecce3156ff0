import { dayMs } from './shop.ts'

/** A question about the events of the shop, as a rule and in SQL. */
export interface EventQuestion {
  readonly name: string
  /** The rule's text; `today` as of an instant in the present day, whose events are to be seen too. */
  rule(today: boolean): string
  /** The query for the same people, as of an instant. Written in several ways, and the fastest one kept. */
  sql(asOf: number, today: boolean): string
}

/** `[from, to)` of the last days before the present one, or to the instant itself, as SQL. Days begin at midnight in UTC. */
function within(days: number, asOf: number, today: boolean): string {
  const midnight = Math.floor(asOf / dayMs) * dayMs
  const literal = (at: number): string => `TIMESTAMP '${new Date(at).toISOString().slice(0, -1).replace('T', ' ')}'`
  return `moment >= ${literal(midnight - days * dayMs)} AND moment < ${literal(today ? asOf : midnight)}`
}

function last(days: number, today: boolean): string {
  return `in last ${days} days${today ? ' including today' : ''}`
}

/** Counts people who are grouped by SQL `GROUP BY person HAVING …`. */
function grouped(days: number, having: string, where = ''): EventQuestion['sql'] {
  return (asOf, today) =>
    `SELECT count(*) FROM (SELECT person FROM cart WHERE ${within(days, asOf, today)}${where} GROUP BY person HAVING ${having})`
}

export const eventQuestions: readonly EventQuestion[] = [
  {
    name: 'cart at least 3 times in 7 days',
    rule: (today) => `did cart at least 3 times ${last(7, today)}`,
    sql: grouped(7, 'count(*) >= 3'),
  },
  {
    name: 'cart in 90 days and no purchase',
    rule: (today) => `did cart ${last(90, today)} and did not purchase ${last(90, today)}`,
    sql: (asOf, today) =>
      `SELECT count(DISTINCT person) FROM cart WHERE ${within(90, asOf, today)} ` +
      `AND person NOT IN (SELECT person FROM purchase WHERE ${within(90, asOf, today)})`,
  },
  {
    name: 'cart in 30 days, one category',
    rule: (today) => `did cart(category = "category-7") ${last(30, today)}`,
    sql: grouped(30, 'true', " AND category = 'category-7'"),
  },
  {
    name: 'cart at least 2 times in 90 days, channel and amount',
    rule: (today) => `did cart(channel = "mini-program", amount >= 100) at least 2 times ${last(90, today)}`,
    sql: grouped(90, 'count(*) >= 2', " AND channel = 'mini-program' AND cents >= 10000"),
  },
  {
    name: 'sum of amounts in 90 days >= 500',
    rule: (today) => `sum amount of cart ${last(90, today)} >= 500`,
    sql: grouped(90, 'sum(cents) >= 50000'),
  },
  {
    name: 'distinct days in 90 days >= 5',
    rule: (today) => `distinct days of cart ${last(90, today)} >= 5`,
    // A bit for each day in a number of 128 bits: twice as fast as counting distinct dates.
    sql: grouped(
      90,
      "bit_count(bit_or(1::HUGEINT << date_diff('day', DATE '2026-01-01', moment::DATE)::INTEGER)) >= 5",
    ),
  },
  {
    name: 'cart, then purchase within 24 hours, in 90 days',
    rule: (today) => `did cart then did purchase within 24 hours ${last(90, today)}`,
    // Carts of the same day or the day before, found by a hash join, are a quarter of the time of a join on the times alone. An
    // ASOF join would be the natural way; in DuckDB 1.5.6 it ends in an internal error the second time that it is prepared.
    sql: (asOf, today) =>
      `SELECT count(DISTINCT p.person) FROM (SELECT person, moment, unnest([moment::DATE, moment::DATE - 1])::DATE AS day ` +
      `FROM purchase WHERE ${within(90, asOf, today)}) AS p ` +
      `JOIN (SELECT person, moment, moment::DATE AS day FROM cart WHERE ${within(90, asOf, today)}) AS c ` +
      `ON c.person = p.person AND c.day = p.day ` +
      `WHERE c.moment < p.moment AND epoch_us(p.moment) - epoch_us(c.moment) <= 86400000000`,
  },
]

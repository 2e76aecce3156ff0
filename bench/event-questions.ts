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
      `SELECT count(*) FROM (SELECT DISTINCT person FROM cart WHERE ${within(90, asOf, today)}) AS c ` +
      `ANTI JOIN (SELECT person FROM purchase WHERE ${within(90, asOf, today)}) AS p USING (person)`,
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
    sql: (asOf, today) =>
      `SELECT count(*) FROM (SELECT person FROM (SELECT DISTINCT person, moment::DATE AS day FROM cart ` +
      `WHERE ${within(90, asOf, today)}) GROUP BY person HAVING count(*) >= 5)`,
  },
  {
    name: 'cart, then purchase within 24 hours, in 90 days',
    rule: (today) => `did cart then did purchase within 24 hours ${last(90, today)}`,
    // The nearest cart before each purchase is the one to look at, which is what an ASOF join finds.
    sql: (asOf, today) =>
      `SELECT count(DISTINCT p.person) FROM (FROM purchase WHERE ${within(90, asOf, today)}) AS p ` +
      `ASOF JOIN (SELECT person, moment FROM cart WHERE ${within(90, asOf, today)}) AS c ` +
      `ON p.person = c.person AND p.moment > c.moment WHERE p.moment - c.moment <= INTERVAL 24 HOURS`,
  },
]

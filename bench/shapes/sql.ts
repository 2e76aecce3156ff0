import {
  categorySizes,
  type EventKind,
  eventDays,
  eventSalt,
  flagSql,
  flags,
  manyTags,
  type ShapesCrowd,
  saltOfCategory,
  saltOfNumber,
  tagShares,
  viewCategories,
  windowAt,
  zipfTags,
} from './crowd.ts'
import { headline, mixed, range16, range24 } from './questions.ts'

/** How a database says what differs between databases. */
export interface Dialect {
  /** The lower 32 bits of a whole number, of the type in which hashes are worked out. */
  low32(value: string): string
  xor(a: string, b: string): string
  shiftRight(value: string, bits: number): string
  double(value: string): string
  /** A whole number as that type. */
  wide(value: string): string
  /** The hash of a salt, where it is a column of what is read. */
  hashed?(salt: number): string
}

/** The hash of `../hash.ts`, in SQL. */
export function hashSql(sql: Dialect, column: string): (salt: number) => string {
  return (salt) => {
    if (sql.hashed !== undefined) return sql.hashed(salt)
    const start = sql.low32(`${sql.wide(column)} + ${Math.imul(salt, 0x9e3779b9) >>> 0}`)
    const first = sql.low32(`${sql.xor(`(${start})`, sql.shiftRight(`(${start})`, 16))} * ${0x85ebca6b}`)
    const second = sql.low32(`${sql.xor(`(${first})`, sql.shiftRight(`(${first})`, 13))} * ${0xc2b2ae35}`)
    return sql.xor(`(${second})`, sql.shiftRight(`(${second})`, 16))
  }
}

/** Names and values of the columns of `p`: flags by themselves, T1 to T50 as the bits of one number. */
export function peopleColumns(crowd: ShapesCrowd, sql: Dialect): readonly (readonly [name: string, value: string])[] {
  const hash = hashSql(sql, 'person')
  const of = { hash, double: sql.double }
  const all = flags()
  const own = Object.keys(tagShares).map(
    (name) => [name, flagSql(crowd, all.find((flag) => flag.name === name)!, of)] as const,
  )
  const mask = Array.from({ length: manyTags }, (_, i) => {
    const flag = all.find(({ name }) => name === `T${i + 1}`)!
    return `(CASE WHEN ${flagSql(crowd, flag, of)} THEN ${2 ** i} ELSE 0 END)`
  }).join(' + ')
  const category = (name: string): string => {
    const bits = hash(saltOfCategory(crowd, name))
    return sql.shiftRight(`(((${bits}) % 65536) * ${sql.shiftRight(`(${bits})`, 16)} * ${categorySizes[name]})`, 32)
  }
  return [
    ...own,
    ['t', mask],
    ['n16', sql.shiftRight(`(${hash(saltOfNumber(crowd, 16))})`, 16)],
    ['n24', sql.shiftRight(`(${hash(saltOfNumber(crowd, 24))})`, 8)],
    ['c50', category('c50')],
    ['c5000', category('c5000')],
  ]
}

/** For P1 to P200, or some of them by their places, the condition that a person has it. */
export function zipfConditions(
  crowd: ShapesCrowd,
  sql: Dialect,
  places: readonly number[] = Array.from({ length: zipfTags }, (_, place) => place),
): readonly string[] {
  const of = { hash: hashSql(sql, 'person'), double: sql.double }
  return places.map((place) => flagSql(crowd, flags().find(({ name }) => name === `P${place + 1}`)!, of))
}

/** Person, day and category of the `i`-th event of a kind. */
export function eventColumns(crowd: ShapesCrowd, kind: EventKind, sql: Dialect): Readonly<Record<string, string>> {
  const hash = hashSql(sql, 'i')
  const salt = crowd.seed + eventSalt[kind]
  return {
    person: `(${hash(salt)}) % ${crowd.people}`,
    day: `(${hash(salt + 1)}) % ${eventDays}`,
    category: `(${hash(salt + 2)}) % ${viewCategories}`,
  }
}

/** S10: a number that says what a profile of the people of a condition is, by a category. */
export function profileQuery(table: string, category: string, condition: string): string {
  return (
    `SELECT sum((value + 1) * people) FROM ` +
    `(SELECT ${category} AS value, count(*) AS people FROM ${table} WHERE ${condition} GROUP BY ${category})`
  )
}

/** Bits of T1 and so on in the column `t`. */
function bits(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + 2 ** (Number(name.slice(1)) - 1), 0)
}

/** Conditions on `p` by key of the question, for what is asked of people alone. */
export function conditions(sql: {
  bitCount(value: string): string
  bitAnd(a: string, b: string): string
  truth(name: string): string
}): Readonly<Record<string, string>> {
  const is = sql.truth
  const sum = (names: readonly string[]): string => names.map((name) => `CAST(${name} AS INTEGER)`).join(' + ')
  return {
    S1: `${is('A')} AND ${is('B')}`,
    S2: `${is('A')} AND ${is('B')} AND NOT ${is('C')}`,
    S3: `(${is('A')} OR ${is('B')}) AND (${is('C')} OR ${is('D')}) AND NOT ${is('E')}`,
    S4a: `${is('sparse')} AND ${is('rare')}`,
    S4b: `${is('sparse')} AND ${is('B')}`,
    S5a: ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map(is).join(' OR '),
    S6a: `${sum(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'])} >= 3`,
    S6b: `${sql.bitCount('t')} >= 10`,
    S7a: `n16 BETWEEN ${range16[0]} AND ${range16[1]} AND ${is('A')}`,
    S7b: `n24 BETWEEN ${range24[0]} AND ${range24[1]} AND ${is('A')}`,
    people11: [
      `(${is('A')} OR ${is('B')} OR ${is('D')})`,
      `NOT (${is('C')} OR ${is('F')})`,
      `${sql.bitAnd('t', String(bits(mixed.any)))} <> 0`,
      `${sql.bitCount(sql.bitAnd('t', String(bits(mixed.atLeast2))))} >= 2`,
      `${sql.bitAnd('t', String(bits(mixed.none)))} = 0`,
      `c50 IN (${mixed.values.join(', ')})`,
      `n16 >= ${mixed.least16} AND n24 < ${mixed.below24}`,
    ].join(' AND '),
  }
}

/** Queries for people whose numbers are the column `person`, by key of the question; windows stand at a turn. */
export function peopleQueries(
  where: Readonly<Record<string, string>>,
): Readonly<Record<string, (turn: number) => string>> {
  const queries: Record<string, (turn: number) => string> = {}
  for (const [key, condition] of Object.entries(where)) {
    if (key !== 'people11') queries[key] = () => `SELECT person FROM p WHERE ${condition}`
  }
  const within = (days: number, turn: number): string => {
    const [from, to] = windowAt(days, turn)
    return `day >= ${from} AND day < ${to}`
  }
  queries.S5b = () => 'SELECT DISTINCT person FROM zipf'
  for (const [key, days] of [
    ['S9a', 7],
    ['S9b', 90],
  ] as const) {
    queries[key] = (turn) => `SELECT person FROM buy WHERE ${within(days, turn)} GROUP BY person HAVING count(*) >= 3`
  }
  queries.S11 = (turn) =>
    `SELECT person FROM p WHERE ${where.people11} ` +
    `AND person IN (SELECT person FROM view WHERE ${within(mixed.viewDays, turn)}) ` +
    `AND person NOT IN (SELECT person FROM buy WHERE ${within(mixed.buyDays, turn)})`
  queries.S12 = (turn) =>
    `SELECT person FROM p WHERE A AND NOT C ` +
    `AND person IN (SELECT person FROM view WHERE category = ${headline.category} AND ${within(headline.days, turn)})`
  return queries
}

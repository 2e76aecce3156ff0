import { expect } from 'vitest'
import { Rule, type UserSet } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import type { Adult } from './adult-table.ts'
import { rowSql } from './row-sql.ts'
import { named } from './sql-text.ts'

const shares = [0, 0.1, 0.25, 0.5, 0.75, 0.99, 1]

/**
 * Compares everything that insight says of a number over the people of a rule with SQL: sums, quantiles of both kinds, one
 * end, a histogram, and groups by one or two of the categories.
 *
 * @param of the number
 * @param k how many at the end, which end, and which categories
 * @returns how many people the rule has
 */
export async function compareAnswers(adult: Adult, node: RuleNode, of: string, k: number): Promise<number> {
  const rule = Rule.of(node)
  const hint = `${String(rule)} of ${of}`
  const where = `from people where ${rowSql(node)}`
  const set = adult.crowd.select(rule)
  try {
    expect(adult.crowd.count(rule), hint).toBe(set.size)
    await compareSums(adult, set, of, where, hint)
    await compareEnd(adult, set, of, k, where, hint)
    await compareGroups(adult, set, of, k, where, hint)
    return set.size
  } finally {
    set.release()
  }
}

/** Who they are, by sums over their ids, and what their numbers come to. */
async function compareSums(
  { crowd, database }: Adult,
  set: UserSet,
  of: string,
  where: string,
  hint: string,
): Promise<void> {
  const quantiles = shares.flatMap((share) => [
    `quantile_cont(${of}::double, ${share})::double`,
    `quantile_disc(${of}, ${share})::double`,
  ])
  const [row] = await database.rows(
    `select count(*), coalesce(sum(person), 0), coalesce(sum(person * person), 0), count(${of}), sum(${of})::varchar, min(${of})::double, max(${of})::double,
       sum(${of})::double, avg(${of})::double, ${quantiles.join(', ')} ${where}`,
  )
  const [size, ids, squares, values, exact, lowest, highest, total, mean, ...parts] = row!
  const found = [...set.ids()].map(Number)
  const add = (a: number, b: number): number => a + b
  expect([found.length, found.reduce(add, 0), found.map((id) => id * id).reduce(add, 0)], hint).toEqual([
    size,
    ids,
    squares,
  ])

  const { people, count, exactSum, min, max, sum, average } = crowd.insight.aggregate(set, of)
  expect([people, count, withoutZeros(exactSum), min, max, sum], hint).toEqual([
    size,
    values,
    withoutZeros(exact!),
    lowest,
    highest,
    total,
  ])
  expectNear(average, mean!, `${hint}: average`)

  const linear = crowd.insight.quantiles(set, of, shares)
  const discrete = crowd.insight.quantiles(set, of, shares, { method: 'discrete' })
  shares.forEach((share, index) => {
    expectNear(linear[index]!, parts[2 * index]!, `${hint}: quantile ${share}`)
    expect(discrete[index], `${hint}: discrete quantile ${share}`).toBe(parts[2 * index + 1])
  })
}

/** The `k` highest values, or the lowest. */
async function compareEnd(
  { crowd, database }: Adult,
  set: UserSet,
  of: string,
  k: number,
  where: string,
  hint: string,
): Promise<void> {
  const [order, end] = k % 2 === 0 ? (['highest', 'max'] as const) : (['lowest', 'min'] as const)
  const [row] = await database.rows(`select to_json(${end}(${of}::double, ${k})) ${where} and ${of} is not null`)
  const top = crowd.insight.top(set, of, k, { order })
  const expected = JSON.parse(String(row![0] ?? '[]')) as number[]
  expect(
    top.map(({ value }) => value),
    `${hint}: ${order} ${k}`,
  ).toEqual(expected)
  // Who comes first of equals is law 25's matter; here each is one of the people, once, with the value that they have.
  expect(new Set(top.map(({ id }) => id)).size).toBe(top.length)
  for (const { id, value } of top) expect([set.has(id), crowd.get(id)?.[of]], hint).toEqual([true, value])
}

/** By the values of categories, and by ranges of the number. */
async function compareGroups(
  { crowd, database, texts }: Adult,
  set: UserSet,
  of: string,
  k: number,
  where: string,
  hint: string,
): Promise<void> {
  // By one category, or by two.
  const names = [...texts.keys()]
  const by = [...new Set([names[k % names.length]!, names[(3 * k) % names.length]!])].slice(0, 1 + (k % 2))
  const groups = await database.rows(
    `select count(*), count(${of}), sum(${of})::varchar, ${by.map(named).join(', ')} ${where} group by ${by.map(named).join(', ')}`,
  )
  const found = crowd.insight.cube(set, { by, of }).filter((group) => by.every((name) => name in group.by))
  const rows = found.map(({ people, count, exactSum, by: values }) => [
    people,
    count,
    withoutZeros(exactSum),
    ...by.map((name) => values[name] as string | null),
  ])
  expect(sorted(rows), `${hint} by ${by}`).toEqual(
    sorted(groups.map(([people, count, sum, ...values]) => [people!, count!, withoutZeros(sum!), ...values])),
  )

  const { min, max } = crowd.insight.aggregate(set, of)
  if (min === null || max === null) return
  const [first, last] = [Math.floor(min) + 1, Math.ceil(max)]
  const edges = [...new Set([first, first + Math.floor((last - first) / 3), last])].sort((a, b) => a - b)
  if (edges.length < 2) return
  const inBin = edges
    .slice(1)
    .map((to, index) => `${of} >= ${edges[index]} and ${of} ${index === edges.length - 2 ? '<=' : '<'} ${to}`)
  const conditions = [`${of} < ${edges[0]}`, `${of} > ${edges.at(-1)}`, `${of} is null`, ...inBin]
  const [counts] = await database.rows(
    `select ${conditions.map((condition) => `count(*) filter (${condition})`).join(', ')} ${where}`,
  )
  const { bins, below, above, missing } = crowd.insight.histogram(set, of, { edges })
  expect([below, above, missing, ...bins.map(({ count }) => count)], `${hint}: histogram`).toEqual(counts)
}

/** A decimal without the zeros that a scale brings. */
function withoutZeros(text: string | number | null): string | null {
  if (text === null) return null
  return String(text)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
}

/** SQL works with doubles between two values, and in averages: its last digits are its own. */
function expectNear(found: number | null, expected: string | number | null, hint: string): void {
  if (found === null || expected === null) expect(found, hint).toBe(expected)
  else {
    const distance = Math.abs(found - Number(expected)) / Math.max(1, Math.abs(found))
    expect(distance, `${hint}: ${found}, SQL ${expected}`).toBeLessThan(1e-12)
  }
}

function sorted<Row extends readonly unknown[]>(rows: readonly Row[]): readonly Row[] {
  return [...rows].sort((a, b) => (String(a) < String(b) ? -1 : 1))
}

import fc from 'fast-check'
import { Rule } from '../../src/index.ts'
import type { RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { type Adult, adultNumbers, integers, madeNumbers } from '../../test/real-data/adult-table.ts'
import { testOf } from '../../test/real-data/random-filters.ts'
import { rowSql } from '../../test/real-data/row-sql.ts'
import { named, quoted } from '../../test/real-data/sql-text.ts'
import type { ClickHouse } from './clickhouse.ts'
import { clickhouseDialect } from './compared-log.ts'
import type { Tally } from './tally.ts'

const shares = [0, 0.1, 0.25, 0.5, 0.75, 0.99, 1]

/** A rule about columns, and the number that is looked at. */
export interface ColumnQuestion {
  readonly rule: RuleNode
  readonly of: string
}

/** A range of a number, alone or with another and a category. */
export function columnQuestion(adult: Adult): fc.Arbitrary<ColumnQuestion> {
  const range = fc.constantFrom(...adultNumbers.keys()).chain((name) => testOf(name, adult.schema, adult))
  const tag = fc.constantFrom(...adult.texts.keys()).chain((name) => testOf(name, adult.schema, adult))
  return fc.record({
    rule: fc.oneof(
      range,
      fc.tuple(range, tag).map((rules) => make.and(rules)),
      fc.tuple(range, range, tag).map((rules) => make.atLeast(2, rules)),
    ),
    of: fc.constantFrom(...adultNumbers.keys()),
  })
}

/** UCI Adult as a table of ClickHouse. */
export function loadAdult(clickhouse: ClickHouse, tagsPath: string, numbersPath: string, adult: Adult): void {
  const categories = [...adult.texts.keys()].map(
    (name) =>
      `nullIf(maxIf(substring(tag, ${name.length + 2}), startsWith(tag, ${quoted(`${name}:`)})), '') as ${named(name)}`,
  )
  const made = Object.entries(madeNumbers).map(
    ([name, { sql }]) => `toDecimal64(${sql.replace(' * 0.001', " * toDecimal64('0.001', 3)")}, 3) as ${name}`,
  )
  const numbers = `select user_id as person, ${integers.map((name) => `toDecimal64(n.${name}, 3) as ${name}`).join(', ')}
    from file(${quoted(numbersPath)}, 'CSVWithNames', 'user_id UInt32, ${integers.map((name) => `${name} Int64`).join(', ')}') n`
  const tags = `select user_id as person, ${categories.join(', ')}
    from file(${quoted(tagsPath)}, 'CSVWithNames', 'tag String, user_id UInt32') group by user_id`
  clickhouse.run(
    `create table adult engine = Memory as select *, ${made.join(', ')} from (${numbers}) n join (${tags}) t using (person)`,
  )
}

/** Counts, sums, extremes and quantiles of a number over the people of a rule. */
export function compareColumns(
  clickhouse: ClickHouse,
  { crowd }: Adult,
  { rule: node, of }: ColumnQuestion,
  tally: Tally,
): void {
  const rule = Rule.of(node)
  const [row] = clickhouse.rows(
    `select count(), sum(person), count(${of}), toString(sum(${of})), toFloat64(min(${of})), toFloat64(max(${of})),
       quantilesExactInclusive(${shares.join(', ')})(toFloat64(${of})), toFloat64(quantileExactLow(0.5)(${of}))
     from adult where ${rowSql(node, clickhouseDialect)}`,
  )
  const [people, ids, count, sum, min, max, quantiles, median] = row as [
    number,
    number | string,
    number,
    string | null,
    number,
    number,
    number[],
    number,
  ]
  const set = crowd.select(rule)
  const ours = crowd.insight.aggregate(set, of)
  const found = [...set.ids()].map(Number).reduce((a, b) => a + b, 0)
  const linear = crowd.insight.quantiles(set, of, shares)
  const [discrete] = crowd.insight.quantiles(set, of, [0.5], { method: 'discrete' })
  tally.ask()
  tally.answer(set.size, crowd.size)
  const same =
    ours.people === people &&
    found === Number(ids) &&
    ours.count === count &&
    (count === 0 ||
      (Number(ours.exactSum) === Number(sum) &&
        ours.min === min &&
        ours.max === max &&
        discrete === median &&
        linear.every((value, index) => near(value!, quantiles[index]!))))
  set.release()
  if (same) return
  throw new Error(
    `columns differ: ${String(rule)} of ${of}\ncrowdbit ${JSON.stringify([ours, found, linear, discrete])}\nClickHouse ${JSON.stringify(row)}`,
  )
}

/** ClickHouse goes from one value to the next in doubles: its last digits are its own. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a))
}

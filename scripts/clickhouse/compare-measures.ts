import type { ExternalId } from '../../src/index.ts'
import type { BehaviourNode, NumberTest, RuleNode, Window } from '../../src/rules/ast.ts'
import { operators } from '../../test/real-data/row-sql.ts'
import { given, named, quoted } from '../../test/real-data/sql-text.ts'
import { type ComparedLog, clickhouseTerm, describe, missingFrom, ourPeople } from './compared-log.ts'
import type { Tally } from './tally.ts'

/** A count or a measure in a window of local days, hours, weeks or months, by ClickHouse's own functions of time. */
export function compareMeasure(compared: ComparedLog, node: RuleNode, tally: Tally): void {
  if (node.kind !== 'behaviour' || node.events.length > 1) return
  const { clickhouse, crowd, table } = compared
  const { measure, events, window, test } = node
  const [term] = events as [BehaviourNode['events'][0]]
  const value = term.property === null ? 'null' : named(given(term.property))
  const sql = `select person, ${measures[measure](value, compared)} as measured, count(${value}) as present
    from ${table} where at_ms <= ${compared.asOf} and ${clickhouseTerm(term)} and ${windowOf(window, compared)} group by person`
  const isCounted = measure === 'count' || measure === 'days' || measure === 'distinct'
  const people = isCounted
    ? `select person from (select distinct person from ${table}) p left join (${sql}) m using (person) where ${passes('coalesce(measured, 0)', '1', test)}`
    : `select person from (${sql}) where ${measure === 'recency' ? '' : 'present > 0 and '}${passes('measured', measure === 'avg' ? 'present' : '1', test)}`
  const theirs = new Set(clickhouse.rows(people).map(([person]) => person as ExternalId))
  const ours = ourPeople(compared, node)
  tally.ask()
  tally.answer(ours.size, crowd.size)
  if (missingFrom(ours, theirs).length + missingFrom(theirs, ours).length === 0) return
  throw new Error(
    `a measure differs: crowdbit ${ours.size}, ClickHouse ${theirs.size}: ${describe(compared, node)}\n${people}`,
  )
}

const measures: Readonly<Record<BehaviourNode['measure'], (value: string, compared: ComparedLog) => string>> = {
  count: () => 'count()',
  days: (_, { log }) => `uniqExact(${dateOf('at_ms', log.zone)})`,
  distinct: (value) => `uniqExact(${value})`,
  recency: (_, { log, asOf }) =>
    `dateDiff('day', max(${dateOf('at_ms', log.zone)}), ${dateOf(String(asOf), log.zone)})`,
  sum: (value) => `sum(${value})`,
  avg: (value) => `sum(${value})`,
  min: (value) => `min(${value})`,
  max: (value) => `max(${value})`,
}

function passes(measured: string, times: string, test: NumberTest): string {
  // Five digits: the scale of the column and the two more that averages are asked with.
  const constant = (slot: Extract<NumberTest, { op: 'between' }>['from']): string =>
    `toDecimal128(${quoted(String(given(slot)))}, 5) * ${times}`
  return test.op === 'between'
    ? `${measured} >= ${constant(test.from)} and ${measured} <= ${constant(test.to)}`
    : `${measured} ${operators[test.op]} ${constant(test.value)}`
}

function dateOf(at: string, zone: string): string {
  return `toDate(fromUnixTimestamp64Milli(toInt64(${at}), ${quoted(zone)}))`
}

function windowOf(window: Window, { log, asOf }: ComparedLog): string {
  if (window.kind === 'ever') return 'true'
  if (window.kind === 'range') {
    const instant = (text: string): string =>
      `toUnixTimestamp64Milli(parseDateTime64BestEffort(${quoted(text)}, 3, ${quoted(log.zone)}))`
    const { from, to } = window
    return `${from === null ? 'true' : `at_ms >= ${instant(given(from))}`} and ${to === null ? 'true' : `at_ms < ${instant(given(to))}`}`
  }
  const { unit, includeCurrent, weekStart } = window
  const [most, least] = [given(window.count) + given(window.ago), given(window.ago)]
  if (unit === 'minutes' || unit === 'hours') {
    const length = unit === 'minutes' ? 60_000 : 3_600_000
    return `at_ms >= ${asOf - most * length} and at_ms < ${asOf - least * length}`
  }
  const shift = { monday: 0, sunday: 1, saturday: 2, friday: 3, thursday: 4, wednesday: 5, tuesday: 6 }[weekStart]
  const place = (date: string): string => {
    if (unit === 'days') return date
    return unit === 'months'
      ? `toStartOfMonth(${date})`
      : `subtractDays(toMonday(addDays(${date}, ${shift})), ${shift})`
  }
  const subtract = { days: 'subtractDays', weeks: 'subtractWeeks', months: 'subtractMonths' }[unit]
  const [day, today] = [place(dateOf('at_ms', log.zone)), place(dateOf(String(asOf), log.zone))]
  const end = includeCurrent ? `at_ms < ${asOf}` : `${day} < ${subtract}(${today}, ${least})`
  return `${day} >= ${subtract}(${today}, ${most}) and ${end}`
}

import type {
  BehaviourNode,
  EventTerm,
  NumberTest,
  OccurrenceNode,
  RegularNode,
  RuleNode,
  Slot,
  Window,
} from '../../src/rules/ast.ts'
import { operators, rowSql } from './row-sql.ts'
import { sequenceSql } from './sequence-sql.ts'
import { setSql } from './set-sql.ts'
import { decimalSql, given, named } from './sql-text.ts'
import { inWindow, termSql } from './term-sql.ts'
import { localDate, type Moment, unitsAgoSql, windowSql } from './window-sql.ts'

// The laws of time and behaviour as SQL. The tables are
//   people(person, …)  everyone, with one column for each tag;
//   events(n, person, event, at_ms, day, …)  n numbers the rows, at_ms is in milliseconds, day is the local date, and there is a
//   column for each property.

/** A rule as a query of the column `person`, each of its people once. */
export function peopleSql(rule: RuleNode, moment: Moment): string {
  return setSql(rule, 'person', 'select person from people', (condition) => conditionSql(condition, moment))
}

function conditionSql(node: RuleNode, moment: Moment): string {
  const did = (event: EventTerm, window: Window): string =>
    `(select distinct person from events where ${inWindow(event, window, moment)})`
  switch (node.kind) {
    case 'behaviour':
      return behaviourSql(node, moment)
    case 'first':
    case 'last':
      return occurrenceSql(node, moment)
    case 'sequence':
      return sequenceSql(node, moment)
    case 'stopped':
      return `${did(node.event, node.earlier)} except ${did(node.event, node.later)}`
    case 'resumed':
      return `(${did(node.event, node.earlier)} except ${did(node.event, node.gap)}) intersect ${did(node.event, node.later)}`
    case 'new': {
      const { before } = windowSql(node.window, moment)
      return `${did(node.event, node.window)} except (select distinct person from events where ${termSql(node.event, moment)} and ${before})`
    }
    case 'regular':
      return regularSql(node, moment)
    default:
      return `select person from people where ${rowSql(node)}`
  }
}

/** Law 13. */
function behaviourSql({ measure, events, window, test }: BehaviourNode, moment: Moment): string {
  const terms = events.map((term) => {
    const property = term.property === null ? 'null' : named(given(term.property))
    const value = term.sign === 1 ? property : `-${property}`
    return `select n, person, day, ${value} as value from events where ${inWindow(term, window, moment)}`
  })
  const measured = `select person, ${measures[measure](moment)} as measured, count(value) as values from (${terms.join(' union all ')}) group by person`
  if (measure === 'count' || measure === 'days' || measure === 'distinct') {
    return `select person from people left join (${measured}) using (person) where ${testSql('coalesce(measured, 0)', '1', test)}`
  }
  // An average is a sum that is compared with so many times the constant: exact, where a division is not.
  const times = measure === 'avg' ? 'values' : '1'
  return `select person from (${measured}) where coalesce(${testSql('measured', times, test)}, false)`
}

const measures: Readonly<Record<BehaviourNode['measure'], (moment: Moment) => string>> = {
  // An event that fits two terms is one event, though each term gives its value to a sum.
  count: () => 'count(distinct n)',
  days: () => 'count(distinct day)',
  distinct: () => 'count(distinct value)',
  recency: ({ asOf, zone }) => `${localDate(asOf, zone)} - max(day)`,
  sum: () => 'sum(value)',
  avg: () => 'sum(value)',
  min: () => 'min(value)',
  max: () => 'max(value)',
}

function testSql(measured: string, times: string, test: NumberTest): string {
  const constant = (slot: Slot<number | string>): string => `${decimalSql(given(slot))} * ${times}`
  return test.op === 'between'
    ? `${measured} between ${constant(test.from)} and ${constant(test.to)}`
    : `${measured} ${operators[test.op]} ${constant(test.value)}`
}

/** Law 14: the instant of the first or last event of all that are seen and fit, then the events at that instant. */
function occurrenceSql({ kind, event, test, window }: OccurrenceNode, moment: Moment): string {
  const fitting = `select * from events where ${termSql(event, moment)}`
  const passes = test === null ? 'true' : `(${rowSql(test)})`
  return `with fitting as (${fitting}) select distinct person from fitting
    join (select person, ${kind === 'first' ? 'min' : 'max'}(at_ms) as at_ms from fitting group by person) using (person, at_ms)
    where ${windowSql(window, moment).inside} and ${passes}`
}

function regularSql(node: RegularNode, moment: Moment): string {
  const periods = `select person, ${unitsAgoSql(node, moment)} as ago from events where ${termSql(node.event, moment)}`
  const busy = `select person, ago from (${periods}) where ago between 1 and ${given(node.of)} group by person, ago having count(*) >= ${given(node.times)}`
  return `select person from (${busy}) group by person having count(*) >= ${given(node.periods)}`
}

import type { Constant, RuleNode } from '../../src/rules/ast.ts'
import { decimalSql, given, named, quoted } from './sql-text.ts'

/**
 * A rule about the values of one row as a condition of SQL that is true or false, never null: a person with one value in
 * each column, or an event with its properties (laws 5, 7, 8, 9 and 13). Numbers are decimals, flags booleans.
 */
export function rowSql(node: RuleNode): string {
  switch (node.kind) {
    case 'everyone':
      return 'true'
    case 'nobody':
      return 'false'
    case 'not':
      return `not (${rowSql(node.rule)})`
    case 'and':
      return node.rules.map((rule) => `(${rowSql(rule)})`).join(' and ')
    case 'or':
      return node.rules.map((rule) => `(${rowSql(rule)})`).join(' or ')
    case 'minus':
      return node.rules.map((rule, index) => `${index === 0 ? '' : 'not '}(${rowSql(rule)})`).join(' and ')
    case 'xor':
      return `(${howMany(node.rules)}) % 2 = 1`
    case 'atLeast':
      return `(${howMany(node.rules)}) >= ${given(node.k)}`
    case 'isNotSet':
      return `${columnOf(node.tag)} is null`
    default:
      // An absent value makes every comparison false (law 7).
      return `coalesce(${testSql(node)}, false)`
  }
}

function howMany(rules: readonly RuleNode[]): string {
  return rules.map((rule) => `(${rowSql(rule)})::integer`).join(' + ')
}

function testSql(node: RuleNode): string {
  switch (node.kind) {
    case 'has':
      return columnOf(node.tag)
    case 'isSet':
      return `${columnOf(node.tag)} is not null`
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return `${columnOf(node.tag)} ${operators[node.kind]} ${constantSql(given(node.value))}`
    case 'between':
      return `${columnOf(node.tag)} between ${constantSql(given(node.from))} and ${constantSql(given(node.to))}`
    case 'in':
    case 'notIn': {
      const list = given(node.values).map((value) => constantSql(given(value)))
      // `in ()` is no SQL.
      if (list.length === 0) return node.kind === 'in' ? 'false' : `${columnOf(node.tag)} is not null`
      return `${columnOf(node.tag)} ${node.kind === 'in' ? 'in' : 'not in'} (${list.join(', ')})`
    }
    case 'startsWith':
      return `starts_with(${columnOf(node.tag)}, ${quoted(given(node.text))})`
    case 'contains':
      return `contains(${columnOf(node.tag)}, ${quoted(given(node.text))})`
    case 'matches':
      return `regexp_matches(${columnOf(node.tag)}, ${quoted(given(node.pattern))})`
    default:
      throw new Error(`no SQL of a row for ${node.kind}`)
  }
}

/** How SQL writes comparisons. */
export const operators: Readonly<Record<'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte', string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
}

function columnOf(tag: Parameters<typeof given<string>>[0]): string {
  return named(given(tag))
}

/** A text of nothing but digits is a decimal only beside a number: real categories of digits are not asked for here. */
function constantSql(constant: Constant): string {
  return typeof constant === 'number' ? decimalSql(constant) : quoted(constant)
}

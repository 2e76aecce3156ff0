import type { Constant, RuleNode } from '../../src/rules/ast.ts'
import { decimalSql, given, named, quoted } from './sql-text.ts'

/** How an engine writes what SQL has no one word for. */
export interface Dialect {
  decimal(constant: number | string): string
  startsWith(text: string, start: string): string
  contains(text: string, part: string): string
  matches(text: string, pattern: string): string
}

export const duckDialect: Dialect = {
  decimal: decimalSql,
  startsWith: (text, start) => `starts_with(${text}, ${start})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  matches: (text, pattern) => `regexp_matches(${text}, ${pattern})`,
}

/**
 * A rule about the values of one row as a condition of SQL that is true or false, never null: a person with one value in
 * each column, or an event with its properties (laws 5, 7, 8, 9 and 13). Numbers are decimals, flags booleans.
 */
export function rowSql(node: RuleNode, dialect: Dialect = duckDialect): string {
  const part = (rule: RuleNode): string => `(${rowSql(rule, dialect)})`
  switch (node.kind) {
    case 'everyone':
      return 'true'
    case 'nobody':
      return 'false'
    case 'not':
      return `not ${part(node.rule)}`
    case 'and':
      return node.rules.map(part).join(' and ')
    case 'or':
      return node.rules.map(part).join(' or ')
    case 'minus':
      return node.rules.map((rule, index) => `${index === 0 ? '' : 'not '}${part(rule)}`).join(' and ')
    case 'xor':
      return `(${howMany(node.rules.map(part))}) % 2 = 1`
    case 'atLeast':
      return `(${howMany(node.rules.map(part))}) >= ${given(node.k)}`
    case 'isNotSet':
      return `${columnOf(node.tag)} is null`
    default:
      // An absent value makes every comparison false (law 7).
      return `coalesce(${testSql(node, dialect)}, false)`
  }
}

function howMany(conditions: readonly string[]): string {
  return conditions.map((condition) => `case when ${condition} then 1 else 0 end`).join(' + ')
}

function testSql(node: RuleNode, dialect: Dialect): string {
  const constant = (value: Constant): string => (typeof value === 'number' ? dialect.decimal(value) : quoted(value))
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
      return `${columnOf(node.tag)} ${operators[node.kind]} ${constant(given(node.value))}`
    case 'between':
      return `${columnOf(node.tag)} between ${constant(given(node.from))} and ${constant(given(node.to))}`
    case 'in':
    case 'notIn': {
      const list = given(node.values).map((value) => constant(given(value)))
      // `in ()` is no SQL.
      if (list.length === 0) return node.kind === 'in' ? 'false' : `${columnOf(node.tag)} is not null`
      return `${columnOf(node.tag)} ${node.kind === 'in' ? 'in' : 'not in'} (${list.join(', ')})`
    }
    case 'startsWith':
      return dialect.startsWith(columnOf(node.tag), quoted(given(node.text)))
    case 'contains':
      return dialect.contains(columnOf(node.tag), quoted(given(node.text)))
    case 'matches':
      return dialect.matches(columnOf(node.tag), quoted(given(node.pattern)))
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

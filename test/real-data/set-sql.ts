import { childRules, type RuleNode } from '../../src/rules/ast.ts'

/**
 * A rule as a query of its people, each once: logic (laws 2 and 5) as set operations of SQL.
 *
 * @param person the one column of the queries
 * @param everyone a query of all living people
 * @param leafSql a query of the people of a condition, each once
 */
export function setSql(
  node: RuleNode,
  person: string,
  everyone: string,
  leafSql: (condition: RuleNode) => string,
): string {
  const parts = childRules(node).map((part) => `(${setSql(part, person, everyone, leafSql)})`)
  switch (node.kind) {
    case 'everyone':
      return everyone
    case 'nobody':
      return `select ${person} from (${everyone}) where false`
    case 'not':
      return `(${everyone}) except ${parts[0]}`
    case 'and':
      return parts.join(' intersect ')
    case 'or':
      return parts.join(' union ')
    case 'minus':
      return `${parts[0]} except (${parts.slice(1).join(' union ')})`
    case 'xor':
      return `select ${person} from (${parts.join(' union all ')}) group by ${person} having count(*) % 2 = 1`
    case 'atLeast':
      return `select ${person} from (${parts.join(' union all ')}) group by ${person} having count(*) >= ${node.k}`
    default:
      return leafSql(node)
  }
}

import type { EventTerm, RuleNode } from '../rules/ast.ts'
import * as make from '../rules/make-node.ts'

/** A term whose filter is in one of its equal forms. */
export function canonicalTerm(term: EventTerm): EventTerm {
  const { event, where, property, sign } = term
  return make.eventTerm(event, where === null ? null : canonicalFilter(where), property, sign)
}

/**
 * A filter whose `and`s and `or`s are flat, without repeats, and in one order: filters that differ in these alone give
 * one question, which is answered and remembered once.
 */
export function canonicalFilter(filter: RuleNode): RuleNode {
  const convert = (node: RuleNode): RuleNode => canonicalFilter(node)
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const { kind } = filter
      const parts = filter.rules.map(convert).flatMap((part) => (part.kind === kind ? part.rules : [part]))
      const byText = new Map(parts.map((part) => [JSON.stringify(part), part]))
      const sorted = [...byText.keys()].sort().map((text) => byText.get(text)!)
      return kind === 'and' ? make.and(sorted) : make.or(sorted)
    }
    case 'not': {
      const inner = convert(filter.rule)
      return inner.kind === 'not' ? inner.rule : make.not(inner)
    }
    case 'xor':
      return make.xor(filter.rules.map(convert))
    case 'minus':
      return make.minus(filter.rules.map(convert))
    case 'atLeast':
      return make.atLeast(filter.k, filter.rules.map(convert))
    case 'in': {
      const values = filter.values as readonly (string | number)[]
      const [only] = values
      return values.length === 1 ? make.value('eq', filter.tag, only!) : filter
    }
    default:
      return filter
  }
}

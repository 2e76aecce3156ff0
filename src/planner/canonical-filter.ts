import type { Constant, EventTerm, ListNode, RuleNode, Slot } from '../rules/ast.ts'
import * as make from '../rules/make-node.ts'
import { propertyOf } from '../rules/validate-filter.ts'
import type { Schema } from '../schema/schema.ts'
import { bound } from './bound.ts'
import { canonicalConstant } from './canonical-constant.ts'

/** A term whose filter is in one of its equal forms. */
export function canonicalTerm(term: EventTerm, schema: Schema): EventTerm {
  const { event, where, property, sign } = term
  return make.eventTerm(event, where === null ? null : canonicalFilter(where, bound(event), schema), property, sign)
}

/**
 * A filter whose `and`s and `or`s are flat, without repeats, and in one order, as are its lists, and whose numbers are
 * written one way: filters that differ in these alone give one question, which is answered and remembered once.
 */
export function canonicalFilter(filter: RuleNode, event: string, schema: Schema): RuleNode {
  const spec = schema.get(event)
  const scaleOf = (property: string): number | null => {
    const found = spec?.kind === 'event' ? propertyOf(spec, property) : undefined
    return found?.kind === 'number' ? found.scale : null
  }
  return canonical(filter, scaleOf)
}

/** Digits after the point of a property; `null` where it is no number. */
type ScaleOf = (property: string) => number | null

function canonical(filter: RuleNode, scaleOf: ScaleOf): RuleNode {
  const convert = (node: RuleNode): RuleNode => canonical(node, scaleOf)
  const constant = (tag: Slot<string>, value: Slot<Constant>): Constant => {
    const scale = scaleOf(bound(tag))
    return scale === null ? bound(value) : canonicalConstant(bound(value), scale)
  }
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const { kind } = filter
      const parts = filter.rules.map(convert).flatMap((part) => (part.kind === kind ? part.rules : [part]))
      const sorted = sortedOnce(parts)
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
    case 'eq':
    case 'ne':
      return make.value(filter.kind, filter.tag, constant(filter.tag, filter.value))
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return make.compare(filter.kind, filter.tag, constant(filter.tag, filter.value))
    case 'between': {
      const [from, to] = [constant(filter.tag, filter.from), constant(filter.tag, filter.to)]
      return from === to ? make.value('eq', filter.tag, from) : make.between(filter.tag, from, to)
    }
    case 'in':
    case 'notIn':
      return canonicalList(filter, (value) => constant(filter.tag, value))
    default:
      return filter
  }
}

function canonicalList({ kind, tag, values }: ListNode, constant: (value: Slot<Constant>) => Constant): RuleNode {
  const sorted = sortedOnce(bound(values).map(constant))
  const [only] = sorted
  return sorted.length === 1 ? make.value(kind === 'in' ? 'eq' : 'ne', tag, only!) : make.list(kind, tag, sorted)
}

/** Those that differ, in one order. */
function sortedOnce<Part>(parts: readonly Part[]): readonly Part[] {
  const byText = new Map(parts.map((part) => [JSON.stringify(part), part]))
  return [...byText.keys()].sort().map((text) => byText.get(text)!)
}

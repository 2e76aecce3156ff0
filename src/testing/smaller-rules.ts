import { makeNode as make, type RuleNode } from '../rules/index.ts'
import { combine } from './map-rule.ts'

/** Rules a step smaller than this one, the smallest first: its parts, itself with a part less, or with a smaller part. */
export function* smallerRules(rule: RuleNode): Generator<RuleNode, void, undefined> {
  if (rule.kind !== 'nobody') yield make.nobody()
  if (rule.kind !== 'nobody' && rule.kind !== 'everyone') yield make.everyone()
  switch (rule.kind) {
    case 'not':
      yield rule.rule
      for (const smaller of smallerRules(rule.rule)) yield make.not(smaller)
      break
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
      for (const rules of smallerLists(rule.rules)) if (rules.length > 0) yield combine[rule.kind](rules)
      break
    case 'atLeast':
      yield* rule.rules
      if (typeof rule.k === 'number' && rule.k > 1) yield make.atLeast(rule.k - 1, rule.rules)
      for (const rules of smallerLists(rule.rules)) yield make.atLeast(rule.k, rules)
      break
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone':
      if ('length' in rule.values) {
        for (const left of rule.values.keys()) yield make.list(rule.kind, rule.tag, rule.values.toSpliced(left, 1))
      }
      break
    default:
  }
}

function* smallerLists(rules: readonly RuleNode[]): Generator<readonly RuleNode[], void, undefined> {
  for (const rule of rules) yield [rule]
  for (const index of rules.keys()) yield rules.toSpliced(index, 1)
  for (const [index, rule] of rules.entries()) {
    for (const smaller of smallerRules(rule)) yield rules.toSpliced(index, 1, smaller)
  }
}

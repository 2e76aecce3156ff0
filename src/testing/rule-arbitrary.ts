import fc from 'fast-check'
import type { EventSpec, SchemaSpec } from '../index.ts'
import { makeNode as make, type RuleKind, type RuleNode } from '../rules/index.ts'
import { eventTestFor } from './event-arbitrary.ts'
import { type Draft, itself, treeOf } from './logic-arbitrary.ts'
import { innerRules } from './map-rule.ts'
import { defaultFrame, type TimeFrame } from './time-arbitrary.ts'
import { valueTestFor } from './value-test-arbitrary.ts'

/** Which rules `ruleFor` makes. */
export interface RuleOptions {
  /** Names of the audiences that there are. @default none */
  readonly audiences?: readonly string[]
  /** Kinds of node to leave out. @default none */
  readonly leaveOut?: readonly RuleKind[]
  /** What instants, dates and windows are about. @default 2026-11-20 in UTC */
  readonly frame?: TimeFrame
}

/**
 * Rules that fit a schema: every kind of node and operator, values that nobody has, empty lists, and parts that stand in
 * the rule more than once. Up to three combinations deep, mostly a dozen nodes; a schema without columns gives everyone,
 * nobody and what is made of them.
 *
 * @example `fc.sample(ruleFor({ vip: flag(), tier: category() }), 1)` may give `[vip and tier = "T1"]`, as a tree.
 */
export function ruleFor(schema: SchemaSpec, options: RuleOptions = {}): fc.Arbitrary<RuleNode> {
  const condition = conditionFor(schema, options)
  const allowed = (kind: RuleKind): boolean => options.leaveOut?.includes(kind) !== true
  const few = fc.array(treeOf(condition.map(itself), allowed, 1), { minLength: 2, maxLength: 2 })
  const shared = fc.nat(1).map(
    (index): Draft =>
      (parts) =>
        parts[index]!,
  )
  const part = fc.oneof({ arbitrary: condition.map(itself), weight: 5 }, { arbitrary: shared, weight: 1 })
  return fc
    .tuple(few, treeOf(part, allowed, 3))
    .map(([parts, rule]) => rule(parts.map((inner) => inner([]))))
    .filter((rule) => textTestsIn(rule) <= mostTextTests)
}

/** So many tests of texts that the rule is not refused even where tests make it twice as large (`RuleLimits.textTests`). */
const mostTextTests = 20

/** Tests that look at every distinct value, in the rule and in its filters of events. */
function textTestsIn(rule: RuleNode): number {
  const isText = rule.kind === 'startsWith' || rule.kind === 'contains' || rule.kind === 'matches'
  return innerRules(rule).reduce((sum, inner) => sum + textTestsIn(inner), isText ? 1 : 0)
}

/** Rules without rules about people inside them. */
export function conditionFor(
  schema: SchemaSpec,
  { audiences = [], leaveOut = [], frame = defaultFrame }: RuleOptions = {},
): fc.Arbitrary<RuleNode> {
  const allowed = (kind: RuleKind): boolean => !leaveOut.includes(kind)
  const all: fc.WeightedArbitrary<RuleNode>[] = []
  const events: Record<string, EventSpec> = {}
  for (const [tag, spec] of Object.entries(schema)) {
    if (spec.kind === 'event') events[tag] = spec
    else all.push({ arbitrary: valueTestFor(tag, spec, frame), weight: 6 })
  }
  const eventTest = eventTestFor(events, frame, allowed)
  if (eventTest !== null) all.push({ arbitrary: eventTest, weight: 6 + 6 * Object.keys(events).length })
  if (audiences.length > 0) {
    const version = fc.oneof(fc.constantFrom(null, 'latest' as const), fc.integer({ min: 1, max: 4 }))
    all.push({
      arbitrary: fc.tuple(fc.constantFrom(...audiences), version).map((parts) => make.audience(...parts)),
      weight: 4,
    })
  }
  all.push({ arbitrary: fc.constantFrom<RuleNode>(make.everyone(), make.nobody()), weight: 1 })
  const any = fc.oneof(...all)
  return leaveOut.length === 0 ? any : any.filter((node) => allowed(node.kind))
}

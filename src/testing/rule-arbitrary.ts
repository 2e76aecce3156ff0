import fc from 'fast-check'
import type { ColumnSpec, SchemaSpec } from '../index.ts'
import { makeNode as make, type RuleKind, type RuleNode } from '../rules/index.ts'
import { anyPattern } from './pattern-arbitrary.ts'
import { anyPiece, skewed, valueFor } from './value-arbitrary.ts'

/** Which rules `ruleFor` makes. */
export interface RuleOptions {
  /** Names of the audiences that there are. @default none */
  readonly audiences?: readonly string[]
  /** Kinds of node to leave out. @default none */
  readonly leaveOut?: readonly RuleKind[]
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
  return fc.tuple(few, treeOf(part, allowed, 3)).map(([parts, rule]) => rule(parts.map((inner) => inner([]))))
}

/** A rule that waits for the parts which it has more than once. */
type Draft = (shared: readonly RuleNode[]) => RuleNode

function itself(node: RuleNode): Draft {
  return () => node
}

/** Rules without rules inside them. */
export function conditionFor(
  schema: SchemaSpec,
  { audiences = [], leaveOut = [] }: RuleOptions = {},
): fc.Arbitrary<RuleNode> {
  const all: fc.WeightedArbitrary<RuleNode>[] = Object.entries(schema).map(([tag, spec]) => ({
    arbitrary: spec.kind === 'flag' ? flagTest(tag) : spec.many ? manyTest(tag, spec) : oneTest(tag, spec),
    weight: 6,
  }))
  if (audiences.length > 0) {
    const version = fc.oneof(fc.constantFrom(null, 'latest' as const), fc.integer({ min: 1, max: 4 }))
    all.push({
      arbitrary: fc.tuple(fc.constantFrom(...audiences), version).map((parts) => make.audience(...parts)),
      weight: 4,
    })
  }
  all.push({ arbitrary: fc.constantFrom<RuleNode>(make.everyone(), make.nobody()), weight: 1 })
  const any = fc.oneof(...all)
  return leaveOut.length === 0 ? any : any.filter((node) => !leaveOut.includes(node.kind))
}

function flagTest(tag: string): fc.Arbitrary<RuleNode> {
  return fc.oneof(
    { arbitrary: fc.constant<RuleNode>(make.has(tag)), weight: 5 },
    { arbitrary: presence(tag), weight: 1 },
  )
}

function presence(tag: string): fc.Arbitrary<RuleNode> {
  return fc.constantFrom<RuleNode>(make.presence('isSet', tag), make.presence('isNotSet', tag))
}

type CategoryColumn = ColumnSpec & { readonly kind: 'category' }

function oneTest(tag: string, spec: CategoryColumn): fc.Arbitrary<RuleNode> {
  const value = valueFor(spec)
  return fc.oneof(
    { arbitrary: presence(tag), weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('eq' as const, 'ne' as const), value)
        .map(([kind, text]) => make.value(kind, tag, text)),
      weight: 3,
    },
    {
      arbitrary: fc
        .tuple(fc.constantFrom('in' as const, 'notIn' as const), listOf(value))
        .map(([kind, texts]) => make.list(kind, tag, texts)),
      weight: 3,
    },
    { arbitrary: textTest(tag), weight: 2 },
  )
}

function manyTest(tag: string, spec: CategoryColumn): fc.Arbitrary<RuleNode> {
  const kinds = fc.constantFrom('hasAny' as const, 'hasAll' as const, 'hasNone' as const)
  return fc.oneof(
    { arbitrary: presence(tag), weight: 1 },
    {
      arbitrary: fc.tuple(kinds, listOf(valueFor(spec))).map(([kind, texts]) => make.list(kind, tag, texts)),
      weight: 5,
    },
    { arbitrary: textTest(tag), weight: 2 },
  )
}

/** Short lists mostly; long ones ask for more values than are looked up one by one. */
function listOf(value: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc.oneof(
    { arbitrary: fc.array(value, { maxLength: 3 }), weight: 5 },
    { arbitrary: fc.array(value, { minLength: 8, maxLength: 14 }), weight: 1 },
  )
}

function textTest(tag: string): fc.Arbitrary<RuleNode> {
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('startsWith' as const, 'contains' as const), anyPiece)
      .map(([kind, text]) => make.textTest(kind, tag, text)),
    anyPattern.map((pattern) => make.matches(tag, pattern)),
  )
}

/** Combinations of conditions, up to `depth` deep. */
function treeOf(
  condition: fc.Arbitrary<Draft>,
  allowed: (kind: RuleKind) => boolean,
  depth: number,
): fc.Arbitrary<Draft> {
  if (depth === 0) return condition
  const part = treeOf(condition, allowed, depth - 1)
  const parts = fc.array(part, { minLength: 2, maxLength: 4 })
  const of = (make: (rules: readonly RuleNode[]) => RuleNode): fc.Arbitrary<Draft> =>
    parts.map((drafts) => (shared) => make(drafts.map((draft) => draft(shared))))
  const threshold = fc.tuple(skewed([2, 1, 3, 4, 9]), fc.oneof(parts, fc.array(part, { maxLength: 7 }))).map(
    ([k, drafts]): Draft =>
      (shared) =>
        make.atLeast(
          k,
          drafts.map((draft) => draft(shared)),
        ),
  )
  const all: readonly (fc.WeightedArbitrary<Draft> & { readonly kind: RuleKind | null })[] = [
    { kind: null, arbitrary: condition, weight: 3 },
    { kind: 'not', arbitrary: part.map((draft) => (shared) => make.not(draft(shared))), weight: 2 },
    { kind: 'and', arbitrary: of(make.and), weight: 3 },
    { kind: 'or', arbitrary: of(make.or), weight: 3 },
    { kind: 'xor', arbitrary: of(make.xor), weight: 1 },
    { kind: 'minus', arbitrary: of(make.minus), weight: 2 },
    { kind: 'atLeast', arbitrary: threshold, weight: 2 },
  ]
  return fc.oneof(...all.filter(({ kind }) => kind === null || allowed(kind)))
}

import fc from 'fast-check'
import { makeNode as make, type RuleKind, type RuleNode } from '../rules/index.ts'
import { skewed } from './value-arbitrary.ts'

/** A rule that waits for the parts which it has more than once. */
export type Draft = (shared: readonly RuleNode[]) => RuleNode

/** The draft of a rule that waits for nothing. */
export function itself(node: RuleNode): Draft {
  return () => node
}

/** Combinations of conditions, up to `depth` deep. */
export function treeOf(
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

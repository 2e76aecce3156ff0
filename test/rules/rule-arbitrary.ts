import fc from 'fast-check'
import type { RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { anyEventNode } from './event-arbitrary.ts'
import { ruleOf } from './rule-of.ts'
import { anyTagTest } from './tag-test-arbitrary.ts'
import { anyCount, textSlot } from './text-arbitrary.ts'

/** A rule that holds no rules. */
export const anyCondition: fc.Arbitrary<RuleNode> = fc.oneof(
  { arbitrary: fc.constantFrom(make.everyone(), make.nobody()), weight: 1 },
  { arbitrary: anyTagTest, weight: 8 },
  { arbitrary: anyEventNode, weight: 6 },
  {
    arbitrary: fc
      .tuple(textSlot, fc.oneof(fc.constantFrom(null, 'latest' as const), anyCount))
      .map((parts) => make.audience(...parts)),
    weight: 1,
  },
)

/** Any rule: every node and arity, parameters everywhere. */
export const anyRule: fc.Arbitrary<RuleNode> = ruleOf(anyCondition)

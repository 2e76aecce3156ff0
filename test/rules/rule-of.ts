import fc from 'fast-check'
import type { RuleNode } from '../../src/rules/ast.ts'
import * as make from '../../src/rules/make-node.ts'
import { anyCount, slot } from './text-arbitrary.ts'

/** Rules whose conditions are from `condition`. */
export function ruleOf(condition: fc.Arbitrary<RuleNode>): fc.Arbitrary<RuleNode> {
  return fc.letrec<{ rule: RuleNode }>((tie) => {
    const some = fc.array(tie('rule'), { minLength: 2, maxLength: 4 })
    return {
      rule: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { arbitrary: condition, weight: 4 },
        { arbitrary: tie('rule').map(make.not), weight: 2 },
        { arbitrary: some.map(make.and), weight: 2 },
        { arbitrary: some.map(make.or), weight: 2 },
        { arbitrary: some.map(make.xor), weight: 1 },
        { arbitrary: some.map(make.minus), weight: 2 },
        {
          arbitrary: fc
            .tuple(slot(anyCount), fc.array(tie('rule'), { maxLength: 4 }))
            .map(([k, rules]) => make.atLeast(k, rules)),
          weight: 1,
        },
      ),
    }
  }).rule
}

import { AndTest } from './and-test.ts'
import { CategoryTest } from './category-test.ts'
import { FlagTest } from './flag-test.ts'
import { NumberRangeTest, NumberSetTest } from './number-row-test.ts'
import { AtLeastTest, CombineTest, ConstantTest, NotTest, type RowTest } from './row-test.ts'
import type { RowTestSpec } from './row-test-spec.ts'

/** The test that a spec is of. */
export function rowTestOf(spec: RowTestSpec): RowTest {
  switch (spec.kind) {
    case 'constant':
      return new ConstantTest(spec.value)
    case 'not':
      return new NotTest(rowTestOf(spec.part))
    case 'and':
      return new AndTest(spec.parts.map(rowTestOf))
    case 'atLeast':
      return new AtLeastTest(spec.k, spec.parts.map(rowTestOf))
    case 'flag':
      return new FlagTest(spec.property)
    case 'range':
      return new NumberRangeTest(spec.property, spec.range)
    case 'set':
      return new NumberSetTest(spec.property, spec.values, spec.listed)
    case 'category':
      return new CategoryTest(spec.property, spec.truth)
    default:
      return new CombineTest(spec.kind, spec.parts.map(rowTestOf))
  }
}

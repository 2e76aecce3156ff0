import type {
  CategorySpec,
  ColumnSpec,
  FlagSpec,
  MultiCategorySpec,
  NumberSpec,
  TimestampSpec,
  ValueColumnSpec,
} from '../schema/column-spec.ts'
import { CategoryTests, MultiCategoryTests } from './build/category-tests.ts'
import { NumberTests } from './build/number-tests.ts'
import { TimestampTests } from './build/timestamp-tests.ts'
import * as make from './make-node.ts'
import { Rule } from './rule.ts'

export { CategoryTests, MultiCategoryTests, NumberTests, TimestampTests }

/**
 * What `tag(name)` gives: for a flag the rule itself, for other columns their tests. An event is no tag: `did` asks
 * about it.
 */
export type TagTests<Spec extends ColumnSpec> = Spec extends FlagSpec
  ? Rule
  : Spec extends MultiCategorySpec<infer Value>
    ? MultiCategoryTests<Value>
    : Spec extends CategorySpec<infer Value>
      ? CategoryTests<Value>
      : Spec extends NumberSpec
        ? NumberTests
        : Spec extends TimestampSpec
          ? TimestampTests
          : never

/** The tests of any column or property. */
export type AnyTests = TagTests<ValueColumnSpec>

/** The tests that fit the kind of a column, or of a property of an event. */
export function testsOf(name: string, spec: ValueColumnSpec): AnyTests {
  switch (spec.kind) {
    case 'flag':
      return Rule.of(make.has(name))
    case 'category':
      return spec.many ? new MultiCategoryTests(name) : new CategoryTests(name)
    case 'number':
      return new NumberTests(name)
    case 'timestamp':
      return new TimestampTests(name)
  }
}

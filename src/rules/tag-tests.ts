import type { CategorySpec, ColumnSpec, FlagSpec, MultiCategorySpec } from '../schema/column-spec.ts'
import type { Parameter, Slot } from './ast.ts'
import * as make from './make-node.ts'
import { Rule } from './rule.ts'

/** What can be asked of every column. */
class PresenceTests {
  protected readonly tag: string

  constructor(tag: string) {
    this.tag = tag
  }

  /** People who have a value. */
  isSet(): Rule {
    return Rule.of(make.presence('isSet', this.tag))
  }

  /** People who have none: everyone but `isSet`. */
  isNotSet(): Rule {
    return Rule.of(make.presence('isNotSet', this.tag))
  }
}

/** What can be asked of the texts of a category. */
class TextTests extends PresenceTests {
  /** People with a value that begins with the text. */
  startsWith(text: Slot<string>): Rule {
    return Rule.of(make.textTest('startsWith', this.tag, text))
  }

  /** People with a value that contains the text. */
  contains(text: Slot<string>): Rule {
    return Rule.of(make.textTest('contains', this.tag, text))
  }

  /** People with a value in which the regular expression, in RE2's syntax, is found. */
  matches(pattern: Slot<string>): Rule {
    return Rule.of(make.matches(this.tag, pattern))
  }
}

/** What can be asked of a category of one value. */
export class CategoryTests<Value extends string> extends TextTests {
  /** People whose value is this. */
  eq(value: Value | Parameter): Rule {
    return Rule.of(make.value('eq', this.tag, value))
  }

  /** People who have a value, and it is another. People without one are left out (law 7). */
  ne(value: Value | Parameter): Rule {
    return Rule.of(make.value('ne', this.tag, value))
  }

  /** People whose value is one of these; nobody for an empty list. */
  in(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('in', this.tag, values))
  }

  /** People who have a value that is none of these. */
  notIn(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('notIn', this.tag, values))
  }
}

/** What can be asked of a category of many values. */
export class MultiCategoryTests<Value extends string> extends TextTests {
  /** People with one of these values or more; nobody for an empty list. */
  hasAny(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('hasAny', this.tag, values))
  }

  /** People with all of these values; everybody with a value for an empty list. */
  hasAll(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('hasAll', this.tag, values))
  }

  /** People who have values, none of which is one of these. */
  hasNone(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('hasNone', this.tag, values))
  }
}

/** What `tag(name)` gives: for a flag the rule itself, for a category its tests. */
export type TagTests<Spec extends ColumnSpec> = Spec extends FlagSpec
  ? Rule
  : Spec extends MultiCategorySpec<infer Value>
    ? MultiCategoryTests<Value>
    : Spec extends CategorySpec<infer Value>
      ? CategoryTests<Value>
      : never

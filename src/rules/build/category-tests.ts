import type { Parameter, Slot } from '../ast.ts'
import * as make from '../make-node.ts'
import { Rule } from '../rule.ts'
import { textList, textOperand } from './operand.ts'
import { PresenceTests } from './presence-tests.ts'

/** What can be asked of the texts of a category. */
class TextTests extends PresenceTests {
  /**
   * People with a value that begins with the text, compared exactly after NFC.
   * Cost: asked, a look at each distinct value, then remembered.
   *
   * @example
   * ```ts
   * crowd.count(tag('cityTier').startsWith('T')) // 1000
   * ```
   */
  startsWith(text: Slot<string>): Rule {
    return Rule.of(make.textTest('startsWith', this.tag, text))
  }

  /**
   * People with a value that contains the text, compared exactly after NFC.
   * Cost: asked, a look at each distinct value, then remembered.
   *
   * @example
   * ```ts
   * crowd.count(tag('interests').contains('粉')) // 500
   * ```
   */
  contains(text: Slot<string>): Rule {
    return Rule.of(make.textTest('contains', this.tag, text))
  }

  /**
   * People with a value in which the regular expression, in RE2's syntax, is found anywhere.
   * Cost: asked, linear in the distinct values, then remembered.
   *
   * @example
   * ```ts
   * crowd.count(tag('cityTier').matches('[12]$')) // 667
   * ```
   */
  matches(pattern: Slot<string>): Rule {
    return Rule.of(make.matches(this.tag, pattern))
  }
}

/** What can be asked of a category of one value. */
export class CategoryTests<Value extends string> extends TextTests {
  /**
   * People whose value is this; nobody for a value that nobody has.
   * Cost: asked, one bitmap is read.
   *
   * @example
   * ```ts
   * crowd.count(tag('cityTier').eq('T1')) // 334
   * ```
   */
  eq(value: Value | Parameter): Rule {
    return Rule.of(make.value('eq', this.tag, textOperand(value)))
  }

  /**
   * People who have a value, and it is another. People without one are left out (law 7).
   * Cost: asked, two bitmaps are read.
   *
   * @example
   * ```ts
   * crowd.count(tag('cityTier').ne('T1')) // 666
   * ```
   */
  ne(value: Value | Parameter): Rule {
    return Rule.of(make.value('ne', this.tag, textOperand(value)))
  }

  /**
   * People whose value is one of these; nobody for an empty list.
   * Cost: asked, the sizes of their bitmaps are added up.
   *
   * @example
   * ```ts
   * crowd.count(tag('cityTier').in(['T1', 'T2'])) // 667
   * ```
   */
  in(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('in', this.tag, textList(values)))
  }

  /**
   * People who have a value that is none of these; everybody with a value for an empty list.
   * Cost: asked, the bitmaps of the values are read.
   *
   * @example
   * ```ts
   * crowd.count(tag('cityTier').notIn(['T1', 'T2'])) // 333
   * ```
   */
  notIn(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('notIn', this.tag, textList(values)))
  }
}

/** What can be asked of a category of many values. */
export class MultiCategoryTests<Value extends string> extends TextTests {
  /**
   * People with one of these values or more; nobody for an empty list.
   * Cost: asked, the bitmaps of the values are united.
   *
   * @example
   * ```ts
   * crowd.count(tag('interests').hasAny(['奶粉', '口红'])) // 500
   * ```
   */
  hasAny(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('hasAny', this.tag, textList(values)))
  }

  /**
   * People with all of these values; everybody with a value for an empty list.
   * Cost: asked, the bitmaps of the values are intersected.
   *
   * @example
   * ```ts
   * crowd.count(tag('interests').hasAll(['奶粉', '口红'])) // 0
   * ```
   */
  hasAll(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('hasAll', this.tag, textList(values)))
  }

  /**
   * People who have values, none of which is one of these; everybody with a value for an empty list.
   * Cost: asked, the bitmaps of the values are read.
   *
   * @example
   * ```ts
   * crowd.count(tag('interests').hasNone(['口红'])) // 500
   * ```
   */
  hasNone(values: readonly (Value | Parameter)[] | Parameter): Rule {
    return Rule.of(make.list('hasNone', this.tag, textList(values)))
  }
}

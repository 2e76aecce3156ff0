import type { CompareNode, Parameter, ValueNode } from '../ast.ts'
import * as make from '../make-node.ts'
import { Rule } from '../rule.ts'
import { type NumberOperand, numberList, numberOperand } from './operand.ts'
import { PresenceTests } from './presence-tests.ts'

/**
 * What can be asked of a number. Decimals are compared exactly: a JavaScript number stands for the shortest decimal that
 * gives it, and text carries any digits (`'129.90'`). Without a value every comparison is false (law 7).
 */
export class NumberTests extends PresenceTests {
  /**
   * People whose number is this.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').eq(129.9)) // spend = 129.9
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  eq(value: NumberOperand): Rule {
    return this.#value('eq', value)
  }

  /**
   * People who have a number, and it is another. People without one are left out (law 7).
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').ne(0)) // spend != 0
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  ne(value: NumberOperand): Rule {
    return this.#value('ne', value)
  }

  /**
   * People whose number is below this.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').lt(100)) // spend < 100
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  lt(value: NumberOperand): Rule {
    return this.#compare('lt', value)
  }

  /**
   * People whose number is this or below.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').lte(100)) // spend <= 100
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  lte(value: NumberOperand): Rule {
    return this.#compare('lte', value)
  }

  /**
   * People whose number is above this.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').gt(-0.5)) // spend > -0.5
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  gt(value: NumberOperand): Rule {
    return this.#compare('gt', value)
  }

  /**
   * People whose number is this or above.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').gte(1_000)) // spend >= 1000
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  gte(value: NumberOperand): Rule {
    return this.#compare('gte', value)
  }

  /**
   * People whose number is from one to the other, both included.
   * Cost: asked, a few bitmap steps for each bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').between(10, 20)) // spend between 10 and 20
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity; RULE_BAD_RANGE when it is asked, for from above to
   */
  between(from: NumberOperand, to: NumberOperand): Rule {
    return Rule.of(make.between(this.tag, numberOperand(from), numberOperand(to)))
  }

  /**
   * People whose number is one of these; nobody for an empty list.
   * Cost: asked, a few bitmap steps for each value and bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').in([1, 2])) // spend in (1, 2)
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  in(values: readonly NumberOperand[] | Parameter): Rule {
    return Rule.of(make.list('in', this.tag, numberList(values)))
  }

  /**
   * People who have a number that is none of these; everybody with a number for an empty list.
   * Cost: asked, a few bitmap steps for each value and bit of the column.
   *
   * @example
   * ```ts
   * String(tag('spend').notIn([0])) // spend not in (0)
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  notIn(values: readonly NumberOperand[] | Parameter): Rule {
    return Rule.of(make.list('notIn', this.tag, numberList(values)))
  }

  #value(kind: ValueNode['kind'], value: NumberOperand): Rule {
    return Rule.of(make.value(kind, this.tag, numberOperand(value)))
  }

  #compare(kind: CompareNode['kind'], value: NumberOperand): Rule {
    return Rule.of(make.compare(kind, this.tag, numberOperand(value)))
  }
}

import * as make from '../make-node.ts'
import { Rule } from '../rule.ts'

/** What can be asked of every column. */
export class PresenceTests {
  protected readonly tag: string

  constructor(tag: string) {
    this.tag = tag
  }

  /**
   * People who have a value.
   * Cost: made in no time; asked, one bitmap is read.
   *
   * @example
   * ```ts
   * crowd.count(tag('cityTier').isSet()) // 1000
   * ```
   */
  isSet(): Rule {
    return Rule.of(make.presence('isSet', this.tag))
  }

  /**
   * People who have none: everyone but `isSet`.
   * Cost: made in no time; asked, one bitmap is read.
   *
   * @example
   * ```ts
   * crowd.count(tag('interests').isNotSet()) // 500
   * ```
   */
  isNotSet(): Rule {
    return Rule.of(make.presence('isNotSet', this.tag))
  }
}

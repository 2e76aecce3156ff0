import type { SchemaSpec } from '../../schema/column-spec.ts'
import type { OccurrenceNode, Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { bothFilters, type EventFilter } from './event-filter.ts'
import type { EventTerms } from './event-terms.ts'
import type { PropertiesOf } from './event-types.ts'
import { WindowedRule } from './windowed.ts'
import { joinWindows } from './windows.ts'

/**
 * People whose first, or latest, event lies in the window and passes the test (law 14). Which one is the first is asked of
 * all that were seen and fit `where`, not of those in the window alone.
 */
export class Occurrence<S extends SchemaSpec, Name extends string> extends WindowedRule {
  declare readonly node: OccurrenceNode
  readonly #terms: EventTerms

  constructor(terms: EventTerms, node: OccurrenceNode) {
    super(node)
    this.#terms = terms
  }

  /**
   * Only events that fit the filter count: the first (latest) among them is asked about. Several filters must all hold.
   * Cost: made in the size of the filter.
   *
   * @example
   * ```ts
   * String(first('purchase').where({ amount: { gte: 50 } }).last(30, 'days')) // first purchase(amount >= 50) in last 30 days
   * ```
   * @throws RULE_UNKNOWN_PROPERTY, RULE_WRONG_OPERATOR, RULE_WRONG_TYPE, RULE_BAD_NUMBER, RULE_BAD_FILTER for a filter of
   * nothing, RULE_NOT_A_RULE for a function that gives none
   */
  where(filter: EventFilter<PropertiesOf<S, Name>>): this {
    return this.#remade({ ...this.node, event: this.#terms.filtered(this.node.event, filter) })
  }

  /**
   * What the first (latest) event itself must be. Several tests must all hold.
   * Cost: made in the size of the test.
   *
   * @example
   * ```ts
   * String(latest('purchase').is({ kol: 'A' })) // last purchase where (kol = "A")
   * ```
   * @throws RULE_UNKNOWN_PROPERTY, RULE_WRONG_OPERATOR, RULE_WRONG_TYPE, RULE_BAD_NUMBER, RULE_BAD_FILTER for a test of
   * nothing, RULE_NOT_A_RULE for a function that gives none
   */
  is(test: EventFilter<PropertiesOf<S, Name>>): this {
    const { event, test: before } = this.node
    return this.#remade({ ...this.node, test: bothFilters(before, this.#terms.filter(event, test)) })
  }

  override in(window: Window): this {
    return this.#remade({ ...this.node, window: joinWindows(this.node.window, window) })
  }

  #remade({ kind, event, test, window }: OccurrenceNode): this {
    return new Occurrence<S, Name>(this.#terms, make.occurrence(kind, event, test, window)) as this
  }
}

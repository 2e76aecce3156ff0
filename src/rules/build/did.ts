import type { SchemaSpec } from '../../schema/column-spec.ts'
import type { BehaviourNode, EventTerm, Measure, NumberTest, Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { Behaviour } from './behaviour.ts'
import type { EventFilter } from './event-filter.ts'
import type { EventTerms } from './event-terms.ts'
import type { EventName, EventsIn, NumberName, PropertiesOf, PropertyName, SomeEvents } from './event-types.ts'
import { MeasureTests } from './measure-tests.ts'
import { type NumberOperand, numberOperand } from './operand.ts'
import {
  type ClosedSequence,
  type FollowOptions,
  type Sequence,
  startSequence,
  type WithoutOptions,
} from './sequence.ts'
import { WindowedRule } from './windowed.ts'
import { joinWindows } from './windows.ts'

/**
 * People with at least one event of any of some kinds. A rule as it stands; its methods narrow it (`where`, windows), count
 * (`atLeast`, …) or measure (`count`, `sum`, …), and each gives a new rule or question.
 */
export class DidAny<S extends SchemaSpec, Name extends string> extends WindowedRule {
  declare readonly node: BehaviourNode
  protected readonly terms: EventTerms

  constructor(terms: EventTerms, events: readonly EventTerm[], window?: Window) {
    super(make.behaviour('count', events, window))
    this.terms = terms
  }

  /**
   * Only events that fit the filter, all of it about the same event. Several filters must all hold.
   * Cost: made in the size of the filter; asked, the properties that it names are read.
   *
   * @example
   * ```ts
   * String(did('browse').where({ category: '奶粉' })) // did browse(category = "奶粉")
   * String(did('purchase').where({ amount: { gte: 50 }, kol: ['A', 'B'] })) // did purchase(amount >= 50, kol in ("A", "B"))
   * String(did('purchase').where((p) => p('amount').gte(50).or(p('kol').eq('A')))) // did purchase(amount >= 50 or kol = "A")
   * ```
   * @throws RULE_UNKNOWN_PROPERTY, RULE_WRONG_OPERATOR, RULE_WRONG_TYPE, RULE_BAD_NUMBER, RULE_BAD_FILTER for a filter of
   * nothing, RULE_NOT_A_RULE for a function that gives none
   */
  where(filter: EventFilter<PropertiesOf<S, Name>>): this {
    const { events, window } = this.node
    return this.remade(
      events.map((term) => this.terms.filtered(term, filter)),
      window,
    )
  }

  override in(window: Window): this {
    return this.remade(this.node.events, joinWindows(this.node.window, window))
  }

  /**
   * People with so many events or more.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').atLeast(3).last(90, 'days')) // did purchase at least 3 times in last 90 days
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  atLeast(times: NumberOperand): Behaviour {
    return this.#times('gte', times)
  }

  /**
   * People with so many events or fewer: also those with none.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').atMost(3)) // did purchase at most 3 times
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  atMost(times: NumberOperand): Behaviour {
    return this.#times('lte', times)
  }

  /**
   * People with just so many events; 0 is everyone without.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').exactly(2)) // did purchase exactly 2 times
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  exactly(times: NumberOperand): Behaviour {
    return this.#times('eq', times)
  }

  /**
   * People with more events than that.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').moreThan(3)) // did purchase more than 3 times
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  moreThan(times: NumberOperand): Behaviour {
    return this.#times('gt', times)
  }

  /**
   * People with fewer events than that: also those with none.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase').fewerThan(3)) // did purchase fewer than 3 times
   * ```
   * @throws RULE_BAD_NUMBER for NaN and Infinity
   */
  fewerThan(times: NumberOperand): Behaviour {
    return this.#times('lt', times)
  }

  /**
   * How many events; 0 without any.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('purchase').count().between(2, 5)) // did purchase between 2 and 5 times
   * ```
   */
  count(): MeasureTests {
    return this.#measured('count')
  }

  /**
   * On how many different local days; 0 without an event.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').days().gte(5).thisMonth()) // distinct days of browse this month >= 5
   * ```
   */
  days(): MeasureTests {
    return this.#measured('days')
  }

  /**
   * How many different values of a property; 0 without an event that has it.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('purchase').distinct('product').gte(3)) // distinct product of purchase >= 3
   * ```
   * @throws RULE_UNKNOWN_PROPERTY
   */
  distinct(property: PropertyName<PropertiesOf<S, Name>>): MeasureTests {
    return this.#propertyMeasured('distinct', property)
  }

  /**
   * The sum of a number over the events that have it; absent without such an event. Sums net of others: `sum([…])`.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('purchase').sum('amount').gte(500)) // sum amount of purchase >= 500
   * ```
   * @throws RULE_UNKNOWN_PROPERTY
   */
  sum(property: NumberName<PropertiesOf<S, Name>>): MeasureTests {
    return this.#propertyMeasured('sum', property)
  }

  /**
   * The average of a number over the events that have it, compared exactly; absent without such an event.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('purchase').avg('amount').gte(100)) // avg amount of purchase >= 100
   * ```
   * @throws RULE_UNKNOWN_PROPERTY
   */
  avg(property: NumberName<PropertiesOf<S, Name>>): MeasureTests {
    return this.#propertyMeasured('avg', property)
  }

  /**
   * The lowest value of a number over the events that have it; absent without such an event.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('purchase').min('amount').lt(10)) // min amount of purchase < 10
   * ```
   * @throws RULE_UNKNOWN_PROPERTY
   */
  min(property: NumberName<PropertiesOf<S, Name>>): MeasureTests {
    return this.#propertyMeasured('min', property)
  }

  /**
   * The highest value of a number over the events that have it; absent without such an event.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('purchase').max('amount').gt(1_000)) // max amount of purchase > 1000
   * ```
   * @throws RULE_UNKNOWN_PROPERTY
   */
  max(property: NumberName<PropertiesOf<S, Name>>): MeasureTests {
    return this.#propertyMeasured('max', property)
  }

  /**
   * How many local days the last event is past, 0 for today; absent without an event, so that `gte(30)` finds those who did
   * once, but not lately.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('purchase').recency().gte(30)) // days since last purchase >= 30
   * ```
   */
  recency(): MeasureTests {
    return this.#measured('recency')
  }

  /** The same question of other events, or in another window. */
  protected remade(events: readonly EventTerm[], window: Window): this {
    return new DidAny<S, Name>(this.terms, events, window) as this
  }

  #times(op: Exclude<NumberTest['op'], 'between'>, times: NumberOperand): Behaviour {
    const { events, window } = this.node
    return new Behaviour(make.behaviour('count', events, window, { op, value: numberOperand(times) }))
  }

  #measured(measure: Measure): MeasureTests {
    return new MeasureTests(measure, this.node.events, this.node.window)
  }

  #propertyMeasured(measure: Measure, property: string): MeasureTests {
    const events = this.node.events.map((term) => this.terms.measured(term, property))
    return new MeasureTests(measure, events, this.node.window)
  }
}

/**
 * People with at least one event of a kind: what `DidAny` is for several, and the beginning of a sequence.
 *
 * @example
 * ```ts
 * String(tag('精致妈妈').and(did('browse').last(15, 'days')).minus(did('purchase'))) // 精致妈妈 and did browse in last 15 days minus did purchase
 * ```
 */
export class Did<S extends SchemaSpec, Name extends string> extends DidAny<S, Name> {
  /**
   * People who then did something else: events in this order, each later than the one before, all in the window.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('browse').followedBy('purchase', { within: { hours: 2 } })) // did browse then did purchase within 2 hours
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_BAD_SEQUENCE for a duration that is none, OPTION_INVALID, and the codes of a filter
   */
  // Not `then`: an object with a method of that name is taken for a promise by `await`, and by every async function that
  // returns it. `followedBy` is what sequence analysis calls it.
  followedBy<Next extends EventName<S> & string, const Without extends readonly SomeEvents<S>[] = readonly []>(
    event: Next,
    options?: FollowOptions<S, Next, Without>,
  ): Sequence<S, Name | Next | EventsIn<Without>> {
    return this.#start().followedBy(event, options)
  }

  /**
   * People who then did not do something else for so long: it must not come after this event, up to so long after it. As
   * long as that time isn't over it is not known, and does not hold.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('browse').notFollowedBy('purchase', { within: { hours: 24 } })) // did browse then did not purchase within 24 hours
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_BAD_SEQUENCE for a duration that is none, OPTION_INVALID, and the codes of a filter
   */
  notFollowedBy<const Events extends EventName<S> | readonly SomeEvents<S>[]>(
    events: Events,
    options: WithoutOptions<S, EventsIn<Events>>,
  ): ClosedSequence<S, Name | EventsIn<Events>> {
    return this.#start().notFollowedBy(events, options)
  }

  protected override remade(events: readonly EventTerm[], window: Window): this {
    return new Did<S, Name>(this.terms, events, window) as this
  }

  #start(): Sequence<S, Name> {
    return startSequence(this.terms, this.node.events[0]!, this.node.window)
  }
}

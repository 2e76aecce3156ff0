import { checkKeys } from '../../base/check-keys.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import type { SchemaSpec } from '../../schema/column-spec.ts'
import { type EventTerm, eventTerms, type SequenceNode, type Window } from '../ast.ts'
import * as make from '../make-node.ts'
import { type DurationOption, durationOperand } from './duration.ts'
import type { EventFilter } from './event-filter.ts'
import type { EventTerms } from './event-terms.ts'
import type { EventName, EventsIn, PropertiesOf, PropertyName, SomeEvents } from './event-types.ts'
import { WindowedRule } from './windowed.ts'
import { joinWindows } from './windows.ts'

/** More about a step of a sequence. */
export interface FollowOptions<S extends SchemaSpec, Name, Without extends readonly SomeEvents<S>[]> {
  /** Which of the events make the step. @default all */
  readonly where?: EventFilter<PropertiesOf<S, Name>>
  /** The longest time since the step before, included. @default any */
  readonly within?: DurationOption
  /** Events none of which may come between the two steps. @default none */
  readonly without?: Without
}

/** For how long events must not come, and which of them. */
export interface WithoutOptions<S extends SchemaSpec, Name> {
  /** Which of the events must not come. @default all */
  readonly where?: EventFilter<PropertiesOf<S, Name>>
  /** How long after the last step, included. */
  readonly within: DurationOption
}

/** People with events that make all of the steps, in order (law 15); nothing can be added to the end of it. */
export class ClosedSequence<S extends SchemaSpec, Name extends string> extends WindowedRule {
  declare readonly node: SequenceNode
  protected readonly terms: EventTerms

  constructor(terms: EventTerms, node: SequenceNode) {
    super(node)
    this.terms = terms
  }

  /**
   * Only events with the same value of the property make a chain, those that must not come included. An absent property
   * never links.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * const again = did('purchase').followedBy('purchase', { within: { days: 30 } }).same('product')
   * String(again) // did purchase then did purchase within 30 days, same product
   * ```
   * @throws RULE_UNKNOWN_PROPERTY where one of the events doesn't have it, RULE_BAD_SEQUENCE for a second one
   */
  same(property: PropertyName<PropertiesOf<S, Name>>): this {
    if (this.node.same !== null) {
      throw new CrowdbitError('RULE_BAD_SEQUENCE', `the sequence is linked by a property already: one is enough`, {
        property: this.node.same,
      })
    }
    for (const term of eventTerms(this.node)) this.terms.checkProperty(term, property)
    return this.remade({ ...this.node, same: property })
  }

  /**
   * A step may also come at the very time of the one before it, and not only later.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(did('browse').followedBy('purchase').allowSameTime()) // did browse then did purchase, allowing same time
   * ```
   */
  allowSameTime(): this {
    return this.remade({ ...this.node, allowSameTime: true })
  }

  override in(window: Window): this {
    return this.remade({ ...this.node, window: joinWindows(this.node.window, window) })
  }

  /** The same sequence with something changed. */
  protected remade(node: SequenceNode): this {
    return new ClosedSequence<S, Name>(this.terms, make.sequence(node.steps, node)) as this
  }
}

/** A sequence to which steps can be added. */
export class Sequence<S extends SchemaSpec, Name extends string> extends ClosedSequence<S, Name> {
  /**
   * One more step: an event later than the one before.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * const bought = did('browse').followedBy('browse').followedBy('purchase', { within: { days: 1 } })
   * String(bought.last(30, 'days')) // did browse then did browse then did purchase within 1 day in last 30 days
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_UNKNOWN_PROPERTY for an event that hasn't the linking property, RULE_BAD_SEQUENCE for a
   * duration that is none, OPTION_INVALID, and the codes of a filter
   */
  followedBy<Next extends EventName<S> & string, const Without extends readonly SomeEvents<S>[] = readonly []>(
    event: Next,
    options: FollowOptions<S, Next, Without> = {},
  ): Sequence<S, Name | Next | EventsIn<Without>> {
    checkKeys(options, ['where', 'within', 'without'])
    const { where, within, without } = options
    const step = make.step(
      this.terms.of(event, where),
      within === undefined ? null : durationOperand(within),
      without === undefined ? [] : this.terms.list(without),
    )
    this.#checkLink([step.event, ...step.without])
    return new Sequence(this.terms, make.sequence([...this.node.steps, step], this.node))
  }

  /**
   * The end: events that must not come after the last step, up to so long after it. As long as that time isn't over it is
   * not known, and does not hold.
   * Cost: asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * const lost = did('browse').followedBy('browse').notFollowedBy('purchase', { within: { hours: 24 } })
   * String(lost) // did browse then did browse then did not purchase within 24 hours
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_UNKNOWN_PROPERTY for an event that hasn't the linking property, RULE_BAD_SEQUENCE for a
   * duration that is none, OPTION_INVALID, and the codes of a filter
   */
  notFollowedBy<const Events extends EventName<S> | readonly SomeEvents<S>[]>(
    events: Events,
    options: WithoutOptions<S, EventsIn<Events>>,
  ): ClosedSequence<S, Name | EventsIn<Events>> {
    checkKeys(options, ['where', 'within'])
    const { where, within } = options
    const named = Array.isArray(events) ? this.terms.list(events) : [this.terms.some(events)]
    const absent = where === undefined ? named : named.map((term) => this.terms.filtered(term, where))
    this.#checkLink(absent)
    const absence = { events: absent, within: durationOperand(within) }
    return new ClosedSequence(this.terms, make.sequence(this.node.steps, { ...this.node, absence }))
  }

  protected override remade(node: SequenceNode): this {
    return new Sequence<S, Name>(this.terms, make.sequence(node.steps, node)) as this
  }

  #checkLink(events: readonly EventTerm[]): void {
    const { same } = this.node
    if (same !== null) for (const term of events) this.terms.checkProperty(term, same as string)
  }
}

/** The sequence of one step, which is no rule until something follows or must not follow. */
export function startSequence<S extends SchemaSpec, Name extends string>(
  terms: EventTerms,
  event: EventTerm,
  window: Window,
): Sequence<S, Name> {
  return new Sequence(terms, make.sequence([make.step(event)], { window }))
}

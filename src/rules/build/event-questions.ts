import { CrowdbitError } from '../../base/crowdbit-error.ts'
import type { RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import type { PropertiesSpec, SchemaSpec } from '../../schema/column-spec.ts'
import type { Schema } from '../../schema/schema.ts'
import * as make from '../make-node.ts'
import type { Rule } from '../rule.ts'
import { Did, DidAny } from './did.ts'
import { EventTerms } from './event-terms.ts'
import type { Addend, EventName, EventsIn, PropertiesOf, SomeEvents } from './event-types.ts'
import {
  type NewlyOptions,
  newlyRule,
  type RegularOptions,
  type ResumedOptions,
  regularRule,
  resumedRule,
  type StoppedOptions,
  stoppedRule,
} from './lifecycle.ts'
import { MeasureTests } from './measure-tests.ts'
import { Occurrence } from './occurrence.ts'

/** Asks about the events of a schema. */
export interface EventQuestions<S extends SchemaSpec> {
  /**
   * People with at least one event of the kind: a rule, with methods that say which events, when, how many, how much, and
   * what came after.
   * Cost: made in no time; asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(did('purchase')) // did purchase
   * String(did('browse').where({ category: '奶粉' }).last(15, 'days', { includeToday: true })) // did browse(category = "奶粉") in last 15 days including today
   * String(did('purchase').not()) // did not purchase
   * ```
   * @throws RULE_UNKNOWN_EVENT
   */
  did<Name extends EventName<S> & string>(event: Name): Did<S, Name>
  /**
   * People with at least one event of any of the kinds, which are counted and measured together. `or` of two `did` is the
   * same only as long as nothing is counted.
   * Cost: made in the number of kinds; asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(didAny(['browse', 'purchase']).atLeast(5).last(7, 'days')) // did (browse, purchase) at least 5 times in last 7 days
   * String(didAny(['browse', { event: 'purchase', where: { kol: 'A' } }])) // did (browse, purchase(kol = "A"))
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_EMPTY for none, and the codes of a filter
   */
  didAny<const Events extends readonly SomeEvents<S>[]>(events: Events): DidAny<S, EventsIn<Events>>
  /**
   * The sum of a number over events of several kinds, or net of some; absent for people without any of the events. For one
   * kind there is `did(event).sum(property)`.
   * Cost: made in the number of terms; asked, the events of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * const net = sum([
   *   { event: 'purchase', property: 'amount' },
   *   { event: 'purchase', property: 'amount', where: { channel: 'returned' }, minus: true },
   * ])
   * String(net.last(90, 'days').gte(500)) // sum (amount of purchase, minus amount of purchase(channel = "returned")) in last 90 days >= 500
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_UNKNOWN_PROPERTY, RULE_EMPTY for none, OPTION_INVALID, and the codes of a filter
   */
  sum(terms: readonly Addend<S>[]): MeasureTests
  /**
   * People by their first event of a kind: `where` says which events count, `is` what the first of them must be, and a
   * window when it must have been.
   * Cost: made in no time; asked, all days are read once, then remembered.
   *
   * @example
   * ```ts
   * String(first('purchase').is({ kol: 'A' }).last(30, 'days')) // first purchase where (kol = "A") in last 30 days
   * ```
   * @throws RULE_UNKNOWN_EVENT
   */
  first<Name extends EventName<S> & string>(event: Name): Occurrence<S, Name>
  /**
   * People by their latest event of a kind, as `first` by the first one. (`last` makes windows.)
   * Cost: made in no time; asked, days are read from the newest on, then remembered.
   *
   * @example
   * ```ts
   * String(latest('purchase').to('2026-06-01')) // last purchase to "2026-06-01"
   * ```
   * @throws RULE_UNKNOWN_EVENT
   */
  latest<Name extends EventName<S> & string>(event: Name): Occurrence<S, Name>
  /**
   * People who did in the earlier window, and not in the later one.
   * Cost: asked, the events of both windows are read once, then remembered.
   *
   * @example
   * ```ts
   * const quiet = stopped('purchase', { earlier: last(90, 'days', { ago: 30 }), later: last(30, 'days') })
   * String(quiet) // stopped purchase in last 90 days ending 30 days ago but not in last 30 days
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_BAD_WINDOW for what is no window, OPTION_INVALID, and the codes of a filter
   */
  stopped<Name extends EventName<S> & string>(event: Name, options: StoppedOptions<PropertiesOf<S, Name>>): Rule
  /**
   * People who did in the earlier window, not in the gap, and again in the later window.
   * Cost: asked, the events of the three windows are read once, then remembered.
   *
   * @example
   * ```ts
   * const back = resumed('purchase', {
   *   earlier: last(90, 'days', { ago: 120 }),
   *   gap: last(90, 'days', { ago: 30 }),
   *   later: last(30, 'days'),
   * })
   * String(back) // resumed purchase in last 90 days ending 120 days ago but not in last 90 days ending 30 days ago again in last 30 days
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_BAD_WINDOW for what is no window, OPTION_INVALID, and the codes of a filter
   */
  resumed<Name extends EventName<S> & string>(event: Name, options: ResumedOptions<PropertiesOf<S, Name>>): Rule
  /**
   * People who did in the window, and never before it.
   * Cost: asked, all days up to the end of the window are read once, then remembered.
   *
   * @example
   * ```ts
   * String(newly('purchase', { window: last(30, 'days') })) // new purchase in last 30 days
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_BAD_WINDOW for what is no window, OPTION_INVALID, and the codes of a filter
   */
  newly<Name extends EventName<S> & string>(event: Name, options: NewlyOptions<PropertiesOf<S, Name>>): Rule
  /**
   * People with at least `times` events in each of at least `periods` of the last `of` whole units.
   * Cost: asked, the events of the units are read once, then remembered.
   *
   * @example
   * ```ts
   * String(regular('purchase', { times: 2, periods: 3, of: 4, unit: 'weeks' })) // regular purchase at least 2 times in at least 3 of last 4 weeks
   * ```
   * @throws RULE_UNKNOWN_EVENT, RULE_BAD_WINDOW for a unit that there isn't, OPTION_INVALID, and the codes of a filter
   */
  regular<Name extends EventName<S> & string>(event: Name, options: RegularOptions<PropertiesOf<S, Name>>): Rule
}

/** The questions for a schema that may change: `schema` gives the one in force. */
export function eventQuestions<S extends SchemaSpec>(schema: () => Schema, limits: RuleLimits): EventQuestions<S> {
  const terms = (): EventTerms => new EventTerms(schema(), limits)
  // The types of the filters are those of the schema; here, where any schema may come, they are any filters.
  type Options<Named> = Named & Readonly<Record<'where', never>>
  return {
    did: <Name extends EventName<S> & string>(event: Name) => {
      const maker = terms()
      return new Did<S, Name>(maker, [maker.of(event)])
    },
    didAny: <const Events extends readonly SomeEvents<S>[]>(events: Events) => {
      const maker = terms()
      return new DidAny<S, EventsIn<Events>>(maker, maker.list(events))
    },
    sum: (addends: readonly Addend<S>[]) => {
      if (!Array.isArray(addends)) {
        throw new CrowdbitError('RULE_WRONG_TYPE', `${show(addends)} stands where a list of terms is expected`, {
          found: addends,
        })
      }
      if (addends.length === 0) throw new CrowdbitError('RULE_EMPTY', 'sum() needs at least one term')
      const maker = terms()
      return new MeasureTests(
        'sum',
        Array.from(addends, (addend: unknown) => maker.addend(addend)),
        make.ever(),
      )
    },
    first: <Name extends EventName<S> & string>(event: Name) => {
      const maker = terms()
      return new Occurrence<S, Name>(maker, make.occurrence('first', maker.of(event)))
    },
    latest: <Name extends EventName<S> & string>(event: Name) => {
      const maker = terms()
      return new Occurrence<S, Name>(maker, make.occurrence('last', maker.of(event)))
    },
    stopped: (event, options) => stoppedRule(terms(), event, options as Options<StoppedOptions<PropertiesSpec>>),
    resumed: (event, options) => resumedRule(terms(), event, options as Options<ResumedOptions<PropertiesSpec>>),
    newly: (event, options) => newlyRule(terms(), event, options as Options<NewlyOptions<PropertiesSpec>>),
    regular: (event, options) => regularRule(terms(), event, options as Options<RegularOptions<PropertiesSpec>>),
  }
}

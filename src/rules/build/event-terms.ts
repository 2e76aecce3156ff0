import { checkKeys } from '../../base/check-keys.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { nearestName } from '../../base/did-you-mean.ts'
import type { RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import type { Schema } from '../../schema/schema.ts'
import type { EventTerm, RuleNode } from '../ast.ts'
import * as make from '../make-node.ts'
import { bothFilters, type FilteredEvent, filterNode, specOf } from './event-filter.ts'
import { refusedName } from './refused-name.ts'

/**
 * Makes the events of a question from what callers write, by the schema that was in force when they began to write it.
 * Names that the schema doesn't have are refused at once, as `tag` refuses them.
 */
export class EventTerms {
  readonly #schema: Schema
  readonly #limits: RuleLimits

  constructor(schema: Schema, limits: RuleLimits) {
    this.#schema = schema
    this.#limits = limits
  }

  /** All events of a kind, or those that fit a filter. @throws RULE_UNKNOWN_EVENT, and the codes of a filter */
  of(name: string, where?: unknown): EventTerm {
    const event = this.#event(name)
    return make.eventTerm(event.name, where === undefined ? null : filterNode(where, event, this.#limits))
  }

  /** A name, or `{ event, where }`. @throws RULE_UNKNOWN_EVENT, OPTION_INVALID, and the codes of a filter */
  some(events: unknown): EventTerm {
    if (typeof events === 'string') return this.of(events)
    checkKeys(events as object, ['event', 'where'])
    const { event, where } = events as { readonly event: string; readonly where?: unknown }
    return this.of(event, where)
  }

  /** A list of them, at least one. @throws RULE_EMPTY, RULE_WRONG_TYPE, and what `some` throws */
  list(events: unknown): readonly EventTerm[] {
    if (!Array.isArray(events)) {
      throw new CrowdbitError('RULE_WRONG_TYPE', `${show(events)} stands where a list of events is expected`, {
        found: events,
      })
    }
    if (events.length === 0) throw new CrowdbitError('RULE_EMPTY', 'the list of events needs at least one')
    return Array.from(events, (one) => this.some(one))
  }

  /** A term of a sum: `{ event, property, where, minus }`. @throws as `some`, and RULE_UNKNOWN_PROPERTY */
  addend(given: unknown): EventTerm {
    checkKeys(given as object, ['event', 'property', 'where', 'minus'])
    const { event, property, where, minus } = given as Readonly<Record<'event' | 'property', string>> & {
      readonly where?: unknown
      readonly minus?: unknown
    }
    if (minus !== undefined && typeof minus !== 'boolean') {
      throw new CrowdbitError('OPTION_INVALID', `minus is ${show(minus)}, where true or false is expected`)
    }
    const measured = this.measured(this.of(event, where), property)
    return minus === true ? make.eventTerm(event, measured.where, measured.property, -1) : measured
  }

  /** The same events, of which a property is measured. @throws RULE_UNKNOWN_PROPERTY */
  measured(term: EventTerm, property: string): EventTerm {
    this.checkProperty(term, property)
    return make.eventTerm(term.event, term.where, property, term.sign)
  }

  /** The events among these that fit the filter too. @throws the codes of a filter */
  filtered(term: EventTerm, filter: unknown): EventTerm {
    return make.eventTerm(term.event, bothFilters(term.where, this.filter(term, filter)), term.property, term.sign)
  }

  /** The tree of a filter of these events. @throws the codes of a filter */
  filter(term: EventTerm, filter: unknown): RuleNode {
    return filterNode(filter, this.#eventOf(term), this.#limits)
  }

  /** @throws RULE_UNKNOWN_PROPERTY */
  checkProperty(term: EventTerm, property: string): void {
    specOf(property, this.#eventOf(term))
  }

  #eventOf(term: EventTerm): FilteredEvent {
    return this.#event(term.event as string)
  }

  #event(name: string): FilteredEvent {
    const spec = typeof name === 'string' ? this.#schema.get(name) : undefined
    if (spec?.kind === 'event') return { name: name.normalize('NFC'), properties: spec.properties }
    if (spec !== undefined) {
      throw refusedName(
        'RULE_UNKNOWN_EVENT',
        `${name} is a ${spec.kind}, not an event: tag(${show(name)}) asks about it.`,
      )
    }
    const known = [...this.#schema.entries()].flatMap(([other, { kind }]) => (kind === 'event' ? [other] : []))
    throw refusedName(
      'RULE_UNKNOWN_EVENT',
      `no event ${show(name)} in this engine.`,
      typeof name === 'string' ? nearestName(name, known) : undefined,
    )
  }
}

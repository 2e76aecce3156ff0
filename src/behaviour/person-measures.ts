import type { TimeZone } from '../base/time-zone.ts'
import { type PlainWindow, resolvePeriods, resolveWindow, type WindowBounds } from '../base/window.ts'
import type { BehaviourNode, EventNode, EventTerm, OccurrenceNode, SequenceNode, Window } from '../rules/ast.ts'
import type { AllDayFacts } from './all-day-facts.ts'
import { amountOf } from './amount-of.ts'
import type { Ask } from './ask.ts'
import { chainOfPerson } from './chain-of-person.ts'
import { plain } from './compile-filter.ts'
import type { Terms } from './event-term.ts'
import type { Measured, MeasuredEvent, WindowRole } from './measured.ts'
import { propertiesOfEvent } from './properties-of-event.ts'
import { resolveAsk } from './resolved.ts'
import { countRows, RowsOfPerson } from './rows-of-person.ts'

/**
 * Measures the events of one person, for an explanation. Events, filters, windows and chains are found by what answers the
 * question too; only what is made of the events found, a number or a moment, is made here.
 */
export class PersonMeasures {
  readonly #terms: Terms
  readonly #facts: AllDayFacts
  readonly #zone: TimeZone
  readonly #rows: RowsOfPerson

  constructor(terms: Terms, facts: AllDayFacts, zone: TimeZone) {
    this.#terms = terms
    this.#facts = facts
    this.#zone = zone
    this.#rows = new RowsOfPerson(facts)
  }

  /** What a question comes to, sequences excepted. */
  of(node: Exclude<EventNode, SequenceNode>, person: number, asOf: number): Measured {
    const bounds = (window: Window): WindowBounds => resolveWindow(window as PlainWindow, asOf, this.#zone)
    const counts = (windows: readonly (readonly [WindowRole, WindowBounds])[]): Measured => ({
      kind: 'counts',
      windows: windows.map(([role, when]) => ({
        role,
        bounds: when,
        count: this.#count((node as { readonly event: EventTerm }).event, person, when),
      })),
    })
    switch (node.kind) {
      case 'behaviour':
        return this.#amount(node, person, asOf, bounds(node.window))
      case 'first':
      case 'last':
        return this.#occurrence(node, person, asOf)
      case 'stopped':
        return counts([
          ['earlier', bounds(node.earlier)],
          ['later', bounds(node.later)],
        ])
      case 'resumed':
        return counts([
          ['earlier', bounds(node.earlier)],
          ['gap', bounds(node.gap)],
          ['later', bounds(node.later)],
        ])
      case 'new': {
        const within = bounds(node.window)
        // There is no time before all time.
        if (within.from === Number.NEGATIVE_INFINITY) return counts([['within', within]])
        return counts([
          ['before', { from: Number.NEGATIVE_INFINITY, to: within.from }],
          ['within', within],
        ])
      }
      case 'regular': {
        const periods = resolvePeriods(node.unit, plain(node.of), node.weekStart, asOf, this.#zone)
        return counts(periods.map((period) => ['period', period] as const))
      }
    }
  }

  /** The chain by which a person matches a sequence. */
  chain(ask: Ask, person: number, asOf: number): Measured {
    const resolved = resolveAsk(ask, asOf, this.#facts)
    const at = resolved.kind === 'leaf' ? chainOfPerson(resolved, person, this.#rows) : null
    return at === null ? null : { kind: 'chain', at }
  }

  #amount({ measure, events }: BehaviourNode, person: number, asOf: number, bounds: WindowBounds): Measured {
    const terms = events.map((event) => {
      const term = this.#terms.of(event)
      const { property, sign } = event
      return {
        events: term.events,
        property: property === null ? null : plain(property),
        sign,
        days: this.#rows.of(term, person, bounds),
      }
    })
    return amountOf(measure, terms, this.#zone.dayOf(asOf))
  }

  #count(event: EventTerm, person: number, bounds: WindowBounds): number {
    return countRows(this.#rows.of(this.#terms.of(event), person, bounds))
  }

  /** The first (last) event of all that are seen, wherever the window is; of several at that instant, one that passes. */
  #occurrence({ kind, event, test }: OccurrenceNode, person: number, asOf: number): MeasuredEvent | null {
    const term = this.#terms.of(event)
    const days = this.#rows.of(term, person, { from: Number.NEGATIVE_INFINITY, to: asOf + 1 })
    if (days.length === 0) return null
    const isFirst = kind === 'first'
    const { day, rows } = isFirst ? days[0]! : days[days.length - 1]!
    const time = day.times[isFirst ? rows[0]! : rows[rows.length - 1]!]!
    const then = Array.from(rows).filter((row) => day.times[row] === time)
    if (!isFirst) then.reverse()
    const passes = test === null ? null : this.#terms.of({ ...event, where: test }).test
    const mask = new Uint8Array(1)
    const passing = then.find((row) => {
      passes?.mask(day, row, row + 1, mask)
      return mask[0] === 1
    })
    const properties = propertiesOfEvent(term.events, day, passing ?? then[0]!)
    return { kind: 'event', at: day.start + time, properties }
  }
}

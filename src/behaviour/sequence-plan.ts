import type { Duration, SequenceNode } from '../rules/ast.ts'
import { CommonValues } from './common-values.ts'
import { plain } from './compile-filter.ts'
import type { EventsOfKind } from './event-source.ts'
import type { Term, Terms } from './event-term.ts'

/** A sequence made ready: each different term once, by its place in a list. */
export interface SequencePlan {
  /** The different terms. A bit for each says of an event what it can be: term `i` is bit `i % 32` of word `i / 32`. */
  readonly terms: readonly Term[]
  /** The kinds of events, each with its terms. */
  readonly kinds: readonly KindOfSequence[]
  readonly steps: readonly StepPlan[]
  readonly absence: { readonly terms: readonly number[]; readonly within: number } | null
  /** Values that all events of a chain have in common, one part for each of `kinds`; `null` where nothing links them. */
  readonly links: CommonValues | null
  readonly allowSameTime: boolean
}

export interface KindOfSequence {
  readonly events: EventsOfKind
  /** Places in `terms`. */
  readonly terms: readonly number[]
  /** Whether some of them must be absent after the last step, so that events after the window matter. */
  readonly inAbsence: boolean
}

export interface StepPlan {
  readonly term: number
  /** Milliseconds, included; Infinity for any. */
  readonly within: number
  readonly without: readonly number[]
}

export function planSequence(node: SequenceNode, terms: Terms): SequencePlan {
  const list: Term[] = []
  const placeOf = (term: Term): number => {
    const known = list.indexOf(term)
    return known === -1 ? list.push(term) - 1 : known
  }
  const steps = node.steps.map(({ event, within, without }, i) => ({
    term: placeOf(terms.of(event)),
    within: i === 0 || within === null ? Number.POSITIVE_INFINITY : millisOf(within),
    without: i === 0 ? [] : without.map((other) => placeOf(terms.of(other))),
  }))
  const absence =
    node.absence === null
      ? null
      : {
          terms: node.absence.events.map((other) => placeOf(terms.of(other))),
          within: millisOf(node.absence.within),
        }
  const kinds = [...new Set(list.map((term) => term.events))].map((events) => {
    const places = [...list.keys()].filter((place) => list[place]!.events === events)
    return { events, terms: places, inAbsence: places.some((place) => absence?.terms.includes(place)) }
  })
  const same = node.same === null ? null : plain(node.same)
  const links = same === null ? null : new CommonValues(kinds.map(({ events }) => ({ events, property: same })))
  return { terms: list, kinds, steps, absence, links, allowSameTime: node.allowSameTime }
}

const millisOfUnit: Readonly<Record<Duration['unit'], number>> = {
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
}

function millisOf({ count, unit }: Duration): number {
  return plain(count) * millisOfUnit[unit]
}

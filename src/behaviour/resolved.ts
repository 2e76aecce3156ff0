import type { WindowBounds } from '../base/window.ts'
import type { Piece } from './accumulator.ts'
import type { AllDayFacts } from './all-day-facts.ts'
import type { Ask, LeafAsk } from './ask.ts'
import { type DaySlice, sliceOf } from './day-slice.ts'

/** A question at an instant: with the days that it is about. */
export type Resolved = ResolvedNobody | ResolvedDifference | ResolvedLeaf

export interface ResolvedNobody {
  readonly kind: 'nobody'
}

export interface ResolvedDifference {
  readonly kind: 'difference'
  /** Equal keys have equal answers while the days don't change. */
  readonly key: string
  readonly of: Resolved
  readonly without: Resolved
}

export interface ResolvedLeaf {
  readonly kind: 'leaf'
  readonly key: string
  readonly ask: LeafAsk
  readonly asOf: number
  readonly bounds: WindowBounds
  /** One for each source. */
  readonly slices: readonly DaySlice[]
}

const nobody: ResolvedNobody = Object.freeze({ kind: 'nobody' })

/** A question as of an instant. */
export function resolveAsk(ask: Ask, asOf: number, facts: AllDayFacts): Resolved {
  switch (ask.kind) {
    case 'nobody':
      return nobody
    case 'difference': {
      const of = resolveAsk(ask.of, asOf, facts)
      const without = of.kind === 'nobody' ? of : resolveAsk(ask.without, asOf, facts)
      if (of.kind === 'nobody' || without.kind === 'nobody') return of
      return { kind: 'difference', key: `(${of.key}) - (${without.key})`, of, without }
    }
    default:
      return resolveLeaf(ask, asOf, facts)
  }
}

function resolveLeaf(ask: LeafAsk, asOf: number, facts: AllDayFacts): ResolvedLeaf | ResolvedNobody {
  const bounds = ask.bounds(asOf)
  if (bounds.from >= bounds.to) return nobody
  const slices = ask.sources.map(({ events, after }) =>
    sliceOf(events, after === 0 ? bounds : { from: bounds.from, to: Math.min(asOf + 1, bounds.to + after) }, facts),
  )
  if (slices.every(isEmpty)) return nobody
  const days = slices.map(({ key }) => key).join(', ')
  const more = ask.kind === 'sequence' ? sequenceKey(ask, bounds, asOf, facts) : ''
  return { kind: 'leaf', key: `${ask.id} @ ${days}${more}`, ask, asOf, bounds, slices }
}

function isEmpty({ first, end }: DaySlice): boolean {
  return first === end
}

/**
 * What an absence depends on beside the days: which of the events are in the window, and up to which instant a chain must
 * have ended for its absence to be known; nothing where that is after all of them.
 */
function sequenceKey(ask: LeafAsk, bounds: WindowBounds, asOf: number, facts: AllDayFacts): string {
  const { absence, kinds, steps, terms } = ask.plan!
  if (absence === null) return ''
  const inWindow = kinds.map(({ events }) => sliceOf(events, bounds, facts))
  const lastStep = terms[steps[steps.length - 1]!.term]!
  const ends = inWindow[kinds.findIndex(({ events }) => events === lastStep.events)]!
  const latest = isEmpty(ends) ? Number.NEGATIVE_INFINITY : Math.min(bounds.to, ends.days[ends.end - 1]!.end) - 1
  const known = asOf - absence.within
  return ` in ${inWindow.map(({ key }) => key).join(', ')} ${known >= latest ? '' : `until ${known}`}`
}

/** The rows of a question, ascending by day. */
export function piecesOf({ slices }: Pick<ResolvedLeaf, 'slices'>): Piece[] {
  const pieces: Piece[] = []
  slices.forEach(({ days, first, end, from, to }, term) => {
    for (let place = first; place < end; place++) {
      pieces.push({
        term,
        day: days[place]!,
        from: place === first ? from : 0,
        to: place === end - 1 ? to : Number.POSITIVE_INFINITY,
      })
    }
  })
  return slices.length === 1 ? pieces : pieces.sort((a, b) => a.day.day - b.day.day)
}

import type { ExternalId } from '../index.ts'
import type { EventTerm, SequenceNode } from '../rules/index.ts'
import { fitsTerm, keyOf, seenEvents } from './reference-events.ts'
import { boundsOf, given, isSeenIn, millisOf } from './reference-time.ts'
import type { ReferenceEvent, ReferenceView } from './reference-view.ts'

/**
 * Law 15: whether any chain of a person's events makes all of the steps. Every chain is tried, step by step.
 * Cost: events to the power of steps, at worst.
 */
export function sequenceHolds(node: SequenceNode, id: ExternalId, view: ReferenceView): boolean {
  const seen = seenEvents(id, view)
  const bounds = boundsOf(node.window, view.asOf, view.timeZone)
  const inWindow = seen.filter(({ at }) => isSeenIn(at, bounds, view.asOf))

  /** Whether the chain so far can be made whole. */
  const canGoOn = (chain: readonly ReferenceEvent[]): boolean =>
    chain.length === node.steps.length
      ? isFollowedByAbsence(chain)
      : inWindow.some((event) => isNextStep(event, chain) && canGoOn([...chain, event]))

  const isNextStep = (event: ReferenceEvent, chain: readonly ReferenceEvent[]): boolean => {
    const { event: term, within, without } = node.steps[chain.length]!
    // One event cannot be two steps.
    if (!fitsTerm(event, term, view) || chain.includes(event) || !isLinked(event, chain[0] ?? event)) return false
    const before = chain.at(-1)
    if (before === undefined) return true
    // Strictly later in time, unless the same time is allowed.
    if (node.allowSameTime ? event.at < before.at : event.at <= before.at) return false
    // The longest gap is included.
    if (within !== null && event.at - before.at > millisOf(within)) return false
    // What must not occur strictly between the two steps.
    return !occurs(without, (at) => before.at < at && at < event.at, chain[0]!)
  }

  /** What must not occur after the last step, up to so long after it, included; known once `asOf` has reached that time. */
  const isFollowedByAbsence = (chain: readonly ReferenceEvent[]): boolean => {
    if (node.absence === null) return true
    const { at: begin } = chain.at(-1)!
    const end = begin + millisOf(node.absence.within)
    return view.asOf >= end && !occurs(node.absence.events, (at) => begin < at && at <= end, chain[0]!)
  }

  /** Whether an event of these, linked to the chain, is at such a time. */
  const occurs = (terms: readonly EventTerm[], isThen: (at: number) => boolean, first: ReferenceEvent): boolean =>
    seen.some(
      (event) => isThen(event.at) && terms.some((term) => fitsTerm(event, term, view)) && isLinked(event, first),
    )

  /** Whether two events have the same value of the linking property, if there is one; an absent property never links. */
  const isLinked = (event: ReferenceEvent, other: ReferenceEvent): boolean => {
    if (node.same === null) return true
    const [value, linked] = [event, other].map(({ properties }) => properties.get(given(node.same!)))
    return value !== undefined && linked !== undefined && keyOf(value) === keyOf(linked)
  }

  return canGoOn([])
}

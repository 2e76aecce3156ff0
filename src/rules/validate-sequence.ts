import { eventLimits } from '../base/limits.ts'
import { type EventTerm, eventTerms, isParameter, type SequenceNode, type Slot } from './ast.ts'
import type { FaultCollector } from './fault-collector.ts'
import { partPath, stepPath } from './rule-path.ts'
import { listed, type NamedEvent, propertyOf } from './validate-filter.ts'
import { checkDuration, checkWindow } from './validate-window.ts'

/**
 * Checks a sequence.
 *
 * @param named checks the term that stands at `index` among `eventTerms(node)`, and gives its event
 */
export function checkSequence(
  collector: FaultCollector,
  node: SequenceNode,
  path: string,
  named: (term: EventTerm, index: number) => NamedEvent | null,
): void {
  checkLength(collector, node, partPath(path, node, 'steps'))
  const terms = eventTerms(node)
  const events: (NamedEvent | null)[] = []
  const checkNext = (count: number): void => {
    for (let i = 0; i < count; i++) events.push(named(terms[events.length]!, events.length))
  }
  node.steps.forEach((step, index) => {
    const place = stepPath(path, index)
    if (index === 0 && step.within !== null) {
      const message = 'the first step has none before it to keep a distance from; a window says when it may be'
      collector.fault('RULE_BAD_SEQUENCE', message, `${place}.within`)
    }
    if (index === 0 && step.without.length > 0) {
      const message = 'the first step has none before it that something could come between'
      collector.fault('RULE_BAD_SEQUENCE', message, `${place}.without`)
    }
    checkNext(step.without.length + 1)
    if (step.within !== null && index > 0) checkDuration(collector, step.within, `${place}.within`)
  })
  if (node.absence !== null) {
    const place = partPath(path, node, 'absence')
    if (node.absence.events.length === 0) {
      collector.fault('RULE_EMPTY', 'an absence needs at least one event', `${place}.events`)
    }
    checkNext(node.absence.events.length)
    checkDuration(collector, node.absence.within, `${place}.within`)
  }
  if (node.same !== null) checkSame(collector, node.same, partPath(path, node, 'same'), events)
  checkWindow(collector, node.window, partPath(path, node, 'window'))
}

function checkLength(collector: FaultCollector, { steps, absence }: SequenceNode, path: string): void {
  const least = absence === null ? 2 : 1
  if (steps.length >= least && steps.length <= eventLimits.steps) return
  const has = `the sequence has ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`
  const alone = steps.length === 1 ? '. One event alone is asked by did' : ''
  collector.fault('RULE_BAD_SEQUENCE', `${has}, where ${least} to ${eventLimits.steps} are expected${alone}`, path)
}

/** Checks that the property which links the events is a category of each of them. */
function checkSame(
  collector: FaultCollector,
  same: Slot<string>,
  path: string,
  events: readonly (NamedEvent | null)[],
): void {
  if (isParameter(same)) {
    collector.isFilled(same, path)
    return
  }
  const distinct = new Map(events.flatMap((event) => (event === null ? [] : [[event.name, event]])))
  const shared = sharedCategories([...distinct.values()])
  const advice = shared.length === 0 ? '' : ` All events of the sequence have: ${listed(shared)}.`
  for (const event of distinct.values()) {
    const kind = propertyOf(event.spec, same)?.kind
    if (kind === 'category') continue
    if (kind === undefined) {
      const message = `event ${event.name} has no property ${same}, by which the events of the sequence are linked.${advice}`
      collector.fault('RULE_UNKNOWN_PROPERTY', message, path, shared[0])
    } else {
      const message = `${same} of event ${event.name} is a ${kind}, where a category links the events of a sequence.${advice}`
      collector.fault('RULE_WRONG_OPERATOR', message, path, shared[0])
    }
  }
}

/** The categories that all of the events have. */
function sharedCategories(events: readonly NamedEvent[]): readonly string[] {
  const [first] = events
  if (first === undefined) return []
  return Object.keys(first.spec.properties).filter((name) =>
    events.every(({ spec }) => propertyOf(spec, name)?.kind === 'category'),
  )
}

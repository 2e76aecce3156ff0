import { nearestName } from '../base/did-you-mean.ts'
import { eventLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import type { Schema } from '../schema/schema.ts'
import { type EventNode, type EventTerm, isParameter, type RegularNode, type Slot } from './ast.ts'
import type { FaultCollector } from './fault-collector.ts'
import { partPath, type TermPath, termPaths } from './rule-path.ts'
import { weekdays, windowUnits } from './units.ts'
import { checkBehaviour } from './validate-behaviour.ts'
import { checkFilter, type NamedEvent } from './validate-filter.ts'
import { checkSequence } from './validate-sequence.ts'
import { checkWindow, notOneOf } from './validate-window.ts'

/** Checks a rule about events: the events, their filters, the windows, and what is asked of them. */
export function checkEventNode(collector: FaultCollector, node: EventNode, path: string): void {
  const paths = termPaths(node, path)
  const place = (part: Parameters<typeof partPath>[2]): string => partPath(path, node, part)
  switch (node.kind) {
    case 'behaviour':
      checkBehaviour(
        collector,
        node,
        path,
        node.events.map((term, index) => checkTerm(collector, term, paths[index]!)),
      )
      break
    case 'sequence': {
      const named = (term: EventTerm, index: number): NamedEvent | null => {
        checkNoMeasure(collector, term, paths[index]!)
        return checkTerm(collector, term, paths[index]!)
      }
      checkSequence(collector, node, path, named)
      break
    }
    default: {
      const event = checkTerm(collector, node.event, paths[0]!)
      checkNoMeasure(collector, node.event, paths[0]!)
      switch (node.kind) {
        case 'first':
        case 'last':
          if (node.test !== null) checkFilter(collector, node.test, place('test'), event)
          checkWindow(collector, node.window, place('window'))
          break
        case 'stopped':
          checkWindow(collector, node.earlier, place('earlier'))
          checkWindow(collector, node.later, place('later'))
          break
        case 'resumed':
          checkWindow(collector, node.earlier, place('earlier'))
          checkWindow(collector, node.gap, place('gap'))
          checkWindow(collector, node.later, place('later'))
          break
        case 'new':
          checkWindow(collector, node.window, place('window'))
          break
        case 'regular':
          checkRegular(collector, node, path)
          break
      }
    }
  }
}

/** Looks the event of a term up and checks its filter; `null` where the event is a parameter, or a fault. */
function checkTerm(collector: FaultCollector, term: EventTerm, paths: TermPath): NamedEvent | null {
  const event = checkEvent(collector, term.event, paths.event)
  if (term.where !== null) checkFilter(collector, term.where, paths.where, event)
  return event
}

function checkEvent(collector: FaultCollector, event: Slot<string>, path: string): NamedEvent | null {
  if (isParameter(event)) {
    collector.isFilled(event, path)
    return null
  }
  const { schema } = collector.context
  const spec = schema.get(event)
  if (spec?.kind === 'event') return { name: event, spec }
  if (spec === undefined) {
    const message = `no event ${event} in this engine`
    collector.unknown('RULE_UNKNOWN_EVENT', message, path, () => nearestName(event, eventNames(schema)))
  } else {
    const test = spec.kind === 'flag' ? event : `${event} is set`
    const message = `${event} is a tag, not an event: ask it as a tag is asked, ${test}`
    collector.fault('RULE_UNKNOWN_EVENT', message, path, test)
  }
  return null
}

function eventNames(schema: Schema): readonly string[] {
  return [...schema.entries()].filter(([, spec]) => spec.kind === 'event').map(([name]) => name)
}

/** Refuses what only a measure takes, and would be dropped elsewhere. */
function checkNoMeasure(collector: FaultCollector, term: EventTerm, paths: TermPath): void {
  if (term.property !== null) {
    collector.fault('RULE_WRONG_TYPE', 'only the events of a measure, such as sum, have a property', paths.property)
  }
  if (term.sign !== 1) {
    collector.fault('RULE_WRONG_TYPE', 'only the events of a sum are taken away', paths.minus)
  }
}

function checkRegular(collector: FaultCollector, node: RegularNode, path: string): void {
  const { times, periods, of, unit, weekStart } = node
  const most = eventLimits.periods
  const place = (part: 'times' | 'periods' | 'of' | 'unit' | 'weekStart'): string => partPath(path, node, part)
  collector.whole(times, place('times'), 1, Number.MAX_SAFE_INTEGER, 'RULE_BAD_COUNT', 'the number of events')
  collector.whole(periods, place('periods'), 1, most, 'RULE_BAD_COUNT', 'the number of units with so many events')
  collector.whole(of, place('of'), 1, most, 'RULE_BAD_WINDOW', 'the number of units that are looked at')
  if (
    typeof periods === 'number' &&
    typeof of === 'number' &&
    of >= 1 &&
    of <= most &&
    periods > of &&
    periods <= most
  ) {
    const message = `${show(periods)} of the last ${show(of)} ${unit} are more than there are`
    collector.fault('RULE_BAD_COUNT', message, place('periods'))
  }
  if (!windowUnits.includes(unit)) {
    collector.fault('RULE_BAD_WINDOW', notOneOf(unit, windowUnits), place('unit'))
  }
  if (!weekdays.includes(weekStart)) {
    collector.fault('RULE_BAD_WINDOW', notOneOf(weekStart, weekdays), place('weekStart'))
  }
}

import type { PropertySpec } from '../schema/column-spec.ts'
import type { BehaviourNode, EventTerm, Measure } from './ast.ts'
import type { FaultCollector } from './fault-collector.ts'
import { partPath, type TermPath, termPaths } from './rule-path.ts'
import { measures } from './units.ts'
import { type Comparand, checkConstant, checkInterval } from './validate-constant.ts'
import { checkProperty, listed, type NamedEvent } from './validate-filter.ts'
import { checkWindow, notOneOf } from './validate-window.ts'

/** Digits after the point that the constant of an average may have beyond those of its property. */
const averageDigits = 6

/** What the measures are called that are compared as they are, whole numbers all. */
const wholeMeasures: Readonly<Partial<Record<Measure, string>>> = {
  count: 'the number of events',
  days: 'the number of days',
  distinct: 'the number of values',
  recency: 'the number of days since the last event',
}

/**
 * Checks the measure of a behaviour, its window and its test.
 *
 * @param events the event of each term, looked up; `null` where it is not known
 */
export function checkBehaviour(
  collector: FaultCollector,
  node: BehaviourNode,
  path: string,
  events: readonly (NamedEvent | null)[],
): void {
  if (node.events.length === 0) {
    collector.fault('RULE_EMPTY', 'did needs at least one event', `${path}.did`)
  }
  const { measure } = node
  if (!measures.includes(measure)) {
    collector.fault('RULE_WRONG_TYPE', notOneOf(measure, measures), partPath(path, node, 'measure'))
  }
  const paths = termPaths(node, path)
  const specs = node.events.map((term, index) =>
    checkMeasured(collector, measure, term, paths[index]!, events[index] ?? null),
  )
  checkWindow(collector, node.window, partPath(path, node, 'window'))
  checkNumberTest(collector, node, path, measureComparand(node, specs))
}

/** Checks the property and the sign of a term, and gives the spec of the property where it is known. */
function checkMeasured(
  collector: FaultCollector,
  measure: Measure,
  term: EventTerm,
  paths: TermPath,
  event: NamedEvent | null,
): PropertySpec | undefined {
  if (term.sign !== 1 && measure !== 'sum') {
    collector.fault('RULE_WRONG_TYPE', `only the events of a sum are taken away, not those of ${measure}`, paths.minus)
  }
  const needsNumber = measure === 'sum' || measure === 'avg' || measure === 'min' || measure === 'max'
  if (term.property === null) {
    if (needsNumber || measure === 'distinct') reportMissing(collector, measure, paths, event, needsNumber)
    return undefined
  }
  if (!needsNumber && measure !== 'distinct') {
    collector.fault('RULE_WRONG_TYPE', `${measure} is of whole events: it takes no property`, paths.property)
    return undefined
  }
  const spec = checkProperty(collector, term.property, paths.property, event)
  if (spec === undefined || !needsNumber || spec.kind === 'number') return spec
  const numbers = numbersOf(event)
  const takes = numbers.length === 0 ? 'a number, which this event has none of' : `a number: ${listed(numbers)}`
  const message = `${String(term.property)} is a ${spec.kind}, which ${measure} does not fit. It takes ${takes}.`
  const [only] = numbers
  collector.fault('RULE_WRONG_OPERATOR', message, paths.property, numbers.length === 1 ? only : undefined)
  return undefined
}

function reportMissing(
  collector: FaultCollector,
  measure: Measure,
  paths: TermPath,
  event: NamedEvent | null,
  needsNumber: boolean,
): void {
  const names = needsNumber ? numbersOf(event) : Object.keys(event?.spec.properties ?? {})
  const choice = names.length === 0 ? '' : `: ${listed(names)}`
  const message = `${measure} needs a property that is measured${needsNumber ? ', a number' : ''}${choice}`
  const [only] = names
  collector.fault('RULE_WRONG_TYPE', message, paths.property, names.length === 1 ? only : undefined)
}

function numbersOf(event: NamedEvent | null): readonly string[] {
  if (event === null) return []
  return Object.entries(event.spec.properties)
    .filter(([, spec]) => spec.kind === 'number')
    .map(([name]) => name)
}

/** What the constants of a behaviour are compared with: the scale is not known while a property is not. */
function measureComparand(node: BehaviourNode, specs: readonly (PropertySpec | undefined)[]): Comparand {
  const whole = wholeMeasures[node.measure]
  if (whole !== undefined) return { kind: 'number', name: whole, scale: 0 }
  const properties = new Set(node.events.flatMap(({ property }) => (typeof property === 'string' ? [property] : [])))
  const name = `the ${node.measure} of ${listed([...properties])}`
  let scale = 0
  for (const spec of specs) {
    if (spec?.kind !== 'number') return { kind: 'number', name, scale: null }
    scale = Math.max(scale, spec.scale)
  }
  return { kind: 'number', name, scale: node.measure === 'avg' ? scale + averageDigits : scale }
}

function checkNumberTest(collector: FaultCollector, node: BehaviourNode, path: string, comparand: Comparand): void {
  const { test } = node
  if (test.op !== 'between') {
    checkConstant(collector, test.value, partPath(path, node, 'value'), comparand)
    return
  }
  const [from, to] = [partPath(path, node, 'from'), partPath(path, node, 'to')]
  checkInterval(collector, test.from, test.to, { from, to, both: `${path}.between` }, comparand)
}

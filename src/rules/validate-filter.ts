import { nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import type { EventSpec, PropertySpec } from '../schema/column-spec.ts'
import { childRules, isParameter, type RuleNode, type Slot } from './ast.ts'
import type { FaultCollector } from './fault-collector.ts'
import { childPath, operatorPlace, partPath } from './rule-path.ts'
import { checkTest, type TagTestNode } from './validate-tag-test.ts'

/** An event that a rule names, as far as it is known. */
export interface NamedEvent {
  readonly name: string
  readonly spec: EventSpec
}

/** Checks a rule about one event. `null`: the event is a parameter, or a fault already. */
export function checkFilter(collector: FaultCollector, node: RuleNode, path: string, event: NamedEvent | null): void {
  switch (node.kind) {
    case 'has':
    case 'isSet':
    case 'isNotSet':
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
    case 'between':
    case 'in':
    case 'notIn':
    case 'startsWith':
    case 'contains':
    case 'matches':
      checkPropertyTest(collector, node, path, event)
      break
    case 'hasAny':
    case 'hasAll':
    case 'hasNone':
    case 'within':
      collector.fault('RULE_BAD_FILTER', `${misfits[node.kind]}.`, operatorPlace(path))
      break
    case 'not':
    case 'and':
    case 'or':
    case 'xor':
    case 'minus':
    case 'atLeast':
      if (node.kind === 'atLeast') checkAtLeast(collector, node.k, partPath(path, node, 'k'))
      childRules(node).forEach((child, index) => {
        checkFilter(collector, child, childPath(node, path, index), event)
      })
      break
    default: {
      const found = foreign[node.kind] ?? 'a rule about events'
      const message = `the filter of an event holds ${found}, where tests of its properties are expected`
      collector.fault('RULE_BAD_FILTER', message, path)
    }
  }
}

const misfits = {
  hasAny: 'a property has one value, which has any does not fit: use in',
  hasAll: 'a property has one value, which has all does not fit: use =',
  hasNone: 'a property has one value, which has none does not fit: use not in',
  within: 'no property is a timestamp: the window belongs behind the event',
} as const

const foreign: Readonly<Partial<Record<RuleNode['kind'], string>>> = {
  everyone: 'everyone',
  nobody: 'nobody',
  audience: 'an audience',
}

function checkPropertyTest(collector: FaultCollector, node: TagTestNode, path: string, event: NamedEvent | null): void {
  const spec = checkProperty(collector, node.tag, partPath(path, node, 'property'), event)
  checkTest(collector, node, path, spec, 'property')
}

/** Looks a property up; a fault where the event has none of this name. */
export function checkProperty(
  collector: FaultCollector,
  property: Slot<string>,
  path: string,
  event: NamedEvent | null,
): PropertySpec | undefined {
  if (isParameter(property)) {
    collector.isFilled(property, path)
    return undefined
  }
  if (event === null) return undefined
  const spec = propertyOf(event.spec, property)
  if (spec === undefined) {
    const message = `event ${event.name} has no property ${property}`
    const { properties } = event.spec
    collector.unknown('RULE_UNKNOWN_PROPERTY', message, path, () => nearestName(property, Object.keys(properties)))
  }
  return spec
}

/** Names for a message, which stays short. */
export function listed(names: readonly string[]): string {
  return names.length > mostListed ? `${names.slice(0, mostListed).join(', ')}, …` : names.join(', ')
}

const mostListed = 10

/** The property of this name; `undefined` where there is none. */
export function propertyOf({ properties }: EventSpec, name: string): PropertySpec | undefined {
  const normal = name.normalize('NFC')
  return Object.hasOwn(properties, normal) ? properties[normal] : undefined
}

/** Checks the number of `atLeast`. */
export function checkAtLeast(collector: FaultCollector, k: Slot<number>, path: string): void {
  if (!collector.isFilled(k, path) || (Number.isSafeInteger(k) && (k as number) >= 1)) return
  const message = `at least ${show(k)} of … is refused: a whole number of 1 or more is expected`
  collector.fault('RULE_BAD_COUNT', message, path)
}

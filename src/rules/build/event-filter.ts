import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../../base/did-you-mean.ts'
import type { RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import type { CategorySpec, FlagSpec, NumberSpec, PropertiesSpec, PropertySpec } from '../../schema/column-spec.ts'
import { isParameter, type Parameter, type RuleNode, type Slot } from '../ast.ts'
import * as make from '../make-node.ts'
import { Rule } from '../rule.ts'
import { type AnyTests, type TagTests, testsOf } from '../tag-tests.ts'
import { CategoryTests } from './category-tests.ts'
import { NumberTests } from './number-tests.ts'
import type { NumberOperand } from './operand.ts'

/** Tests of a category by operator; several must all hold. */
export interface CategoryOperators<Value extends string> {
  readonly eq?: Value | Parameter
  readonly ne?: Value | Parameter
  readonly in?: readonly (Value | Parameter)[] | Parameter
  readonly notIn?: readonly (Value | Parameter)[] | Parameter
  readonly startsWith?: Slot<string>
  readonly contains?: Slot<string>
  readonly matches?: Slot<string>
  /** Whether the event has the property. */
  readonly isSet?: boolean
}

/** Tests of a number by operator; several must all hold. */
export interface NumberOperators {
  readonly eq?: NumberOperand
  readonly ne?: NumberOperand
  readonly lt?: NumberOperand
  readonly lte?: NumberOperand
  readonly gt?: NumberOperand
  readonly gte?: NumberOperand
  /** From the one to the other, both included. */
  readonly between?: readonly [from: NumberOperand, to: NumberOperand]
  readonly in?: readonly NumberOperand[] | Parameter
  readonly notIn?: readonly NumberOperand[] | Parameter
  /** Whether the event has the property. */
  readonly isSet?: boolean
}

/**
 * What a property must be: a value, one of a list of values, or tests by operator. A flag must be there (`true`) or not
 * (`false`).
 */
export type PropertyTest<Spec extends PropertySpec> = Spec extends FlagSpec
  ? boolean
  : Spec extends CategorySpec<infer Value>
    ? Value | Parameter | readonly (Value | Parameter)[] | CategoryOperators<Value>
    : Spec extends NumberSpec
      ? NumberOperand | readonly NumberOperand[] | NumberOperators
      : never

/** What properties must be, by name; all must hold of the same event. */
export type PropertyTests<P extends PropertiesSpec> = [keyof P] extends [never]
  ? never
  : { readonly [Name in keyof P]?: PropertyTest<P[Name]> }

/** Gives the tests of a property, as `tag` gives those of a tag. */
export type PropertyPicker<P extends PropertiesSpec> = <Name extends Extract<keyof P, string>>(
  property: Name,
) => TagTests<P[Name]>

/**
 * Which events count: what their properties must be, a function that makes a rule of them, such a rule itself, or its
 * text. All of it is about the same event; an absent property makes every test false (laws 7, 13).
 */
export type EventFilter<P extends PropertiesSpec> = PropertyTests<P> | ((property: PropertyPicker<P>) => Rule) | Rule | string

/** The events that a filter is about: the name to show, and the properties by name. */
export interface FilteredEvent {
  readonly name: string
  readonly properties: PropertiesSpec
}

/**
 * The tree of a filter.
 *
 * @throws RULE_UNKNOWN_PROPERTY, RULE_WRONG_OPERATOR, RULE_WRONG_TYPE, RULE_BAD_NUMBER, RULE_BAD_FILTER for a filter of
 * nothing, RULE_NOT_A_RULE for a function that gives none; the codes of a malformed rule for text
 */
export function filterNode(filter: unknown, event: FilteredEvent, limits: RuleLimits): RuleNode {
  if (filter instanceof Rule) return filter.node
  if (typeof filter === 'string') return Rule.read(filter, limits).node
  if (typeof filter === 'function') {
    const made: unknown = filter((property: string) => testsOf(property.normalize('NFC'), specOf(property, event)))
    if (made instanceof Rule) return made.node
    throw new CrowdbitError(
      'RULE_NOT_A_RULE',
      `the function of where() gave ${show(made)}, where a rule is expected, such as p('amount').gte(50)`,
    )
  }
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) {
    throw new CrowdbitError(
      'RULE_WRONG_TYPE',
      `${show(filter)} stands where a filter of events is expected: { amount: { gte: 50 } }, or (p) => p('amount').gte(50)`,
      { found: filter },
    )
  }
  const nodes = Object.entries(filter).flatMap(([property, test]) => propertyNodes(property, test, event))
  if (nodes.length > 0) return make.and(nodes)
  throw new CrowdbitError('RULE_BAD_FILTER', 'a filter of nothing would take every event. Leave it out where that is meant.')
}

/** Both filters must hold; `and`s become one, the same events as those of the nested ones. */
export function bothFilters(first: RuleNode | null, second: RuleNode): RuleNode {
  const parts = (node: RuleNode): readonly RuleNode[] => (node.kind === 'and' ? node.rules : [node])
  return first === null ? second : make.and([...parts(first), ...parts(second)])
}

/** @throws RULE_UNKNOWN_PROPERTY */
export function specOf(property: string, event: FilteredEvent): PropertySpec {
  const name = typeof property === 'string' ? property.normalize('NFC') : ''
  if (Object.hasOwn(event.properties, name)) return event.properties[name]!
  const suggestion = nearestName(name, Object.keys(event.properties))
  throw new CrowdbitError(
    'RULE_UNKNOWN_PROPERTY',
    `event ${event.name} has no property ${show(property)}.${didYouMean(suggestion)}`,
    { event: event.name, property, suggestion },
  )
}

function propertyNodes(property: string, test: unknown, event: FilteredEvent): readonly RuleNode[] {
  const spec = specOf(property, event)
  const tests: AnyTests = testsOf(property, spec)
  if (test === null || test === undefined) {
    const instead = spec.kind === 'flag' ? 'false asks' : '{ isSet: false } asks'
    throw wrongTest(property, test, `a test is expected; ${instead} for events without ${property}`)
  }
  if (spec.kind === 'flag') {
    if (test === true) return [make.has(property)]
    if (test === false) return [make.presence('isNotSet', property)]
    throw wrongTest(property, test, 'true or false is expected, since it is a flag')
  }
  if (tests instanceof NumberTests) return valueNodes(property, test, tests, numberOperators)
  if (tests instanceof CategoryTests) return valueNodes(property, test, tests, categoryOperators)
  throw wrongTest(property, test, 'no test is possible')
}

/** What each operator of the object form means, by the methods of the tests. */
type Operators<Tests> = Readonly<Record<string, (tests: Tests, operand: never) => Rule>>

const isSet = (tests: AnyTestsButFlag, operand: boolean): Rule => {
  if (operand === true) return tests.isSet()
  if (operand === false) return tests.isNotSet()
  throw new CrowdbitError('RULE_WRONG_TYPE', `isSet is ${show(operand)}, where true or false is expected`, {
    found: operand,
  })
}

const categoryOperators: Operators<CategoryTests<string>> & Required<Operators<CategoryOperators>> = {
  eq: (tests, operand: Slot<string>) => tests.eq(operand),
}

import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { nearestName } from '../../base/did-you-mean.ts'
import type { RuleLimits } from '../../base/limits.ts'
import { show } from '../../base/show.ts'
import type { CategorySpec, FlagSpec, NumberSpec, PropertiesSpec, PropertySpec } from '../../schema/column-spec.ts'
import { isParameter, type Parameter, type RuleNode, type Slot } from '../ast.ts'
import * as make from '../make-node.ts'
import { Rule } from '../rule.ts'
import { type TagTests, testsOf } from '../tag-tests.ts'
import { CategoryTests } from './category-tests.ts'
import { NumberTests } from './number-tests.ts'
import type { NumberOperand } from './operand.ts'
import type { PresenceTests } from './presence-tests.ts'
import { refusedName } from './refused-name.ts'

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
  : { readonly [Name in Extract<keyof P, string>]?: PropertyTest<P[Name]> }

/** Gives the tests of a property, as `tag` gives those of a tag. */
export type PropertyPicker<P extends PropertiesSpec> = <Name extends Extract<keyof P, string>>(
  property: Name,
) => TagTests<P[Name]>

/**
 * Which events count: what their properties must be, a function that makes a rule of them, such a rule itself, or its
 * text. All of it is about the same event; an absent property makes every test false (laws 7, 13).
 */
// A rule is named by its tree alone: with all its methods in the union, editors would offer them as properties.
export type EventFilter<P extends PropertiesSpec> =
  | PropertyTests<P>
  | ((property: PropertyPicker<P>) => Rule)
  | Pick<Rule, 'node'>
  | string

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
  throw new CrowdbitError(
    'RULE_BAD_FILTER',
    'a filter of nothing would take every event. Leave it out where that is meant.',
  )
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
  throw refusedName(
    'RULE_UNKNOWN_PROPERTY',
    `event ${event.name} has no property ${show(property)}.`,
    nearestName(name, Object.keys(event.properties)),
  )
}

function propertyNodes(property: string, test: unknown, event: FilteredEvent): readonly RuleNode[] {
  const name = property.normalize('NFC')
  const spec = specOf(name, event)
  if (test === null || test === undefined) {
    const instead = spec.kind === 'flag' ? 'false asks' : '{ isSet: false } asks'
    throw wrongTest(name, test, `a test is expected; ${instead} for events without it`)
  }
  switch (spec.kind) {
    case 'flag':
      if (typeof test !== 'boolean') throw wrongTest(name, test, 'true or false is expected, since it is a flag')
      return [test ? make.has(name) : make.presence('isNotSet', name)]
    case 'category':
      return valueNodes(name, test, new CategoryTests<string>(name), categoryOperators)
    case 'number':
      return valueNodes(name, test, new NumberTests(name), numberOperators)
  }
}

/** What each operator means: a call of the method of its name. Operands are checked by those, whatever their types say. */
type Operators<Name extends string, Tests> = Readonly<Record<Name, (tests: Tests, operand: never) => Rule>>

const categoryOperators: Operators<keyof CategoryOperators<string>, CategoryTests<string>> = {
  eq: (tests, operand) => tests.eq(operand),
  ne: (tests, operand) => tests.ne(operand),
  in: (tests, operand) => tests.in(operand),
  notIn: (tests, operand) => tests.notIn(operand),
  startsWith: (tests, operand) => tests.startsWith(operand),
  contains: (tests, operand) => tests.contains(operand),
  matches: (tests, operand) => tests.matches(operand),
  isSet: presence,
}

const numberOperators: Operators<keyof NumberOperators, NumberTests> = {
  eq: (tests, operand) => tests.eq(operand),
  ne: (tests, operand) => tests.ne(operand),
  lt: (tests, operand) => tests.lt(operand),
  lte: (tests, operand) => tests.lte(operand),
  gt: (tests, operand) => tests.gt(operand),
  gte: (tests, operand) => tests.gte(operand),
  between: (tests, operand: readonly [NumberOperand, NumberOperand]) => {
    if (Array.isArray(operand) && operand.length === 2) return tests.between(operand[0], operand[1])
    throw new CrowdbitError('RULE_WRONG_TYPE', `between is ${show(operand)}, where [from, to] is expected`, {
      found: operand,
    })
  },
  in: (tests, operand) => tests.in(operand),
  notIn: (tests, operand) => tests.notIn(operand),
  isSet: presence,
}

function presence(tests: PresenceTests, operand: boolean): Rule {
  if (operand === true) return tests.isSet()
  if (operand === false) return tests.isNotSet()
  throw new CrowdbitError('RULE_WRONG_TYPE', `isSet is ${show(operand)}, where true or false is expected`, {
    found: operand,
  })
}

function valueNodes<Name extends 'eq' | 'in', Tests>(
  property: string,
  test: unknown,
  tests: Tests,
  operators: Operators<Name, Tests>,
): readonly RuleNode[] {
  const ask = (operator: string, operand: unknown): RuleNode => {
    if (Object.hasOwn(operators, operator)) return operators[operator as Name](tests, operand as never).node
    throw refusedName(
      'RULE_WRONG_OPERATOR',
      `${operator} is no operator that fits ${property}. It takes: ${Object.keys(operators).join(', ')}.`,
      nearestName(operator, Object.keys(operators)),
    )
  }
  if (Array.isArray(test)) return [ask('in', test)]
  if (typeof test !== 'object' || test === null || isParameter(test)) return [ask('eq', test)]
  const nodes = Object.entries(test).map(([operator, operand]) => ask(operator, operand))
  if (nodes.length === 0) throw wrongTest(property, test, 'an operator is expected, such as { ne: … }')
  return nodes
}

function wrongTest(property: string, found: unknown, expected: string): CrowdbitError {
  return new CrowdbitError('RULE_WRONG_TYPE', `${show(found)} stands as the test of ${property}, where ${expected}`, {
    property,
    found,
  })
}

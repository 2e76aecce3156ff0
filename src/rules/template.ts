import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import type { RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import type { Schema } from '../schema/schema.ts'
import type { Fault } from './fault.ts'
import { RuleError } from './fault.ts'
import type { RuleJson } from './json/rule-json.ts'
import { listsPerRule } from './measure-rule.ts'
import { parameterUses, type SlotType } from './parameter-uses.ts'
import { Rule, type RuleInput } from './rule.ts'
import { keyPath } from './rule-path.ts'
import { substitute } from './substitute.ts'
import { validateRule } from './validate-rule.ts'

/** What every parameter says of itself. */
interface ParameterBase<Type extends SlotType, Value> {
  readonly type: Type
  /** What the parameter means, for a form. */
  readonly title?: string
  /** Taken when the parameter is not given. A parameter without it has to be given. */
  readonly default?: Value
}

/** One text: a value, a prefix, a pattern. */
export interface TextParameter extends ParameterBase<'text', string> {
  /** The only texts there can be. */
  readonly values?: readonly string[]
}

/** A list of texts. */
export interface TextsParameter extends ParameterBase<'texts', readonly string[]> {
  /** The only texts there can be. */
  readonly values?: readonly string[]
}

/** A whole number. */
export interface IntegerParameter extends ParameterBase<'integer', number> {
  /** Lowest, included. @default 1 */
  readonly min?: number
  /** Highest, included. @default 2^53 - 1 */
  readonly max?: number
}

/** The name of a tag. */
export interface TagParameter extends ParameterBase<'tag', string> {}

/** The name of an audience. */
export interface AudienceParameter extends ParameterBase<'audience', string> {}

/** Any parameter. */
export type TemplateParameter = TextParameter | TextsParameter | IntegerParameter | TagParameter | AudienceParameter

/** Parameters by name. */
export type TemplateParameters = Readonly<Record<string, TemplateParameter>>

/** A template as its author writes it. */
export interface TemplateDefinition<P extends TemplateParameters> {
  /** What the template is called. */
  readonly name: string
  /** What it finds, in a sentence. */
  readonly description?: string
  readonly parameters: P
  /** The rule, with `$name` (text) or `{ "param": "name" }` (JSON) where a parameter goes. */
  readonly rule: RuleInput
}

type ValueOf<Q extends TemplateParameter> = Q['type'] extends 'integer'
  ? number
  : Q['type'] extends 'texts'
    ? readonly string[]
    : string

type Optional<P extends TemplateParameters> = {
  [Name in keyof P]: P[Name] extends { readonly default: unknown } ? Name : never
}[keyof P]

/** Values for the parameters: those without default have to be there. */
export type TemplateArguments<P extends TemplateParameters> = {
  readonly [Name in Exclude<keyof P, Optional<P>>]: ValueOf<P[Name]>
} & { readonly [Name in Optional<P>]?: ValueOf<P[Name]> | undefined }

/**
 * A rule with typed, defaulted, checked parameters.
 *
 * @example
 * ```ts
 * const newcomers = crowd.rules.template({
 *   name: 'newcomers',
 *   parameters: { cities: { type: 'texts', default: ['T1'] }, customers: { type: 'tag' } },
 *   rule: 'cityTier in $cities minus $customers',
 * })
 * crowd.count(newcomers.apply({ customers: '老客' }))
 * ```
 */
export class Template<P extends TemplateParameters> {
  readonly name: string
  readonly description: string
  readonly parameters: P
  /** The rule with its parameters in place. */
  readonly rule: Rule
  readonly #limits: RuleLimits

  /**
   * Checks the template against a schema as far as its parameters let it.
   *
   * @throws TEMPLATE_INVALID for parameters that the rule doesn't use, uses in places of different types, or that
   * declare what can't be; TEMPLATE_UNKNOWN_PARAMETER and the RULE_… codes for the rule itself, as a RuleError.
   */
  constructor(definition: TemplateDefinition<P>, schema: Schema, limits: RuleLimits) {
    checkShape(definition)
    this.#limits = limits
    this.name = definition.name
    this.description = definition.description ?? ''
    this.parameters = Object.freeze(
      Object.fromEntries(
        Object.entries(definition.parameters).map(([name, parameter]) => [name.normalize('NFC'), parameter]),
      ),
    ) as P
    this.rule = Rule.read(definition.rule, limits)
    const names = new Set(Object.keys(this.parameters))
    const anyAudience = { has: () => true, names: () => [], hasVersion: () => true }
    const faults = [...validateRule(this.rule.node, { schema, audiences: anyAudience, limits, parameters: names })]
    faults.push(...checkDeclarations(this.parameters, this.rule))
    if (faults.length > 0) throw this.rule.error(faults)
  }

  /**
   * The rule with values in the places of its parameters. Names in it are checked when it is asked, as in any rule.
   *
   * @throws TEMPLATE_UNKNOWN_PARAMETER, TEMPLATE_MISSING_PARAMETER, TEMPLATE_WRONG_TYPE, all at once, as a RuleError.
   */
  apply(values: TemplateArguments<P>): Rule {
    if (typeof values !== 'object' || values === null) {
      throw new CrowdbitError(
        'TEMPLATE_WRONG_TYPE',
        `the values of template ${show(this.name)} are ${show(values)}, where an object by parameter is expected`,
      )
    }
    // A map, so that a parameter named like a method of every object is not taken for given.
    const given = new Map(Object.entries(values).map(([name, value]) => [name.normalize('NFC'), value as unknown]))
    const faults: Fault[] = []
    for (const name of given.keys()) {
      if (!Object.hasOwn(this.parameters, name)) {
        const suggestion = nearestName(name, Object.keys(this.parameters))
        faults.push({
          code: 'TEMPLATE_UNKNOWN_PARAMETER',
          message: `template ${show(this.name)} has no parameter ${show(name)}.${didYouMean(suggestion)}`,
          path: keyPath('$', name),
          ...(suggestion === undefined ? {} : { suggestion }),
        })
      }
    }
    const bound = new Map<string, string | number | readonly string[]>()
    for (const [name, parameter] of Object.entries<TemplateParameter>(this.parameters)) {
      const passed = given.get(name)
      const value = passed === undefined ? parameter.default : passed
      const wrong = value === undefined ? missing(this.name, name) : wrongValue(name, parameter, value)
      if (wrong === null) bound.set(name, value as string | number | readonly string[])
      else faults.push({ ...wrong, path: keyPath('$', name) })
    }
    if (faults.length > 0) throw new RuleError(faults)
    this.#checkListSizes(bound)
    return Rule.of(substitute(this.rule.node, bound))
  }

  /** A list stands in the rule as often as its parameter does, so it is weighed before it is put there. */
  #checkListSizes(bound: ReadonlyMap<string, string | number | readonly string[]>): void {
    let values = 0
    for (const { name } of parameterUses(this.rule.node)) {
      const value = bound.get(name)
      if (Array.isArray(value)) values += value.length
    }
    const most = this.#limits.listLength * listsPerRule
    if (values <= most) return
    const message = `the lists given to template ${show(this.name)} would put ${values} values into its rule, where at most ${most} are allowed`
    throw new RuleError([{ code: 'RULE_LIST_TOO_LONG', message, path: '$' }])
  }

  /** The template as plain data, for `rules.template(…)`. */
  toJSON(): { name: string; description: string; parameters: P; rule: RuleJson } {
    return { name: this.name, description: this.description, parameters: this.parameters, rule: this.rule.toJSON() }
  }
}

type WrongValue = Pick<Fault, 'code' | 'message'>

function missing(template: string, name: string): WrongValue {
  return { code: 'TEMPLATE_MISSING_PARAMETER', message: `template ${show(template)} needs a value for ${show(name)}` }
}

function wrongValue(name: string, parameter: TemplateParameter, value: unknown): WrongValue | null {
  const expected = expectation(parameter, value)
  if (expected === null) return null
  return {
    code: 'TEMPLATE_WRONG_TYPE',
    message: `parameter ${show(name)} is ${show(value)}, where ${expected} is expected`,
  }
}

/** What is expected instead of the value; `null` if it fits. */
function expectation(parameter: TemplateParameter, value: unknown): string | null {
  switch (parameter.type) {
    case 'integer': {
      const { min = 1, max = Number.MAX_SAFE_INTEGER } = parameter
      const fits = Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      return fits ? null : `a whole number from ${min} to ${max}`
    }
    case 'texts': {
      const fits = Array.isArray(value) && value.every((text) => typeof text === 'string' && isListed(parameter, text))
      return fits ? null : `an array of ${listed(parameter)}`
    }
    case 'text':
      return typeof value === 'string' && isListed(parameter, value) ? null : listed(parameter)
    case 'tag':
      return typeof value === 'string' ? null : 'the name of a tag'
    case 'audience':
      return typeof value === 'string' ? null : 'the name of an audience'
  }
}

function isListed(parameter: TextParameter | TextsParameter, text: string): boolean {
  return (
    parameter.values === undefined || parameter.values.some((value) => value.normalize('NFC') === text.normalize('NFC'))
  )
}

function listed(parameter: TextParameter | TextsParameter): string {
  return parameter.values === undefined ? 'text' : `one of ${parameter.values.map(show).join(', ')}`
}

const slotTypes: readonly unknown[] = ['text', 'texts', 'integer', 'tag', 'audience'] satisfies SlotType[]

/**
 * Refuses what a template from JSON or JavaScript may have been given instead of its parts.
 *
 * @throws TEMPLATE_INVALID
 */
function checkShape(definition: unknown): void {
  const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const refuse = (message: string): CrowdbitError => new CrowdbitError('TEMPLATE_INVALID', message)
  if (!isObject(definition) || typeof definition.name !== 'string' || !isObject(definition.parameters)) {
    throw refuse('a template is an object with a name (text), parameters (an object) and a rule')
  }
  for (const [name, parameter] of Object.entries(definition.parameters)) {
    if (!isObject(parameter) || !slotTypes.includes(parameter.type)) {
      throw refuse(
        `the parameter ${show(name)} is ${show(parameter)}, where an object with the type ${slotTypes.map(show).join(', ')} is expected`,
      )
    }
  }
}

/** What is wrong with the range or the list of a parameter, which no value could fit; `null` if nothing is. */
function emptyDomain(name: string, parameter: TemplateParameter): string | null {
  if (parameter.type === 'integer') {
    const { min = 1, max = Number.MAX_SAFE_INTEGER } = parameter
    if (Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max) return null
    return `the parameter ${show(name)} goes from ${show(min)} to ${show(max)}, where whole numbers with min <= max are expected`
  }
  if (parameter.type !== 'text' && parameter.type !== 'texts') return null
  const { values } = parameter
  const fits =
    values === undefined ||
    (Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string'))
  return fits ? null : `the values of the parameter ${show(name)} must be a list of at least one text`
}

function checkDeclarations(parameters: TemplateParameters, rule: Rule): Fault[] {
  const uses = parameterUses(rule.node)
  const invalid = (message: string, path = '$'): Fault => ({ code: 'TEMPLATE_INVALID', message, path })
  return Object.entries(parameters).flatMap(([name, parameter]) => {
    const types = new Set(uses.filter((use) => use.name === name).map((use) => use.type))
    if (types.size === 0) return [invalid(`the rule does not use the parameter ${show(name)}`)]
    const wrongUse = uses.find((use) => use.name === name && use.type !== parameter.type)
    if (wrongUse !== undefined) {
      return [
        invalid(
          `the parameter $${name} is declared as ${show(parameter.type)} but stands where ${show(wrongUse.type)} belongs`,
          wrongUse.path,
        ),
      ]
    }
    const impossible = emptyDomain(name, parameter)
    if (impossible !== null) return [invalid(impossible)]
    const wrongDefault = parameter.default === undefined ? null : expectation(parameter, parameter.default)
    return wrongDefault === null
      ? []
      : [invalid(`the default of ${show(name)} is ${show(parameter.default)}, where ${wrongDefault} is expected`)]
  })
}

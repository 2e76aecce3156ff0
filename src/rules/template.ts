import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import type { RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import type { Schema } from '../schema/schema.ts'
import type { Constant } from './ast.ts'
import type { Fault } from './fault.ts'
import { RuleError } from './fault.ts'
import type { RuleJson } from './json/rule-json.ts'
import { listsPerRule } from './measure-rule.ts'
import { type ParameterUse, parameterUses } from './parameter-uses.ts'
import { Rule, type RuleInput } from './rule.ts'
import { keyPath } from './rule-path.ts'
import { type Bindings, substitute } from './substitute.ts'
import {
  emptyDomain,
  expectation,
  isTitle,
  type ParameterValues,
  parameterTypes,
  type TemplateParameter,
  type Title,
  toConstant,
} from './template-parameter.ts'
import { validateRule } from './validate-rule.ts'

export type { TemplateParameter, Title } from './template-parameter.ts'

/** Parameters by name. */
export type TemplateParameters = Readonly<Record<string, TemplateParameter>>

/** A template as its author writes it. */
export interface TemplateDefinition<P extends TemplateParameters> {
  /** What the template is called. */
  readonly name: string
  /** What it is called before people. @default its name */
  readonly title?: Title
  /** What it finds, in a sentence. */
  readonly description?: Title
  readonly parameters: P
  /** The rule, with `$name` (text) or `{ "param": "name" }` (JSON) where a parameter goes. */
  readonly rule: RuleInput
  /** Values that show how it is applied. */
  readonly example?: NoInfer<TemplateArguments<P>>
}

type ValueOf<Q extends TemplateParameter> = ParameterValues[Q['type']]

type Optional<P extends TemplateParameters> = {
  [Name in keyof P]: P[Name] extends { readonly default: unknown } ? Name : never
}[keyof P]

/**
 * Values for the parameters: those without default have to be there. A number is given as a number, a bigint or its text, a
 * moment as text or as a `Date`.
 */
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
  /** What it is called before people; `null` where the definition says nothing beside the name. */
  readonly title: Title | null
  /** What it finds; empty where the definition does not say. */
  readonly description: Title
  readonly parameters: P
  /** The rule with its parameters in place. */
  readonly rule: Rule
  /** Values that show how it is applied; `null` where the definition has none. */
  readonly example: TemplateArguments<P> | null
  readonly #limits: RuleLimits
  readonly #uses: readonly ParameterUse[]

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
    this.title = definition.title ?? null
    this.description = definition.description ?? ''
    this.parameters = Object.freeze(
      Object.fromEntries(
        Object.entries(definition.parameters).map(([name, parameter]) => [name.normalize('NFC'), parameter]),
      ),
    ) as P
    this.rule = Rule.read(definition.rule, limits)
    this.example = definition.example === undefined ? null : plainValues<P>(definition.example)
    const names = new Set(Object.keys(this.parameters))
    const anyAudience = { has: () => true, names: () => [], hasVersion: () => true }
    const faults = [...validateRule(this.rule.node, { schema, audiences: anyAudience, limits, parameters: names })]
    this.#uses = parameterUses(this.rule.node, schema)
    faults.push(...checkDeclarations(this.parameters, this.#uses))
    if (definition.example !== undefined) {
      for (const { message } of this.#bind(definition.example as object).faults) {
        faults.push({ code: 'TEMPLATE_INVALID', message: `the example does not fit: ${message}`, path: '$' })
      }
    }
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
    const { bound, faults } = this.#bind(values)
    if (faults.length > 0) throw new RuleError(faults)
    this.#checkListSizes(bound)
    return Rule.of(substitute(this.rule.node, bound))
  }

  /** The values by parameter, as they stand in a rule, and what is wrong with them. */
  #bind(values: object): { readonly bound: Bindings; readonly faults: readonly Fault[] } {
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
    const bound = new Map<string, Constant | readonly Constant[]>()
    for (const [name, parameter] of Object.entries<TemplateParameter>(this.parameters)) {
      const passed = given.get(name)
      const value = passed === undefined ? parameter.default : passed
      const wrong = value === undefined ? missing(this.name, name) : wrongValue(name, parameter, value)
      if (wrong === null) bound.set(name, toConstant(value))
      else faults.push({ ...wrong, path: keyPath('$', name) })
    }
    return { bound, faults }
  }

  /** A list stands in the rule as often as its parameter does, so it is weighed before it is put there. */
  #checkListSizes(bound: Bindings): void {
    let values = 0
    for (const { name } of this.#uses) {
      const value = bound.get(name)
      if (Array.isArray(value)) values += value.length
    }
    const most = this.#limits.listLength * listsPerRule
    if (values <= most) return
    const message = `the lists given to template ${show(this.name)} would put ${values} values into its rule, where at most ${most} are allowed`
    throw new RuleError([{ code: 'RULE_LIST_TOO_LONG', message, path: '$' }])
  }

  /** The template as plain data, for `rules.template(…)`. */
  toJSON(): TemplateJson<P> {
    const { name, title, description, parameters, example } = this
    return {
      name,
      ...(title === null ? {} : { title }),
      description,
      parameters,
      rule: this.rule.toJSON(),
      ...(example === null ? {} : { example }),
    }
  }
}

/** A template as plain data. */
export interface TemplateJson<P extends TemplateParameters> {
  readonly name: string
  readonly title?: Title
  readonly description: Title
  readonly parameters: P
  readonly rule: RuleJson
  readonly example?: NoInfer<TemplateArguments<P>>
}

/** The values without what JSON doesn't have: bigints and dates are their texts. */
function plainValues<P extends TemplateParameters>(values: object): TemplateArguments<P> {
  const plain = Object.entries(values).map(([name, value]) => [name, toConstant(value)])
  return Object.freeze(Object.fromEntries(plain)) as TemplateArguments<P>
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
  const checkTitle = (title: unknown, what: string): void => {
    if (title === undefined || isTitle(title)) return
    throw refuse(`the ${what} is ${show(title)}, where a text or { en, zh } of two texts is expected`)
  }
  checkTitle(definition.title, `title of template ${show(definition.name)}`)
  checkTitle(definition.description, `description of template ${show(definition.name)}`)
  if (definition.example !== undefined && !isObject(definition.example)) {
    throw refuse(
      `the example of template ${show(definition.name)} is ${show(definition.example)}, where an object by parameter is expected`,
    )
  }
  for (const [name, parameter] of Object.entries(definition.parameters)) {
    if (!isObject(parameter) || !(parameterTypes as readonly unknown[]).includes(parameter.type)) {
      throw refuse(
        `the parameter ${show(name)} is ${show(parameter)}, where an object with the type ${parameterTypes.map(show).join(', ')} is expected`,
      )
    }
    checkTitle(parameter.title, `title of the parameter ${show(name)}`)
  }
}

function checkDeclarations(parameters: TemplateParameters, uses: readonly ParameterUse[]): Fault[] {
  const invalid = (message: string, path = '$'): Fault => ({ code: 'TEMPLATE_INVALID', message, path })
  return Object.entries(parameters).flatMap(([name, parameter]) => {
    const own = uses.filter((use) => use.name === name)
    if (own.length === 0) return [invalid(`the rule does not use the parameter ${show(name)}`)]
    const wrongUse = own.find((use) => !use.fits.includes(parameter.type))
    if (wrongUse !== undefined) {
      return [
        invalid(
          `the parameter $${name} is declared as ${show(parameter.type)} but stands where ${eitherOf(wrongUse.fits)} belongs`,
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

function eitherOf(types: readonly string[]): string {
  const shown = types.map(show)
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)!}`
}

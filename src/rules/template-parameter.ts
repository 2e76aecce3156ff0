import { isMomentText } from '../base/instant.ts'
import { show } from '../base/show.ts'
import type { Decimal } from '../schema/row.ts'
import type { Constant } from './ast.ts'
import { compareDecimals, isDecimal } from './decimal-order.ts'
import type { SlotType } from './parameter-uses.ts'

/** A text for people: one for all, or one for each of the two languages. */
export type Title = string | { readonly en: string; readonly zh: string }

/** What every parameter says of itself. */
interface ParameterBase<Type extends SlotType, Value> {
  readonly type: Type
  /** What the parameter means, for a form. */
  readonly title?: Title
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

/** A decimal: a number, or its text where a double can't carry it. */
export interface NumberParameter extends ParameterBase<'number', number | string> {
  /** Lowest, included. @default none */
  readonly min?: number | string
  /** Highest, included. @default none */
  readonly max?: number | string
}

/** A list of decimals. */
export interface NumbersParameter extends ParameterBase<'numbers', readonly (number | string)[]> {
  /** Lowest, included. @default none */
  readonly min?: number | string
  /** Highest, included. @default none */
  readonly max?: number | string
}

/** A whole number. */
export interface IntegerParameter extends ParameterBase<'integer', number> {
  /** Lowest, included. @default 1 */
  readonly min?: number
  /** Highest, included. @default 2^53 - 1 */
  readonly max?: number
}

/** An instant or a local date, as text. */
export interface MomentParameter extends ParameterBase<'moment', string> {}

/** The name of a tag. */
export interface TagParameter extends ParameterBase<'tag', string> {}

/** The name of an audience. */
export interface AudienceParameter extends ParameterBase<'audience', string> {}

/** The name of an event. */
export interface EventParameter extends ParameterBase<'event', string> {}

/** The name of a property of an event. */
export interface PropertyParameter extends ParameterBase<'property', string> {}

/** Any parameter. */
export type TemplateParameter =
  | TextParameter
  | TextsParameter
  | NumberParameter
  | NumbersParameter
  | IntegerParameter
  | MomentParameter
  | TagParameter
  | AudienceParameter
  | EventParameter
  | PropertyParameter

/** What is given for a parameter, by its type. */
export interface ParameterValues {
  readonly text: string
  readonly texts: readonly string[]
  readonly number: Decimal
  readonly numbers: readonly Decimal[]
  readonly integer: number
  readonly moment: string | Date
  readonly tag: string
  readonly audience: string
  readonly event: string
  readonly property: string
}

/** All types, in the order in which messages list them. */
export const parameterTypes: readonly SlotType[] = [
  ...(['text', 'texts', 'number', 'numbers', 'integer', 'moment', 'tag', 'audience', 'event', 'property'] as const),
]

/** What is expected instead of the value; `null` if it fits. */
export function expectation(parameter: TemplateParameter, value: unknown): string | null {
  switch (parameter.type) {
    case 'integer': {
      const { min = 1, max = Number.MAX_SAFE_INTEGER } = parameter
      const fits = Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      return fits ? null : `a whole number from ${min} to ${max}`
    }
    case 'number':
      return isInRange(parameter, value) ? null : `a decimal${rangeOf(parameter)}`
    case 'numbers': {
      const fits = Array.isArray(value) && value.every((number) => isInRange(parameter, number))
      return fits ? null : `an array of decimals${rangeOf(parameter)}`
    }
    case 'texts': {
      const fits = Array.isArray(value) && value.every((text) => typeof text === 'string' && isListed(parameter, text))
      return fits ? null : `an array of ${listed(parameter)}`
    }
    case 'text':
      return typeof value === 'string' && isListed(parameter, value) ? null : listed(parameter)
    case 'moment': {
      const fits = value instanceof Date ? !Number.isNaN(value.getTime()) : isText(value) && isMomentText(value)
      return fits ? null : 'an instant or a date, such as "2026-11-20T09:00:00+08:00" or "2026-11-20",'
    }
    default:
      return isText(value) ? null : `the name of ${nouns[parameter.type]}`
  }
}

/** What is wrong with the range or the list of a parameter, which no value could fit; `null` if nothing is. */
export function emptyDomain(name: string, parameter: TemplateParameter): string | null {
  switch (parameter.type) {
    case 'integer': {
      const { min = 1, max = Number.MAX_SAFE_INTEGER } = parameter
      if (Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max) return null
      return `the parameter ${show(name)} goes from ${show(min)} to ${show(max)}, where whole numbers with min <= max are expected`
    }
    case 'number':
    case 'numbers': {
      const { min, max } = parameter
      const bounds = [min, max].filter((bound) => bound !== undefined)
      const reversed = min !== undefined && max !== undefined && (compareDecimals(min, max) ?? 1) > 0
      if (bounds.every(isDecimalValue) && !reversed) return null
      return `the parameter ${show(name)} goes from ${show(min)} to ${show(max)}, where decimals with min <= max are expected`
    }
    case 'text':
    case 'texts': {
      const { values } = parameter
      const fits =
        values === undefined ||
        (Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string'))
      return fits ? null : `the values of the parameter ${show(name)} must be a list of at least one text`
    }
    default:
      return null
  }
}

/** A value that fits, as it stands in a rule. */
export function toConstant(value: unknown): Constant | readonly Constant[] {
  if (Array.isArray(value)) return value.map((item) => toConstant(item) as Constant)
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'bigint' ? String(value) : (value as Constant)
}

/** Whether a title is a text, or one for each of the two languages. */
export function isTitle(value: unknown): value is Title {
  if (typeof value === 'string') return true
  if (typeof value !== 'object' || value === null) return false
  const { en, zh } = value as { readonly en?: unknown; readonly zh?: unknown }
  return typeof en === 'string' && typeof zh === 'string'
}

const nouns = { tag: 'a tag', audience: 'an audience', event: 'an event', property: 'a property' } as const

type Ranged = NumberParameter | NumbersParameter

function isInRange({ min, max }: Ranged, value: unknown): boolean {
  if (!isDecimalValue(value)) return false
  const constant = String(value)
  return (
    (min === undefined || compareDecimals(constant, min)! >= 0) &&
    (max === undefined || compareDecimals(constant, max)! <= 0)
  )
}

function isDecimalValue(value: unknown): value is Decimal {
  return (
    (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') && isDecimal(String(value))
  )
}

function rangeOf({ min, max }: Ranged): string {
  return `${min === undefined ? '' : ` from ${min}`}${max === undefined ? '' : ` to ${max}`}`
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isListed(parameter: TextParameter | TextsParameter, text: string): boolean {
  return (
    parameter.values === undefined || parameter.values.some((value) => value.normalize('NFC') === text.normalize('NFC'))
  )
}

function listed(parameter: TextParameter | TextsParameter): string {
  return parameter.values === undefined ? 'text' : `one of ${parameter.values.map(show).join(', ')}`
}

/**
 * A rule as JSON: what `ruleToJson` gives and `ruleFromJson` takes, described for every language by `rule.schema.json`.
 * An object is one operator with its parts and nothing else.
 */
export type RuleJson =
  | EveryoneJson
  | NobodyJson
  | HasJson
  | PresenceJson
  | ValueJson
  | ListJson
  | TextJson
  | PatternJson
  | AudienceJson
  | NotJson
  | CombineJson
  | AtLeastJson

/** The place that a template's parameter fills: `{ "param": "city" }`. */
export interface ParameterJson {
  readonly param: string
}

/** A text, or the parameter that gives it. */
export type TextSlotJson = string | ParameterJson

/** A list of texts, each of which may be a parameter, or the parameter that gives the whole list. */
export type ListSlotJson = readonly TextSlotJson[] | ParameterJson

/** Everyone: `{ "everyone": true }`. */
export interface EveryoneJson {
  readonly everyone: true
}

/** Nobody: `{ "nobody": true }`. */
export interface NobodyJson {
  readonly nobody: true
}

/** People who have the flag: `{ "tag": "精致妈妈" }`. */
export interface HasJson {
  readonly tag: TextSlotJson
}

/** People with, or without, a value: `{ "tag": "cityTier", "isSet": true }`. */
export type PresenceJson = TagWith<'isSet', true> | TagWith<'isNotSet', true>

/** The value is the text, or there is a value and it is another: `{ "tag": "cityTier", "eq": "T1" }`. */
export type ValueJson = TagWith<'eq', TextSlotJson> | TagWith<'ne', TextSlotJson>

/** The values against a list: `{ "tag": "cityTier", "in": ["T1", "T2"] }`. */
export type ListJson =
  | TagWith<'in', ListSlotJson>
  | TagWith<'notIn', ListSlotJson>
  | TagWith<'hasAny', ListSlotJson>
  | TagWith<'hasAll', ListSlotJson>
  | TagWith<'hasNone', ListSlotJson>

/** A value begins with, or contains, the text: `{ "tag": "job", "startsWith": "工程" }`. */
export type TextJson = TagWith<'startsWith', TextSlotJson> | TagWith<'contains', TextSlotJson>

/** The regular expression finds a match in a value: `{ "tag": "job", "matches": "师$" }`. */
export type PatternJson = TagWith<'matches', TextSlotJson>

/** The people of an audience: `{ "audience": "双11 老客", "version": 3 }`. */
export interface AudienceJson {
  readonly audience: TextSlotJson
  /** Absent: its rule or list as of now. */
  readonly version?: number | 'latest'
}

/** Everyone else: `{ "not": … }`. */
export interface NotJson {
  readonly not: RuleJson
}

/** `{ "and": [ … ] }`, and so `or`, `xor`, `minus`. */
export type CombineJson =
  | { readonly and: readonly RuleJson[] }
  | { readonly or: readonly RuleJson[] }
  | { readonly xor: readonly RuleJson[] }
  | { readonly minus: readonly RuleJson[] }

/** People in at least so many of the rules: `{ "atLeast": 2, "of": [ … ] }`. */
export interface AtLeastJson {
  readonly atLeast: number | ParameterJson
  readonly of: readonly RuleJson[]
}

/** A tag beside one operator. */
type TagWith<Operator extends string, Operand> = { readonly tag: TextSlotJson } & {
  readonly [key in Operator]: Operand
}

import type { DurationUnit, Measure, Weekday, WindowUnit } from '../ast.ts'

/**
 * A rule as JSON: what `ruleToJson` gives and `ruleFromJson` takes, described for every language by `rule.schema.json`.
 * An object is one operator with its parts and nothing else.
 */
export type RuleJson =
  | EveryoneJson
  | NobodyJson
  | TestJson<'tag'>
  | WithinJson
  | ManyJson
  | AudienceJson
  | BehaviourJson
  | OccurrenceJson
  | SequenceJson
  | StoppedJson
  | ResumedJson
  | NewJson
  | RegularJson
  | NotJson
  | CombineJson
  | AtLeastJson

/** The place that a template's parameter fills: `{ "param": "city" }`. */
export interface ParameterJson {
  readonly param: string
}

/** A text, or the parameter that gives it. */
export type TextSlotJson = string | ParameterJson

/** A whole number, or the parameter that gives it. */
export type CountSlotJson = number | ParameterJson

/**
 * A value to compare with, or the parameter that gives it: text for categories; for numbers a number, or its text where a
 * double can't carry it; for timestamps the text of an instant or of a local date.
 */
export type ConstantSlotJson = string | number | ParameterJson

/** A list of texts, each of which may be a parameter, or the parameter that gives the whole list. */
export type TextsSlotJson = readonly TextSlotJson[] | ParameterJson

/** A list of values, each of which may be a parameter, or the parameter that gives the whole list. */
export type ListSlotJson = readonly ConstantSlotJson[] | ParameterJson

/** Everyone: `{ "everyone": true }`. */
export interface EveryoneJson {
  readonly everyone: true
}

/** Nobody: `{ "nobody": true }`. */
export interface NobodyJson {
  readonly nobody: true
}

/** A test of a tag, or of a property of one event: a name beside one operator, or alone. */
export type TestJson<Name extends 'tag' | 'property'> =
  | HasJson<Name>
  | PresenceJson<Name>
  | ValueJson<Name>
  | BetweenJson<Name>
  | ListJson<Name>
  | TextJson<Name>
  | PatternJson<Name>

/** People who have the flag: `{ "tag": "精致妈妈" }`. */
export type HasJson<Name extends 'tag' | 'property'> = { readonly [key in Name]: TextSlotJson }

/** People with, or without, a value: `{ "tag": "cityTier", "isSet": true }`. */
export type PresenceJson<Name extends 'tag' | 'property'> = With<Name, 'isSet', true> | With<Name, 'isNotSet', true>

/**
 * The value against one other: `{ "tag": "cityTier", "eq": "T1" }`, `{ "tag": "spend", "gte": 1000 }`,
 * `{ "tag": "joinedAt", "lt": "2026-01-01" }`.
 */
export type ValueJson<Name extends 'tag' | 'property'> =
  | With<Name, 'eq', ConstantSlotJson>
  | With<Name, 'ne', ConstantSlotJson>
  | With<Name, 'lt', ConstantSlotJson>
  | With<Name, 'lte', ConstantSlotJson>
  | With<Name, 'gt', ConstantSlotJson>
  | With<Name, 'gte', ConstantSlotJson>

/** The number or timestamp from one value to another, both included: `{ "tag": "spend", "between": [10, 20] }`. */
export type BetweenJson<Name extends 'tag' | 'property'> = With<Name, 'between', EndsJson>

/** The ends of an interval, both included. */
export type EndsJson = readonly [from: ConstantSlotJson, to: ConstantSlotJson]

/** The timestamp inside a window: `{ "tag": "joinedAt", "within": { "last": 7, "unit": "days" } }`. */
export type WithinJson = With<'tag', 'within', WindowJson>

/** The value against a list: `{ "tag": "cityTier", "in": ["T1", "T2"] }`, `{ "tag": "age", "in": [18, 19] }`. */
export type ListJson<Name extends 'tag' | 'property'> =
  | With<Name, 'in', ListSlotJson>
  | With<Name, 'notIn', ListSlotJson>

/** The values of a category of many against a list: `{ "tag": "interests", "hasAny": ["奶粉"] }`. */
export type ManyJson =
  | With<'tag', 'hasAny', TextsSlotJson>
  | With<'tag', 'hasAll', TextsSlotJson>
  | With<'tag', 'hasNone', TextsSlotJson>

/** A value begins with, or contains, the text: `{ "tag": "job", "startsWith": "工程" }`. */
export type TextJson<Name extends 'tag' | 'property'> =
  | With<Name, 'startsWith', TextSlotJson>
  | With<Name, 'contains', TextSlotJson>

/** The regular expression finds a match in a value: `{ "tag": "job", "matches": "师$" }`. */
export type PatternJson<Name extends 'tag' | 'property'> = With<Name, 'matches', TextSlotJson>

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
  readonly atLeast: CountSlotJson
  readonly of: readonly RuleJson[]
}

// ─── Windows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A window of time, half-open. */
export type WindowJson = EverJson | LastJson | RangeJson

/** Every event up to now: `{ "ever": true }`. */
export interface EverJson {
  readonly ever: true
}

/** The last units before now: `{ "last": 15, "unit": "days", "includeCurrent": true }`. */
export interface LastJson {
  /** 0 to 100,000; 0 only with `includeCurrent`. */
  readonly last: CountSlotJson
  readonly unit: WindowUnit
  /** The present day, week or month too, up to now. Absent: it is not. */
  readonly includeCurrent?: true
  /** How many units ago the window ends. Absent: 0. */
  readonly ago?: CountSlotJson
  /** The day on which weeks begin, beside weeks only. Absent: Monday. */
  readonly weekStart?: Weekday
}

/** From one instant or local date, included, to another, not included: `{ "from": "2026-01-01", "to": "2026-02-01" }`. */
export type RangeJson =
  | { readonly from: TextSlotJson; readonly to?: TextSlotJson }
  | { readonly from?: TextSlotJson; readonly to: TextSlotJson }

/** A length of time under its one unit: `{ "hours": 24 }`. 1 to 100,000 of it. */
export type DurationJson = { readonly [Unit in DurationUnit]: { readonly [key in Unit]: CountSlotJson } }[DurationUnit]

// ─── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A rule about one event, in which `property` takes the place of `tag`: `{ "property": "amount", "gte": 50 }`. */
export type FilterJson =
  | TestJson<'property'>
  | { readonly and: readonly FilterJson[] }
  | { readonly or: readonly FilterJson[] }
  | { readonly xor: readonly FilterJson[] }
  | { readonly minus: readonly FilterJson[] }
  | { readonly not: FilterJson }
  | { readonly atLeast: CountSlotJson; readonly of: readonly FilterJson[] }

/** Some events of a kind: `{ "event": "purchase", "where": … }`. */
export interface EventJson {
  readonly event: TextSlotJson
  /** Absent: all of them. */
  readonly where?: FilterJson
  /** The property that is measured. */
  readonly property?: TextSlotJson
  /** Taken away instead of added; in a sum only. */
  readonly minus?: true
}

/** An event by its name, or as an object of its own. */
export type EventSlotJson = TextSlotJson | EventJson

/**
 * People of whose events a measure passes a test: `{ "did": "purchase", "where": …, "window": …, "gte": 3 }`. At most one
 * of the tests; without one, at least one event.
 */
export interface BehaviourJson {
  /** One kind of event, or several whose events are measured together. */
  readonly did: EventSlotJson | readonly EventJson[]
  /** Beside a name only. */
  readonly where?: FilterJson
  /** Beside a name only. */
  readonly property?: TextSlotJson
  /** Absent: `count`. The others need a test. */
  readonly measure?: Measure
  /** Absent: ever. */
  readonly window?: WindowJson
  readonly eq?: ConstantSlotJson
  readonly ne?: ConstantSlotJson
  readonly lt?: ConstantSlotJson
  readonly lte?: ConstantSlotJson
  readonly gt?: ConstantSlotJson
  readonly gte?: ConstantSlotJson
  readonly between?: EndsJson
}

/** People whose first, or last, event passes a test: `{ "first": "purchase", "test": { "property": "kol", "eq": "A" } }`. */
export type OccurrenceJson = {
  readonly [Head in 'first' | 'last']: { readonly [key in Head]: EventSlotJson } & Tested
}['first' | 'last']

interface Tested {
  /** Beside a name only. */
  readonly where?: FilterJson
  /** Absent: any. */
  readonly test?: FilterJson
  /** Absent: ever. */
  readonly window?: WindowJson
}

/** People with events that make all of the steps, in order: `{ "sequence": [ { "event": "browse" }, … ] }`. */
export interface SequenceJson {
  /** 2 to 32; one is enough with `absence`. */
  readonly sequence: readonly StepJson[]
  /** Events that must not come after the last step. */
  readonly absence?: { readonly events: readonly EventJson[]; readonly within: DurationJson }
  /** The property that all events have the same value of. */
  readonly same?: TextSlotJson
  /** A step may come at the very time of the one before it. Absent: it may not. */
  readonly allowSameTime?: true
  /** Absent: ever. */
  readonly window?: WindowJson
}

/** A step of a sequence: `{ "event": "purchase", "within": { "hours": 2 } }`. */
export interface StepJson extends EventJson {
  /** The longest gap to the step before. Absent: any. Not on the first step. */
  readonly within?: DurationJson
  /** What must not come between the step before and this one. Not on the first step. */
  readonly without?: readonly EventJson[]
}

/** People who did in the earlier window and not in the later: `{ "stopped": "purchase", "earlier": …, "later": … }`. */
export interface StoppedJson {
  readonly stopped: EventSlotJson
  readonly where?: FilterJson
  readonly earlier: WindowJson
  readonly later: WindowJson
}

/** People who did, then did not, and did again: `{ "resumed": "purchase", "earlier": …, "gap": …, "later": … }`. */
export interface ResumedJson {
  readonly resumed: EventSlotJson
  readonly where?: FilterJson
  readonly earlier: WindowJson
  readonly gap: WindowJson
  readonly later: WindowJson
}

/** People who did in the window and never before it: `{ "new": "purchase", "window": … }`. */
export interface NewJson {
  readonly new: EventSlotJson
  readonly where?: FilterJson
  readonly window: WindowJson
}

/** People with `times` events or more in at least `periods` of the last `of` units. */
export interface RegularJson {
  readonly regular: EventSlotJson
  readonly where?: FilterJson
  /** 1 or more. */
  readonly times: CountSlotJson
  /** 1 to `of`. */
  readonly periods: CountSlotJson
  /** 1 to 1,000. */
  readonly of: CountSlotJson
  readonly unit: WindowUnit
  /** The day on which weeks begin, beside weeks only. Absent: Monday. */
  readonly weekStart?: Weekday
}

/** A name beside one operator. */
type With<Name extends 'tag' | 'property', Operator extends string, Operand> = {
  readonly [key in Name]: TextSlotJson
} & { readonly [key in Operator]: Operand }

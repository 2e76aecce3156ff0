import { checkKeys } from '../base/check-keys.ts'

/** What a column is, without its data. Each kind is plain frozen data, made by the function of its name. */

/**
 * Which value a person has in a column after two people were linked, of those that both had: the one that was written later, or
 * first; the highest or lowest; or the sum of both (law 4). Where one of them has none, it is the other's.
 */
export type MergePolicy = 'latest' | 'first' | 'max' | 'min' | 'sum'

/** Of texts, which have no size. */
export type CategoryMerge = 'latest' | 'first'

/** Of instants, which have no sum. */
export type TimestampMerge = Exclude<MergePolicy, 'sum'>

/** A yes or nothing: one bitmap of the people who have it. `false` written to it clears it (law 7). */
export interface FlagSpec {
  readonly kind: 'flag'
}

/** One of a set of texts for each person: a write moves the person from the old value to the new. */
export interface CategorySpec<Value extends string = string> {
  readonly kind: 'category'
  readonly many: false
  /** The only values there can be, in the order given; `null` when any text may come. */
  readonly values: readonly Value[] | null
  /** What becomes of two values when people are linked; left out for `latest`. */
  readonly merge?: CategoryMerge
}

/** Any number of texts for each person. */
export interface MultiCategorySpec<Value extends string = string> {
  readonly kind: 'category'
  readonly many: true
  /** The only values there can be, in the order given; `null` when any text may come. */
  readonly values: readonly Value[] | null
}

/** An exact decimal for each person. */
export interface NumberSpec {
  readonly kind: 'number'
  /** Digits after the point, 0 to 15: values are held as whole multiples of `10^-scale`. */
  readonly scale: number
  /** The lowest value that may be written, included, as decimal text; `null` for `-(2^53 - 1) / 10^scale`. */
  readonly min: string | null
  /** The highest value that may be written, included, as decimal text; `null` for `(2^53 - 1) / 10^scale`. */
  readonly max: string | null
  /** What becomes of two values when people are linked; left out for `latest`. */
  readonly merge?: MergePolicy
}

/** An instant, to the millisecond, for each person. */
export interface TimestampSpec {
  readonly kind: 'timestamp'
  /** What becomes of two values when people are linked; left out for `latest`. */
  readonly merge?: TimestampMerge
}

/** What an event says beside who and when. */
export type PropertySpec = FlagSpec | CategorySpec | NumberSpec

/** Properties of an event by name. */
export type PropertiesSpec = Readonly<Record<string, PropertySpec>>

/** What people did, and when: any number of events for each person. */
export interface EventSpec<Properties extends PropertiesSpec = PropertiesSpec> {
  readonly kind: 'event'
  readonly properties: Properties
  /** How many local days before today are kept; `null` for all. */
  readonly retentionDays: number | null
}

/** Any column. A closed union: what handles columns handles each kind. */
export type ColumnSpec = FlagSpec | CategorySpec | MultiCategorySpec | NumberSpec | TimestampSpec | EventSpec

/** A column that holds at most one state of a person, and is written by `put`: every one but events. */
export type ValueColumnSpec = Exclude<ColumnSpec, EventSpec>

/** Columns by name. */
export type SchemaSpec = Readonly<Record<string, ColumnSpec>>

const theFlag: FlagSpec = Object.freeze({ kind: 'flag' })

/**
 * A column that a person has or has not.
 *
 * @example
 * ```ts
 * createEngine({ schema: { 精致妈妈: flag() } })
 * ```
 */
export function flag(): FlagSpec {
  return theFlag
}

/** What `category` takes. */
export interface CategoryOptions<Value extends string, Many extends boolean> {
  /** Whether a person can have several values at once. @default false */
  readonly many?: Many
  /**
   * The only values there can be. Writing another is refused, and the editor completes them in rules.
   * @default any text
   */
  readonly values?: readonly Value[]
  /**
   * Of a category of one value, whose stays when two people are linked: the one written later, or first.
   * @default 'latest'
   */
  readonly merge?: Many extends true ? never : CategoryMerge
}

/**
 * A column of texts: one for each person, or several with `many: true`.
 * Cost: a bitmap for each distinct value, so up to some hundred thousand of them; free text belongs elsewhere.
 *
 * @example
 * ```ts
 * createEngine({ schema: { cityTier: category({ values: ['T1', 'T2', 'T3'] }), interests: category({ many: true }) } })
 * ```
 */
export function category<const Value extends string = string>(
  options?: CategoryOptions<Value, false>,
): CategorySpec<Value>
export function category<const Value extends string = string>(
  options: CategoryOptions<Value, true>,
): MultiCategorySpec<Value>
export function category(options: CategoryOptions<string, boolean> = {}): CategorySpec | MultiCategorySpec {
  checkKeys(options, ['many', 'values', 'merge'])
  // What is not a list of texts is left as it is, for the schema to refuse with the column's name.
  const given: unknown = options.values ?? null
  const values = Array.isArray(given)
    ? Object.freeze(given.map((value: unknown) => (typeof value === 'string' ? value.normalize('NFC') : value)))
    : given
  return Object.freeze({ kind: 'category', many: options.many ?? false, values, ...mergeOf(options) }) as unknown as
    | CategorySpec
    | MultiCategorySpec
}

/** The policy where it is another than that of columns which don't say. */
function mergeOf<Policy>({ merge }: { readonly merge?: Policy }): { readonly merge?: Policy } {
  return merge === undefined || merge === 'latest' ? {} : { merge }
}

/** What `number` takes. */
export interface NumberOptions {
  /** Digits after the point, 0 to 15. @default 0 */
  readonly scale?: number
  /** The lowest value that may be written, included: a number, or decimal text. @default -(2^53 - 1) / 10^scale */
  readonly min?: number | string
  /** The highest value that may be written, included. @default (2^53 - 1) / 10^scale */
  readonly max?: number | string
  /**
   * What becomes of the values of two people who are linked: the one written later or first stays, the highest or lowest, or the
   * sum of both.
   * @default 'latest'
   */
  readonly merge?: MergePolicy
}

/**
 * A column of exact decimals, positive and negative: `scale` digits after the point, 53 bits in all (law 9). A value with
 * more digits is refused, not rounded.
 * Cost: a bitmap for each bit that occurs, so about two bytes a person for values up to 65,535.
 *
 * @example
 * ```ts
 * createEngine({ schema: { spend: number({ scale: 2, min: 0 }), age: number({ min: 0, max: 150 }) } })
 * ```
 */
export function number(options: NumberOptions = {}): NumberSpec {
  checkKeys(options, ['scale', 'min', 'max', 'merge'])
  const { scale = 0, min, max } = options
  // What can't be a bound is left as it is, for the schema to refuse with the column's name.
  const bound = (given: number | string | undefined): string | null => (given === undefined ? null : String(given))
  return Object.freeze({ kind: 'number', scale, min: bound(min), max: bound(max), ...mergeOf(options) })
}

const theTimestamp: TimestampSpec = Object.freeze({ kind: 'timestamp' })

/** What `timestamp` takes. */
export interface TimestampOptions {
  /**
   * Which of the instants of two people who are linked stays: the one written later or first, the latest (`max`) or the earliest
   * (`min`).
   * @default 'latest'
   */
  readonly merge?: TimestampMerge
}

/**
 * A column of instants, to the millisecond.
 * Cost: a bitmap for each bit that occurs: five bytes a person.
 *
 * @example
 * ```ts
 * createEngine({ schema: { joinedAt: timestamp({ merge: 'min' }), seenAt: timestamp() } })
 * ```
 */
export function timestamp(options: TimestampOptions = {}): TimestampSpec {
  checkKeys(options, ['merge'])
  const { merge } = mergeOf(options)
  return merge === undefined ? theTimestamp : Object.freeze({ kind: 'timestamp', merge })
}

/** What `event` takes beside the properties. */
export interface EventOptions {
  /**
   * How many local days before today are kept, today coming on top: older ones are dropped, and refused when they come
   * late. A whole number, 1 or more.
   * @default all are kept
   */
  readonly retentionDays?: number
}

/**
 * A kind of event: what people did, when, and with which properties. Properties are flags, categories of one value and
 * numbers; each of them may be absent from an event.
 * Cost: 8 bytes an event, 1, 2 or 4 for each category by how many values it has, 4 or 8 for each number, 1 for each flag.
 *
 * @example
 * ```ts
 * createEngine({ schema: { purchase: event({ product: category(), amount: number({ scale: 2 }) }) } })
 * ```
 */
export function event(): EventSpec<Record<never, never>>
export function event<const Properties extends PropertiesSpec>(
  properties: Properties,
  options?: EventOptions,
): EventSpec<Properties>
export function event(properties?: PropertiesSpec, options: EventOptions = {}): EventSpec {
  checkKeys(options, ['retentionDays'])
  const given: PropertiesSpec = properties ?? {}
  return Object.freeze({
    kind: 'event',
    properties: typeof given === 'object' && given !== null ? Object.freeze({ ...given }) : given,
    retentionDays: options.retentionDays ?? null,
  })
}

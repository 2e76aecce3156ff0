import { checkKeys } from '../base/check-keys.ts'

/** What a column is, without its data. Each kind is plain frozen data, made by the function of its name. */

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
}

/** Any number of texts for each person. */
export interface MultiCategorySpec<Value extends string = string> {
  readonly kind: 'category'
  readonly many: true
  /** The only values there can be, in the order given; `null` when any text may come. */
  readonly values: readonly Value[] | null
}

/** Any column. A closed union: what handles columns handles each kind. */
export type ColumnSpec = FlagSpec | CategorySpec | MultiCategorySpec

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
  checkKeys(options, ['many', 'values'])
  // What is not a list of texts is left as it is, for the schema to refuse with the column's name.
  const given: unknown = options.values ?? null
  const values = Array.isArray(given)
    ? Object.freeze(given.map((value: unknown) => (typeof value === 'string' ? value.normalize('NFC') : value)))
    : given
  return Object.freeze({ kind: 'category', many: options.many ?? false, values }) as unknown as
    | CategorySpec
    | MultiCategorySpec
}

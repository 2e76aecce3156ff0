import type {
  CategorySpec,
  ColumnSpec,
  EventSpec,
  FlagSpec,
  MultiCategorySpec,
  NumberSpec,
  PropertiesSpec,
  SchemaSpec,
  TimestampSpec,
} from './column-spec.ts'

/** A change of a many-valued category: what to add and what to take away, the rest staying. Removal comes first. */
export interface ValueEdit<Value extends string = string> {
  readonly add?: readonly Value[]
  readonly remove?: readonly Value[]
}

/**
 * A decimal: a whole number, a number, which stands for the shortest decimal that gives it (`0.1`, not what the machine
 * holds for it), or its text (`'129.90'`), which carries any number of digits.
 */
export type Decimal = number | bigint | string

/**
 * An instant: a `Date`, whole milliseconds since 1970 (UTC), or ISO 8601 text. Text with an offset or `Z` is that instant;
 * without one it is a local time of the engine's zone, and a date alone is the beginning of that local day.
 */
export type Instant = Date | number | string

/** What can be written to a column. `null` and `undefined` clear the value (law 7). */
export type Writable<Spec extends ColumnSpec> = Spec extends FlagSpec
  ? boolean | null | undefined
  : Spec extends MultiCategorySpec<infer Value>
    ? readonly Value[] | ValueEdit<Value> | null | undefined
    : Spec extends CategorySpec<infer Value>
      ? Value | null | undefined
      : Spec extends NumberSpec
        ? Decimal | null | undefined
        : Spec extends TimestampSpec
          ? Instant | null | undefined
          : never

/**
 * What is read from a column of a person who has a value in it. A number is the double nearest to the decimal, which
 * prints as the decimal itself up to 15 digits; a timestamp is a `Date`.
 */
export type Readable<Spec extends ColumnSpec> = Spec extends FlagSpec
  ? true
  : Spec extends MultiCategorySpec<infer Value>
    ? readonly Value[]
    : Spec extends CategorySpec<infer Value>
      ? Value
      : Spec extends NumberSpec
        ? number
        : Spec extends TimestampSpec
          ? Date
          : never

/** The columns of a schema that hold values, without its events. */
export type ValueColumns<S extends SchemaSpec> = {
  [Name in keyof S]: S[Name] extends EventSpec ? never : Name
}[keyof S]

/** The events of a schema. */
export type EventNames<S extends SchemaSpec> = {
  // A column of which only the type `ColumnSpec` is known may be an event.
  [Name in keyof S]: S[Name] extends EventSpec ? Name : EventSpec extends S[Name] ? Name : never
}[keyof S] &
  string

/** What is written of one event: when it was, its id if it has one, and its properties, any of which may be absent. */
export type EventValues<Spec extends ColumnSpec> = {
  /** When it was, to the millisecond. */
  readonly at: Instant
  /** An id of the event among those of its kind: an event with an id that was seen already is not counted again (law 13). */
  readonly eventId?: string | number | bigint | null | undefined
} & (Spec extends EventSpec<infer Properties>
  ? { readonly [Name in keyof Properties]?: Writable<Properties[Name]> }
  : Record<never, never>)

/** Columns of arrays of one length, for many events of a kind at once; the place of each event is its index. */
export type EventArrays<Spec extends ColumnSpec> = {
  /** Milliseconds since 1970 (UTC), or instants. */
  readonly at: Float64Array | readonly Instant[]
  readonly eventId?: readonly (string | number | bigint | null | undefined)[]
} & (Spec extends EventSpec<infer Properties extends PropertiesSpec>
  ? { readonly [Name in keyof Properties]?: PropertyArray<Properties[Name]> }
  : Record<never, never>)

type PropertyArray<Spec extends ColumnSpec> = Spec extends NumberSpec
  ? Float64Array | Int32Array | readonly Writable<Spec>[]
  : readonly Writable<Spec>[]

/** Values to write for one person: columns that are not named stay as they are. */
export type Row<S extends SchemaSpec> = { readonly [Name in ValueColumns<S>]?: Writable<S[Name]> }

/** The values that one person has: columns without a value are left out. */
export type Person<S extends SchemaSpec> = { readonly [Name in ValueColumns<S>]?: Readable<S[Name]> }

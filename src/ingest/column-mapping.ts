import type {
  CategorySpec,
  ColumnSpec,
  FlagSpec,
  MultiCategorySpec,
  NumberSpec,
  SchemaSpec,
  TimestampSpec,
} from '../schema/column-spec.ts'
import type { ValueColumns } from '../schema/row.ts'

/**
 * What an empty text means: no value is given, so that the person's stays (`skip`); the value is cleared (`clear`); or it
 * is a text like any other (`value`), which a category holds as the empty string (law 7).
 */
export type EmptyText = 'skip' | 'clear' | 'value'

/** How a source column is written to a flag. */
export interface FlagMapping<Name extends string = string> {
  /** The flag. */
  readonly to: Name
  /** Texts that give the flag, in upper or lower case. @default ['true', '1', 'yes', '是'] */
  readonly truthy?: readonly string[]
  /** Texts that take the flag, in upper or lower case. @default ['false', '0', 'no', '否'] */
  readonly falsy?: readonly string[]
  /** What an empty text means that neither list holds. @default as the ingest's option `empty` */
  readonly empty?: EmptyText
}

/** How a source column is written to a one-value category. */
export interface CategoryMapping<Name extends string = string> {
  /** The category. */
  readonly to: Name
  /** What an empty text means. @default as the ingest's option `empty` */
  readonly empty?: EmptyText
}

/** How a source column is written to a many-value category. */
export interface MultiCategoryMapping<Name extends string = string> {
  /** The category. */
  readonly to: Name
  /** What stands between two values in one text; `null` where a text is one value. Values are taken exactly, white space included; empty ones count as `empty` says. @default '|' */
  readonly separator?: string | null
  /**
   * Whether the values are all that the person has from now on, as `put` writes an array (`replace`), or come to those
   * that are there (`add`): what a source with one row for each value of a person needs.
   * @default 'replace'
   */
  readonly mode?: 'replace' | 'add'
  /** What an empty text, and an empty value between separators, means. @default as the ingest's option `empty` */
  readonly empty?: EmptyText
}

/** How a source column is written to a number: decimal text, white space around it aside, or a number. */
export interface NumberMapping<Name extends string = string> {
  /** The number. */
  readonly to: Name
  /**
   * What stands between groups of three digits before the point, as the comma of `1,234.50`. Text without it is read too.
   * @default nothing
   */
  readonly thousands?: ',' | ' ' | '_' | "'"
  /** What an empty text means; `value` rejects it. @default as the ingest's option `empty` */
  readonly empty?: EmptyText
}

/**
 * How a source column is written to a timestamp: ISO 8601 text, white space around it aside, which without an offset is a
 * local time of the engine's zone (`2010-12-01 08:26:00`) or the beginning of a local day; whole milliseconds since 1970 as
 * a number; or, with `unit`, seconds or milliseconds since 1970 as text or number.
 */
export interface TimestampMapping<Name extends string = string> {
  /** The timestamp. */
  readonly to: Name
  /** What decimal numbers count since 1970 (UTC): `s` seconds, with up to three digits after the point, `ms` milliseconds. @default text is ISO 8601 */
  readonly unit?: 's' | 'ms'
  /** What an empty text means; `value` rejects it. @default as the ingest's option `empty` */
  readonly empty?: EmptyText
}

type MappingTo<Name extends string, Spec extends ColumnSpec> = Spec extends FlagSpec
  ? FlagMapping<Name>
  : Spec extends MultiCategorySpec
    ? MultiCategoryMapping<Name>
    : Spec extends CategorySpec
      ? CategoryMapping<Name>
      : Spec extends NumberSpec
        ? NumberMapping<Name>
        : Spec extends TimestampSpec
          ? TimestampMapping<Name>
          : never

/** How a source column is written to a column of the schema. */
export type ColumnMapping<S extends SchemaSpec = SchemaSpec> = {
  [Name in ValueColumns<S> & string]: MappingTo<Name, S[Name]>
}[ValueColumns<S> & string]

/** Source columns by name: the column of the schema that each is written to. */
export type ColumnMappings<S extends SchemaSpec = SchemaSpec> = Readonly<
  Record<string, (ValueColumns<S> & string) | ColumnMapping<S>>
>

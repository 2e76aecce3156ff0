import type { CategorySpec, ColumnSpec, FlagSpec, MultiCategorySpec, SchemaSpec } from './column-spec.ts'

/** A change of a many-valued category: what to add and what to take away, the rest staying. Removal comes first. */
export interface ValueEdit<Value extends string = string> {
  readonly add?: readonly Value[]
  readonly remove?: readonly Value[]
}

/** What can be written to a column. `null` and `undefined` clear the value (law 7). */
export type Writable<Spec extends ColumnSpec> = Spec extends FlagSpec
  ? boolean | null | undefined
  : Spec extends MultiCategorySpec<infer Value>
    ? readonly Value[] | ValueEdit<Value> | null | undefined
    : Spec extends CategorySpec<infer Value>
      ? Value | null | undefined
      : never

/** What is read from a column of a person who has a value in it. */
export type Readable<Spec extends ColumnSpec> = Spec extends FlagSpec
  ? true
  : Spec extends MultiCategorySpec<infer Value>
    ? readonly Value[]
    : Spec extends CategorySpec<infer Value>
      ? Value
      : never

/** Values to write for one person: columns that are not named stay as they are. */
export type Row<S extends SchemaSpec> = { readonly [Name in keyof S]?: Writable<S[Name]> }

/** The values that one person has: columns without a value are left out. */
export type Person<S extends SchemaSpec> = { readonly [Name in keyof S]?: Readable<S[Name]> }

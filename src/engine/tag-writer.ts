import { CrowdbitError } from '../base/crowdbit-error.ts'
import type { Column } from '../columns/column.ts'
import { derivedTagWritten } from '../dataset/check-written.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { type Members, readMembers } from '../dataset/members.ts'
import type { MemberAction } from '../dataset/mutation.ts'
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
import type { BulkReport } from './bulk-report.ts'
import { telling } from './diagnostics/told-rejection.ts'
import { type NumberWriter, numberWriter, type TimestampWriter } from './number-writer.ts'

/** Bulk writes of a flag. Each call is applied whole or not at all. */
export interface FlagWriter {
  /** How many people have the flag. */
  readonly size: number
  /**
   * Gives the flag to exactly these people, taking it from everybody else.
   * Cost: a look-up for each id; a bitmap is taken as it is.
   *
   * @example
   * ```ts
   * crowd.tags.老客.replace(['u1', 'u2']) // { people: 2, created: 0 }
   * crowd.tags.老客.size // 2
   * ```
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the ID_… codes; nothing is written then
   */
  replace(members: Members): BulkReport
  /**
   * Gives the flag to these people; who is new is seen by it.
   * Cost: a look-up for each id, and a union.
   *
   * @example
   * ```ts
   * crowd.tags.老客.add(['u1', 'stranger']) // { people: 2, created: 1 }
   * ```
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the ID_… codes; nothing is written then
   */
  add(members: Members): BulkReport
  /**
   * Takes the flag from these people; who is new is seen by it all the same (law 2).
   * Cost: a look-up for each id, and a difference.
   *
   * @example
   * ```ts
   * crowd.tags.老客.clear(['u0']) // { people: 1, created: 0 }
   * crowd.tags.老客.size // 99
   * ```
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the ID_… codes; nothing is written then
   */
  clear(members: Members): BulkReport
}

/** Bulk writes of a category. Each call is applied whole or not at all. */
export interface CategoryWriter<Value extends string> {
  /** How many people have any value. */
  readonly size: number
  /** The values that anybody has, with how many people have each, in the order of first sight. */
  values(): readonly { readonly value: Value; readonly size: number }[]
  /**
   * Makes a value be had by exactly these people. In a one-value category they lose the value they had.
   *
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, the ID_… and VALUE_… codes
   */
  replace(value: Value, members: Members): BulkReport
  /**
   * Gives a value to these people: they leave the value they had in a category of one.
   * Cost: a look-up for each id, and a union; in a category of one a difference for each other value.
   *
   * @example
   * ```ts
   * crowd.tags.cityTier.add('T9', ['u1']) // { people: 1, created: 0 }
   * ```
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the ID_… codes; nothing is written then; the VALUE_… codes
   */
  add(value: Value, members: Members): BulkReport
  /**
   * Takes a value from those of these people who have it.
   * Cost: a look-up for each id, and a difference.
   *
   * @example
   * ```ts
   * crowd.tags.interests.clear('奶粉', ['u0', 'u1']) // { people: 2, created: 0 }
   * crowd.tags.interests.size // 499
   * ```
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the ID_… codes; nothing is written then; the VALUE_… codes
   */
  clear(value: Value, members: Members): BulkReport
  /**
   * Takes every value from these people.
   * Cost: a look-up for each id, and a difference for each value.
   *
   * @example
   * ```ts
   * crowd.tags.interests.clearAll(['u0', 'u2']) // { people: 2, created: 0 }
   * ```
   * @throws MEMBERS_WRONG_TYPE, DENSE_UNKNOWN, BITMAP_INVALID, USER_SET_FOREIGN, the ID_… codes; nothing is written then
   */
  clearAll(members: Members): BulkReport
}

/** The bulk writer of a column. */
export type TagWriter<Spec extends ColumnSpec> = Spec extends FlagSpec
  ? FlagWriter
  : Spec extends CategorySpec<infer Value> | MultiCategorySpec<infer Value>
    ? CategoryWriter<Value>
    : Spec extends NumberSpec
      ? NumberWriter
      : Spec extends TimestampSpec
        ? TimestampWriter
        : never

/** Bulk writers by the name of their column. Events have none: they are tracked. */
export type TagWriters<S extends SchemaSpec> = { readonly [Name in ValueColumns<S>]: TagWriter<S[Name]> }

/** Writers for the columns that the schema has at each moment. */
export function createTagWriters<S extends SchemaSpec>(dataset: Dataset): TagWriters<S> {
  return new Proxy({} as TagWriters<S>, {
    get: (_, name) => (typeof name === 'string' ? writerOf(dataset, name) : undefined),
    has: (_, name) => typeof name === 'string' && isWritten(dataset, name),
    ownKeys: () => [...dataset.columnNames()].filter((name) => isWritten(dataset, name)),
    getOwnPropertyDescriptor: (_, name) =>
      typeof name === 'string' && isWritten(dataset, name)
        ? { enumerable: true, configurable: true, value: writerOf(dataset, name) }
        : undefined,
  })
}

/** Whether there is a column of this name that calls may write to. */
function isWritten(dataset: Dataset, name: string): boolean {
  return dataset.column(name) !== undefined && dataset.derivedTag(name) === null
}

/** Names that the language asks of any object, and that are no misspelt tags. */
const askedByTheLanguage: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'constructor',
  'asymmetricMatch',
  'nodeType',
  '$$typeof',
])

type AnyWriter = FlagWriter | CategoryWriter<string> | NumberWriter | TimestampWriter

function writerOf(dataset: Dataset, name: string): AnyWriter | undefined {
  const column = dataset.column(name)
  if (column === undefined) {
    if (askedByTheLanguage.has(name)) return undefined
    if (dataset.event(name) === undefined) throw dataset.schema.unknown(name)
    throw new CrowdbitError('SCHEMA_COLUMN_WRONG_KIND', `${name} is an event: what people did is tracked`, {
      column: name,
    })
  }
  if (!isWritten(dataset, name)) throw derivedTagWritten(name)
  // Looked up at each call: the column may be dropped, and another of its name added.
  const current = (): Column => {
    const column = dataset.column(name)
    if (column === undefined) throw dataset.schema.unknown(name)
    return column
  }
  const write = (action: MemberAction, value: string | null, members: Members): BulkReport => {
    return telling('members', () => {
      const { people, created } = dataset.apply({
        kind: 'members',
        column: name,
        value,
        action,
        members: readMembers(members, dataset.ids),
      })
      return { people, created }
    })
  }
  if (column.kind === 'flag') {
    const writer: FlagWriter = {
      get size() {
        return current().present.size
      },
      replace: (members) => write('replace', null, members),
      add: (members) => write('add', null, members),
      clear: (members) => write('clear', null, members),
    }
    return writer
  }
  if (column.kind === 'number' || column.kind === 'timestamp') {
    return numberWriter(dataset, name, (members) => write('clear', null, members))
  }
  const writer: CategoryWriter<string> = {
    get size() {
      return current().present.size
    },
    values: () => valuesOf(current()),
    replace: (value, members) => write('replace', value, members),
    add: (value, members) => write('add', value, members),
    clear: (value, members) => write('clear', value, members),
    clearAll: (members) => write('clear', null, members),
  }
  return writer
}

function valuesOf(column: Column): { readonly value: string; readonly size: number }[] {
  if (!('values' in column)) return []
  return column.values.texts
    .map((value, number) => ({ value, size: column.posting(number).size }))
    .filter(({ size }) => size > 0)
}

import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { checkValue } from '../columns/check-value.ts'
import type { Column } from '../columns/column.ts'
import type { MultiCategorySpec } from '../schema/column-spec.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { RawRow } from './mutation.ts'

/** One cell to write, checked: nothing that happens later can refuse it. */
export interface CheckedWrite {
  readonly column: Column
  /** Values to give: none, or one on a flag (any text) and a one-value category. */
  readonly add: readonly string[]
  /** Values to take first; `null` to take all. */
  readonly remove: readonly string[] | null
}

/**
 * Checks a row against the schema.
 *
 * @throws SCHEMA_COLUMN_UNKNOWN, VALUE_WRONG_TYPE, VALUE_LONE_SURROGATE, VALUE_TOO_LONG, VALUE_NOT_ALLOWED
 */
export function checkRow(parts: DatasetParts, row: RawRow): readonly CheckedWrite[] {
  if (typeof row !== 'object' || row === null || Symbol.iterator in row) {
    throw new CrowdbitError(
      'VALUE_WRONG_TYPE',
      `a row is ${show(row)}, where an object of values by column is expected`,
    )
  }
  const writes: CheckedWrite[] = []
  for (const name of Object.keys(row)) {
    const column = parts.columns.get(name) ?? parts.columns.get(name.normalize('NFC'))
    if (column === undefined) throw parts.schema.unknown(name)
    writes.push(checkCell(name, column, row[name]))
  }
  return writes
}

/**
 * Refuses rows whose new values would overflow a column, so that it can't happen half way.
 *
 * @throws VALUES_EXHAUSTED
 */
export function reserveNewValues(rows: readonly (readonly CheckedWrite[])[]): void {
  const upper = new Map<Column, number>()
  for (const writes of rows) {
    for (const { column, add } of writes) {
      if (column.kind !== 'flag') upper.set(column, (upper.get(column) ?? 0) + add.length)
    }
  }
  for (const [column, count] of upper) {
    if (column.kind !== 'flag' && count > column.values.room) column.values.reserve(newValuesIn(column, rows))
  }
}

function newValuesIn(column: Column, rows: readonly (readonly CheckedWrite[])[]): number {
  const fresh = new Set<string>()
  for (const writes of rows) {
    for (const write of writes) {
      if (write.column !== column || column.kind === 'flag') continue
      for (const text of write.add) if (column.values.find(text) === -1) fresh.add(text)
    }
  }
  return fresh.size
}

function checkCell(name: string, column: Column, value: unknown): CheckedWrite {
  const cleared = value === null || value === undefined
  switch (column.kind) {
    case 'flag':
      if (cleared || value === false) return { column, add: none, remove: null }
      if (value === true) return { column, add: raised, remove: null }
      throw new CrowdbitError(
        'VALUE_WRONG_TYPE',
        `${name} is a flag and takes true or false, but was given ${show(value)}`,
        {
          column: name,
          value,
        },
      )
    case 'category':
      return { column, add: cleared ? none : [checkValue(name, column.spec, value)], remove: null }
    case 'multi-category':
      return cleared ? { column, add: none, remove: null } : checkMany(name, column, value)
  }
}

function checkMany(name: string, column: Column & { kind: 'multi-category' }, value: unknown): CheckedWrite {
  if (Array.isArray(value)) return { column, add: checkList(name, column.spec, value), remove: null }
  const expected = `${name} holds several texts and takes an array of them, or { add, remove } with arrays`
  if (typeof value !== 'object') {
    throw new CrowdbitError('VALUE_WRONG_TYPE', `${expected}, but was given ${show(value)}`, { column: name, value })
  }
  const edit = value as { add?: unknown; remove?: unknown }
  const wrongKey = Object.keys(edit).find((key) => key !== 'add' && key !== 'remove')
  const { add = none, remove = none } = edit
  if (wrongKey !== undefined || !Array.isArray(add) || !Array.isArray(remove)) {
    throw new CrowdbitError('VALUE_WRONG_TYPE', `${expected}, but was given ${show(value)}`, { column: name, value })
  }
  return { column, add: checkList(name, column.spec, add), remove: checkList(name, column.spec, remove) }
}

function checkList(name: string, spec: MultiCategorySpec, values: readonly unknown[]): readonly string[] {
  return [...new Set(values.map((value) => checkValue(name, spec, value)))]
}

const none: readonly string[] = Object.freeze([])
const raised: readonly string[] = Object.freeze(['true'])

import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import { checkValue } from '../columns/check-value.ts'
import type { Column } from '../columns/column.ts'
import { NumberColumn } from '../columns/number-column.ts'
import type { MultiCategorySpec } from '../schema/column-spec.ts'
import { checkWritten } from './check-written.ts'
import type { DatasetParts } from './dataset-parts.ts'
import { numberValue } from './number-value.ts'
import type { RawRow } from './raw-row.ts'
import { unknownColumn } from './unknown-event.ts'

/** One cell to write, checked: nothing that happens later can refuse it. */
export type CheckedWrite = CheckedTexts | CheckedNumber

/** A cell of a flag or category. */
export interface CheckedTexts {
  /** Of the column, in the schema's spelling. */
  readonly name: string
  readonly column: Exclude<Column, NumberColumn>
  /** Values to give: none, or one on a flag (any text) and a one-value category. */
  readonly add: readonly string[]
  /** Values to take first; `null` to take all. */
  readonly remove: readonly string[] | null
}

/** A cell of a number or timestamp. */
export interface CheckedNumber {
  readonly name: string
  readonly column: NumberColumn
  /** As the column holds it; `null` to clear. */
  readonly value: number | null
}

/**
 * Checks a row against the schema.
 *
 * @throws SCHEMA_COLUMN_UNKNOWN, SCHEMA_COLUMN_WRONG_KIND, TIME_INVALID, VALUE_WRONG_TYPE, VALUE_LONE_SURROGATE, VALUE_TOO_LONG, VALUE_NOT_ALLOWED,
 * VALUE_TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE
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
    let spelled = name
    let column = parts.columns.get(name)
    if (column === undefined) {
      spelled = name.normalize('NFC')
      column = parts.columns.get(spelled)
      if (column === undefined) throw unknownColumn(parts, name)
    }
    if (parts.derived.size > 0) checkWritten(parts, spelled)
    writes.push(checkCell(parts, spelled, column, row[name]))
  }
  return writes
}

/**
 * Refuses rows whose new values would overflow a column, so that it can't happen half way.
 *
 * @throws VALUES_EXHAUSTED
 */
export function reserveNewValues(rows: readonly (readonly CheckedWrite[])[]): void {
  const upper = new Map<TextColumn, number>()
  for (const writes of rows) {
    for (const write of writes) {
      if ('value' in write || write.column.kind === 'flag') continue
      upper.set(write.column, (upper.get(write.column) ?? 0) + write.add.length)
    }
  }
  for (const [column, count] of upper) {
    if (count > column.values.room) column.values.reserve(newValuesIn(column, rows))
  }
}

/** As `reserveNewValues`, of one row. @throws VALUES_EXHAUSTED */
export function reserveNewValuesOfRow(writes: readonly CheckedWrite[]): void {
  let texts = 0
  for (const write of writes) {
    if ('value' in write || write.column.kind === 'flag') continue
    texts += write.add.length
    // As if all up to here were new, and of this column, which may be there twice.
    if (texts > write.column.values.room) {
      reserveNewValues([writes])
      return
    }
  }
}

type TextColumn = Column & { readonly kind: 'category' | 'multi-category' }

function newValuesIn(column: TextColumn, rows: readonly (readonly CheckedWrite[])[]): number {
  const fresh = new Set<string>()
  for (const writes of rows) {
    for (const write of writes) {
      if ('value' in write || write.column !== column) continue
      for (const text of write.add) if (column.values.find(text) === -1) fresh.add(text)
    }
  }
  return fresh.size
}

/** Checks one cell. @throws the VALUE_… codes */
export function checkCell(parts: DatasetParts, name: string, column: Column, value: unknown): CheckedWrite {
  const cleared = value === null || value === undefined
  if (column instanceof NumberColumn) {
    return { name, column, value: cleared ? null : numberValue(name, column, value, parts.zone) }
  }
  switch (column.kind) {
    case 'flag':
      if (cleared || value === false) return { name, column, add: none, remove: null }
      if (value === true) return { name, column, add: raised, remove: null }
      throw new CrowdbitError(
        'VALUE_WRONG_TYPE',
        `${name} is a flag and takes true or false, but was given ${show(value)}`,
        {
          column: name,
          value,
        },
      )
    case 'category':
      if (cleared) return { name, column, add: none, remove: null }
      // What the dictionary has is in NFC, and was allowed.
      if (typeof value === 'string' && column.values.find(value) !== -1) {
        return { name, column, add: [value], remove: null }
      }
      return { name, column, add: [checkValue(name, column.spec, value)], remove: null }
    case 'multi-category':
      return cleared ? { name, column, add: none, remove: null } : checkMany(name, column, value)
  }
}

function checkMany(name: string, column: Column & { kind: 'multi-category' }, value: unknown): CheckedWrite {
  if (Array.isArray(value)) return { name, column, add: checkList(name, column.spec, value), remove: null }
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
  return { name, column, add: checkList(name, column.spec, add), remove: checkList(name, column.spec, remove) }
}

function checkList(name: string, spec: MultiCategorySpec, values: readonly unknown[]): readonly string[] {
  return [...new Set(values.map((value) => checkValue(name, spec, value)))]
}

const none: readonly string[] = Object.freeze([])
const raised: readonly string[] = Object.freeze(['true'])

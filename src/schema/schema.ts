import { CrowdbitError } from '../base/crowdbit-error.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'
import { type ColumnSpec, category, flag, type SchemaSpec } from './column-spec.ts'

/**
 * The columns there are, checked and frozen. Changing a schema makes a new one, so that a plan or a reader that holds
 * a schema keeps it. Names are compared after NFC, exactly otherwise.
 */
export class Schema {
  readonly #columns: ReadonlyMap<string, ColumnSpec>

  private constructor(columns: ReadonlyMap<string, ColumnSpec>) {
    this.#columns = columns
  }

  /**
   * Checks a schema as a user gives it.
   *
   * @throws SCHEMA_INVALID, SCHEMA_NAME_INVALID, SCHEMA_NAME_TAKEN
   */
  static from(spec: SchemaSpec): Schema {
    if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) {
      throw new CrowdbitError('SCHEMA_INVALID', `the schema is ${show(spec)}, where an object of columns is expected`)
    }
    const columns = new Map<string, ColumnSpec>()
    for (const [name, column] of Object.entries(spec)) putColumn(columns, name, column)
    return new Schema(columns)
  }

  /** Column names in the order in which they were declared. */
  get names(): IterableIterator<string> {
    return this.#columns.keys()
  }

  /** Names and specs in the order in which they were declared. */
  entries(): IterableIterator<[string, ColumnSpec]> {
    return this.#columns.entries()
  }

  /** How many columns there are. */
  get size(): number {
    return this.#columns.size
  }

  /** The column of this name, after NFC; `undefined` where there is none. */
  get(name: string): ColumnSpec | undefined {
    return this.#columns.get(name) ?? this.#columns.get(name.normalize('NFC'))
  }

  /** The same schema with one more column. */
  with(name: string, column: ColumnSpec): Schema {
    const columns = new Map(this.#columns)
    putColumn(columns, name, column)
    return new Schema(columns)
  }

  /** The same schema with one column less. */
  without(name: string): Schema {
    const normal = name.normalize('NFC')
    if (!this.#columns.has(normal)) throw this.unknown(name)
    const columns = new Map(this.#columns)
    columns.delete(normal)
    return new Schema(columns)
  }

  /** The error for a name that no column has, with the nearest name that one has. */
  unknown(name: string): CrowdbitError {
    const suggestion = nearestName(name, this.#columns.keys())
    return new CrowdbitError(
      'SCHEMA_COLUMN_UNKNOWN',
      `no column ${show(name)} in this engine.${didYouMean(suggestion)}`,
      {
        name,
        suggestion,
      },
    )
  }

  /** The schema as plain data, to save or to compare. */
  toJSON(): Record<string, ColumnSpec> {
    return Object.fromEntries(this.#columns)
  }
}

/** Adds a column, checked. @throws SCHEMA_INVALID, SCHEMA_NAME_INVALID, SCHEMA_NAME_TAKEN */
function putColumn(columns: Map<string, ColumnSpec>, name: string, column: ColumnSpec): void {
  const normal = checkColumnName(name)
  checkColumn(normal, column)
  if (columns.has(normal)) {
    throw new CrowdbitError('SCHEMA_NAME_TAKEN', `there is a column ${show(normal)} already`, { name: normal })
  }
  columns.set(normal, rebuilt(column))
}

/** The spec in our own hands: what the caller does to theirs afterwards changes nothing. */
function rebuilt(column: ColumnSpec): ColumnSpec {
  if (column.kind === 'flag') return flag()
  const values = column.values === null ? {} : { values: column.values }
  return column.many ? category({ ...values, many: true }) : category(values)
}

/**
 * The NFC form of a column name.
 *
 * @throws SCHEMA_NAME_INVALID
 */
function checkColumnName(name: string): string {
  const normal = typeof name === 'string' ? name.normalize('NFC') : ''
  if (
    normal.length === 0 ||
    normal.length > 256 ||
    /\p{Cc}/u.test(normal) ||
    normal.trim() !== normal ||
    !isWellFormed(normal)
  ) {
    throw new CrowdbitError(
      'SCHEMA_NAME_INVALID',
      `${show(name)} is not a column name: 1 to 256 characters, no control characters, no white space at the ends`,
      { name },
    )
  }
  if (normal === '__proto__') {
    throw new CrowdbitError('SCHEMA_NAME_INVALID', '"__proto__" cannot be a key of a row, so it cannot name a column', {
      name,
    })
  }
  return normal
}

function checkColumn(name: string, column: ColumnSpec): void {
  const kind: unknown = (column as { kind?: unknown } | null | undefined)?.kind
  if (kind === 'flag') return
  if (kind !== 'category') {
    throw new CrowdbitError(
      'SCHEMA_INVALID',
      `column ${show(name)} is ${show(column)}, where flag() or category() is expected`,
      { name },
    )
  }
  const { values, many } = column as { values?: unknown; many?: unknown }
  if (typeof many !== 'boolean') {
    throw new CrowdbitError(
      'SCHEMA_INVALID',
      `the option many of column ${show(name)} is ${show(many)}, where true or false is expected`,
      { name },
    )
  }
  if (values === null) return
  if (
    !Array.isArray(values) ||
    values.length === 0 ||
    !values.every((value) => typeof value === 'string' && isWellFormed(value))
  ) {
    throw new CrowdbitError(
      'SCHEMA_INVALID',
      `the values of column ${show(name)} must be a list of at least one text`,
      { name },
    )
  }
  const seen = new Set<string>()
  for (const value of (values as string[]).map((text) => text.normalize('NFC'))) {
    if (seen.has(value))
      throw new CrowdbitError('SCHEMA_INVALID', `column ${show(name)} lists the value ${show(value)} twice`, {
        name,
        value,
      })
    seen.add(value)
  }
}

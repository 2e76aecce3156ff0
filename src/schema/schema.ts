import { CrowdbitError } from '../base/crowdbit-error.ts'
import { decimalText, parseScaled } from '../base/decimal.ts'
import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import { show } from '../base/show.ts'
import { checkColumn, checkColumnName } from './check-column.ts'
import {
  type ColumnSpec,
  category,
  event,
  flag,
  number,
  type PropertySpec,
  type SchemaSpec,
  timestamp,
} from './column-spec.ts'

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
  switch (column.kind) {
    case 'timestamp':
      return timestamp(mergeIn(column))
    case 'event': {
      const properties = Object.fromEntries(
        Object.entries(column.properties).map(([name, spec]) => [name.normalize('NFC'), rebuilt(spec) as PropertySpec]),
      )
      return event(properties, column.retentionDays === null ? {} : { retentionDays: column.retentionDays })
    }
    case 'number': {
      const { scale, min, max } = column
      const canonical = (bound: string): string => decimalText(parseScaled(bound, scale) as number, scale)
      return number({
        scale,
        ...(min === null ? {} : { min: canonical(min) }),
        ...(max === null ? {} : { max: canonical(max) }),
        ...mergeIn(column),
      })
    }
    case 'flag':
      return flag()
    case 'category': {
      const values = column.values === null ? {} : { values: column.values }
      return column.many ? category({ ...values, many: true }) : category({ ...values, ...mergeIn(column) })
    }
  }
}

/** The policy of a column that says one. */
function mergeIn<Policy>({ merge }: { readonly merge?: Policy }): { readonly merge?: Policy } {
  return merge === undefined ? {} : { merge }
}

import { checkKeys } from '../base/check-keys.ts'
import type { CategoryMapping, EmptyText } from './column-mapping.ts'
import type { RowFault } from './row-fault.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** Writes a one-value category: a text as it is. */
export class CategoryCell implements ValueCell {
  readonly source: string
  readonly to: string
  readonly #empty: EmptyText
  /** To tell the nearest allowed value takes long: once for each text is enough. */
  readonly #refused = new Map<unknown, RowFault>()

  /** @throws OPTION_INVALID */
  constructor(source: string, mapping: CategoryMapping, empty: EmptyText) {
    checkKeys(mapping, ['to', 'empty'])
    this.source = source
    this.to = mapping.to
    this.#empty = empty
  }

  write(given: unknown, row: NewRow): RowFault | null {
    if (given === '' && this.#empty !== 'value') {
      if (this.#empty === 'clear') row[this.to] = null
      return null
    }
    if (this.#refused.size > 0) {
      const fault = this.#refused.get(given)
      if (fault !== undefined) return fault
    }
    row[this.to] = given
    return null
  }

  refused(value: unknown, fault: RowFault): void {
    if (fault.code === 'VALUE_NOT_ALLOWED' && this.#refused.size < maxRefused) this.#refused.set(value, fault)
  }
}

const maxRefused = 1_000

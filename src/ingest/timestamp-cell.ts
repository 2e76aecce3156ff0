import { checkKeys } from '../base/check-keys.ts'
import { parseScaled } from '../base/decimal.ts'
import { show } from '../base/show.ts'
import type { EmptyText, TimestampMapping } from './column-mapping.ts'
import { invalid } from './ingest-options.ts'
import { RowFault } from './row-fault.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** Writes a timestamp: a text without the white space around it, a number since 1970 in its unit, anything else as it is. */
export class TimestampCell implements ValueCell {
  readonly source: string
  readonly to: string
  readonly #empty: EmptyText
  /** Digits after the point that numbers may have: they count milliseconds then; `null` where text is ISO 8601. */
  readonly scale: 0 | 3 | null

  /** @throws OPTION_INVALID */
  constructor(source: string, mapping: TimestampMapping, empty: EmptyText) {
    checkKeys(mapping, ['to', 'unit', 'empty'])
    const { unit } = mapping
    if (unit !== undefined && unit !== 's' && unit !== 'ms') throw invalid('unit', unit, '"s" or "ms"')
    this.source = source
    this.to = mapping.to
    this.#empty = empty
    this.scale = unit === undefined ? null : unit === 's' ? 3 : 0
  }

  write(given: unknown, row: NewRow): RowFault | null {
    const value = typeof given === 'string' ? given.trim() : given
    if (value === '' && this.#empty !== 'value') {
      if (this.#empty === 'clear') row[this.to] = null
      return null
    }
    const isCounted = this.scale !== null && (typeof value === 'string' || typeof value === 'number')
    const at = isCounted ? parseScaled(value, this.scale!) : value
    if (isCounted && typeof at === 'string') return this.#fault(given)
    row[this.to] = at
    return null
  }

  refused(): void {}

  #fault(given: unknown): RowFault {
    const unit = this.scale === 3 ? 'seconds with up to three digits after the point' : 'whole milliseconds'
    return new RowFault(
      'TIME_INVALID',
      `${this.to} was given ${show(given)}, where ${unit} since 1970 are expected; without the mapping's unit, text is ISO 8601`,
      this.source,
      given,
    )
  }
}

import { checkKeys } from '../base/check-keys.ts'
import type { EmptyText, NumberMapping } from './column-mapping.ts'
import { invalid } from './ingest-options.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** What takes groups apart, and the text of a number with such groups. */
const grouped: Readonly<Record<string, RegExp>> = Object.freeze({
  ',': /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/,
  ' ': /^[+-]?\d{1,3}(?: \d{3})+(?:\.\d*)?$/,
  _: /^[+-]?\d{1,3}(?:_\d{3})+(?:\.\d*)?$/,
  "'": /^[+-]?\d{1,3}(?:'\d{3})+(?:\.\d*)?$/,
})

/** Writes a number: a text without the white space around it, anything else as it is. */
export class NumberCell implements ValueCell {
  readonly source: string
  readonly to: string
  readonly #empty: EmptyText
  readonly #thousands: string | null

  /** @throws OPTION_INVALID */
  constructor(source: string, mapping: NumberMapping, empty: EmptyText) {
    checkKeys(mapping, ['to', 'thousands', 'empty'])
    const { thousands } = mapping
    if (thousands !== undefined && grouped[thousands] === undefined) {
      throw invalid('thousands', thousands, 'one of "," " " "_" "\'"')
    }
    this.source = source
    this.to = mapping.to
    this.#empty = empty
    this.#thousands = thousands ?? null
  }

  write(given: unknown, row: NewRow): null {
    if (typeof given !== 'string') {
      row[this.to] = given
      return null
    }
    const text = given.trim()
    if (text === '' && this.#empty !== 'value') {
      if (this.#empty === 'clear') row[this.to] = null
      return null
    }
    const isGrouped = this.#thousands !== null && grouped[this.#thousands]!.test(text)
    row[this.to] = isGrouped ? text.replaceAll(this.#thousands!, '') : text
    return null
  }

  refused(): void {}
}

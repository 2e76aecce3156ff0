import { checkKeys } from '../base/check-keys.ts'
import type { EmptyText, MultiCategoryMapping } from './column-mapping.ts'
import { invalid } from './ingest-options.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** Writes a many-value category: a text as the values between its separators, an array as values, an edit as it is. */
export class MultiCategoryCell implements ValueCell {
  readonly source: string
  readonly to: string
  readonly #separator: string | null
  readonly #isAdded: boolean
  readonly #empty: EmptyText

  /** @throws OPTION_INVALID */
  constructor(source: string, mapping: MultiCategoryMapping, empty: EmptyText) {
    checkKeys(mapping, ['to', 'separator', 'mode', 'empty'])
    const { separator = '|', mode = 'replace' } = mapping
    if (separator !== null && (typeof separator !== 'string' || separator === '')) {
      throw invalid('separator', separator, 'a text of at least one character, or null')
    }
    if (mode !== 'replace' && mode !== 'add') throw invalid('mode', mode, '"replace" or "add"')
    this.source = source
    this.to = mapping.to
    this.#separator = separator
    this.#isAdded = mode === 'add'
    this.#empty = empty
  }

  write(given: unknown, row: NewRow): null {
    const values = typeof given === 'string' ? this.#split(given) : given
    if (Array.isArray(values)) {
      if (values.length > 0 || typeof given !== 'string') row[this.to] = this.#isAdded ? { add: values } : values
      else if (this.#empty === 'clear') row[this.to] = null
    } else {
      row[this.to] = values
    }
    return null
  }

  refused(): void {}

  #split(text: string): string[] {
    const values = this.#separator === null ? [text] : text.split(this.#separator)
    return this.#empty === 'value' || !values.includes('') ? values : values.filter((value) => value !== '')
  }
}

import { checkKeys } from '../base/check-keys.ts'
import { show } from '../base/show.ts'
import type { EmptyText, FlagMapping } from './column-mapping.ts'
import { FlagWords } from './flag-words.ts'
import { RowFault } from './row-fault.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** Writes a flag: a text or a number by the words for true and false, anything else as it is. */
export class FlagCell implements ValueCell {
  readonly source: string
  readonly to: string
  readonly #words: FlagWords
  readonly #empty: EmptyText

  /** @throws OPTION_INVALID */
  constructor(source: string, mapping: FlagMapping, empty: EmptyText) {
    checkKeys(mapping, ['to', 'truthy', 'falsy', 'empty'])
    this.source = source
    this.to = mapping.to
    this.#words = new FlagWords(mapping.truthy, mapping.falsy)
    this.#empty = empty
  }

  write(given: unknown, row: NewRow): RowFault | null {
    if (typeof given !== 'string' && typeof given !== 'number') {
      row[this.to] = given
      return null
    }
    const meaning = this.#words.meaningOf(String(given))
    if (meaning !== undefined) {
      row[this.to] = meaning
      return null
    }
    if (given !== '' || this.#empty === 'value') return this.#fault(given)
    if (this.#empty === 'clear') row[this.to] = null
    return null
  }

  refused(): void {}

  #fault(given: unknown): RowFault {
    return new RowFault(
      'VALUE_WRONG_TYPE',
      `${this.to} is a flag, and was given ${show(given)}, where true (${this.#words.wordsFor(true)}) or false (${this.#words.wordsFor(false)}) is expected; the mapping's truthy and falsy take other words`,
      this.source,
      given,
    )
  }
}

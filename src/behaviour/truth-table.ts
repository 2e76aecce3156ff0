import type { ValueDictionary } from '../columns/value-dictionary.ts'
import type { Truth } from './row-test-spec.ts'

/** Which values of a dictionary pass. */
export type TextChoice =
  /** Those in the list, or those that are not. */
  { readonly texts: readonly string[]; readonly listed: boolean } | { readonly passes: (text: string) => boolean }

/**
 * For each code of a category, whether its text passes. Values are never taken away from a dictionary, so the table only
 * grows: what it says of a code stays.
 *
 *   code    0 (absent)   1 (value 0)   2 (value 1) …
 *   table   0            1             0
 */
export class TruthTable implements Truth {
  readonly #dictionary: ValueDictionary
  readonly #choice: TextChoice
  /** Texts of a list that the dictionary did not have. */
  #missing: readonly string[]
  #table: Uint8Array = new Uint8Array(256)
  /** Values that the table knows. */
  #known = 0
  /** How many of them pass, and the code of the last one that does. */
  #passing = 0
  #lastPassing = 0

  constructor(dictionary: ValueDictionary, choice: TextChoice) {
    this.#dictionary = dictionary
    this.#choice = choice
    this.#missing = 'texts' in choice ? [...new Set(choice.texts)] : []
  }

  /**
   * 1 for each code that passes. At least as long as there are codes.
   * Cost: a look at each value that has come since the last call.
   */
  get table(): Uint8Array {
    if (this.#known < this.#dictionary.size) this.#grow()
    return this.#table
  }

  /** The code that passes, where it is the only one of all that there are; else `null`. Cost: as of `table`. */
  get only(): number | null {
    if (this.#known < this.#dictionary.size) this.#grow()
    return this.#passing === 1 ? this.#lastPassing : null
  }

  #grow(): void {
    const dictionary = this.#dictionary
    const choice = this.#choice
    const { size } = dictionary
    if (size + 1 > this.#table.length) {
      const longer = new Uint8Array(Math.max(size + 1, 2 * this.#table.length))
      longer.set(this.#table)
      this.#table = longer
    }
    const table = this.#table
    if ('passes' in choice) {
      for (let value = this.#known; value < size; value++)
        table[value + 1] = Number(choice.passes(dictionary.textOf(value)))
    } else {
      if (!choice.listed) table.fill(1, this.#known + 1, size + 1)
      this.#missing = this.#missing.filter((text) => {
        const value = dictionary.find(text)
        if (value !== -1) table[value + 1] = Number(choice.listed)
        return value === -1
      })
    }
    for (let code = this.#known + 1; code <= size; code++) {
      if (table[code] === 0) continue
      this.#passing++
      this.#lastPassing = code
    }
    this.#known = size
  }
}

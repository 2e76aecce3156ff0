import type { ExternalId } from '../base/brand.ts'
import { show } from '../base/show.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { RowFault } from './row-fault.ts'

/** Makes an id of what the source has. Ids that the engine refuses for their length or letters come through. */
export class IdCell {
  readonly source: string
  readonly #dataset: Dataset
  /** Whether texts are decimal integers. */
  readonly isInteger: boolean
  readonly #emptyFault: RowFault

  constructor(source: string, type: 'string' | 'integer', dataset: Dataset) {
    this.source = source
    this.#dataset = dataset
    this.isInteger = type === 'integer'
    this.#emptyFault = this.#refused('')!
  }

  /** The id of a text. */
  ofText(text: string): ExternalId | RowFault {
    if (text === '') return this.#emptyFault
    return this.isInteger ? this.#integer(text) : text
  }

  /** The id of anything. */
  of(value: unknown): ExternalId | RowFault {
    if (typeof value === 'string') return this.ofText(value)
    const fault = this.#refused(value)
    if (fault !== null) return fault
    if (this.isInteger) return value as ExternalId
    return new RowFault(
      'ID_WRONG_TYPE',
      `the id is the integer ${value}, where a text is expected; pass idType: 'integer', or write it as a text: they are two different ids`,
      this.source,
      value,
    )
  }

  #integer(text: string): ExternalId | RowFault {
    if (!/^[0-9]+$/.test(text)) {
      return new RowFault(
        'ID_NOT_AN_INTEGER',
        `the id is ${show(text)}, where decimal digits are expected; leave idType out for ids that are texts`,
        this.source,
        text,
      )
    }
    if (text.length <= 15) return Number(text)
    const digits = text.replace(/^0+(?=.)/, '')
    // Longer than the largest: no need for a number of many digits, to be refused anyway.
    const integer = digits.length > 20 ? 2n ** 64n : BigInt(digits)
    if (integer <= Number.MAX_SAFE_INTEGER) return Number(integer)
    return this.#refused(integer, text) ?? integer
  }

  #refused(id: unknown, value: unknown = id): RowFault | null {
    try {
      this.#dataset.ids.check(id)
      return null
    } catch (error) {
      return RowFault.from(error, this.source, value)
    }
  }
}

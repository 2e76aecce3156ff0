import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { flag } from '../schema/column-spec.ts'
import { RowFault } from './row-fault.ts'

/** Tags that one ingest adds at most, against a wrong column: each new one copies the schema. */
const maxCreated = 10_000
/** Names remembered at most. */
const maxKnown = 100_000

/** Finds the flag that a cell names, or adds it to the schema. */
export class TagCell {
  readonly source: string
  /** The flags that were added, in order. */
  readonly created: string[] = []
  readonly #dataset: Dataset
  readonly #creates: boolean
  readonly #known = new Map<unknown, string | RowFault>()

  constructor(source: string, creates: boolean, dataset: Dataset) {
    this.source = source
    this.#creates = creates
    this.#dataset = dataset
  }

  /** The flag's name in NFC. */
  flagOf(given: unknown): string | RowFault {
    const known = this.#known.get(given)
    if (known !== undefined) return known
    const found = this.#find(given)
    if (this.#known.size < maxKnown) this.#known.set(given, found)
    return found
  }

  #find(given: unknown): string | RowFault {
    if (typeof given !== 'string') {
      return new RowFault(
        'VALUE_WRONG_TYPE',
        `the tag is ${show(given)}, where the name of a flag is expected`,
        this.source,
        given,
      )
    }
    const name = given.normalize('NFC')
    const column = this.#dataset.column(name)
    if (column?.kind === 'flag') return name
    try {
      if (column !== undefined) {
        throw new CrowdbitError(
          'SCHEMA_COLUMN_WRONG_KIND',
          `${show(name)} is a ${column.kind === 'multi-category' ? 'category' : column.kind}, where a flag is expected`,
        )
      }
      if (!this.#creates) throw this.#dataset.schema.unknown(name)
      if (this.created.length >= maxCreated) {
        throw new CrowdbitError(
          'SCHEMA_COLUMN_UNKNOWN',
          `no column ${show(name)} in this engine, and this ingest has added ${maxCreated} tags already; is ${show(this.source)} the column that holds the tag?`,
        )
      }
      this.#dataset.apply({ kind: 'addColumn', column: name, spec: flag() })
      this.created.push(name)
      return name
    } catch (error) {
      return RowFault.from(error, this.source, given)
    }
  }
}

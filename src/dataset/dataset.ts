import type { DenseId, ExternalId } from '../base/brand.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import { Posting } from '../bitmap/posting.ts'
import { type Column, createColumn } from '../columns/column.ts'
import { IdDictionary } from '../ids/id-dictionary.ts'
import type { Schema } from '../schema/schema.ts'
import { applyMutation } from './apply-mutation.ts'
import { checkRow } from './check-row.ts'
import type { DatasetParts } from './dataset-parts.ts'
import type { Mutation, MutationReport, RawRow } from './mutation.ts'

/**
 * Ids, columns and schema held together, with one writer: `apply`. The version counts the mutations that were applied.
 */
export class Dataset {
  readonly #parts: DatasetParts
  #version: number
  /** Called with the dense numbers of people just removed: whoever holds lists of people clears them (law 3). */
  onRemoved: (people: ReadonlyBitmap) => void = () => {}

  private constructor(parts: DatasetParts, version: number) {
    this.#parts = parts
    this.#version = version
  }

  /** Nobody yet. */
  static empty(schema: Schema): Dataset {
    const columns = new Map([...schema.entries()].map(([name, spec]) => [name, createColumn(spec)]))
    return new Dataset({ schema, ids: new IdDictionary(), people: new Posting(), columns }, 0)
  }

  /** A dataset from parts that were checked to fit together. */
  static from(parts: DatasetParts, version: number): Dataset {
    return new Dataset(parts, version)
  }

  get schema(): Schema {
    return this.#parts.schema
  }

  get ids(): IdDictionary {
    return this.#parts.ids
  }

  /** `U`: living people. */
  get people(): Posting {
    return this.#parts.people
  }

  /** How many mutations have been applied. */
  get version(): number {
    return this.#version
  }

  /** The column of a name that the schema has. */
  column(name: string): Column | undefined {
    return this.#parts.columns.get(name) ?? this.#parts.columns.get(name.normalize('NFC'))
  }

  /** Names and columns in the order of the schema. */
  columns(): IterableIterator<[string, Column]> {
    return this.#parts.columns.entries()
  }

  /** The number of a living person, or -1. */
  find(id: ExternalId): DenseId | -1 {
    return this.#parts.ids.find(id) as DenseId | -1
  }

  /**
   * Refuses a row that `apply` would refuse by itself, and changes nothing: to find which rows of a batch are at fault.
   *
   * @throws the ID_… and VALUE_… codes, SCHEMA_COLUMN_UNKNOWN
   */
  checkPut(id: ExternalId, row: RawRow): void {
    this.#parts.ids.check(id)
    checkRow(this.#parts, row)
  }

  /**
   * Applies a mutation, whole or not at all: whatever is wrong with it is thrown before anything changes.
   */
  apply(mutation: Mutation): MutationReport {
    const report = applyMutation(this.#parts, mutation, (people) => this.onRemoved(people))
    this.#version++
    return report
  }
}

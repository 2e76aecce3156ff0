import type { Posting } from '../bitmap/posting.ts'
import type { Column } from '../columns/column.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import type { Schema } from '../schema/schema.ts'

/** The parts of a dataset, as `applyMutation` changes them and the save file holds them. */
export interface DatasetParts {
  schema: Schema
  readonly ids: IdDictionary
  /** `U`: living people. Every bitmap of every column is a subset of it. */
  readonly people: Posting
  readonly columns: Map<string, Column>
}

import type { TimeZone } from '../base/time-zone.ts'
import type { Posting } from '../bitmap/posting.ts'
import type { Column } from '../columns/column.ts'
import type { EventColumn } from '../events/event-column.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
import type { Schema } from '../schema/schema.ts'
import type { DerivedTag } from './derived-tag.ts'
import type { LateMap } from './late-map.ts'
import type { Revisions } from './revisions.ts'

/** The parts of a dataset, as `applyMutation` changes them and the save file holds them. */
export interface DatasetParts {
  schema: Schema
  /** May be a `LateIds`. */
  readonly ids: IdDictionary
  /** `U`: living people. Every bitmap of every column is a subset of it. */
  readonly people: Posting
  readonly columns: LateMap<Column>
  /** Events by the name of their kind. Their people are all in `U`. */
  readonly events: LateMap<EventColumn>
  /** What columns are derived from, by their names: nothing else writes to these. */
  readonly derived: Map<string, DerivedTag>
  /** In which local days begin. */
  readonly zone: TimeZone
  /** When each column, kind of events, and the people were written last. Whoever writes to one says so, before. */
  readonly revisions: Revisions
}

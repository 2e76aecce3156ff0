import type { ExternalId, Millis } from '../base/brand.ts'
import type { Bitmap } from '../bitmap/bitmap.ts'
import type { AppendReport } from '../events/event-column.ts'
import type { ColumnSpec } from '../schema/column-spec.ts'
import type { CheckedEvents } from './checked-events.ts'
import type { BuiltState, DerivedTag } from './derived-tag.ts'
import type { GivenMembers, OrderedMembers } from './members.ts'
import type { PutTable } from './put-table.ts'
import type { RawRow } from './raw-row.ts'

/** Two ids of one person. */
export type LinkPair = readonly [ExternalId, ExternalId]

/** What a change of members does: make the value be had by exactly these, give it to these, or take it from these. */
export type MemberAction = 'replace' | 'add' | 'clear'

/**
 * A change of the data, as plain data. Every write goes through `applyMutation`, whole or not at all: calls of the API,
 * imports, and later the replay of a log.
 */
export type Mutation =
  | { readonly kind: 'put'; readonly rows: readonly (readonly [ExternalId, RawRow])[] }
  /** As a `put` of the same rows. */
  | { readonly kind: 'putTable'; readonly table: PutTable }
  | { readonly kind: 'remove'; readonly ids: readonly ExternalId[] }
  /** Each pair is one person from now on. */
  | { readonly kind: 'link'; readonly pairs: readonly LinkPair[] }
  /** An id is no longer one of its person, and nobody's. */
  | { readonly kind: 'unlink'; readonly id: ExternalId }
  | {
      readonly kind: 'members'
      readonly column: string
      /** The value of a category; `null` for a flag, or for whichever value the people have. */
      readonly value: string | null
      readonly action: MemberAction
      readonly members: GivenMembers
    }
  | {
      /** A value each for people, in their order: of two for one person the later counts. */
      readonly kind: 'numbers'
      /** A number or timestamp column. */
      readonly column: string
      /** `replace`: nobody else has a value then. */
      readonly action: 'set' | 'replace'
      readonly members: OrderedMembers
      /** As the column holds them: decimals at its scale, instants in milliseconds. */
      readonly values: Float64Array
    }
  | {
      readonly kind: 'track'
      /** The kind of the events. */
      readonly event: string
      readonly events: CheckedEvents
      /** The clock's present: what retention counts back from. */
      readonly now: Millis
    }
  /** Drops the days of events that are older than their retention, counted back from the clock's present. */
  | { readonly kind: 'retain'; readonly now: Millis }
  /** A new column whose people follow from rules. */
  | { readonly kind: 'defineTag'; readonly column: string; readonly spec: ColumnSpec; readonly tag: DerivedTag }
  /** The people of a built derived tag, who take the place of those there were. The bitmaps are taken over. */
  | {
      readonly kind: 'buildTag'
      readonly column: string
      readonly built: BuiltState
      /** One for each case, in order, disjoint. */
      readonly people: readonly Bitmap[]
    }
  | { readonly kind: 'addColumn'; readonly column: string; readonly spec: ColumnSpec }
  | { readonly kind: 'dropColumn'; readonly column: string }

/** What a mutation did. */
export interface MutationReport {
  /** Different people it was about. */
  readonly people: number
  /** People first seen by it. */
  readonly created: number
  /** Ids that nobody has, where the mutation creates nobody. */
  readonly unknown: number
  /** The dense number of the person of each row, in order, of a `put` or of many events. */
  readonly numbers?: Uint32Array
  /** What became of the events of a `track`. */
  readonly events?: AppendReport
  /** New ids that a `link` gave to people, as others beside their own. */
  readonly linked?: number
  /** People whom a `link` made others. */
  readonly merged?: number
  /** Events that a `retain` dropped. */
  readonly dropped?: number
}

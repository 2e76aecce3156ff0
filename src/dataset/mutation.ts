import type { ExternalId } from '../base/brand.ts'
import type { ColumnSpec } from '../schema/column-spec.ts'
import type { GivenMembers } from './members.ts'

/** Values to write for one person, not yet checked against the schema. */
export type RawRow = Readonly<Record<string, unknown>>

/** What a change of members does: make the value be had by exactly these, give it to these, or take it from these. */
export type MemberAction = 'replace' | 'add' | 'clear'

/**
 * A change of the data, as plain data. Every write goes through `applyMutation`, whole or not at all: calls of the API,
 * imports, and later the replay of a log.
 */
export type Mutation =
  | { readonly kind: 'put'; readonly rows: readonly (readonly [ExternalId, RawRow])[] }
  | { readonly kind: 'remove'; readonly ids: readonly ExternalId[] }
  | {
      readonly kind: 'members'
      readonly column: string
      /** The value of a category; `null` for a flag, or for whichever value the people have. */
      readonly value: string | null
      readonly action: MemberAction
      readonly members: GivenMembers
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
  /** The dense number of the person of each row, in order, of a `put`. */
  readonly numbers?: Uint32Array
}

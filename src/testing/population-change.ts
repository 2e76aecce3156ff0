import type { ColumnSpec, Decimal, ExternalId, Instant, SchemaSpec } from '../index.ts'
import type { RuleNode } from '../rules/index.ts'

/** What a row writes to one column. `null`, `undefined` and a flag's `false` clear it (law 7). */
export type WrittenValue =
  | boolean
  | string
  | Decimal
  | Instant
  | readonly string[]
  | { readonly add?: readonly string[]; readonly remove?: readonly string[] }
  | null
  | undefined

/** Values by column; columns that are not named stay as they are. */
export type WrittenRow = Readonly<Record<string, WrittenValue>>

/** What is written of one event: when it was, its id if it has one, and properties as a row writes columns. */
export interface WrittenEvent {
  readonly at: Instant
  readonly eventId?: string | number | bigint | null | undefined
  readonly [property: string]: WrittenValue
}

/** Rows of one or more people, written in order. */
export interface PutChange {
  readonly kind: 'put'
  readonly rows: readonly (readonly [id: ExternalId, row: WrittenRow])[]
}

/** People who go, with all that is known of them. Unknown ids are passed over. */
export interface RemoveChange {
  readonly kind: 'remove'
  readonly ids: readonly ExternalId[]
}

/** Pairs of ids, each of one person from then on; people who were two are merged (law 4). */
export interface LinkChange {
  readonly kind: 'link'
  readonly pairs: readonly (readonly [ExternalId, ExternalId])[]
}

/** An id that was new when it was linked, and is nobody's from then on. An unknown one is passed over. */
export interface UnlinkChange {
  readonly kind: 'unlink'
  readonly id: ExternalId
}

/**
 * How members are handed over: as ids (an array, or another iterable), or as dense numbers (a `Uint32Array`, or portable
 * Roaring bytes), which only those have who are known: other ids are then passed over, not created.
 */
export type MemberForm = 'array' | 'iterable' | 'dense' | 'bytes'

/** A bulk write of one column. */
export interface MembersChange {
  readonly kind: 'members'
  readonly column: string
  /** The value of a category; `null` for a flag, and to clear whichever value there is. */
  readonly value: string | null
  /** Had by exactly these, given to these, or taken from these. */
  readonly action: 'replace' | 'add' | 'clear'
  readonly form: MemberForm
  readonly ids: readonly ExternalId[]
}

/** A bulk write of a column of numbers or timestamps. */
export interface ValuesChange {
  readonly kind: 'values'
  readonly column: string
  /** Given to these, had by exactly these, or taken from these. */
  readonly action: 'set' | 'replace' | 'clear'
  readonly form: MemberForm
  /** Each person with the value they get, `null` where it is taken; of two for one person the later stays. */
  readonly values: readonly (readonly [id: ExternalId, value: Decimal | Instant | null])[]
}

/** Events of one kind, in order. */
export interface TrackChange {
  readonly kind: 'track'
  readonly event: string
  /**
   * How they are handed over: one by one, as rows, as columns, or as columns with dense numbers for ids, which only those
   * have who are known: events of others are then passed over.
   */
  readonly form: 'one' | 'rows' | 'columns' | 'dense'
  readonly events: readonly (readonly [id: ExternalId, event: WrittenEvent])[]
}

/** A column that comes, empty. */
export interface AddColumnChange {
  readonly kind: 'addColumn'
  readonly column: string
  readonly spec: ColumnSpec
}

/** A column that goes, with its data. */
export interface DropColumnChange {
  readonly kind: 'dropColumn'
  readonly column: string
}

/** A new audience that follows a rule, with its first version. */
export interface RuleAudienceChange {
  readonly kind: 'ruleAudience'
  readonly name: string
  readonly rule: RuleNode
  /** The instant for which its members are found (law 11). */
  readonly asOf: number
}

/** A new audience of uploaded ids, with its first version. */
export interface ListAudienceChange {
  readonly kind: 'listAudience'
  readonly name: string
  readonly ids: readonly ExternalId[]
  /** Whether unknown ids become people, or are passed over (law 20). */
  readonly createUnknown: boolean
}

/** A new version of an audience by rule: of the rule it has, or of another one that it gets. */
export interface RebuildChange {
  readonly kind: 'rebuild'
  readonly name: string
  readonly rule: RuleNode | null
  /** The instant for which its members are found. */
  readonly asOf: number
}

/** A new version of a list audience. Unknown ids are passed over. */
export interface ListChange {
  readonly kind: 'list'
  readonly name: string
  readonly action: 'replace' | 'add' | 'remove'
  readonly ids: readonly ExternalId[]
}

/** Anything that happens to a population, as plain data: it can be generated, shrunk, applied and printed. */
export type PopulationChange =
  | PutChange
  | RemoveChange
  | LinkChange
  | UnlinkChange
  | MembersChange
  | ValuesChange
  | TrackChange
  | AddColumnChange
  | DropColumnChange
  | RuleAudienceChange
  | ListAudienceChange
  | RebuildChange
  | ListChange

/** The `kind` of every change. */
export type ChangeKind = PopulationChange['kind']

/** What a system is made with, beside its columns. */
export interface SystemSettings {
  /** The IANA name of the zone in which days begin. */
  readonly timeZone: string
  /** What the clock shows, all the while: milliseconds since 1970. */
  readonly now: number
}

/** A whole test: a schema, what happens to the people, and the question that is asked then. */
export interface SegmentationCase extends SystemSettings {
  /** The columns at the beginning. */
  readonly schema: SchemaSpec
  readonly changes: readonly PopulationChange[]
  readonly rule: RuleNode
  /** The instants for which the question is asked, at least one: milliseconds since 1970. */
  readonly asOfs: readonly number[]
}

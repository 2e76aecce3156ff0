import type { ExternalId, Millis } from '../base/brand.ts'

/** Many events of one kind, checked, as columns of one length. The arrays are only read. */
export interface EventBatch {
  /** The dense number of each event's person, who must be living. */
  readonly people: Uint32Array
  /** When each was: whole milliseconds since 1970. */
  readonly times: Float64Array
  /** The id of each event, valid ones; `null` where no event has one. */
  readonly eventIds: readonly (ExternalId | null | undefined)[] | null
  /** Values by property; a property that is left out is absent from all. */
  readonly properties: ReadonlyMap<string, PropertyColumn>
  /** The clock's present: what retention counts back from. */
  readonly now: Millis
}

/** What many events say of one property. */
export type PropertyColumn =
  /** `texts` are the different values, in NFC; a code is 0 for none, else the place among `texts` and 1. */
  | { readonly kind: 'category'; readonly texts: readonly string[]; readonly codes: Uint32Array }
  /** Scaled integers, NaN for none. */
  | { readonly kind: 'number'; readonly values: Float64Array }
  /** 1 for raised, else 0. */
  | { readonly kind: 'flag'; readonly bits: Uint8Array }

/** One event, checked. */
export interface SingleEvent {
  /** When it was: whole milliseconds since 1970. */
  readonly at: number
  readonly eventId: ExternalId | null
  /**
   * A value for each property, in the order of the schema: a text in NFC, a scaled integer, `true`; `null` for none.
   */
  readonly values: readonly (string | number | boolean | null)[]
}

/** What became of the events of a batch: their sum is its length. */
export interface AppendReport {
  /** Events stored. */
  readonly added: number
  /** Events whose id was seen before, in this batch or an earlier one (law 13). */
  readonly duplicates: number
  /** Events of days that retention has dropped. */
  readonly expired: number
}

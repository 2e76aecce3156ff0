import type { ExternalId } from '../index.ts'
import type { RuleNode } from '../rules/index.ts'
import type { ReferenceDecimal } from './reference-numbers.ts'

/**
 * A value as the reference holds it: `true` for a flag, a text, the texts of a many-value category, an exact decimal, or,
 * for a timestamp, milliseconds since 1970.
 */
export type ReferenceValue = true | string | ReadonlySet<string> | ReferenceDecimal | number

/** The values of one person by column. A column without a value is not in it. */
export type ReferencePerson = ReadonlyMap<string, ReferenceValue>

/** Something that a person did. Two of them are two events, whatever they have in common. */
export interface ReferenceEvent {
  /** The kind of event: a column of the schema. */
  readonly event: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Its id among the events of its kind; `null` for none. */
  readonly eventId: string | number | bigint | null
  /** A property without a value is not in it. */
  readonly properties: ReferencePerson
}

/** An audience as the reference holds it. */
export interface ReferenceAudience {
  /** `null` for a list. */
  readonly rule: RuleNode | null
  /** Members by version number, from 1 on; the last is the one in force. */
  readonly versions: ReadonlyMap<number, ReadonlySet<ExternalId>>
}

/** All that the meaning of a rule depends on. */
export interface ReferenceView {
  /** `U`, living people in the order of first sight, with their values (law 2). */
  readonly people: ReadonlyMap<ExternalId, ReferencePerson>
  /** What each of them did, in any order, the future included. Who did nothing may be missing. */
  readonly events: ReadonlyMap<ExternalId, readonly ReferenceEvent[]>
  readonly audiences: ReadonlyMap<string, ReferenceAudience>
  /** Law 4: the id that names a person in `people`, by each other id of it. @default none */
  readonly aliases?: ReadonlyMap<ExternalId, ExternalId>
  /** The IANA name of the zone in which days begin (law 11). */
  readonly timeZone: string
  /** The instant of the question, in milliseconds since 1970 (law 11). */
  readonly asOf: number
}

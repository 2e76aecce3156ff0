import type { AudienceKind } from '../../audiences/audience.ts'
import type { Bounds } from '../../audiences/bounds.ts'
import type { DenseId, ExternalId } from '../../base/brand.ts'
import type { MemberAction } from '../../dataset/mutation.ts'
import type { RuleJson } from '../../rules/json/rule-json.ts'
import type { ColumnSpec } from '../../schema/column-spec.ts'

/**
 * A value that was written: a number as the double nearest to the decimal, a timestamp as a `Date`, a many-valued category as its
 * texts or as what came and went; `false` and `null` took the value.
 */
export type DescribedValue =
  | boolean
  | string
  | number
  | Date
  | readonly string[]
  | { readonly add: readonly string[]; readonly remove: readonly string[] }
  | null

/** Whom a bulk write was about: ids as they were given, or dense numbers. */
export type DescribedPeople =
  | { readonly ids: readonly ExternalId[]; readonly dense: null }
  | { readonly ids: null; readonly dense: Uint32Array }

/** An event that was tracked. */
export interface DescribedEvent {
  /** `null` where the person was given by a dense number. */
  readonly id: ExternalId | null
  readonly dense: DenseId | null
  readonly at: Date
  readonly eventId: ExternalId | null
  /** Properties that the event has. */
  readonly values: Readonly<Record<string, boolean | string | number>>
}

/** A version of an audience that was made. */
export interface DescribedVersion {
  readonly number: number
  readonly ruleHash: string | null
  readonly asOf: Date
  readonly dataVersion: number
  /** Dense numbers, ascending. */
  readonly members: Uint32Array
}

/** What a change says, as plain data: see `Change.describe`. */
export type DescribedChange =
  | {
      readonly kind: 'putOne' | 'putMany'
      readonly rows: readonly { readonly id: ExternalId; readonly values: Readonly<Record<string, DescribedValue>> }[]
    }
  | {
      readonly kind: 'members'
      readonly column: string
      readonly action: MemberAction
      /** `null` for a flag, and where any value was taken. */
      readonly value: string | null
      readonly people: DescribedPeople
    }
  | {
      readonly kind: 'numbers'
      readonly column: string
      readonly action: 'set' | 'replace'
      readonly people: DescribedPeople
      /** One for each of the people, in their order. */
      readonly values: readonly (number | Date)[]
    }
  | {
      readonly kind: 'trackOne' | 'trackMany'
      readonly event: string
      /** What the clock showed. */
      readonly now: Date
      readonly events: readonly DescribedEvent[]
    }
  | { readonly kind: 'remove'; readonly ids: readonly ExternalId[] }
  | { readonly kind: 'link'; readonly pairs: readonly (readonly [ExternalId, ExternalId])[] }
  | { readonly kind: 'unlink'; readonly id: ExternalId }
  | { readonly kind: 'retain'; readonly now: Date }
  | { readonly kind: 'addColumn'; readonly column: string; readonly spec: ColumnSpec }
  | { readonly kind: 'dropColumn'; readonly column: string }
  | {
      readonly kind: 'defineTag'
      readonly column: string
      readonly spec: ColumnSpec
      readonly mode: 'live' | 'built'
      readonly rules: readonly { readonly value: string | null; readonly rule: RuleJson }[]
    }
  | {
      readonly kind: 'buildTag'
      readonly column: string
      readonly asOf: Date
      readonly dataVersion: number
      /** Dense numbers of the people of each rule, ascending. */
      readonly people: readonly Uint32Array[]
    }
  | {
      readonly kind: 'createAudience' | 'changeAudience'
      readonly workspace: string
      readonly audience: {
        readonly name: string
        readonly kind: AudienceKind
        readonly bounds: Bounds
        /** `null` for a list. */
        readonly rule: RuleJson | null
      }
      /** `null` where no version was made. */
      readonly version: DescribedVersion | null
    }
  | { readonly kind: 'renameAudience'; readonly workspace: string; readonly from: string; readonly to: string }
  | { readonly kind: 'removeAudience'; readonly workspace: string; readonly name: string }
  | { readonly kind: 'removeWorkspace'; readonly workspace: string }

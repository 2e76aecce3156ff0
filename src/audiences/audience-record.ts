import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Rule } from '../rules/rule.ts'
import type { AudienceKind } from './audience.ts'
import type { VersionFacts } from './audience-version.ts'
import type { Bounds } from './bounds.ts'

/** What an audience is, beside its versions. */
export interface AudienceFacts {
  readonly name: string
  readonly kind: AudienceKind
  readonly bounds: Bounds
  /** `null` for a list. */
  readonly rule: Rule | null
}

/** A version with its members. */
export interface RecordedVersion {
  readonly facts: VersionFacts
  readonly members: ReadonlyBitmap
}

/**
 * A change of a workspace's audiences that was checked: whoever keeps it can apply it again, in the same order, and comes
 * to the same audiences. Members are recorded as they were found, not asked for again.
 */
export type AudienceRecord =
  | { readonly kind: 'createAudience'; readonly audience: AudienceFacts; readonly version: RecordedVersion }
  /** The audience named so is this from now on; its name stays. `version`: a new one; `null` where there is none. */
  | { readonly kind: 'changeAudience'; readonly audience: AudienceFacts; readonly version: RecordedVersion | null }
  | { readonly kind: 'renameAudience'; readonly from: string; readonly to: string }
  | { readonly kind: 'removeAudience'; readonly name: string }

/** Who writes down what is about to change. */
export interface AudienceJournal {
  /** Told of each change after it was checked, and before it is done. What it throws refuses the change. */
  write(record: AudienceRecord): void
}

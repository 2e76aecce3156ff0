import type { RuleLimits } from '../base/limits.ts'
import type { Schema } from '../schema/schema.ts'

/** Which audiences a rule may name: those of one workspace. */
export interface KnownAudiences {
  has(name: string): boolean
  names(): Iterable<string>
  /** Whether this version of the audience is kept. */
  hasVersion(name: string, version: number | 'latest'): boolean
}

/** What a rule is checked against. */
export interface ValidationContext {
  readonly schema: Schema
  readonly audiences: KnownAudiences
  readonly limits: RuleLimits
  /** Names of the parameters that a template declares; absent for a rule that is to be evaluated. */
  readonly parameters?: ReadonlySet<string>
}

import type { Millis } from '../base/brand.ts'
import type { RuleNode } from '../rules/ast.ts'

/** The people of one value of a derived tag: those of the rule who are in the rule of no value before it. */
export interface DerivedCase {
  /** `null` for a flag. */
  readonly value: string | null
  readonly rule: RuleNode
}

/** When a built tag was computed: for which instant, and on which data. */
export interface BuiltState {
  readonly asOf: Millis
  /** The dataset's version just after the build. */
  readonly dataVersion: number
}

/** A column whose people follow from rules. */
export interface DerivedTag {
  /** A flag has one case; a category one for each value, in order: the first whose rule holds is a person's value. */
  readonly cases: readonly DerivedCase[]
  /** `live`: asked anew in each question. `built`: its people are those of the last build. */
  readonly mode: 'live' | 'built'
  /** `null` for a live tag, and for one that was never built. */
  readonly built: BuiltState | null
}

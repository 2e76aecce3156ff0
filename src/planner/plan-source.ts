import type { Millis } from '../base/brand.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { Behaviours } from '../behaviour/behaviours.ts'
import type { ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Posting } from '../bitmap/posting.ts'
import type { Column } from '../columns/column.ts'
import type { Kernel } from '../kernel/kernel.ts'

/** What the evaluation of a plan reads: the data of one moment, and the audiences of one workspace. */
export interface PlanSource {
  /** `U`. */
  readonly people: Posting
  /** Changes with every write. */
  readonly dataVersion: number
  column(name: string): Column | undefined
  /** The instant for which the question is answered (law 11). */
  readonly asOf: Millis
  /** The zone in which days begin. */
  readonly zone: TimeZone
  /** Answers questions about events. */
  readonly behaviours: Behaviours
  /** Members of a list audience, or of a version of any. */
  members(name: string, version: number | 'latest' | null): ReadonlyBitmap
  /** Evaluates whole rules in one pass; `null` where it is switched off. */
  readonly kernel: Kernel | null
}

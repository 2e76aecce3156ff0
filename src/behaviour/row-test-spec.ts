import type { DoubleRange } from './number-range.ts'

/** A test of events as plain data: what another thread makes the same test of. */
export type RowTestSpec =
  | { readonly kind: 'constant'; readonly value: 0 | 1 }
  | { readonly kind: 'not'; readonly part: RowTestSpec }
  | { readonly kind: 'and'; readonly parts: readonly RowTestSpec[] }
  | { readonly kind: 'or' | 'xor' | 'minus'; readonly parts: readonly RowTestSpec[] }
  | { readonly kind: 'atLeast'; readonly k: number; readonly parts: readonly RowTestSpec[] }
  | { readonly kind: 'flag'; readonly property: string }
  | { readonly kind: 'range'; readonly property: string; readonly range: DoubleRange }
  | { readonly kind: 'set'; readonly property: string; readonly values: ReadonlySet<number>; readonly listed: boolean }
  | { readonly kind: 'category'; readonly property: string; readonly truth: Truth }

/** For each code of a category, whether its text passes. */
export interface Truth {
  /** 1 for each code that passes. At least as long as there are codes. */
  readonly table: Uint8Array
  /** The code that passes, where it is the only one of all that there are; else `null`. */
  readonly only: number | null
}

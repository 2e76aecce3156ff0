import type { Cells } from '../bitmap/count-cells.ts'

/** Who counts people by their values in a thread. */
export const profileServer = 'profile'

/** Some containers of people, to be counted by the numbers of their values. */
export interface ProfileOrder {
  /** Portable Roaring bytes of the people. */
  readonly bytes: Uint8Array
  /** By container, from `from` on: cells of a forward index; nothing where nobody has a value. */
  readonly chunks: readonly (Cells | undefined)[]
  readonly from: number
  /** How many different cells there are, 0 for no value included. */
  readonly length: number
}

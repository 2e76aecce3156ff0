import type { ExternalId } from '../base/brand.ts'
import type { CheckedWrite } from './check-row.ts'
import type { Mutation } from './mutation.ts'

/** A mutation that was checked: whoever keeps it can apply it again, in the same order, and comes to the same data. */
export type MutationRecord =
  | {
      readonly kind: 'put'
      readonly ids: readonly ExternalId[]
      /** The cells of each person, as the columns hold them. */
      readonly rows: readonly (readonly CheckedWrite[])[]
    }
  | Exclude<Mutation, { readonly kind: 'put' }>

/** Who writes down what is about to change. */
export interface Journal {
  /**
   * Told of each mutation after it was checked, and before anything of it is done. What it throws refuses the mutation: nothing
   * changes then. What the record holds belongs to the caller, and is to be read at once.
   */
  write(record: MutationRecord): void
  /** Told that what was written down is done. */
  done(): void
}

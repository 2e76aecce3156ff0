import type { ExternalId } from '../base/brand.ts'
import type { IdDictionary } from '../ids/id-dictionary.ts'
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
  | (Mutation & { readonly kind: 'remove' } & {
      /** All ids of the people who go and have several. */
      readonly others: readonly ExternalId[]
    })
  | Exclude<Mutation, { readonly kind: 'put' | 'putTable' | 'remove' }>

/** The ids that a mutation makes unknown, whose bytes must not stay behind (law 3); `null` where it doesn't. */
export function idsWipedBy(record: MutationRecord): readonly ExternalId[] | null {
  if (record.kind === 'unlink') return [record.id]
  return record.kind === 'remove' ? [...record.ids, ...record.others] : null
}

/**
 * Refuses what are no ids, and writes down the mutation that names them, where somebody does: nothing after it can refuse them any more.
 *
 * @throws as `IdDictionary.checkMany`, and what the journal throws
 */
export function recordWithIds(
  journal: Journal | null,
  dictionary: IdDictionary,
  ids: readonly ExternalId[],
  record: MutationRecord,
): void {
  if (journal === null) return
  dictionary.checkMany(ids)
  journal.write(record)
}

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

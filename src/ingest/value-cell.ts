import type { RowFault } from './row-fault.ts'

/** A row as it is made for the engine: values by column of the schema. */
export type NewRow = Record<string, unknown>

/**
 * Writes a column of the source to a column of the schema: makes of a text what the column takes. What is no text goes
 * through as it is, and the engine judges it.
 */
export interface ValueCell {
  /** The column of the source. */
  readonly source: string
  /** The column of the schema, in NFC. */
  readonly to: string
  /** Puts into the row what the source has, or says why it can't. */
  write(given: unknown, row: NewRow): RowFault | null
  /** Takes note that the engine refused what was written, so that the same text is refused sooner the next time. */
  refused(value: unknown, fault: RowFault): void
}

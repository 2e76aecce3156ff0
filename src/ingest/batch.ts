import type { Block } from './row-reader.ts'

/** Rows that are written together, and the faults among them. */
export interface Batch<Raw> {
  /**
   * Adds rows of a block, from one to another (excluded).
   *
   * @param before how many rows of the source come before them
   */
  add(block: Block<Raw>, from: number, to: number, before: number): void
  /**
   * Writes the rows and empties the batch.
   *
   * @param mayWrite is asked whenever rows have been rejected, before the others are written
   * @returns what `mayWrite` said last.
   */
  write(mayWrite: () => boolean): boolean
}

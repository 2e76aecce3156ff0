import type { RowFault } from './row-fault.ts'

/** Some rows, in the order of the source. */
export interface Block<Raw> {
  /** How many there are. */
  readonly length: number
  /** A row as the source has it, or why it can't be read. */
  row(i: number): Raw | RowFault
  /** The physical line on which a row begins, counted from 1; `null` where the source has no lines. */
  line(i: number): number | null
  /** The rows from one on. */
  from(i: number): Block<Raw>
}

/** Rows that are read front to back. */
export interface OpenRows<Raw> {
  readonly totalBytes: number | null
  readonly bytesRead: number
  /** Opens the source, and reads what comes before its rows. */
  start(): Promise<void>
  /** The next rows, perhaps none; `null` at the end. */
  next(): Promise<Block<Raw> | null>
  /** Lets go of the source, also while it is being read. */
  close(): Promise<void>
}

/** Rows of cells under a header. Every row that is no fault has as many cells as the header. */
export interface CellReader extends OpenRows<readonly string[]> {
  readonly form: 'cells'
  /** Known once the reader has started. */
  readonly header: readonly string[]
}

/** Rows that bring their own names. */
export interface ObjectReader extends OpenRows<object> {
  readonly form: 'objects'
}

/** An open source, read front to back. */
export type RowReader = CellReader | ObjectReader

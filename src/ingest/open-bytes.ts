/** Bytes that are handed out in parts, as they are asked for. The first read opens what has to be opened. */
export interface OpenBytes {
  /** Bytes that there are in all, before decompression; `null` where nobody knows, or not yet. */
  readonly totalBytes: number | null
  /** Bytes taken from the source so far, before decompression. */
  readonly bytesRead: number
  /** The next part, at least one byte, which is the caller's; `null` at the end. */
  read(): Promise<Buffer | null>
  /** Lets go of the source, wherever it is. May be called again. */
  close(): Promise<void>
}

/** Bytes taken from a source at a time. */
export const pieceBytes: number = 64 * 1024

/** A section to save: a name, the version of its own format, and its bytes. */
export interface SectionSource {
  /** 1 to 1,024 UTF-16 units, well formed, unique in its store. Data, never part of a path. */
  readonly name: string
  /** Version of the section's own format, 1 to 2^32 - 1; the store only keeps it. */
  readonly version: number
  /**
   * Says that the bytes are those that the store's present manifest has under this name and version. Where it has them, they
   * need not be asked for.
   * @default false
   */
  readonly unchanged?: boolean
  /**
   * Says that it goes into a file of its own, however short: of a section that is new in every save, so that those beside it can be kept.
   * @default false
   */
  readonly alone?: boolean
  /**
   * Gives the bytes, in chunks of any size; a chunk may be reused once the next one is asked for. Called at most once. It
   * may take many turns of the event loop, so what it reads must not change meanwhile.
   */
  readonly chunks: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/** A section of an opened store. */
export interface SectionInfo {
  readonly name: string
  /** Version of the section's own format: the reader of the section refuses what it doesn't know. */
  readonly version: number
  /** Length in bytes, a safe integer; may be above 4 GiB. */
  readonly bytes: number
}

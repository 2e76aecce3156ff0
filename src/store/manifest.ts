import type { PlainData } from './plain-data.ts'
import type { SectionInfo } from './section.ts'

/** A file that holds sections, one behind the other. */
export interface SectionFile {
  readonly name: string
  /** Length in bytes. */
  readonly bytes: number
}

/** Where a section stands, and the SHA-256 of its bytes in lower-case hexadecimal. */
export interface SectionPlace extends SectionInfo {
  /** Index in `Manifest.files`. */
  readonly file: number
  /** Where in the file it begins, in bytes. */
  readonly offset: number
  readonly sha256: string
}

/** What one save consists of. */
export interface Manifest {
  /** Rises with every save into the folder; from 1. */
  readonly generation: number
  /** Names the store for its log, 32 hexadecimal digits; `null` in version 1 of the format. */
  readonly storeId: string | null
  /** The sections hold every mutation up to this one; 0 in version 1. */
  readonly sequence: number
  /** Ordinal of the segment of the log that goes on behind the sections; `null` where the save was made without a log. */
  readonly log: number | null
  readonly files: readonly SectionFile[]
  readonly sections: readonly SectionPlace[]
  readonly meta: PlainData
}

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
  readonly files: readonly SectionFile[]
  readonly sections: readonly SectionPlace[]
  readonly meta: PlainData
}
